"""Finds the date expressions of a text by the rules of `rulebook/dates.yml`."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from contactline.reading.dateforms import READS, Frame, named
from contactline.reading.days import Date, spanning
from contactline.reading.rulebook import load


def find(text: str, anchor: dt.date | None) -> list[tuple[int, int, Date]]:
    """Return the dates that a text gives: [(start, end, date)], character offsets, in reading order.

    The past is preferred; a date lies ahead only after will, next, scheduled and the like. A weekday that is the
    anchor's own is that day. "The next day" counts from the last day named before it, else from the anchor.

    Args:
        text: a sentence or a paragraph, its quotes straightened.
        anchor: publication date; None leaves out whatever is relative to it: weekdays, "yesterday", yearless dates.
    """
    return read(text, anchor, None)


def read(text: str, anchor: dt.date | None, context: Date | None) -> list[tuple[int, int, Date]]:
    """Return what `find` does, with the date that was named last before the text, if there was one."""
    found: list[tuple[int, int, Date]] = []
    year: int | None = None
    for rule, match in matches(text):
        frame = Frame(anchor, context, _is_ahead(text, match.start()), year)
        date = rule.reads(match, frame)
        if date is None:
            continue
        if _since(text, match) and anchor and date.start < anchor:
            date = spanning(date.start, anchor, date.basis)
        found.append((match.start(), match.end(), date))
        context = date
        if date.basis == "stated" and date.precision == 1:
            year = int(written) if (written := named(match, "y")) else year
    return found


# ---- rules
@dataclass(frozen=True)
class Rule:
    """One entry of the rulebook: its pattern, what must stand in a text for it, and the function that reads a match."""

    rule_id: str
    pattern: re.Pattern[str]
    needs: frozenset[str]
    reads: "Callable[[re.Match[str], Frame], Date | None]"


@cache
def _rules() -> tuple[Rule, ...]:
    rules = []
    for entry in load("dates")["rules"]:
        pattern, needs = entry["pattern"], _needs(entry["pattern"])
        for name, fragment in fragments().items():
            pattern = pattern.replace("{" + name + "}", fragment)
        rules.append(Rule(entry["id"], re.compile(rf"(?<![\w$€£-])(?:{pattern})(?!\w)"), needs, READS[entry["reads"]]))
    return tuple(rules)


def _needs(pattern: str) -> frozenset[str]:
    """Return which cues every match of a rule's pattern holds: fragments outside all groups and alternatives."""
    outside, inner = pattern.replace(r"\(", "").replace(r"\)", ""), ""
    while outside != inner:
        inner, outside = outside, GROUP.sub("", outside)
    if "|" in outside:
        return frozenset()
    return frozenset(name for name, optional in FRAGMENT.findall(outside) if not optional and name in _needed())


GROUP = re.compile(r"\([^()]*\)(?:[?*+]|\{\d[\d,]*\})?")
FRAGMENT = re.compile(r"\{([a-z]\w*)\}([?*]?)")


@cache
def _needed() -> dict[str, re.Pattern[str]]:
    """Return the fragments whose absence is told at once; rules that need an absent one are not tried."""
    book = load("dates")
    months, weekdays = [*book["months"], *book["month_abbreviations"]], book["weekdays"]
    cheap = {"mon": "|".join(months), "wd": "|".join(weekdays), "y": r"(?:19|20)\d\d"}
    return {name: re.compile(pattern) for name, pattern in cheap.items()}


