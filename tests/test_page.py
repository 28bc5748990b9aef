"""The dataset's page: drawn the same every time, and every row of UCDP accounted for."""

import datetime as dt
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from arnor import Corpus
from contactline import cli, io
from contactline.publish import figures, page, reference

ROOT = Path(__file__).parent.parent
GED = page.reference_rows(ROOT / "data/reference/ged_am_az.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = Corpus()
    for article, published, publisher, low in (
        ("a1", "2020-10-02", "Red Book", 49),
        ("a2", "2020-10-04", "Blue Book", 105),
    ):
        made.article(article, published, publisher).event(article, where="Osgiliath", when="2020-10-02")
        made.claim(article, low, low, by="Aragorn", where="Osgiliath", when="2020-10-02")
    made.event("a2", where="Anorien", when="2020-10-03", what="remote")
    made.contact("a1", "ARM Aragorn, AZE Denethor, RUS Saruman", when="2020-10-01")
    made.contact("a2", "ARM Aragorn, AZE Denethor", mode="meeting", status="planned", when="2020-10-09")
    path = tmp_path_factory.mktemp("tables")
    for name, table in made.build()[0].items():
        io.write_arrow(io.checked(name, table), name, path)
    io.write(made.articles, "articles", path)
    return path


@pytest.fixture(scope="module")
def made(folder):
    return page.page(lambda name: io.read_arrow(name, folder), GED)


def test_the_same_tables_give_the_same_page_and_figures(made, folder):
    assert page.page(lambda name: io.read_arrow(name, folder), GED) == made


def test_the_page_shows_every_figure_and_names_its_code(made):
    text = made["dataset.md"].decode("utf-8")
    drawn = [name for name in made if name != "dataset.md"]
    assert len(drawn) == 4
    for name in drawn:
        assert f"]({name})" in text
        assert ET.fromstring(made[name]).tag.endswith("svg")
        assert b"<dc:date>" not in made[name]
    for function in ("coverage", "tolls", "where", "contacts"):
        assert f"*Drawn by `{function}`" in text
        assert callable(getattr(figures, function))


def test_the_page_counts_what_the_tables_hold(made, folder):
    text = made["dataset.md"].decode("utf-8")
    assert "2 articles by 2 publishers, 2020-10-02 to 2020-10-04" in text
    for name in page.READ:
        assert f"| [{name}](codebook.md#{name}) | {len(io.read_arrow(name, folder)):,} |" in text


def test_only_contacts_that_were_held_are_drawn(folder):
    tables = {name: io.read_arrow(name, folder).to_pylist() for name in page.READ}
    assert list(page.parties(tables).values()) == [["Armenia", "Azerbaijan", "Russia"]]


def test_the_command_writes_the_page(folder, tmp_path, capsys):
    cli.page(folder, ROOT / "data/reference/ged_am_az.csv", tmp_path)
    assert "written, with 4 figures" in capsys.readouterr().out
    assert sorted(p.name for p in (tmp_path / "figures").iterdir()) == [
        "contacts.svg",
        "coverage.svg",
        "map.svg",
        "tolls.svg",
    ]


def test_a_missing_reference_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"ged.csv: the rows of UCDP GED are not here; data/reference/README"):
        page.reference_rows(tmp_path / "ged.csv")


# ---- the comparison
def row(**change):
    plain = {
        "id": "1",
        "location_root_name": "Azerbaijan",
        "location_adm1_name": "",
        "location_where_name": "Line of Contact",
        "start_date": "2020-10-02",
        "end_date": "2020-10-03",
        "deaths_low": "30",
        "deaths_high": "36",
    }
    return reference.Theirs.of(plain | change)


def event(**change):
    plain = {
        "event_id": "ev-1",
        "status": "active",
        "event_group": "battle",
        "date_start": dt.date(2020, 10, 2),
        "date_end": dt.date(2020, 10, 2),
        "date_precision": 1,
        "place_name": "Martakert",
        "country": "AZE",
        "latitude": 40.22,
        "longitude": 46.81,
        "where_precision": 1,
        "deaths_low": 36,
        "deaths_best": 36,
        "deaths_high": 36,
        "article_count": 1,
    }
    return plain | change


