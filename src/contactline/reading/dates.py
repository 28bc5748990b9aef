"""Date expressions of news English, read against the publication date."""

import calendar
import datetime as dt
import importlib.resources
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import yaml

from contactline.reading.article import Reading
from contactline.reading.language import Sentence, Token


@dataclass(frozen=True)
class Date:
    """A day or a span of days.

    Attributes:
        start: first day.
        end: last day.
        precision: a code of `date_precision` (UCDP 1-5).
        basis: a code of `date_basis`.
    """

    start: dt.date
    end: dt.date
    precision: int
    basis: str


def find(text: str, anchor: dt.date | None) -> list[tuple[int, int, Date]]:
    """Return the dates that a text gives: [(start, end, date)], character offsets, in reading order.

    The past is preferred; a date lies ahead only after will, next, scheduled and the like. A weekday that is the
    anchor's own is that day. "The next day" counts from the last day named before it, else from the anchor.

    Args:
        text: a sentence or a paragraph, its quotes straightened.
        anchor: publication date; None leaves out whatever is relative to it: weekdays, "yesterday", yearless dates.
    """
    return _read(text, anchor, None)


def _read(text: str, anchor: dt.date | None, context: Date | None) -> list[tuple[int, int, Date]]:
    found: list[tuple[int, int, Date]] = []
    year: int | None = None
    for rule, match in _matches(text):
        frame = _Frame(anchor, context, _is_ahead(text, match.start()), year)
        date = rule.reads(match, frame)
        if date is None:
            continue
        if _since(text, match) and anchor and date.start < anchor:
            date = _date(date.start, anchor, date.basis)
        found.append((match.start(), match.end(), date))
        context = date
        if date.basis == "stated" and date.precision == 1:
            year = int(written) if (written := _named(match, "y")) else year
    return found


def date_of(token: Token, sentence: Sentence, reading: Reading) -> Date | None:
    """Return the date of what a verb or an event noun tells.

    It is the date of the token's own clause, else one of its sentence, else the one that its paragraph or the lead set
    last; news told without any date gets the publication date and the day before it, with the basis `document`.
    What the clause puts into the future, or tells as long past, gets no date but its own.
    """
    ranked = sorted(
        (rank, abs(root.i - token.i), number, date)
        for number, (root, date) in enumerate(_dated(sentence, reading))
        if (rank := _rank(root, token)) is not None
    )
    date = ranked[0][-1] if ranked else None
    if date is not None and ranked[0][0] == REPORTED:
        date = _told(date)
    if (apart := _apart_from(token, sentence)) is not None:
        main = date or _carried(token, sentence, reading)
        return apart(main) if main else None
    if date is not None:
        return date
    if _is_elsewhen(token):
        return None
    return _carried(token, sentence, reading)


def _apart_from(token: Token, sentence: Sentence) -> Callable[[Date], Date] | None:
    """Return how far a clause lies from the main one: "a day after Arnor attacked" puts the attack a day before."""
    text, at = sentence.tokens.text, token.idx - sentence.tokens.start_char
    found = next((m for m in _distance().finditer(text, 0, at) if not CLAUSE_END.search(text, m.end(), at)), None)
    verb = clause(token)
    if found is None or verb.idx - sentence.tokens.start_char < found.end():
        return None
    count, vague = _number(found)
    step = count if found["side"] == "before" else -count
    if vague or found["unit"] in ("hour", "minute"):
        return None
    return lambda main: _apart(main.end, step, found["unit"], vague=False) if main.precision <= 2 else main


CLAUSE_END = re.compile(r"[,;:]|\band\b|\bwho\b|\bwhich\b")


@cache
def _distance() -> re.Pattern[str]:
    pattern: str = rulebook()["distance"].replace("{n}", _fragments()["n"])
    return re.compile(pattern)


# ---- which date governs a word
OWN, CLAUSE, JOINED, SENTENCE, REPORTED = range(5)
NESTED = ("relcl", "acl", "advcl", "ccomp", "pcomp", "csubj", "parataxis", "ROOT", "conj")
LINKS = (
    "prep",
    "pobj",
    "pcomp",
    "npadvmod",
    "advmod",
    "nummod",
    "amod",
    "compound",
    "nmod",
    "poss",
    "appos",
    "det",
    "punct",
)


