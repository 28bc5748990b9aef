"""Which paragraphs are worth parsing: those that could carry a row, told from their text alone.

Parsing a sentence takes a hundred times as long as looking for a word in it. The gate opens a paragraph where any coder
could find one of its words, and the paragraphs beside it, whose sentences tell who speaks and who is meant. The words
are the coders' own, from the rulebook, so a new entry widens the gate by itself.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from contactline.coding import harms, parties, positions, towards
from contactline.coding.eventbook import rules
from contactline.reading.article import Reading
from contactline.reading.conflict import senses
from contactline.reading.language import inflections

COMMON = {"obliging", "wishing"}  # lists of words on every page
OBLIGED = r"ha(?:s|ve|d) to|wants?|needs?|likes?|expects?"
SHORT = 3  # letters; a shorter word is the beginning of too many others
SILENT_ENDS = "ey"  # "accuse" and "deny" lose their last letter in "accusing" and "denied"


def opened(reading: Reading) -> frozenset[int]:
    """Return the numbers of the paragraphs to parse.

    Violence needs a word of violence or war somewhere in the article; contacts and positions need a side that is named
    in the paragraph or beside it.
    """
    texts = [paragraph.text for paragraph in reading.paragraphs]
    found: Counter[str] = sum(map(senses, texts), Counter())
    violent = bool(found["war"] or found["violence"])
    last = len(texts) - 1
    around = [range(max(0, number - 1), min(last, number + 1) + 1) for number in range(len(texts))]
    carrying = {
        number
        for number, text in enumerate(texts)
        if (violent and _violence().search(text))
        or _peaceful().search(text)
        or (any(reading.named[near] for near in around[number]) and _dealings().search(text))
    }
    return frozenset(near for number in carrying for near in around[number])


@cache
def _violence() -> re.Pattern[str]:
    """Match the words of the casualty and event coders."""
    return re.compile("|".join([harms.gate().pattern, *(rule.pattern.pattern for rule in rules())]), re.IGNORECASE)


@cache
def _peaceful() -> re.Pattern[str]:
    """Match the words of events that need no violence about them."""
    return re.compile("|".join(rule.pattern.pattern for rule in rules() if not rule.gate), re.IGNORECASE)


@cache
def _dealings() -> re.Pattern[str]:
    """Match the words of the contact and statement coders."""
    lemmas = {lemma for words in parties.rules() for lemma in words}
    lemmas |= {lemma for _, lemma in positions.words()}
    common = COMMON | set(towards.book()["who"])
    lemmas |= {word for name, words in towards.lists().items() if name not in common for word in words}
    return re.compile(rf"\b(?:{OBLIGED}|{'|'.join(sorted(_stems(lemmas)))})\b", re.IGNORECASE)


def _stems(lemmas: Iterable[str]) -> set[str]:
    """Return patterns that match every inflected form of the lemmas."""
    found = set()
    for lemma in lemmas:
        stem = lemma[:-1] if lemma[-1] in SILENT_ENDS and len(lemma) > SHORT else lemma
        endings = r"\w*" if len(lemma) > SHORT else r"(?:s|es|d|ed|ing|\w(?:ed|ing))?"
        found |= {re.escape(stem) + endings, *map(re.escape, inflections(lemma))}
    return found
