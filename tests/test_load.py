import datetime as dt
import json
import shutil
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pandas as pd
import pyarrow.parquet as pq
import pytest

import contactline
from arnor import Corpus
from contactline import io, schema
from contactline.load import releases
from contactline.publish import gates, sample


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
    days = {field.name: "datetime64[us]" for field in schema.table("events").fields if field.type == "date"}
    assert frame.dtypes.astype(str).to_dict() == schema.table("events").dtypes | days
    assert len(frame) == 3


@pytest.mark.parametrize(
    ("day", "toll", "articles"), [("2031-05-03", 49, 1), ("2031-05-04", 105, 2), ("2031-05-06", 105, 2)]
)
def test_an_event_is_as_it_was_known_that_day(folder, day, toll, articles):
    event = border(load("events", folder, as_of=day))
    assert (event["deaths_best"], event["article_count"]) == (toll, articles)
    assert event["last_reported"] <= pd.Timestamp(day)


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
    assert (planned["status"], str(planned["date_start"].date())) == ("planned", "2031-05-06")
    assert (held["status"], str(held["date_start"].date())) == ("held", "2031-05-07")
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
        ({"backend": "spark"}, r"no backend 'spark'; the backends are pandas, pyarrow, polars"),
        ({"geo": True, "backend": "polars"}, r"geo=True makes a GeoDataFrame; leave out backend='polars'"),
        (
            {"table": "articles", "geo": True},
            r"articles has no coordinates; geo=True is for events, casualties, contacts, places",
        ),
        ({"columns": ["deaths"]}, r"events: no column 'deaths'; it has event_id, status"),
        ({"filters": [("toll", ">", 3)]}, r"events: no column 'toll'; it has event_id, status"),
        ({"filters": ["toll > 3"]}, r"filters: 'toll > 3' is no filter; write it as \("),
        ({"filters": [("date_start", ">", "May")]}, r"filters: date_start is compared with 'May'; write the day as"),
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


# ---- rows, columns and forms
def test_columns_and_rows_are_as_asked(folder):
    frame = load(
        "casualties", folder, columns=["count_low"], filters=[("count_low", ">", 70), ("harm", "==", "killed")]
    )
    assert list(frame.columns) == ["count_low"]
    assert sorted(frame["count_low"]) == [71, 105, 135]


def test_a_day_may_be_written_as_text_and_filters_may_be_alternatives(folder):
    late = load("events", folder, filters=[("date_start", ">=", "2031-05-05")])
    assert list(late["event_group"]) == ["protest"]
    either = load(
        "events", folder, filters=[[("date_start", "in", ["2031-05-06"])], [("place_name", "==", "Pelargir")]]
    )
    assert sorted(either["place_name"]) == ["Bree", "Pelargir"]
    assert len(load("events", folder, filters=[("date_start", ">=", dt.datetime(2031, 5, 5, tzinfo=dt.UTC))])) == 1


def test_only_the_rows_asked_for_are_read(folder, monkeypatch):
    asked = []
    read = pq.read_table
    monkeypatch.setattr(pq, "read_table", lambda *a, **k: asked.append(k) or read(*a, **k))
    load("events", folder, columns=["event_id"], filters=[("country", "==", "GON")])
    assert asked[0]["columns"] == ["event_id"]
    assert "country" in str(asked[0]["filters"])


def test_what_was_known_can_be_filtered_too(folder):
    frame = load("events", folder, as_of="2031-05-04", columns=["deaths_best"], filters=[("deaths_best", ">", 50)])
    assert frame.to_dict("list") == {"deaths_best": [105]}


def test_arrow_and_polars_give_the_same_rows(folder):
    polars = pytest.importorskip("polars")
    arrow = load("events", folder, backend="pyarrow")
    assert arrow.schema.field("deaths_best").metadata[b"unit"] == b"persons"
    frame = load("events", folder, backend="polars")
    assert isinstance(frame, polars.DataFrame)
    assert frame.to_dicts() == arrow.to_pylist()


def test_events_are_points_for_geopandas(folder):
    geopandas = pytest.importorskip("geopandas")
    frame = load("events", folder, geo=True, columns=["place_name"])
    assert isinstance(frame, geopandas.GeoDataFrame)
    assert frame.crs == "EPSG:4326"
    bree = frame[frame["place_name"] == "Bree"].geometry.iloc[0]
    assert (bree.x, bree.y) == (40.5, 44.5)