@lru_cache(maxsize=8)
def _given(reading: Reading) -> list[list[tuple[int, int, Date]]]:
    """Return the dates of each paragraph, offsets into its text; read from text alone, so that no parse matters."""
    given: list[list[tuple[int, int, Date]]] = []
    context: Date | None = None
    for paragraph in reading.paragraphs:
        given.append(_read(paragraph.text, reading.article.published_date, context))
        context = given[-1][-1][2] if given[-1] else context
    return given


def _dated(sentence: Sentence, reading: Reading) -> list[tuple[Token, Date]]:
    """Return the dates of a sentence, each with the token that ties it to the rest."""
    dated = []
    for start, end, date in _given(reading)[sentence.paragraph]:
        inside = [t for t in sentence.tokens if t.idx < end and t.idx + len(t.text) > start]
        roots = [t for t in inside if t.head not in inside or t.head.i == t.i]
        if roots:
            dated.append((roots[-1], date))
    return dated


def _host(root: Token) -> Token:
    """Return the verb or the noun that a date belongs to: "Friday's attack", "attacked late on Friday"."""
    token = root
    while token.dep_ in LINKS and token.head.i != token.i:
        linked, token = token, token.head
        if token.pos_ in ("VERB", "AUX") or (token.pos_ in ("NOUN", "PROPN") and linked.dep_ != "pobj"):
            return token
    return token.head if token.i == root.i else token


def clause(token: Token) -> Token:
    """Return the verb that heads a token's clause; "began shelling" is one clause."""
    while token.head.i != token.i:
        if token.pos_ in ("VERB", "AUX") and token.dep_ in NESTED:
            return token
        token = token.head
    return token


def _rank(root: Token, token: Token) -> int | None:
    """Return how closely a date is tied to a token, 0 the closest; None where it dates something else."""
    host = _host(root)
    book = rulebook()
    mine, other = clause(token), clause(host)
    if _is_since(root, host) and not (_is_perfect(other) or _is_perfect(mine)):
        return None
    if host.i == token.i:
        return OWN
    if mine.dep_ in ("relcl", "acl") and mine.head.i == host.i:
        return CLAUSE
    if host.pos_ in ("NOUN", "PROPN") and (host.lemma_.lower() in book["undated"] or _bounds(host, book)):
        return None
    if mine.i == other.i or (other.dep_ in ("relcl", "acl") and other.head.i == token.i):
        return CLAUSE
    if (mine.dep_ == "conj" and clause(mine.head).i == other.i) or (
        other.dep_ == "conj" and clause(other.head).i == mine.i
    ):
        return JOINED
    return REPORTED if other.lemma_ in book["report"] else SENTENCE


def _is_since(root: Token, host: Token) -> bool:
    token = root
    while token.i != host.i and token.head.i != token.i:
        if token.lower_ == "since":
            return True
        token = token.head
    return False


def _is_perfect(verb: Token) -> bool:
    """Say whether a clause tells what goes on until now: "has shelled the ford since May", not "the first since"."""
    helpers = [t for t in verb.children if t.dep_ in ("aux", "auxpass")]
    helpers += [t for helper in helpers for t in helper.children if t.dep_ == "aux"]  # "has kept blocked"
    return any(t.lemma_ in ("have", "'ve") for t in helpers)


def _bounds(host: Token, book: dict[str, Any]) -> bool:
    """Say whether a dated noun only bounds what the sentence tells: "after Friday's attack"."""
    return host.dep_ == "pobj" and host.head.lower_ in book["bounding"]


def _told(date: Date) -> Date:
    """Return when a thing happened that was told on a day: that day or the one before."""
    return date if date.precision > 1 else _date(date.start - dt.timedelta(1), date.end, date.basis)


