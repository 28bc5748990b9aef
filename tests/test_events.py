"""Every entry of rulebook/events.yml proves itself on its own sentences; the coder on small articles."""

import datetime as dt

import pytest

from contactline.coding import events, triggers
from contactline.reading import rulebook
from contactline.reading.article import Article, Reading

BOOK = rulebook.load("events")
EXAMPLES = [(r["id"], kind, text) for r in BOOK["rules"] for kind in ("codes", "ignores") for text in r[kind]]
CONTEXT = "\n\nThe war between the armies of Gondor and Arnor goes on. Soldiers fear rockets, bombs and raids."


def told(text):
    """Return the rules that code the first paragraph of a text."""
    reading = Reading(Article("a", text + CONTEXT, dt.date(2022, 9, 13)))
    return [t.rule.id for s in reading.sentences if s.paragraph == 0 for t in triggers.triggers(s, reading)]


@pytest.mark.parametrize(("rule_id", "kind", "text"), EXAMPLES)
def test_rule_on_its_own_examples(rule_id, kind, text):
    if kind == "codes":
        assert rule_id in told(text), f"{text}: {told(text)}"
    else:
        assert rule_id not in told(text), text


def coded(text, published=dt.date(2022, 9, 13)):
    return list(events.mentions(Reading(Article("a", text, published))))