@pytest.mark.parametrize(
    ("kwargs", "package", "message"),
    [
        ({"geo": True}, "geopandas", r"geo=True needs geopandas: pip install 'contactline\[geo\]'"),
        ({"backend": "polars"}, "polars", r"backend='polars' needs polars: pip install 'contactline\[polars\]'"),
    ],
)
def test_what_is_not_installed_is_named(folder, monkeypatch, kwargs, package, message):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=message):
        load("events", folder, **kwargs)


def test_duckdb_reads_the_same_file(folder):
    duckdb = pytest.importorskip("duckdb")
    said = duckdb.sql(f"select sum(count_low) from '{folder}/casualties.parquet' where harm = 'killed'").fetchall()
    assert said == [(load("casualties", folder)["count_low"].sum(),)]


# ---- releases
@pytest.fixture
def published(folder, tmp_path, monkeypatch):
    """Two releases on a mirror, 2031.5.0 registered; the project and the cache are empty."""
    releases_of = tmp_path / "mirror"
    for version in ("2031.5.0", "2031.10.0"):
        target = releases_of / version
        shutil.copytree(folder, target)
        (target / "datapackage.json").write_text(json.dumps({"version": version, "created": "2031-05-09T00:00:00Z"}))
        (target / "SHA256SUMS").write_bytes(gates.sums({p.name: p.read_bytes() for p in target.glob("*.parquet")}))
    shutil.copy(releases.REGISTRY, tmp_path / "registry.yml")
    monkeypatch.setattr(releases, "REGISTRY", tmp_path / "registry.yml")
    monkeypatch.setenv("CONTACTLINE_CACHE", str(tmp_path / "cache"))
    for name in ("CONTACTLINE_MIRRORS", "CONTACTLINE_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert releases.register(releases_of / "2031.5.0") == "2031.5.0"
    return releases_of


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def mirror(published):
    """The address of a server on this machine that has the releases, and how often it was asked."""
    asked = []

    class Counting(Quiet):
        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Counting, directory=str(published))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_a_release_lies_in_a_folder_or_in_the_project(published, folder):
    stored = load("events", folder)
    for there in (published, published / "2031.10.0"):
        pd.testing.assert_frame_equal(contactline.load("events", version="2031.10.0", folder=there), stored)
    shutil.copytree(published, "data/release")
    assert len(contactline.load_events(version="2031.10.0")) == 3
    assert contactline.list_versions() == ["2031.5.0", "2031.10.0"]


def test_a_release_is_fetched_once_and_compared(mirror, monkeypatch, tmp_path):
    address, asked = mirror
    monkeypatch.setenv("CONTACTLINE_MIRRORS", f"http://127.0.0.1:9/nothing {address}/")
    for _ in range(2):
        assert len(contactline.load("events", version="2031.5.0")) == 3
    assert len(contactline.load_casualties()) == 5
    assert asked == ["/2031.5.0/events.parquet", "/2031.5.0/casualties.parquet"]
    monkeypatch.setenv("CONTACTLINE_OFFLINE", "1")
    assert border(contactline.load("events", version="2031.5.0"))["deaths_high"] == 206
    (tmp_path / "cache/2031.5.0/events.parquet").write_bytes(b"broken")
    with pytest.raises(FileNotFoundError, match=r"events.parquet: not in the cache, and CONTACTLINE_OFFLINE is set"):
        contactline.load("events", version="2031.5.0")


def test_another_file_than_the_registered_one_is_refused(mirror, published, monkeypatch, tmp_path):
    (published / "2031.5.0/events.parquet").write_bytes(b"another")
    monkeypatch.setenv("CONTACTLINE_MIRRORS", mirror[0])
    with pytest.raises(
        FileNotFoundError, match=r"(?s)no mirror gave it:.*events.parquet: SHA256 hash .* does not match"
    ):
        contactline.load("events", version="2031.5.0")
    assert not (tmp_path / "cache/2031.5.0/events.parquet").exists()