PUBLISHED = [dt.date(2020, 10, 3)]
LONG = {"date_start": dt.date(2020, 9, 27), "date_end": dt.date(2020, 11, 9), "date_precision": 4}
NO_TOLL = {"deaths_low": None, "deaths_best": None, "deaths_high": None}


@pytest.mark.parametrize(
    ("change", "verdict", "why"),
    [
        ({}, "same", "30–36 against 36 at Martakert"),
        ({"date_start": dt.date(2020, 10, 4), "date_end": dt.date(2020, 10, 4)}, "same", "36 at Martakert"),
        ({"deaths_low": None}, "other figure", "30–36 against up to 36 at Martakert: another part of the fighting"),
        ({"deaths_low": 157, "deaths_high": 160}, "other figure", "157–160 at Martakert: our articles give totals"),
        ({"deaths_low": 3, "deaths_high": 3}, "other figure", "3 at Martakert: another part of the fighting"),
        (NO_TOLL, "no figure", "our articles of the fighting give no dead"),
        (LONG, "within a longer one", "reported as part of 36 at Martakert: our articles sum up several days"),
        (LONG | {"date_start": dt.date(2018, 1, 1)}, "not told", "1 article from 2020-10-02 to 2020-10-06, none on it"),
        ({"latitude": 40.68, "longitude": 46.36}, "not told", "1 article from"),  # Ganja is behind the line
        ({"event_group": "agreement"}, "not told", "1 article from"),
        ({"status": "superseded"}, "not told", "1 article from"),
        ({"latitude": None, "longitude": None}, "same", "36 at Martakert"),
        ({"latitude": None, "longitude": None, "country": "RUS"}, "not told", "1 article from"),
    ],
)
def test_each_of_their_rows_gets_a_verdict_and_a_reason(change, verdict, why):
    (found,) = reference.compare([row()], reference.ours([event(**change)]), PUBLISHED)
    assert (found.verdict, why in found.why) == (verdict, True), found.why
    assert found.verdict in reference.VERDICTS


def test_a_row_of_a_time_without_articles_says_so():
    (found,) = reference.compare([row(start_date="2021-01-01", end_date="2021-01-01")], [], PUBLISHED)
    assert (found.verdict, found.why) == ("no article", "nothing of ours was published from 2021-01-01 to 2021-01-04")


@pytest.mark.parametrize(
    ("names", "place", "reach"),
    [
        (("", "Khankendy town"), "Khankendy town", 35),
        (("Geghark’unik’ province", ""), "Geghark’unik’ province", 90),
        (("Lachin rayon", "Suarası village"), "Suarası village", 35),
        (("", ""), "Azerbaijan", 65),
    ],
)
def test_their_places_are_found_in_the_gazetteer(names, place, reach):
    found = row(location_adm1_name=names[0], location_where_name=names[1])
    assert (found.place, found.reach) == (place, reach)
    assert 38.5 < found.point[0] < 41.5
    assert 43.5 < found.point[1] < 48


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (LONG, "longer"),
        ({"country": "RUS", "latitude": None}, "elsewhere"),
        ({"date_start": dt.date(2023, 9, 19), "date_end": dt.date(2023, 9, 19)}, "later"),
        ({"date_start": dt.date(2021, 9, 19), "date_end": dt.date(2021, 9, 19)}, "another day"),
        ({"latitude": 40.68, "longitude": 46.36}, "another place"),
    ],
)
def test_what_only_we_have_gets_a_reason(change, reason):
    rows = [row(), row(id="2", start_date="2022-10-21", end_date="2022-10-21")]
    events = reference.ours([event(**change), event(event_id="ev-2", **NO_TOLL)])
    found = reference.only_ours(events, reference.compare(rows, events, PUBLISHED))
    assert [(e.event_id, why) for e, why in found] == [("ev-1", reason)]
    assert reason in reference.REASONS


def test_what_meets_one_of_their_rows_is_not_only_ours():
    events = reference.ours([event()])
    assert reference.only_ours(events, reference.compare([row()], events, PUBLISHED)) == []


def test_the_reference_file_is_whole():
    assert len(GED) == 53
    assert {each["side_a_name"] for each in GED} >= {"Government of Azerbaijan"}
    assert all(reference.Theirs.of(each).low <= reference.Theirs.of(each).high for each in GED)
