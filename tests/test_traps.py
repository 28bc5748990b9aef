"""The disease of this field is coding past wars, plans, fears and denials as news: how often that happens here."""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
import yaml

from contactline.coding import events
from contactline.reading.article import Article, Reading

SUITE = yaml.safe_load((Path(__file__).parent / "coding_traps.yml").read_text(encoding="utf-8"))
TRAPS = [(kind, sentence) for kind, sentences in SUITE["traps"].items() for sentence in sentences]
NEWS = [(group, sentence) for group, sentences in SUITE["news"].items() for sentence in sentences]
SETTING = "\n\nThe armies of Gondor and Arnor guard the river. Their soldiers, tanks and rockets stand on both banks."
FALSE_NEWS_AT_MOST = 0.02
RECALL_AT_LEAST = 0.95


@cache
def groups(sentence):
    """Return the groups of the events that a sentence asserts as current."""
    reading = Reading(Article("a", sentence + SETTING, dt.date(2022, 9, 13)))
    rows = [row for row in events.mentions(reading) if row["sentence_end"] <= len(sentence)]
    return {row["event_group"] for row in rows if (row["scope"], row["modality"]) == ("current", "asserted")}


def test_the_suite_is_large_enough():
    assert len(TRAPS) >= 150
    assert len({sentence for _, sentence in TRAPS + NEWS}) == len(TRAPS) + len(NEWS)


def test_false_news_is_rare():
    sprung = [f"{kind}: {sentence} -> {groups(sentence)}" for kind, sentence in TRAPS if groups(sentence)]
    assert len(sprung) <= FALSE_NEWS_AT_MOST * len(TRAPS), "\n".join(sprung)


def test_true_news_is_found():
    missed = [f"{group}: {sentence} -> {groups(sentence)}" for group, sentence in NEWS if group not in groups(sentence)]
    assert len(missed) <= (1 - RECALL_AT_LEAST) * len(NEWS), "\n".join(missed)


@pytest.mark.parametrize("kind", SUITE["traps"])
def test_no_kind_of_trap_is_a_blind_spot(kind):
    sentences = SUITE["traps"][kind]
    assert sum(bool(groups(sentence)) for sentence in sentences) <= max(1, len(sentences) // 10)
