import pytest

from arnor import NO_CORRECTIONS, Corpus
from contactline import io
from contactline.explain import UnknownRecordError, explain
from contactline.records import corrections

TEXTS = {
    "a1": "Arnor and Gondor clashed on the border on Tuesday. At least 49 soldiers of Arnor fell, Aragorn said.",
    "a2": "The fighting on the border killed 105 soldiers, Aragorn said. He had met Denethor in Bree.",
}


def told():
    made = Corpus().article("a1", "2031-05-03").article("a2", "2031-05-04", "Blue Book")
    made.articles[0]["url"] = "https://example.org/red-book/1"
    made.event("a1", where="border", sentence_start=0, sentence_end=50, span_start=17, span_end=24)
    made.claim("a1", 49, by="Aragorn", sentence_start=51, sentence_end=100, span_start=60, span_end=90)
    made.event("a2", where="border", sentence_start=0, sentence_end=61, span_start=4, span_end=12)
    made.claim("a2", 105, 105, by="Aragorn", when="2031-05-03/2031-05-04", sentence_end=60, span_start=30, span_end=49)
    made.mentions["casualty_mentions"][-1]["sentence_start"] = 0
    met = {"sentence_start": 62, "sentence_end": 90, "span_start": 69, "span_end": 72}
    return made.contact("a2", "ARN Aragorn, GON Denethor/steward", mode="meeting", where="Bree", **met)


def made_in(folder, corrected_by=NO_CORRECTIONS):
    made = told()
    tables, _ = made.build(corrected_by=corrected_by)
    for name, table in tables.items():
        io.write_arrow(io.checked(name, table), name, folder)
    io.write(made.articles, "articles", folder)
    io.write([{"article_id": a, "text": text} for a, text in TEXTS.items()], "texts", folder)
    return {name: table.to_pylist() for name, table in tables.items()}


def test_an_event_shows_its_claims_fold_sentences_rules_and_sources(tmp_path):
    tables = made_in(tmp_path)
    page = explain(tables["events"][0]["event_id"], tmp_path)
    claims = {row["count_low"]: row["casualty_id"] for row in tables["casualties"]}
    for line in (
        "One event, however many articles tell of it.",
        "place_name: border",
        "deaths_best: 105",
        "Figures by the fold 'ucdp': Keep the bounds and take the best figure from the most credible voice.",
        "2031-05-03  killed at least 49 of ARN (military), says Aragorn (own_side)",
        f"[{claims[49]}, updated by {claims[105]}]",
        f"2031-05-04  killed 105 of ARN (military), says Aragorn (own_side)  [{claims[105]}]",
        "Evidence: 2 mentions in 2 articles of 2 publishers",
        "https://example.org/red-book/1",
        "rules test-01; founding",
        "rules test-01; same_sides, agreement 0.92",
        "Arnor and Gondor >>>clashed<<< on the border on Tuesday.",
        "The >>>fighting<<< on the border killed 105 soldiers, Aragorn said.",
    ):
        assert line in page


def test_a_contact_shows_participants_and_statuses(tmp_path):
    tables = made_in(tmp_path)
    page = explain(tables["contacts"][0]["contact_id"], tmp_path)
    for line in ("Denethor, steward (GON), participant", "held on 2031-05-03, first reported 2031-05-04", ">>>met<<<"):
        assert line in page


def test_a_correction_is_shown_with_its_reason(tmp_path, monkeypatch):
    signed = {"why": "Recounted.", "source": "https://example.org/c", "by": "fb", "on": "2031-06-01"}
    entry = {"id": "c1", "table": "casualties", "where": {"count_low": 105}, "column": "count_high", "expect": 105}
    corrected_by = {"values": [entry | {"set": 107} | signed], "apart": []}
    tables = made_in(tmp_path, corrected_by)
    monkeypatch.setattr(corrections, "rulebook", lambda: corrected_by)
    (claim,) = [row for row in tables["casualties"] if row["count_low"] == 105]
    page = explain(claim["casualty_id"], tmp_path)
    assert "corrected by hand (c1): count_high from 105 to 107; Recounted. Source: https://example.org/c; fb" in page


@pytest.mark.parametrize(
    ("record_id", "message"),
    [
        ("xy-1", r"xy-1: not an id of a record; they begin with ev- \(events\), ca- \(casualties\), co- \(contacts\)"),
        ("ev-1", r"ev-1: no such record in .*events.parquet"),
    ],
)
def test_an_unknown_id_is_refused(record_id, message, tmp_path):
    made_in(tmp_path)
    with pytest.raises(UnknownRecordError, match=message):
        explain(record_id, tmp_path)
