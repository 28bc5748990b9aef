"""Tells an article's own lines from what a page leaves around them: comment forms, share bars, captions, credits.

Nothing is removed: the stored text keeps every line, so that offsets hold, and what `dropped` names is not read.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from contactline.intake.text import plain

LONGEST = 450  # characters; longer lines are prose
SENTENCE = re.compile(r"(?:\S+\s+){7,}\S*[.!?…]['\"’”»)\]]*")
FULL_STOP = re.compile(r"[.!?…:;,]['\"’”»)\]]*$")
WRAP = range(40, 100)  # characters a hard-wrapped line has; as in reading.language
HEADLINE_WORDS = 5  # fewer are a section's name
LINK_WORDS = 4
LAST = 3  # lines in which a publisher speaks of itself
ADDRESS = re.compile(r"\b(?:you|your|us|our)\b", re.IGNORECASE)
CAPITAL_LINK_WORDS = 6  # shorter lines in capitals are headings of the article's own parts


@dataclass(frozen=True, slots=True)
class Dropped:
    """A run of lines that is not the article's own: `text[start:end]`, and a code of `drop_reason`."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Rule:
    """One entry of `rulebook/leftovers.yml`."""

    id: str
    reason: str
    fits: Callable[[str], object]
    where: str
    takes: str


@dataclass(frozen=True)
class Line:
    """A line of a text that is not blank: `text` without the blanks around it, at `start`."""

    start: int
    text: str
    wrapped: bool

    @property
    def end(self) -> int:
        """Offset just past its last character."""
        return self.start + len(self.text)


@cache
def _book() -> dict[str, Any]:
    book: dict[str, Any] = yaml.safe_load((files("contactline") / "rulebook" / "leftovers.yml").read_text("utf-8"))
    return book


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rulebook's entries, in order of precedence."""
    return tuple(
        Rule(
            id=entry["id"],
            reason=entry["reason"],
            fits=_line_test(entry, _book()["forms"]),
            where=entry.get("where", "any"),
            takes=entry.get("takes", "line"),
        )
        for entry in _book()["lines"]
    )


def _line_test(entry: dict[str, Any], forms: dict[str, str]) -> Callable[[str], object]:
    if "words" in entry:
        allowed, needed = frozenset(entry["words"].split()), frozenset(entry["needs"].split())

        def only_words(line: str) -> bool:
            if len(line) > entry["longest"]:
                return False
            words = set(re.findall(r"[^\W\d](?:[\w-]*\w)?", line.lower())) - {"k", "m"}
            return words <= allowed and not words.isdisjoint(needed)

        return only_words
    written = entry["line"]
    for name, form in forms.items():
        written = written.replace(f"{{{name}}}", form)
    fits = re.compile(written, 0 if entry.get("cased") else re.IGNORECASE).fullmatch
    holds, longest = entry.get("holds"), entry.get("longest", LONGEST)

    def whole_line(line: str) -> object:
        if len(line) > longest:
            return None
        if holds:
            lower = line.lower()
            if not any(each in lower for each in holds):
                return None
        return fits(line)

    return whole_line


def dropped(text: str, repeated: Collection[str] = (), title: str | None = None) -> list[Dropped]:
    """Return the lines of a stored text that are not the article's own, in order.

    Neighbouring lines of one reason are one run. Of a caption that tells something, only label and credit are dropped.
    A line that only the page's layout sets apart (a caption above the
    headline, a link in capitals) is told by where it stands.

    Args:
        text: a stored text.
        repeated: lines that the publisher sets on many articles; they are dropped as boilerplate.
        title: the headline, if it is known apart; its line stays whatever it looks like.
    """
    lines = list(_lines(text))
    above = _captions_above(lines)
    reasons = [
        None if title and plain(line.text) == plain(title) else reason
        for line, reason in zip(lines, _reasons(lines, above, frozenset(repeated)), strict=True)
    ]
    runs: list[Dropped] = []
    open_run = False
    for number, (line, reason) in enumerate(zip(lines, reasons, strict=True)):
        told = _told_by_caption(line.text) if reason == "caption" and number not in above else None
        if told:
            parts = ((line.start, line.start + told[0]), (line.start + told[1], line.end))
            runs.extend(Dropped(start, end, "caption") for start, end in parts if start < end)
        elif reason and open_run and runs[-1].reason == reason:
            runs[-1] = Dropped(runs[-1].start, line.end, reason)
        elif reason:
            runs.append(Dropped(line.start, line.end, reason))
        open_run = bool(reason) and not told
    return runs