def _is_elsewhen(token: Token) -> bool:
    """Say whether a clause is about the future or a remote past, for which nothing but its own date will do."""
    head = clause(token)
    auxiliaries = {t.lower_ for t in head.children if t.dep_ in ("aux", "auxpass")}
    if auxiliaries & {"will", "would", "may", "might", "could", "should", "must", "shall", "'ll", "can"}:
        return True
    return "had" in auxiliaries and head.dep_ not in ("ccomp", "relcl", "advcl")


def _carried(token: Token, sentence: Sentence, reading: Reading) -> Date | None:
    """Return the date that stands over a sentence without one: its paragraph's, the lead's, the document's."""
    given, published = _given(reading), reading.article.published_date
    before = [date for _, end, date in given[sentence.paragraph] if end <= sentence.tokens.start_char]
    before = [date for date in before if published is None or date.start <= published]
    if before:
        return before[-1]
    lead = [date for paragraph in given[:LEAD] for _, _, date in paragraph if date.precision <= 2]
    if published is None:
        return lead[0] if lead else None
    recent = [date for date in lead if dt.timedelta(0) <= published - date.end <= dt.timedelta(3)]
    if recent:
        return recent[0]
    return _date(published - dt.timedelta(1), published, "document")


LEAD = 4  # paragraphs, the headline and the dateline among them


# ---- rules
@dataclass(frozen=True)
class _Frame:
    """What a reading may lean on.

    Attributes:
        anchor: publication date.
        context: the date named last.
        ahead: the future is spoken of.
        year: year of the last full date of the paragraph; days without a year that follow it are of that year.
    """

    anchor: dt.date | None
    context: Date | None
    ahead: bool
    year: int | None = None


@dataclass(frozen=True)
class _Rule:
    rule_id: str
    pattern: re.Pattern[str]
    reads: "Callable[[re.Match[str], _Frame], Date | None]"


@cache
def rulebook() -> dict[str, Any]:
    """Return `rulebook/dates.yml`."""
    source = importlib.resources.files("contactline") / "rulebook" / "dates.yml"
    book: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return book


@cache
def _rules() -> tuple[_Rule, ...]:
    fragments = _fragments()
    rules = []
    for entry in rulebook()["rules"]:
        pattern = entry["pattern"]
        for name, fragment in fragments.items():
            pattern = pattern.replace("{" + name + "}", fragment)
        rules.append(_Rule(entry["id"], re.compile(rf"(?<![\w$€£-])(?:{pattern})(?!\w)"), READS[entry["reads"]]))
    return tuple(rules)


@cache
def _fragments() -> dict[str, str]:
    book = rulebook()
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
    book = rulebook()
    words = [*book["months"], *book["month_abbreviations"], *book["weekdays"], *book["seasons"], *book["trigger"]]
    return re.compile(rf"(?:{'|'.join(words)})|\d{{4}}|9/11")


REACH = 60  # characters around a trigger word that an expression may extend over


def _matches(text: str) -> list[tuple[_Rule, re.Match[str]]]:
    """Return the matches of all rules, earlier rules first at their place, none overlapping another."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[_Rule, re.Match[str]]] = []
    for low, high in _windows(text):
        for rule in _rules():
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
    book = rulebook()
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


# ---- arithmetic
def _date(start: dt.date, end: dt.date, basis: str, precision: int | None = None) -> Date:
    """Return a date whose precision follows from its length: a day, up to six days, a week, a month, longer."""
    days = (end - start).days + 1
    fitting = next((code for code, most in ((1, 1), (2, 6), (3, 7), (4, 31)) if days <= most), 5)
    return Date(start, end, precision or fitting, basis)


def _day(day: dt.date, basis: str) -> Date:
    return _date(day, day, basis)


def _calendar(year: int, month: int, day: int) -> dt.date | None:
    return dt.date(year, month, day) if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else None


def _months_on(year: int, month: int, count: int) -> tuple[int, int]:
    return divmod(year * 12 + month - 1 + count, 12)[0], (month - 1 + count) % 12 + 1


def _whole(year: int, month: int | None = None) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month or of a year."""
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _part(first: dt.date, last: dt.date, part: str | None) -> tuple[dt.date, dt.date]:
    """Return the early, middle or late third of a span."""
    if part is None:
        return first, last
    low, high = rulebook()["parts"][part.strip(" -").lower()]
    days = (last - first).days + 1
    return first + dt.timedelta(round(days * low / 3)), first + dt.timedelta(round(days * high / 3) - 1)


