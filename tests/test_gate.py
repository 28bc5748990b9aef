"""The gate before the parser loses nothing: with and without it the same articles give the same rows."""

import json
from pathlib import Path

import pytest

from contactline.coding import article as coding
from contactline.coding import gate
from contactline.reading.article import Article, Reading

GOLD = Path(__file__).parent / "gold"
ROOT = GOLD.parent.parent
REPORTS = sorted((ROOT / "data" / "raw").glob("*/*.md"))[::6]  # a sixth keeps the test quick; all were compared by hand
NEGATIVES = [json.loads(line) for line in (GOLD / "negatives.docs.jsonl").read_text("utf-8").splitlines()]


def both(text):
    article = Article("a", text)
    return coding.mentions(Reading(article)), coding.mentions(Reading(article, gate=gate.opened))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_a_report_loses_no_row(path):
    plain, gated = both(path.read_text("utf-8").split("---", 2)[2])
    assert gated == plain


def test_texts_about_other_things_are_not_all_parsed():
    parsed = whole = 0
    for document in NEGATIVES:
        article = Article("a", document["text"])
        whole += len(Reading(article).paragraphs)
        parsed += len(gate.opened(Reading(article)))
    assert parsed < whole


@pytest.mark.parametrize(
    "paragraph",
    [
        "Shelling killed two villagers.",
        "Gondor's President Denethor Hurin met Arnorian President Arvedui Last.",
        "Gondor condemned Arnor.",
        "Arnor and Gondor signed a peace treaty.",
    ],
)
def test_each_coder_opens_the_gate_and_what_stands_beside_is_read_with_it(paragraph):
    idle = "Wheat ripened early in the valley."
    reading = Reading(Article("a", "\n\n".join([idle, idle, paragraph, idle, idle])))
    assert gate.opened(reading) == {1, 2, 3}


def test_an_article_without_any_word_of_ours_is_not_parsed():
    assert gate.opened(Reading(Article("a", "Wheat ripened early.\n\nThe cup final was a draw."))) == frozenset()
