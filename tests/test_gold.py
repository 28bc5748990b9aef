"""The annotated articles: whole, in step with the documents, and in the codes of the codebook."""

import csv
import datetime as dt
import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "gold"
DOCUMENTS = {path.stem: path for path in (ROOT / "data" / "raw").glob("*/*.md")}


def _lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def _text(article_id: str) -> str:
    return " ".join(DOCUMENTS[article_id].read_text(encoding="utf-8").split("---\n", 2)[2].split())


def _codes(name: str) -> set[str]:
    with (ROOT / "src" / "contactline" / "codebook" / "codes" / f"{name}.csv").open(encoding="utf-8") as lines:
        return {row["code"] for row in csv.DictReader(lines)}


REPORTS = _lines("reports.gold.jsonl")


def test_each_annotated_report_is_a_document_and_annotated_once() -> None:
    ids = [record["id"] for record in REPORTS]
    assert len(set(ids)) == len(ids) >= 60
    assert set(ids) <= set(DOCUMENTS)


@pytest.mark.parametrize("record", REPORTS, ids=lambda record: record["id"])
def test_the_text_of_a_claim_stands_in_its_document(record: dict) -> None:
    text = _text(record["id"])
    assert [row["text"] for row in record["casualties"] if row["text"] not in text] == []


@pytest.mark.parametrize("record", REPORTS, ids=lambda record: record["id"])
def test_dates_are_dates_and_figures_are_in_order(record: dict) -> None:
    for row in record["events"] + record["contacts"]:
        for value in filter(None, (row.get("start"), row.get("end"), row.get("date"))):
            assert dt.date.fromisoformat((value + "-01-01")[:10])
    for row in record["casualties"]:
        assert row["low"] is None or row["high"] is None or row["low"] <= row["high"]


@pytest.mark.parametrize(
    ("table", "column", "codes"),
    [
        ("casualties", "harm", "harm"),
        ("casualties", "victim_status", "victim_status"),
        ("contacts", "mode", "contact_mode"),
        ("statements", "kind", "statement_kind"),
        ("events", "type", "event_group"),
    ],
)
def test_codes_are_those_of_the_codebook(table: str, column: str, codes: str) -> None:
    used = {row[column] for record in REPORTS for row in record[table] if column in row}
    assert used <= _codes(codes)


def test_negatives_hold_nothing() -> None:
    gold = _lines("negatives.gold.jsonl")
    assert [record["id"] for record in gold] == [document["id"] for document in _lines("negatives.docs.jsonl")]
    assert all(record["negative"] for record in gold)
    assert not any(record[table] for record in gold for table in ("casualties", "contacts", "statements", "events"))


def test_both_halves_hold_a_fair_share() -> None:
    halves = Counter(hashlib.sha1(record["id"].encode()).digest()[0] % 2 for record in REPORTS)
    assert min(halves.values()) >= 0.4 * len(REPORTS)