def _clip(first: dt.date, last: dt.date, frame: _Frame) -> tuple[dt.date, dt.date]:
    """Cut a span that the publication date falls into: what is told of it has happened, or lies ahead."""
    if frame.anchor is None or not first <= frame.anchor <= last:
        return first, last
    return (frame.anchor, last) if frame.ahead else (first, frame.anchor)


# ---- groups
def _month(match: re.Match[str], group: str = "mon") -> int:
    name = match[group].rstrip(".")
    book = rulebook()
    return int(book["month_abbreviations"].get(name) or book["months"].index(name) + 1)


def _weekday(match: re.Match[str], group: str = "wd") -> int:
    return int(rulebook()["weekdays"].index(match[group]))


def _named(match: re.Match[str], *groups: str) -> str | None:
    """Return the first of the groups that the rule has and the text fills."""
    return next((match[g] for g in groups if g in match.re.groupindex and match[g]), None)


def _year(match: re.Match[str], frame: _Frame, *groups: str) -> int | None:
    """Return the year that is written, or that "last year" and "that year" mean."""
    if written := _named(match, *(groups or ("y",))):
        return int(written)
    that = _named(match, "that")
    if that in ("last", "this", "next") and frame.anchor:
        return frame.anchor.year + {"last": -1, "this": 0, "next": 1}[that]
    if that and frame.context:
        return frame.context.start.year + {"the previous": -1, "the following": 1}.get(that, 0)
    return None


def _near(month: int, day: int, frame: _Frame) -> dt.date | None:
    """Return the month's day nearest to the publication date, in the past unless the text looks ahead."""
    if frame.year is not None and (frame.anchor is None or frame.year < frame.anchor.year):
        return _calendar(frame.year, month, day)
    if frame.anchor is None:
        return None
    years = [frame.anchor.year + step for step in (-1, 0, 1)]
    days = [date for year in years if (date := _calendar(year, month, day))]
    if frame.ahead:
        return next((date for date in days if date >= frame.anchor), None)
    return next((date for date in reversed(days) if date <= frame.anchor), None)


# ---- readings, one a kind of expression
def _read_day(match: re.Match[str], frame: _Frame) -> Date | None:
    month = int(match["m"]) if "m" in match.re.groupindex else _month(match)
    year = _year(match, frame)
    day = _calendar(year, month, int(match["d"])) if year else _near(month, int(match["d"]), _turned(match, frame))
    if day is None:
        return None
    return _date(day, day + dt.timedelta(1), "stated") if _named(match, "night") else _day(day, "stated")


def _turned(match: re.Match[str], frame: _Frame) -> _Frame:
    """Let "next" before a name look ahead, and "last" look back."""
    this = _named(match, "this")
    if this and ("next" in this or "coming" in this):
        return replace(frame, ahead=True)
    return replace(frame, ahead=False) if this and this.strip() in ("last", "past", "this past", "previous") else frame


def _read_days(match: re.Match[str], frame: _Frame) -> Date | None:
    month = _month(match)
    month2 = _month(match, "mon2") if "mon2" in match.re.groupindex else month
    year = _year(match, frame, "y2", "y") if "y2" in match.re.groupindex else _year(match, frame)
    last = _calendar(year, month2, int(match["d2"])) if year else _near(month2, int(match["d2"]), frame)
    if last is None:
        return None
    own = int(match["y"]) if "y2" in match.re.groupindex and match["y"] else last.year
    first = _calendar(own, month, int(match["d"]))
    if first and first > last:
        first = _calendar(own - 1, month, int(match["d"]))
    return _date(first, last, "stated") if first and first <= last else None


def _read_week_of(match: re.Match[str], frame: _Frame) -> Date | None:
    day = _read_day(match, frame)
    return _date(day.start, day.start + dt.timedelta(6), "stated") if day else None


