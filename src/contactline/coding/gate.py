"""Which paragraphs are worth parsing: those that could carry a row, told from their text alone.

Parsing a sentence takes a hundred times as long as looking for a word in it. The gate opens a paragraph where any coder
could find one of its words, and the paragraphs beside it, whose sentences tell who speaks and who is meant. The words
are the coders' own, from the rulebook, so a new entry widens the gate by itself.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from contactline.coding import harms, parties, positions, towards
from contactline.coding.eventbook import rules
from contactline.reading import rulebook
from contactline.reading.article import Reading
from contactline.reading.belligerents import side
from contactline.reading.conflict import article_in_conflict, may_be_in_conflict
from contactline.reading.language import inflections

COMMON = {"obliging", "wishing"}  # lists of words on every page
OBLIGED = r"ha(?:s|ve|d) to|wants?|needs?|likes?|expects?"
SPOKEN = '"'  # quotation marks are straightened before the text is read
SHORT = 3  # letters; a shorter word is the beginning of too many others
SILENT_ENDS = "ey"  # "accuse" and "deny" lose their last letter in "accusing" and "denied"


def opened(reading: Reading) -> frozenset[int]:
    """Return the numbers of the paragraphs to parse.

    Violence needs what the coders need: words of war in its paragraph, or an article about conflict. Contacts and
    positions need a side that is named in the paragraph or beside it; where the article is not about states, also a
    second side in the paragraph itself, and where it names states only in passing nothing opens for them.
    """
    last = len(reading.paragraphs) - 1
    around = [range(max(0, number - 1), min(last, number + 1) + 1) for number in range(last + 1)]
    share = _share_of_affairs(reading)
    told = _told_freely if share >= _book()["about"] or article_in_conflict(reading) else _told_in_full
    carrying = {
        number
        for number, paragraph in enumerate(reading.paragraphs)
        if (may_be_in_conflict(paragraph.text, reading) and _violence().search(paragraph.text))
        or told(number, around[number], reading, share)
    }
    return frozenset(near for number in carrying for near in around[number])


def _told_freely(number: int, near: range, reading: Reading, share: float) -> bool:
    """Say whether a paragraph may tell of affairs of states in an article that is about them."""
    text = reading.paragraphs[number].text
    named = any(reading.named[i] for i in near)
    return _peaceful().search(text) is not None or (named and _dealings().search(text) is not None)


def _told_in_full(number: int, near: range, reading: Reading, share: float) -> bool:
    """Say whether a paragraph may tell of affairs of states in an article that is about something else."""
    text, upper = reading.paragraphs[number].text, reading.paragraphs[number].upper
    if (upper or any(_sides(reading))) and _peaceful().search(text):  # few names are known in capitals
        return True
    if share < _book()["passing"] or not any(_sides(reading)[i] for i in near):
        return False
    if len(_sides(reading)[number]) < 2 and not _matching("sides").search(text):
        return False
    spoken = any(
        SPOKEN in reading.paragraphs[i].text or _matching("speech").search(reading.paragraphs[i].text) for i in near
    )
    return (_dealings() if spoken else _deeds()).search(text) is not None


@lru_cache(maxsize=8)
def _sides(reading: Reading) -> Sequence[frozenset[str]]:
    """Return the sides that each paragraph names."""
    return [frozenset(side(m.actor) for m in mentions if m.form != "compound") for mentions in reading.named]


def _share_of_affairs(reading: Reading) -> float:
    """Return how many of a hundred words of an article are names of sides or words of their affairs."""
    named = sum(m.form != "compound" for mentions in reading.named for m in mentions)
    told = sum(len(_matching("affairs").findall(paragraph.text)) for paragraph in reading.paragraphs)
    return 100 * (named + told) / max(1, sum(len(paragraph.text.split()) for paragraph in reading.paragraphs))


def _book() -> Any:
    return rulebook.load("gate")


@cache
def _matching(name: str) -> re.Pattern[str]:
    """Match a list of the rulebook."""
    return re.compile(rf"\b(?:{'|'.join(_book()[name])})\b", re.IGNORECASE)


@cache
def _violence() -> re.Pattern[str]:
    """Match the words of the casualty and event coders."""
    return re.compile("|".join([harms.gate().pattern, *(rule.pattern.pattern for rule in rules())]), re.IGNORECASE)


@cache
def _peaceful() -> re.Pattern[str]:
    """Match the words of events that need no violence about them."""
    return re.compile("|".join(rule.pattern.pattern for rule in rules() if not rule.gate), re.IGNORECASE)


@cache
def _deeds() -> re.Pattern[str]:
    """Match the words that tell of contacts and positions by themselves, whoever speaks."""
    return re.compile(rf"\b(?:{'|'.join(sorted(_stems(_deed_lemmas())))})\b", re.IGNORECASE)


def _deed_lemmas() -> set[str]:
    contacts = {lemma for words in parties.rules() for lemma in words}
    return contacts | {lemma for _, lemma in positions.words()}


@cache
def _dealings() -> re.Pattern[str]:
    """Match the words of the contact and statement coders."""
    lemmas = _deed_lemmas()
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