def test_a_release_that_cannot_be_had_says_why(published, monkeypatch):
    with pytest.raises(ValueError, match=r"no release '2030.1.0' is known; known are 2031.5.0; leave version out"):
        contactline.load("events", version="2030.1.0")
    with pytest.raises(FileNotFoundError, match=r"no mirror is set; set CONTACTLINE_MIRRORS to addresses"):
        contactline.load("events", version="2031.5.0")
    with pytest.raises(ValueError, match=r"release 2031.5.0 has no table 'texts'; it has actors, articles, casualties"):
        contactline.load("texts", version="2031.5.0")
    monkeypatch.setattr(releases, "registry", dict)
    with pytest.raises(ValueError, match=r"no release '2030.1.0' is known; none is published yet; leave version out"):
        contactline.load("events", version="2030.1.0")
    with pytest.raises(
        FileNotFoundError, match=r"data/tables: not here, and no release is published yet; run `dvc repro"
    ):
        contactline.load("events")
    with pytest.raises(ValueError, match=r"no release is known that could be cited; the tables of data/tables are not"):
        contactline.cite()


def test_a_registered_release_never_changes(published):
    (published / "2031.5.0/SHA256SUMS").write_text("0" * 64 + "  events.parquet\n")
    with pytest.raises(ValueError, match=r"another release 2031.5.0 is registered; a release never changes"):
        releases.register(published / "2031.5.0")
    with pytest.raises(ValueError, match=r"no release here; it has no datapackage.json or no SHA256SUMS"):
        releases.register(published)
    assert releases.register(published / "2031.10.0") == "2031.10.0"
    assert list(releases.registry()) == ["2031.5.0", "2031.10.0"]


def test_a_release_can_be_cited(published):
    assert contactline.cite("2031.10.0", folder=published).endswith("Version 2031.10.0. CC-BY-4.0.")
    assert "(2031)" in contactline.cite()
    with pytest.raises(ValueError, match=r"no release '1999.1.0' is known"):
        contactline.cite("1999.1.0")


# ---- what columns mean
def test_columns_and_tables_are_described():
    said = contactline.describe("deaths_best")
    assert said.tables == ("events",)
    assert said.unit == "persons"
    assert str(said).startswith("deaths_best (integer, persons) in events\n")
    assert "killed" in contactline.describe("harm").codes
    assert "deaths_best" in contactline.describe("events").codes
    assert contactline.describe("casualties.event_id").meaning.endswith("tied to one.")
    with pytest.raises(
        ValueError, match=r"'event_id' means different things in different tables; ask for one of events"
    ):
        contactline.describe("event_id")
    with pytest.raises(ValueError, match=r"the codebook has no table or column 'deaths'; its tables are articles"):
        contactline.describe("deaths")


# ---- the sample
@pytest.mark.parametrize("table", [t.name for t in schema.tables().values() if t.released])
def test_the_sample_is_what_the_codebook_says(table):
    stored = contactline.load_sample(table, backend="pyarrow")
    assert stored.equals(io.checked(table, stored), check_metadata=True), "make it anew with `dvc repro sample`"
    for field in schema.table(table).fields:
        if field.references and field.references not in ("actors", "places"):
            keys = contactline.load_sample(field.references)[schema.table(field.references).primary_key[0]]
            assert set(filter(None, stored[field.name].to_pylist())) <= set(keys)


def test_the_sample_answers_as_the_whole_does():
    early, late = (contactline.load_sample("events", as_of=day) for day in ("2022-09-13", "2022-09-30"))
    assert 0 < len(early) < len(late) <= len(contactline.load_sample("events"))
    assert early["deaths_best"].max() < late["deaths_best"].max()
    assert len(contactline.load_sample("events", fold="acled")) == len(contactline.load_sample("events"))


def test_the_sample_is_cut_whole(folder):
    days = (dt.date(2031, 5, 3), dt.date(2031, 5, 4))
    made = sample.sample(lambda name: io.read_arrow(name, folder), *days)
    assert made["articles"]["article_id"].to_pylist() == ["a1", "a2"]
    assert len(made["events"]) == len(made["casualties"]) == 0  # the event's last claim came later
    assert len(made["contacts"]) == len(made["participants"]) == len(made["evidence"]) == 0
    whole = sample.sample(lambda name: io.read_arrow(name, folder), days[0], dt.date(2031, 5, 7))
    assert (len(whole["events"]), len(whole["casualties"]), len(whole["contacts"])) == (2, 4, 1)
    assert set(whole["evidence"]["record_table"].to_pylist()) == {"events", "casualties", "contacts", "statements"}