def _read_ordinal(match: re.Match[str], frame: _Frame) -> Date | None:
    if frame.anchor is None:
        return None
    for step in (0, 1) if frame.ahead else (0, -1):
        day = _calendar(*_months_on(frame.anchor.year, frame.anchor.month, step), int(match["d"]))
        if day and (day >= frame.anchor if frame.ahead else day <= frame.anchor):
            return _day(day, "stated")
    return None


def _read_nine_eleven(_match: re.Match[str], _frame: _Frame) -> Date | None:
    return _day(dt.date(2001, 9, 11), "stated")


def _read_month(match: re.Match[str], frame: _Frame) -> Date | None:
    month, year = _month(match), _year(match, frame)
    if year is None:
        year = _year_of_month(month, _turned(match, frame), last=_named(match, "this") in ("last", "past"))
    if year is None:
        return None
    first, last = _part(*_whole(year, month), _named(match, "part"))
    return _date(*_clip(first, last, frame), "stated", precision=4)


def _year_of_month(month: int, frame: _Frame, *, last: bool) -> int | None:
    """Return the year of a yearless month: this month is this year's, unless it is called the last one."""
    if frame.anchor is None:
        return None
    if month == frame.anchor.month:
        return frame.anchor.year - last
    later = month > frame.anchor.month
    return frame.anchor.year + (not later if frame.ahead else -later)


def _read_months(match: re.Match[str], frame: _Frame) -> Date | None:
    month, month2, year2 = _month(match), _month(match, "mon2"), _year(match, frame, "y2", "y")
    if year2 is None:
        year2 = _year_of_month(month2, frame, last=False)
    if year2 is None:
        return None
    year = int(match["y"]) if match["y"] else year2 - (month > month2)
    return _date(_whole(year, month)[0], _clip(*_whole(year2, month2), frame)[1], "stated", precision=5)


def _read_years(match: re.Match[str], _frame: _Frame) -> Date | None:
    first = int(match["y"])
    last = int(match["y2"]) if len(match["y2"]) == 4 else first // 100 * 100 + int(match["y2"])
    return _date(dt.date(first, 1, 1), dt.date(last, 12, 31), "stated") if first <= last < first + 100 else None


def _read_year(match: re.Match[str], frame: _Frame) -> Date | None:
    year, part = int(match["y"]), _named(match, "part")
    low, high = rulebook()["parts"][part.strip(" -").lower()] if part else (0, 3)
    first, last = dt.date(year, 1 + round(4 * low), 1), _whole(year, round(4 * high))[1]
    return _date(*_clip(first, last, frame), "stated", precision=5)


def _read_decade(match: re.Match[str], _frame: _Frame) -> Date | None:
    decade = int(match["decade"])
    first, last = _whole(decade)[0], _whole(decade + 9)[1]
    low, high = {"early": (0, 3), "late": (6, 9), "mid": (3, 6)}.get((match["part"] or "").strip(" -"), (0, 9))
    return _date(first.replace(year=decade + low), last.replace(year=decade + high), "stated")


def _read_season(match: re.Match[str], frame: _Frame) -> Date | None:
    first, last = rulebook()["seasons"][match["season"]]
    year = _year(match, frame)
    if year is None and (frame.anchor is None or _named(match, "this") is None):
        return None
    if year is None and frame.anchor:
        year = _year_of_season(first, last, frame.anchor, match["this"].strip())
    if year is None:
        return None
    end = _whole(year + (first > last), last)[1]
    return _date(*_clip(dt.date(year, first, 1), end, frame), "stated", precision=5)


def _year_of_season(first: int, last: int, anchor: dt.date, this: str) -> int:
    """Return the year in which "last summer", "this summer" or "next summer" begins."""
    begun = anchor.month >= first or (first > last and anchor.month <= last)
    current = anchor.year - (first > last and anchor.month <= last)
    if this == "next":
        return current + begun
    within = (first <= anchor.month <= last) if first <= last else begun
    return current - (this == "last" and (within or not begun)) if this != "this" else current


def _read_night_into(match: re.Match[str], frame: _Frame) -> Date | None:
    day = _weekday_date(_weekday(match), frame)
    return _date(day - dt.timedelta(1), day, "weekday") if day else None


