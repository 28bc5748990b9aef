import datetime as dt

import pandas as pd
import pytest

import contactline
from arnor import Corpus
from contactline import io, schema


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = Corpus()
    for article, published, publisher, low in (
        ("a1", "2031-05-03", "Red Book", 49),
        ("a2", "2031-05-04", "Blue Book", 105),
        ("a3", "2031-05-07", "Red Book", 135),
    ):
        made.article(article, published, publisher).event(article, where="border")
        made.claim(article, low, low, by="Aragorn", when="2031-05-03/2031-05-04", basis="cumulative")
    made.claim("a3", 71, 71, of="GON", by="Gondor", by_country="GON")
    made.contact("a1", "ARN Aragorn, GON Denethor", mode="meeting", status="planned", when="2031-05-06")
    made.contact("a3", "ARN Aragorn, GON Denethor", mode="meeting", when="2031-05-07")
    made.event("a3", where="Bree", what="protest", sides="? ARN", when="2031-05-06").statement("a3", "Aragorn")
    made.article("undated", None).event("undated", where="Pelargir").claim("undated", 5, where="Pelargir")
    path = tmp_path_factory.mktemp("tables")
    for name, table in made.build()[0].items():
        io.write_arrow(io.checked(name, table), name, path)
    io.write(made.articles, "articles", path)
    return path


def load(table, folder, **kwargs):
    return contactline.load(table, folder=folder, **kwargs)


def border(events):
    (row,) = events[events["place_name"] == "border"].to_dict("records")
    return row


def test_a_table_has_the_codebooks_dtypes(folder):
    frame = load("events", folder)
    assert frame.dtypes.astype(str).to_dict() == schema.table("events").dtypes
    assert len(frame) == 3


@pytest.mark.parametrize(
    ("day", "toll", "articles"), [("2031-05-03", 49, 1), ("2031-05-04", 105, 2), ("2031-05-06", 105, 2)]
)
def test_an_event_is_as_it_was_known_that_day(folder, day, toll, articles):
    event = border(load("events", folder, as_of=day))
    assert (event["deaths_best"], event["article_count"]) == (toll, articles)
    assert event["last_reported"] <= dt.date.fromisoformat(day)


def test_what_is_known_at_the_end_is_what_is_stored_but_for_the_undated(folder):
    stored = load("events", folder)
    at_the_end = load("events", folder, as_of="2040-01-01")
    known = stored[stored["first_reported"].notna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(at_the_end, known)


def test_nothing_was_known_before_the_first_report(folder):
    for table in ("events", "casualties", "contacts", "participants", "statements", "evidence", "articles"):
        frame = load(table, folder, as_of="2031-05-02")
        assert len(frame) == 0
        assert list(frame.columns) == schema.table(table).names


def test_claims_come_as_they_are_reported(folder):
    assert sorted(load("casualties", folder, as_of=dt.date(2031, 5, 4))["count_low"]) == [49, 105]
    assert sorted(load("casualties", folder, as_of=dt.datetime(2031, 5, 7, tzinfo=dt.UTC))["count_low"]) == [
        49,
        71,
        105,
        135,
    ]


def test_a_contact_was_planned_before_it_was_held(folder):
    (planned,) = load("contacts", folder, as_of="2031-05-05").to_dict("records")
    (held,) = load("contacts", folder, as_of="2031-05-07").to_dict("records")
    assert (planned["status"], str(planned["date_start"])) == ("planned", "2031-05-06")
    assert (held["status"], str(held["date_start"])) == ("held", "2031-05-07")
    assert planned["contact_id"] == held["contact_id"]
    assert len(load("contact_statuses", folder, as_of="2031-05-05")) == 1
    assert len(load("contact_statuses", folder)) == 2


def test_an_event_known_only_by_its_claims_counts_their_articles(tmp_path):
    made = Corpus().article("a1", "2031-05-03").article("a2", "2031-05-04").article("a3", "2031-05-04")
    made.claim("a1", 7, 7, by="Aragorn").claim("a2", 7, 7, by="Aragorn")
    made.event("a2", where="Osgiliath").event("a3", where="Osgiliath")
    for name, table in made.build()[0].items():
        io.write_arrow(io.checked(name, table), name, tmp_path)
    io.write(made.articles, "articles", tmp_path)
    (event,) = load("events", tmp_path, as_of="2031-05-03").to_dict("records")
    assert (event["deaths_best"], event["article_count"]) == (7, 1)


def test_the_fold_is_the_users(folder):
    assert border(load("events", folder))["deaths_high"] == 206
    assert border(load("events", folder, fold="acled"))["deaths_best"] == 206
    provisional = border(load("events", folder, fold="ibc"))
    assert provisional["deaths_high"] == 206
    assert pd.isna(provisional["deaths_best"])


def test_a_fold_reads_what_was_known_that_day(folder):
    assert border(load("events", folder, fold="acled", as_of="2031-05-04"))["deaths_best"] == 105


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"as_of": "yesterday"}, r"as_of='yesterday' is no day; write it as 2022-09-14"),
        ({"fold": "median"}, r"no fold 'median'; the folds are ucdp, acled, ibc"),
        ({"table": "casualties", "fold": "ibc"}, r"casualties has nothing to fold; only events do"),
        ({"table": "battles"}, r"no table 'battles'; the codebook has articles"),
        ({"version": "2031.5.0"}, r"no release '2031.5.0' is known"),
    ],
)
def test_a_wrong_question_is_answered_by_what_is_right(folder, kwargs, message):
    with pytest.raises(ValueError, match=message):
        contactline.load(**{"table": "events", "folder": folder} | kwargs)


def test_a_table_that_is_not_made_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"events.parquet: the table 'events' has not been made; run `dvc repro`"
    ):
        load("events", tmp_path)
