import datetime as dt
from importlib.resources import files

import pytest

from arnor import Corpus
from contactline import schema
from contactline.records import corrections
from contactline.records.corrections import CorrectionError

SIGNED = {"why": "The ministry's own correction.", "source": "https://example.org/c", "by": "fb", "on": "2031-06-01"}


def corpus():
    made = Corpus().article("a1").article("a2", publisher="Blue Book")
    made.event("a1", where="Osgiliath", at=0).claim("a1", 40, 40, by="Aragorn", at=0, where="Osgiliath")
    return made.event("a2", where="Osgiliath", at=0).contact("a2", "ARN Aragorn, GON Denethor")


def value(**more):
    entry = {"id": "c1", "table": "casualties", "where": {"claimant": "Aragorn"}, "column": "count_low", "expect": 40}
    return {"values": [entry | {"set": 4} | SIGNED | more], "apart": []}


def test_the_shipped_file_is_well_formed():
    assert set(corrections.rulebook()) == {"values", "apart"}


def test_a_correction_changes_the_claim_its_figures_and_its_evidence():
    tables = corpus().tables(corrected_by=value())
    assert [row["count_low"] for row in tables["casualties"]] == [4]
    assert [row["deaths_best"] for row in tables["events"]] == [4]
    (mention,) = [row for row in tables["evidence"] if row["record_table"] == "casualties"]
    assert mention["rule_id"] == "test-01+correction:c1"


def test_a_correction_of_a_participant_shows_in_the_contacts_evidence():
    entry = value(table="participants", where={"name": "Denethor"}, column="name", expect="Denethor", set="Faramir")
    tables = corpus().tables(corrected_by=entry)
    assert [row["name"] for row in tables["participants"]] == ["Aragorn", "Faramir"]
    (mention,) = [row for row in tables["evidence"] if row["record_table"] == "contacts"]
    assert mention["rule_id"].endswith("+correction:c1")


def test_a_stale_correction_stops_the_build():
    message = (
        r"correction c1 of casualties.count_low where claimant is 'Aragorn': expects to replace 41 but finds 40;"
        r" remove it from rulebook/corrections.yml if the rules now get this right"
    )
    with pytest.raises(CorrectionError, match=message):
        corpus().build(corrected_by=value(expect=41))


def test_a_correction_of_no_row_stops_the_build():
    message = r"correction c1 of casualties.count_low where claimant is 'Boromir': 0 rows match, not one; mend it"
    with pytest.raises(CorrectionError, match=message):
        corpus().build(corrected_by=value(where={"claimant": "Boromir"}))


def test_a_correction_of_an_unknown_column_stops_the_build():
    with pytest.raises(schema.SchemaError, match="casualties: no column 'count'"):
        corpus().build(corrected_by=value(column="count"))


def test_sentences_told_apart_are_two_events():
    apart = {"table": "events", "sentences": [{"article_id": a, "sentence_start": 0} for a in ("a1", "a2")], **SIGNED}
    assert len(corpus().tables()["events"]) == 1
    assert len(corpus().tables(corrected_by={"values": [], "apart": [apart]})["events"]) == 2


def test_sentences_that_tell_nothing_cannot_be_told_apart():
    apart = {"table": "events", "sentences": [{"article_id": "a1", "sentence_start": 7}], **SIGNED}
    with pytest.raises(
        CorrectionError, match=r"apart in events: no mention stands at 7 of a1; mend the entry in rulebook"
    ):
        corpus().build(corrected_by={"values": [], "apart": [apart]})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("values: []", r"needs the lists values and apart, not values"),
        ("{values: [{id: c1}], apart: []}", r"entry 1 of values lacks or does not know by, column, expect, on, set,"),
        ("{values: [], apart: [{colour: red}]}", r"entry 1 of apart lacks or does not know by, colour, on, sentences"),
    ],
)
def test_a_file_that_says_too_little_is_refused(text, message):
    with pytest.raises(CorrectionError, match=message):
        corrections.read(text)


def test_a_folded_figure_cannot_be_corrected_past_its_claims():
    text = str(value(table="events", column="deaths_best") | {"apart": []})
    with pytest.raises(CorrectionError, match=r"c1 sets deaths_best, which follows from claims; correct the claim in"):
        corrections.read(text)


def test_an_id_stands_for_one_correction():
    entry = value()["values"][0]
    with pytest.raises(CorrectionError, match=r"rulebook/corrections.yml: the id c1 stands twice"):
        corrections.read(str({"values": [entry, entry], "apart": []}))


def test_a_correction_is_read_as_the_file_itself_shows_it():
    text = (files("contactline") / "rulebook" / "corrections.yml").read_text(encoding="utf-8")
    shown = text.partition("# values:")[2].partition("\nvalues:")[0]
    example = "\n".join(line.removeprefix("#") for line in shown.splitlines() if line.startswith("#   "))
    (entry,) = corrections.read(f"values:\n{example}\napart: []\n")["values"]
    assert (entry["id"], entry["set"], entry["on"]) == ("ministry-said-four", 4, dt.date(2026, 3, 2))