def _weekday_date(weekday: int, frame: _Frame) -> dt.date | None:
    if frame.anchor is None:
        return None
    if frame.ahead:
        return frame.anchor + dt.timedelta((weekday - frame.anchor.weekday()) % 7)
    return frame.anchor - dt.timedelta((frame.anchor.weekday() - weekday) % 7)


def _read_weekdays(match: re.Match[str], frame: _Frame) -> Date | None:
    last = _weekday_date(_weekday(match, "wd2"), frame)
    if last is None:
        return None
    return _date(last - dt.timedelta((_weekday(match, "wd2") - _weekday(match)) % 7), last, "weekday")


def _read_weekday(match: re.Match[str], frame: _Frame) -> Date | None:
    if frame.anchor is None:
        return None
    this, week, weekday = match["this"] or "", match["week"], _weekday(match)
    if week:
        step = {"last": -7, "earlier last": -7, "the previous": -7, "next": 7, "the following": 7}.get(week, 0)
        day = frame.anchor - dt.timedelta(frame.anchor.weekday() - weekday - step)
    else:
        found = _weekday_date(weekday, _turned(match, frame))
        if found is None:
            return None
        day = found
        if day == frame.anchor and this in ("last", "past", "this past", "previous", "next"):
            day += dt.timedelta(7 if this == "next" else -7)
    end = day + dt.timedelta(1) if match["night"] or "overnight" in match.group() else day
    return _date(day, end, "weekday")


def _read_weekend(match: re.Match[str], frame: _Frame) -> Date | None:
    if frame.anchor is None:
        return None
    ahead = frame.ahead or match["this"] in ("next", "this coming")
    saturday = _weekday_date(5, replace(frame, ahead=ahead))
    if saturday is None:
        return None
    if match["this"] in ("last", "past", "previous") and frame.anchor.weekday() >= 5:
        saturday -= dt.timedelta(7)
    return _date(*_clip(saturday, saturday + dt.timedelta(1), frame), "relative")


OFFSETS = {
    "the day before yesterday": (-2, -2),
    "the day after tomorrow": (2, 2),
    "yesterday": (-1, -1),
    "tomorrow": (1, 1),
    "last night": (-1, 0),
    "last evening": (-1, -1),
    "overnight": (-1, 0),
}


def _read_offset(match: re.Match[str], frame: _Frame) -> Date | None:
    if frame.anchor is None:
        return None
    first, last = OFFSETS.get(match["word"].lower(), (0, 0))
    return _date(frame.anchor + dt.timedelta(first), frame.anchor + dt.timedelta(last), "relative")


SIDES = {
    "next": 1,
    "following": 1,
    "after": 1,
    "later": 1,
    "previous": -1,
    "preceding": -1,
    "before": -1,
    "earlier": -1,
}


def _read_neighbour(match: re.Match[str], frame: _Frame) -> Date | None:
    what = _named(match, "what", "what2", "what3") or "day"
    step = SIDES.get(_named(match, "side", "side2") or "", 0)
    context = frame.context
    if context is None or (what not in ("week", "month", "year") and context.precision > 2):
        if frame.anchor is None or not step:
            return None
        context = _day(frame.anchor, "relative")
    return _beside(context.start if step < 0 else context.end, what, step)


def _beside(day: dt.date, what: str, step: int) -> Date:
    """Return the day, week, month or year that stands `step` beside that of `day`."""
    if what == "year":
        return _date(*_whole(day.year + step), "relative")
    if what == "month":
        return _date(*_whole(*_months_on(day.year, day.month, step)), "relative", precision=4)
    if what == "week":
        monday = day - dt.timedelta(day.weekday() - 7 * step)
        return _date(monday, monday + dt.timedelta(6), "relative")
    return _day(day + dt.timedelta(step), "relative")


def _number(match: re.Match[str]) -> tuple[int, bool]:
    """Return how many units, and whether that is a guess."""
    word, book = (_named(match, "n") or "one").lower(), rulebook()
    if word.isdigit():
        return int(word), False
    return (book["numbers"][word], False) if word in book["numbers"] else (book["vague_numbers"][word], True)


