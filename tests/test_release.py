"""A release is whole, says of itself what it is, and lets nothing of an article through."""

import csv
import datetime as dt
import json
import shutil
import sqlite3
import subprocess
import warnings
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml

from arnor import Corpus
from contactline import checks, io, schema
from contactline.publish import bundle, descriptors, gates
from samples import rows, write_all

DATE = dt.date(2026, 11, 22)
VERSION = "2026.11.0"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    project = tmp_path_factory.mktemp("project")
    write_all(project / "tables")
    (project / "checks").mkdir()
    for group in ("intake", "mentions", "records"):
        (project / "checks" / f"{group}.json").write_text("[]")
    lock = {
        "schema": "2.0",
        "stages": {"records": {"cmd": "contactline records", "outs": [{"path": "data/tables/events.parquet"}]}},
    }
    (project / "dvc.lock").write_text(yaml.safe_dump(lock))
    return bundle.Source(project / "tables", project / "checks", project / "dvc.lock")


@pytest.fixture(scope="module")
def released(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("release") / VERSION
    bundle.release(VERSION, DATE, source, out)
    return out


@pytest.fixture
def broken(released, tmp_path):
    """A copy of the release that a test may break."""
    return shutil.copytree(released, tmp_path / VERSION)


@pytest.fixture
def altered(source, tmp_path):
    """Return a function that writes one table anew into a copy of the project and gives the copy as a source."""

    def alter(name, change):
        shutil.copytree(source.tables, tmp_path / "tables", dirs_exist_ok=True)
        io.write([row | change for row in rows(schema.table(name))], name, tmp_path / "tables")
        return bundle.Source(tmp_path / "tables", source.reports, source.lock)

    return alter


def test_a_bundle_verifies_by_itself(released):
    assert bundle.verify(released)[0] == f"{len(list(released.iterdir())) - 1} files have the hashes of SHA256SUMS"


def test_the_same_tables_give_the_same_bundle(released, source, tmp_path):
    bundle.release(VERSION, DATE, source, tmp_path / "again")
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (released / "SHA256SUMS").read_bytes()


def test_sha256sum_agrees(released):
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=released, check=True)


def test_a_table_opens_without_our_package(released):
    found = pd.read_parquet(released / "casualties.parquet")
    assert found.dtypes.astype(str)["count_low"] == "Int32"


def test_no_unreleased_table_is_in_it(released):
    kept = {table.name for table in schema.tables().values() if table.released}
    assert {path.stem for path in released.glob("*.parquet")} == kept
    assert "texts" not in kept