@cache
def fragments() -> dict[str, str]:
    """Return what the {names} in the patterns stand for: name -> regular expression."""
    book = load("dates")
    months = "|".join([*book["months"], *(rf"{short}\.?" for short in book["month_abbreviations"])])
    weekdays = "|".join(book["weekdays"])
    parts = "|".join(book["parts"])
    numbers = "|".join(sorted([*book["numbers"], *book["vague_numbers"]], key=len, reverse=True))
    day = r"[0-3]?\d)(?:st|nd|rd|th)?(?!\d|,\d{3}|\.\d|:\d|%|-)"
    year = r"(?:19|20)\d\d)(?!\d|,\d|\.\d|-year)"
    wd = rf"(?<!Bloody )(?<!Good )(?<!Black )(?<!Palm )(?<!Easter )(?P<wd>{weekdays})(?:'s)?"
    return {
        "mon": rf"(?P<mon>{months})",
        "mon2": rf"(?P<mon2>{months})",
        "d": rf"(?P<d>{day.removesuffix('|-)')})",
        "d2": rf"(?P<d2>{day.removesuffix('|-)')})",
        "y": rf"(?P<y>{year}",
        "y2": rf"(?P<y2>{year.replace('(?:19|20)', '(?:(?:19|20))?')}",
        "to": r" ?[-–—] ?| to | until | till | through ",
        "wd": wd,
        "wd2": wd.replace("<wd>", "<wd2>"),
        "wd0": rf"(?:{weekdays})",
        "daypart": rf"(?:{book['day_parts']})",
        "daypart2": rf"(?:{book['day_parts']})",
        "night": r"(?P<night>(?:[Tt]he |[Dd]uring the )?night (?:of|on) (?:the )?|[Oo]vernight (?:on )?)",
        "part": rf"(?:[Tt]he )?(?P<part>(?i:{parts}))(?: of(?: the)?| in|-)? ?",
        "n": rf"(?P<n>\d{{1,3}}|(?i:{numbers}))",
        "before": rf"(?:{book['before_month']})",
        "beforeyear": rf"(?:{book['before_year']})",
        "notcount": rf"(?! (?:{book['counted']})\b)",
        "notday": r"(?! ?\d{1,2}(?!\d))",
    }


@cache
def _trigger() -> re.Pattern[str]:
    book = load("dates")
    words = [*book["months"], *book["month_abbreviations"], *book["weekdays"], *book["seasons"], *book["trigger"]]
    return re.compile(rf"(?:{'|'.join(words)})|\d{{4}}|9/11")


REACH = 60  # characters around a trigger word that an expression may extend over


def matches(text: str) -> list[tuple[Rule, re.Match[str]]]:
    """Return the matches of all rules, earlier rules first at their place, none overlapping another."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[Rule, re.Match[str]]] = []
    for low, high in _windows(text):
        there = {name for name, pattern in _needed().items() if pattern.search(text, low, high)}
        for rule in _rules():
            if not rule.needs <= there:
                continue
            for match in rule.pattern.finditer(text, low, high):
                if all(match.end() <= a or match.start() >= b for a, b in taken):
                    taken.append(match.span())
                    found.append((rule, match))
    return sorted(found, key=lambda pair: pair[1].start())


def _windows(text: str) -> list[tuple[int, int]]:
    windows: list[tuple[int, int]] = []
    for trigger in _trigger().finditer(text):
        low, high = max(0, trigger.start() - REACH), min(len(text), trigger.end() + REACH)
        if windows and low <= windows[-1][1]:
            windows[-1] = (windows[-1][0], high)
        else:
            windows.append((low, high))
    return windows


@cache
def _cues() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    book = load("dates")
    return re.compile(book["ahead"], re.IGNORECASE), re.compile(book["said"]), re.compile(book["since"])


def _is_ahead(text: str, start: int) -> bool:
    """Say whether the words before a date speak of the future: "will meet on", but not "will meet, he said on"."""
    ahead, said, _ = _cues()
    before = re.split(r"[.!?;] ", text[max(0, start - 80) : start])[-1]
    cues = list(ahead.finditer(before))
    return bool(cues) and not said.search(before, cues[-1].end())


def _since(text: str, match: re.Match[str]) -> bool:
    _, _, since = _cues()
    return since.search(text[max(0, match.start() - 60) : match.end()].removesuffix(match.group())) is not None or (
        match.group().lower().startswith("since ")
    )