def _read_ago(match: re.Match[str], frame: _Frame) -> Date | None:
    (count, vague), unit, side = _number(match), match["unit"], match["side"]
    origin = frame.anchor
    if side != "ago" and frame.context and (frame.context.precision <= 2 or unit in ("year", "decade")):
        origin = frame.context.start if side in ("earlier", "before", "previously", "prior") else frame.context.end
    if origin is None or (side in ("later", "after that") and frame.context is None):
        return None
    step = count if side in ("later", "after that") else -count
    if unit in ("minute", "hour"):
        return _date(min(origin, origin + dt.timedelta(round(step / 24))), origin, "relative")
    return _apart(origin, step, unit, vague=vague)


def _apart(origin: dt.date, step: int, unit: str, *, vague: bool) -> Date:
    """Return the date `step` units from `origin`, as finely as the unit tells: "two months ago" is a month."""
    if unit in ("year", "decade"):
        return _date(*_whole(max(1, origin.year + step * (10 if unit == "decade" else 1))), "relative")
    if unit == "month":
        year, month = _months_on(origin.year, origin.month, step)
        return _date(*_whole(year, month), "relative", precision=5 if vague else 4)
    day = origin + dt.timedelta(step * (7 if unit == "week" else 1))
    if unit == "week":
        return _date(day - dt.timedelta(3), day + dt.timedelta(3), "relative")
    around = dt.timedelta(2 if vague else 0)
    return _date(day - around, min(day + around, origin - dt.timedelta(1)) if vague and step < 0 else day, "relative")


def _length(unit: str, count: int) -> int:
    return {"hour": (count + 23) // 24, "day": count, "week": 7 * count, "month": 30 * count, "year": 365 * count}.get(
        unit, 3650 * count
    )


def _read_past_units(match: re.Match[str], frame: _Frame) -> Date | None:
    if frame.anchor is None:
        return None
    days = _length(match["unit"], _number(match)[0])
    return _date(frame.anchor - dt.timedelta(days), frame.anchor, "relative", precision=3 if days == 7 else None)


def _read_recent(match: re.Match[str], frame: _Frame) -> Date | None:
    if frame.anchor is None:
        return None
    days = dt.timedelta({"hour": 1, "day": 6, "week": 27, "month": 180}.get(match["unit"], 1500))
    if match["side"] in ("next few", "next several") and not frame.ahead:
        return None
    if match["side"] in ("coming", "next few", "next several"):
        return _date(frame.anchor, frame.anchor + days, "relative")
    return _date(frame.anchor - days, frame.anchor, "relative")


def _read_this_unit(match: re.Match[str], frame: _Frame) -> Date | None:
    if frame.anchor is None:
        return None
    this, unit = match["this"].lower(), match["unit"]
    step = {"last": -1, "the previous": -1, "next": 1, "this coming": 1}.get(this, 0)
    whole = _beside(frame.anchor, unit, step)
    part = (_named(match, "part") or "").lower().removeprefix("the ").removesuffix(" of")
    part = {"earlier": "", "later": ""}.get(part, part)
    first, last = _part(whole.start, whole.end, part or None)
    if first > frame.anchor and not frame.ahead and step <= 0:
        first, last = whole.start, whole.end
    if step == 0 and (match["part"] or "").lower() == "later":
        frame = replace(frame, ahead=True)
    precision = None if unit == "week" else whole.precision
    if unit == "week" and part == "late":
        first = last - dt.timedelta(3)
    return _date(*_clip(first, last, frame), "relative", precision=precision)


def _read_holiday(match: re.Match[str], frame: _Frame) -> Date | None:
    month, day = rulebook()["holidays"][match["holiday"]]
    found = _calendar(int(match["y"]), month, day) if match["y"] else _near(month, day, frame)
    return _day(found, "stated") if found else None


READS: dict[str, Callable[[re.Match[str], _Frame], Date | None]] = {
    name.removeprefix("_read_"): function for name, function in globals().items() if name.startswith("_read_")
}