# ---- the descriptors, each by its own validator, and a broken copy of each refused
def data_package_errors(folder):
    import dplib
    import jsonschema

    profile = json.loads((Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json").read_text("utf-8"))
    document = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return [error.message for error in jsonschema.Draft7Validator(profile).iter_errors(document)]


def citation_errors(folder):
    from cffconvert.cli.create_citation import create_citation

    try:
        create_citation(str(folder / "CITATION.cff"), None).validate()
    except Exception as error:
        return [str(error)]
    return []


def croissant_errors(folder):
    import mlcroissant

    try:
        mlcroissant.Dataset(jsonld=folder / "croissant.json")
    except mlcroissant.ValidationError as error:
        return [str(error)]
    return []


def crate_errors(folder):
    import rocrate
    from rocrate_validator import models, services

    # The crate names its context by address; offline, the same context comes from the rocrate package.
    context = json.loads((Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_text("utf-8"))["@context"]
    document = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    (folder / "ro-crate-metadata.json").write_text(json.dumps(document | {"@context": context}), "utf-8")
    settings = services.ValidationSettings(
        rocrate_uri=str(folder), profile_identifier="ro-crate-1.1", requirement_severity=models.Severity.REQUIRED
    )
    found = services.validate(settings).get_issues()
    return [str(issue.message) for issue in found if "@context" not in str(issue.message)]


def without_source(document):
    document["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "nowhere.parquet"
    return document


VALIDATORS = {
    "datapackage.json": (data_package_errors, lambda d: d | {"resources": []}),
    "CITATION.cff": (citation_errors, lambda d: {k: v for k, v in d.items() if k != "authors"}),
    "croissant.json": (croissant_errors, without_source),
    "ro-crate-metadata.json": (crate_errors, lambda d: d | {"@graph": d["@graph"][1:]}),
}


@pytest.mark.parametrize("name", VALIDATORS)
@pytest.mark.filterwarnings("ignore")
def test_each_descriptor_is_valid_and_a_broken_copy_is_refused(name, broken):
    errors, damage = VALIDATORS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = yaml.safe_load((broken / name).read_text("utf-8"))
        assert errors(broken) == []
        (broken / name).write_text(json.dumps(damage(document)), encoding="utf-8")
        assert errors(broken) != []


def test_zenodo_and_citation_say_the_same(released):
    zenodo = json.loads((released / ".zenodo.json").read_text("utf-8"))
    citation = yaml.safe_load((released / "CITATION.cff").read_text("utf-8"))
    assert (zenodo["title"], zenodo["version"]) == (citation["title"], citation["version"])
    assert descriptors.cite(VERSION, "2026-11-22") in (released / "README.md").read_text("utf-8")


def test_the_descriptors_name_the_files_as_they_are(released):
    package = json.loads((released / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        content = (released / resource["path"]).read_bytes()
        assert resource["hash"].removeprefix("sha256:") == descriptors.File.of("x", content).sha256


# ---- copies
def test_the_copies_hold_the_rows(released):
    events = pd.read_parquet(released / "events.parquet")
    with zipfile.ZipFile(released / "contactline-csv.zip") as archive:
        csv = pd.read_csv(archive.open("events.csv"))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with zipfile.ZipFile(released / "contactline-stata.zip") as archive:
        stata = pd.read_stata(archive.open("events.dta"))
    store = sqlite3.connect(released / "contactline.sqlite")
    sqlite = pd.read_sql("select * from events order by event_id", store)
    store.close()
    for copy in (csv, stata, sqlite):
        assert copy["event_id"].tolist() == events["event_id"].tolist()
        assert copy["deaths_best"].astype(int).tolist() == events["deaths_best"].tolist()


def test_the_exports_have_the_columns_of_their_models(released):
    ged, acled = (pd.read_csv(released / f"export-{shape}.csv") for shape in ("ged", "acled"))
    assert len(ged.columns) == 49
    assert len(acled.columns) == 31
    assert (ged["best"] == ged[["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]].sum(axis=1)).all()
    assert ((ged["low"] <= ged["best"]) & (ged["best"] <= ged["high"])).all()
    plover = [json.loads(line) for line in (released / "export-plover.jsonl").read_text("utf-8").splitlines()]
    assert {"id", "date", "actor", "recipient", "event", "cite_info"} <= plover[0].keys()
    report = (released / "EXPORTS.md").read_text("utf-8")
    assert "`source_headline` is empty: headlines are never released" in report


# ---- gates
@pytest.mark.parametrize("version", ["2026.11", "2026.01.0", "1.0.0", "2026.13.0"])
def test_a_version_that_is_no_calver_is_refused(version, source, tmp_path):
    with pytest.raises(gates.GateError, match=r"not a CalVer like 2026.11.0 \(no leading zeros\)"):
        bundle.release(version, DATE, source, tmp_path / "out")


def test_without_passed_checks_there_is_no_release(source, tmp_path):
    unchecked = bundle.Source(source.tables, tmp_path, source.lock)
    with pytest.raises(gates.GateError, match=r"intake.json: missing; the checks of intake have not passed"):
        bundle.release(VERSION, DATE, unchecked, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_words_of_an_article_stop_the_release(source, tmp_path):
    shared = "the king of Gondor crossed the river at dawn with"
    texts = [("articles-0", f"On Tuesday {shared} his men.")]
    with pytest.raises(
        gates.GateError,
        match=r"events.side_a: shares the words 'the king of gondor crossed the river at' with article articles-0",
    ):
        gates.leaks({"events.side_a": [f"Gondor; {shared}"]}, texts)
    gates.leaks({"events.side_a": ["the king of Gondor crossed the river at noon"]}, texts[:0])


def test_a_long_cell_stops_the_release(altered, tmp_path):
    with pytest.raises(gates.GateError, match=r"statements.targets: a cell of 600 characters; more than 500 look like"):
        bundle.release(VERSION, DATE, altered("statements", {"targets": "x" * 600}), tmp_path / "out")


def test_a_column_of_text_is_denied(source):
    table = io.read_arrow("texts", source.tables)
    with pytest.raises(gates.GateError, match=r"texts.text: this column holds article text and is never released"):
        gates.narrow({"texts": table})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"span_end": 99, "sentence_end": 99}, r"span 2-99 is not within its sentence and article"),
        ({"span_start": 6}, r"span 6-5 is not within its sentence and article"),
        ({"article_id": "nowhere"}, r"article nowhere has no stored text"),
    ],
)
def test_a_span_that_points_wrong_is_named(change, message, source):
    row = rows(schema.table("evidence"))[0] | change
    with pytest.raises(gates.GateError, match=r"evidence of .*: " + message):
        gates.spans([row], {"articles-0": "Gondorians" * 5})


def test_a_span_at_a_blank_is_named():
    row = rows(schema.table("evidence"))[0]
    with pytest.raises(gates.GateError, match=r"span ' ab' begins or ends with a blank"):
        gates.spans([row], {"articles-0": "xx abcdefgh"})


def test_a_figure_that_its_sentence_has_not_is_named():
    row = rows(schema.table("casualty_mentions"))[0] | {"count_text": "49 soldiers"}
    message = r"casualty_mentions-0: count_text has \['49', 'soldiers'\] but its sentence has not"
    with pytest.raises(gates.GateError, match=message):
        gates.figures([row], {"articles-0": "Gondorians" * 5})


def test_an_event_that_went_stops_the_next_release(released, source, tmp_path):
    tables = shutil.copytree(source.tables, tmp_path / "tables")
    io.write(rows(schema.table("events"))[1:], "events", tables)
    later = bundle.Source(tables, source.reports, source.lock, previous=released)
    with pytest.raises(gates.GateError, match=r"events: 1 rows of 2026.11.0 are gone, the first events-0;"):
        bundle.release("2026.12.0", DATE, later, tmp_path / "out")


def test_the_next_release_says_what_changed(released, altered, tmp_path):
    changed = altered("events", {"deaths_best": 3})
    later = bundle.Source(changed.tables, changed.reports, changed.lock, previous=released)
    bundle.release("2026.12.0", DATE, later, tmp_path / "out")
    found = pd.read_parquet(tmp_path / "out" / "changes.parquet")
    assert set(found["changed_field"]) == {"deaths_best"}
    assert set(found["from_version"]) == {VERSION}
    assert "events-0 deaths_best: 1 -> 3 (rule change)" in (tmp_path / "out" / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda d: (d / "ETHICS.md").write_text("x"), r"ETHICS.md: altered; its hash is not the one in SHA256SUMS"),
        (lambda d: (d / "ETHICS.md").unlink(), r"ETHICS.md: missing"),
        (lambda d: (d / "extra.txt").write_text("x"), r"extra.txt: not in SHA256SUMS"),
        (lambda d: (d / "SHA256SUMS").unlink(), r"SHA256SUMS: missing; .* is no complete bundle"),
    ],
)
def test_a_bundle_that_was_tampered_with_is_refused(broken, break_it, message):
    break_it(broken)
    with pytest.raises(gates.GateError, match=message):
        bundle.verify(broken)


def test_a_bundle_whose_table_breaks_the_codebook_is_refused(broken):
    frame = pd.read_parquet(broken / "contacts.parquet")
    frame["mode"] = "telepathy"
    io.write_arrow(io.pa.Table.from_pandas(frame, schema=schema.table("contacts").arrow()), "contacts", broken)
    content = {path.name: path.read_bytes() for path in broken.iterdir() if path.name != gates.SUMS}
    (broken / gates.SUMS).write_bytes(gates.sums(content))
    with pytest.raises(checks.CheckError, match=r"contacts: expect_column_values_to_be_in_set\(column='mode'\) failed"):
        bundle.verify(broken)


def test_a_folder_without_a_release_has_no_version(tmp_path):
    with pytest.raises(gates.GateError, match=r"datapackage.json: missing; .* holds no release"):
        bundle.version_of(tmp_path)


def test_acleds_fatalities_are_by_acleds_fold(tmp_path):
    corpus = Corpus().article("a1").event("a1", where="Osgiliath")
    corpus.claim("a1", 105, 105, by="Aragorn", where="Osgiliath")
    corpus.claim("a1", 30, 30, by="Gondor", by_country="GON", where="Osgiliath")
    tables = {name: io.checked(name, table) for name, table in corpus.build()[0].items()}
    tables["articles"] = io.arrow("articles", corpus.articles)
    io.write(corpus.mentions["event_mentions"], "event_mentions", tmp_path)
    made = bundle._shapes(VERSION, tables, bundle.Source(tmp_path, tmp_path, tmp_path))
    (row,) = csv.DictReader(made["export-acled.csv"].decode("utf-8").splitlines())
    (event,) = tables["events"].to_pylist()
    assert (row["fatalities"], event["deaths_low"]) == ("30", 105)  # the adversary's figure counts for ACLED alone