def _told_by_caption(line: str) -> tuple[int, int] | None:
    """Return from where to where a caption tells something, between label and credit; None where it does not."""
    label, credit, words = _caption()
    opening, closing = label.match(line), credit.search(line)
    start, end = opening.end() if opening else 0, closing.start() if closing else len(line)
    return (start, end) if len(line[start:end].split()) >= words else None


@cache
def _caption() -> tuple[re.Pattern[str], re.Pattern[str], int]:
    book = _book()["captions"]
    return re.compile(book["label"], re.IGNORECASE), re.compile(book["credit"]), book["words"]


@lru_cache(maxsize=1 << 16)
def rule_of(line: str) -> Rule | None:
    """Return the first rule that a line fits, wherever it stands."""
    if len(line) > LONGEST:
        return None
    return next((rule for rule in rules() if rule.fits(line)), None)


def is_sentence(line: str) -> bool:
    """Say whether a line reads as at least one full sentence of prose."""
    return bool(SENTENCE.fullmatch(line)) or len(line) > LONGEST


def _reasons(lines: Sequence[Line], above: Collection[int], repeated: Collection[str]) -> Iterator[str | None]:
    mixed = sum(line.text.isupper() for line in lines) * 2 < len(lines)
    sentences, rest, listed = 0, None, None
    for number, line in enumerate(lines):
        rule = None if line.wrapped else rule_of(line.text)
        if rule and ((rule.where == "below" and number == 0) or (rule.takes == "rest" and sentences < 2)):
            rule = None
        if rest:
            yield rest
        elif line.text in repeated:
            yield "boilerplate"
        elif rule:
            yield rule.reason
            rest = rule.reason if rule.takes == "rest" else None
            listed = rule.reason if rule.takes == "list" else None
            continue
        elif number in above:
            yield "caption"
        elif sentences and not line.wrapped and _is_link(line.text, listed, mixed):
            yield "more"
            continue
        else:
            yield None
        listed = None
        sentences += is_sentence(line.text)


def _captions_above(lines: Sequence[Line]) -> set[int]:
    """Return the lines above the headline, or between it and the first sentence, that only a picture can have left."""
    body = next((i for i, line in enumerate(lines) if is_sentence(line.text) or line.wrapped), len(lines))
    headline = next((i for i, line in enumerate(lines[:body]) if _is_headline(line.text)), 0)
    return {
        i
        for i, line in enumerate(lines[: min(body, 4)])
        if not (i + 1 < len(lines) and lines[i + 1].text[0].islower())
        and not FULL_STOP.search(line.text)
        and len(line.text.split()) >= 3
        and (line.text[0].islower() or (i < headline and not _is_headline(line.text) and not line.text.isupper()))
    }


def _is_headline(line: str) -> bool:
    """Say whether a line is written as headlines in title case are."""
    long = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    titled = sum(word[0].isupper() for word in long)
    return len(line.split()) >= HEADLINE_WORDS and not FULL_STOP.search(line) and titled >= 0.9 * len(long) > 0


def _is_link(line: str, listed: str | None, mixed: bool) -> bool:
    """Say whether a line is another story's headline: below a list's heading, or in capitals amid mixed case."""
    words = len(line.split())
    if len(line) >= 160 or re.search(r"[.;,:]['\"’”»)\]]*$", line):
        return False
    capitals = mixed and line.isupper() and words >= CAPITAL_LINK_WORDS and not line.endswith("?")
    return capitals or (listed is not None and words >= LINK_WORDS)


def _lines(text: str) -> Iterator[Line]:
    for block in re.finditer(r"\S[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*", text):
        lines = block.group().split("\n")
        wrapped = len(lines) > 2 and all(len(line) in WRAP for line in lines[:-1])
        start = block.start()
        for line in lines:
            if line.strip():
                yield Line(start + len(line) - len(line.lstrip()), line.strip(), wrapped)
            start += len(line) + 1


def repeatable(text: str, publisher: str) -> Iterator[str]:
    """Yield the lines that could be a publisher's boilerplate.

    A sentence of news can stand in many articles too (the background of a war), so a sentence counts only in the last
    lines, without a figure, and where it speaks of the publisher or to the reader. The headline never counts.
    """
    lines = [line for line in _lines(text) if not line.wrapped][1:]
    for number, line in enumerate(lines):
        of_itself = publisher.lower() in line.text.lower() or ADDRESS.search(line.text)
        at_its_foot = number >= len(lines) - LAST and of_itself and not re.search(r"\d", line.text)
        if at_its_foot if is_sentence(line.text) else len(line.text.split()) >= 2:
            yield line.text
