"""The gate before the parser loses nothing: with and without it the same articles give the same rows."""

import json
from pathlib import Path

import pytest

from contactline.coding import article as coding
from contactline.coding import gate
from contactline.reading.article import Article, Reading
from contactline.reading.conflict import in_conflict, may_be_in_conflict

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


@pytest.mark.parametrize("document", NEGATIVES, ids=lambda document: document["id"])
def test_a_text_about_something_else_gives_the_same_rows_too(document):
    plain, gated = both(document["text"])
    assert gated == plain


def test_most_of_texts_about_other_things_is_not_parsed():
    parsed = whole = 0
    for document in NEGATIVES:
        article = Article("a", document["text"])
        whole += len(Reading(article).paragraphs)
        parsed += len(gate.opened(Reading(article)))
    assert parsed < whole / 2


IDLE = "The harvest of wheat in the valley was good, and the millers were content with what they had. "


def test_states_named_in_passing_open_nothing_for_dealings():
    told = "Gondor's farmers met the millers of Arnor and asked for more."
    assert gate.opened(Reading(Article("a", f"{told}\n\n{IDLE * 30}"))) == frozenset()
    assert gate.opened(Reading(Article("a", told))) == {0}


def test_an_article_about_something_else_opens_where_two_sides_meet_but_not_where_one_is_named():
    idle = IDLE * 4
    two, one, rebels = "Gondor and Arnor met again.", "Gondor asked for bread.", "Arnor's rebels asked for bread."
    reading = Reading(Article("a", "\n\n".join([two, idle, idle, one, idle, idle, rebels])))
    assert gate.opened(reading) == {0, 1, 5, 6}


@pytest.mark.parametrize(
    ("text", "war"),
    [
        ("Soldiers shelled the ford and killed two.", True),
        ("Two reporters were shot dead by gunmen.", True),
        ("The army was proud.", False),
        ("Wheat ripened early.", False),
    ],
)
def test_a_paragraph_is_opened_for_violence_where_a_sentence_of_it_could_be_one_of_conflict(text, war):
    reading = Reading(Article("a", text))
    assert may_be_in_conflict(text, reading) is war
    if not war:
        assert all(in_conflict(sentence, reading) is None for sentence in reading.sentences)


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
