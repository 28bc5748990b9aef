"""The words of a sentence that tell of an event: rules of the rulebook, matched and checked against its parse."""

import re
from collections.abc import Iterator
from functools import cache

from contactline.coding.eventbook import Rule, rules
from contactline.coding.needs import CHECKS
from contactline.coding.trigger import Trigger
from contactline.reading.article import Reading
from contactline.reading.conflict import about_other_harm, in_conflict
from contactline.reading.language import Sentence, Span, Token

STEM = 3  # letters of a stem
WORD = re.compile(r"\w+")


def triggers(sentence: Sentence, reading: Reading) -> Iterator[Trigger]:
    """Yield what tells of an event in a sentence, by precedence of rules; no two share a word."""
    text, start = sentence.tokens.text, sentence.tokens.start_char
    taken: list[tuple[int, int]] = []
    conflict: str | None = ""
    if about_other_harm(reading):
        return
    for rule in _begun(text):
        for match in rule.pattern.finditer(text):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            if rule.gate and conflict == "":
                conflict = in_conflict(sentence, reading)
            if (rule.gate and conflict is None) or (rule.unless and rule.unless.search(text)):
                break
            span = sentence.tokens.doc.char_span(start + match.start(), start + match.end(), alignment_mode="expand")
            if span is None:
                continue
            trigger = Trigger(rule, teller(span), span[0], span[-1], sentence, reading)
            if (not rule.pos or trigger.token.pos_ in rule.pos) and all(CHECKS[need](trigger) for need in rule.needs):
                taken.append(match.span())
                yield trigger


def _begun(text: str) -> list[Rule]:
    """Return the rules one of whose stems begins a word of the text, in order of precedence."""
    stems = {word[:STEM].lower() for word in WORD.findall(text)}
    numbers = {number for stem in stems for number in _by_stem().get(stem, ())}
    return [rules()[number] for number in sorted(numbers)]


@cache
def _by_stem() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, rule in enumerate(rules()):
        for stem in rule.stems:
            found[stem] = (*found.get(stem, ()), number)
    return found


def teller(span: Span) -> Token:
    """Return the word that carries the event: the head, or the verb told of it: "a checkpoint that Arnor set up"."""
    told = [t for t in span if t.dep_ in ("relcl", "acl") and t.head.i == span.root.i and t.pos_ == "VERB"]
    return told[0] if told else span.root
