"""Count phrases of news English to bounds: "at least 49", "between 40 and 50", "a soldier", "dozens"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from contactline.reading import rulebook


@dataclass(frozen=True)
class Quantity:
    """How many persons a phrase supports.

    Attributes:
        low: fewest, None where the phrase sets no lower bound.
        high: most, None where the phrase sets no upper bound.
        kind: a code of `count_kind`.
    """

    low: int | None
    high: int | None
    kind: str


ONE = Quantity(1, 1, "exact")
VAGUE = Quantity(None, None, "vague")


def quantity(phrase: str) -> Quantity | None:
    """Return the bounds that a count phrase supports, None where it counts nothing.

    Args:
        phrase: the words that count, with or without what they count: "at least 12 soldiers", "a soldier", "dozens".

    Examples:
        >>> [(q.low, q.high) for p in ("12", "at least 12", "more than 12", "up to 12") if (q := quantity(p))]
        [(12, 12), (12, None), (13, None), (None, 12)]
    """
    found = find(phrase)
    if found:
        return found[0][2]
    if phrase.lower().split()[:1] == ["both"]:
        return Quantity(2, 2, "exact")
    return ONE if _single().match(phrase) else None


def find(text: str) -> list[tuple[int, int, Quantity]]:
    """Return the count expressions of a text with their offsets in it, in order; "a soldier" is none here."""
    found = []
    for match in _expression().finditer(text):
        start, counted = match.start(), _read(match)
        if counted is None:
            continue
        lead = text[max(0, start - 12) : start].lower().split()
        if (
            match["top"] and lead[-1:] and lead[-1] in rulebook.load("quantities")["not_low"]
        ):  # "rose from 12 to 15" is 15
            start, counted = match.start("top"), bounds(number(match["top"]) or 0, "exact")
        elif (
            (match["before"] or "").lower() == "over" and lead and lead[-1] in rulebook.load("quantities")["over_verbs"]
        ):
            start, counted = match.start("number"), bounds(number(match["number"]) or 0, "exact")
        found.append((start, match.end(), counted))
    return found


def number(words: str) -> int | None:
    """Return the value of a plain number in digits or words, None else None: "6,500", "1.2 million"."""
    total = current = 0
    parts = re.findall(r"\d[\d.,  ]*\d|\d|[a-z]+", words.lower())
    if not parts:
        return None
    units, scales = rulebook.load("quantities")["units"], rulebook.load("quantities")["scales"]
    fraction = 0.0
    for part in parts:
        if part[0].isdigit():
            value = _digits(part)
            current, fraction = int(value), value - int(value)
        elif part in units:
            current += units[part]
        elif part in scales:
            scaled = round((max(current, 1) if not fraction else current + fraction) * scales[part])
            fraction = 0.0
            if scales[part] < 1000:
                current = scaled
            else:
                total, current = total + scaled, 0
        elif part not in {"a", "and"}:
            return None
    return None if fraction else total + current


def _digits(text: str) -> float:
    """Return the value of a figure whose groups of three may be parted by a comma, a point or a blank."""
    if re.fullmatch(r"\d{1,3}(?:(?:[., ]|, )\d{3})+", text):
        return int(re.sub(r"\D", "", text))
    return float(re.sub(r"[, ]", "", text))


def _read(match: re.Match[str]) -> Quantity | None:
    if match["vague"]:
        return VAGUE
    if match["whole"]:
        low = rulebook.load("quantities")["wholes"][match["whole"].lower()]
    elif match["noun"]:
        low = rulebook.load("quantities")["nouns"][match["noun"].lower()]
    else:
        low = number(match["least"] or match["number"])
    if low is None:
        return None
    if match["most"] or match["top"]:
        high = number(match["most"] or match["top"])
        if high is not None and high > low:
            return Quantity(low, high, "range")
    before = _kinds("before").get(" ".join((match["before"] or "").lower().split()))
    after = _kinds("after").get((match["after"] or "").lower())
    return bounds(low, before or after or "exact")


def bounds(figure: int, kind: str) -> Quantity:
    """Return the bounds of a figure that is qualified as `kind`; "below" excludes the figure, as "more_than" does."""
    if kind == "at_least":
        return Quantity(figure, None, kind)
    if kind == "more_than":
        return Quantity(figure + 1, None, kind)
    if kind == "at_most":
        return Quantity(None, figure, kind)
    if kind == "below":
        return Quantity(None, figure - 1, "at_most")
    return Quantity(figure, figure, kind)


@cache
def _kinds(side: str) -> dict[str, str]:
    return {words: kind for kind, wordings in rulebook.load("quantities")[side].items() for words in wordings}


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True))


@cache
def _single() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_any(rulebook.load('quantities')['single'])})\b", re.IGNORECASE)


@cache
def _expression() -> re.Pattern[str]:
    words = rulebook.load("quantities")
    unit, scale = _any(words["units"]), _any(words["scales"])
    spelt = rf"(?:(?:{unit})(?:[-\s](?:{unit}))?|a)(?:[-\s](?:{scale}))+(?:\s+and\s+(?:{unit})(?:[-\s](?:{unit}))?)?"
    spelt += rf"|(?:{unit})(?:-(?:{unit}))?|(?:hundred|thousand|dozen)"
    tens = _any(w for w, value in words["units"].items() if value >= 20)
    below_ten = _any(w for w, value in words["units"].items() if 0 < value < 10)
    spelt = rf"(?:{tens})\s(?:{below_ten})|{spelt}"
    lead = "|".join(rf"(?<={word}\s)" for word in words["parted_after"])
    parted = rf"(?:{lead})\d{{1,3}}(?:,\s\d{{3}})+(?!\d)|\d{{1,3}},\s000(?!\d)"  # "more than 32, 600", "2, 000"
    digits = r"(?:\d{1,3}(?:[.,]\d{3})+|(?<![a-z]\s)\d{1,3}(?:\s\d{3})+|\d+\.\d+(?=\s(?:million|billion))|\d+)"
    figure = rf"(?:(?:{parted}|{digits})(?:\s(?:{scale}))*|{spelt})"
    return re.compile(
        rf"""(?<![\w$€£#.:/-])(?<!\d,)
        (?:(?P<before>{_any(_kinds("before"))})\s+)?
        (?:the\s+)?
        (?:(?P<vague>(?:{_any(words["vague"])})(?:\s+of\s+(?:dozens|hundreds|thousands))?)
          |(?P<whole>{_any(words["wholes"])})
          |(?:an?|the|another|one)\s+(?P<noun>{_any(words["nouns"])})
          |between\s(?P<least>{figure})\sand\s(?P<most>{figure})
          |(?P<number>{figure})(?:\s?(?:to|or|-|–|—)\s?(?P<top>{figure}))?)
        (?!\s?(?:{_any(words["not_persons"])})(?!\w))(?![\w:/]|[.,]\d|-(?!odd)\w|'s)
        (?:\s?(?P<after>{_any(_kinds("after"))})(?!\w))?""",
        re.IGNORECASE | re.VERBOSE,
    )
