"""What each kind of date expression means: the groups that a rule of `rulebook/dates.yml` matched, read into days."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from contactline.reading.days import (
    Date,
    apart_by,
    beside,
    calendar_day,
    months_on,
    one_day,
    spanning,
    third_of,
    whole,
)
from contactline.reading.rulebook import load


@dataclass(frozen=True)
class Frame:
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


def _clip(first: dt.date, last: dt.date, frame: Frame) -> tuple[dt.date, dt.date]:
    """Cut a span that the publication date falls into: what is told of it has happened, or lies ahead."""
    if frame.anchor is None or not first <= frame.anchor <= last:
        return first, last
    return (frame.anchor, last) if frame.ahead else (first, frame.anchor)


# ---- groups
def _month(match: re.Match[str], group: str = "mon") -> int:
    name = match[group].rstrip(".")
    book = load("dates")
    return int(book["month_abbreviations"].get(name) or book["months"].index(name) + 1)


def _weekday(match: re.Match[str], group: str = "wd") -> int:
    return int(load("dates")["weekdays"].index(match[group]))


def named(match: re.Match[str], *groups: str) -> str | None:
    """Return the first of the groups that the rule has and the text fills."""
    return next((match[g] for g in groups if g in match.re.groupindex and match[g]), None)


def _year(match: re.Match[str], frame: Frame, *groups: str) -> int | None:
    """Return the year that is written, or that "last year" and "that year" mean."""
    if written := named(match, *(groups or ("y",))):
        return int(written)
    that = named(match, "that")
    if that in ("last", "this", "next") and frame.anchor:
        return frame.anchor.year + {"last": -1, "this": 0, "next": 1}[that]
    if that and frame.context:
        return frame.context.start.year + {"the previous": -1, "the following": 1}.get(that, 0)
    return None


def _near(month: int, day: int, frame: Frame) -> dt.date | None:
    """Return the month's day nearest to the publication date, in the past unless the text looks ahead."""
    if frame.year is not None and (frame.anchor is None or frame.year < frame.anchor.year):
        return calendar_day(frame.year, month, day)
    if frame.anchor is None:
        return None
    years = [frame.anchor.year + step for step in (-1, 0, 1)]
    days = [date for year in years if (date := calendar_day(year, month, day))]
    if frame.ahead:
        return next((date for date in days if date >= frame.anchor), None)
    return next((date for date in reversed(days) if date <= frame.anchor), None)


# ---- readings, one a kind of expression
def _read_day(match: re.Match[str], frame: Frame) -> Date | None:
    month = int(match["m"]) if "m" in match.re.groupindex else _month(match)
    year = _year(match, frame)
    day = calendar_day(year, month, int(match["d"])) if year else _near(month, int(match["d"]), _turned(match, frame))
    if day is None:
        return None
    return spanning(day, day + dt.timedelta(1), "stated") if named(match, "night") else one_day(day, "stated")


def _turned(match: re.Match[str], frame: Frame) -> Frame:
    """Let "next" before a name look ahead, and "last" look back."""
    this = named(match, "this")
    if this and ("next" in this or "coming" in this):
        return replace(frame, ahead=True)
    return replace(frame, ahead=False) if this and this.strip() in ("last", "past", "this past", "previous") else frame


def _read_days(match: re.Match[str], frame: Frame) -> Date | None:
    month = _month(match)
    month2 = _month(match, "mon2") if "mon2" in match.re.groupindex else month
    year = _year(match, frame, "y2", "y") if "y2" in match.re.groupindex else _year(match, frame)
    last = calendar_day(year, month2, int(match["d2"])) if year else _near(month2, int(match["d2"]), frame)
    if last is None:
        return None
    own = int(match["y"]) if "y2" in match.re.groupindex and match["y"] else last.year
    first = calendar_day(own, month, int(match["d"]))
    if first and first > last:
        first = calendar_day(own - 1, month, int(match["d"]))
    return spanning(first, last, "stated") if first and first <= last else None


def _read_week_of(match: re.Match[str], frame: Frame) -> Date | None:
    day = _read_day(match, frame)
    return spanning(day.start, day.start + dt.timedelta(6), "stated") if day else None


def _read_ordinal(match: re.Match[str], frame: Frame) -> Date | None:
    if frame.anchor is None:
        return None
    for step in (0, 1) if frame.ahead else (0, -1):
        day = calendar_day(*months_on(frame.anchor.year, frame.anchor.month, step), int(match["d"]))
        if day and (day >= frame.anchor if frame.ahead else day <= frame.anchor):
            return one_day(day, "stated")
    return None


def _read_nine_eleven(_match: re.Match[str], _frame: Frame) -> Date | None:
    return one_day(dt.date(2001, 9, 11), "stated")


def _read_month(match: re.Match[str], frame: Frame) -> Date | None:
    month, year = _month(match), _year(match, frame)
    if year is None:
        year = _year_of_month(month, _turned(match, frame), last=named(match, "this") in ("last", "past"))
    if year is None:
        return None
    first, last = third_of(*whole(year, month), named(match, "part"))
    return spanning(*_clip(first, last, frame), "stated", precision=4)


def _year_of_month(month: int, frame: Frame, *, last: bool) -> int | None:
    """Return the year of a yearless month: this month is this year's, unless it is called the last one."""
    if frame.anchor is None:
        return None
    if month == frame.anchor.month:
        return frame.anchor.year - last
    later = month > frame.anchor.month
    return frame.anchor.year + (not later if frame.ahead else -later)


def _read_months(match: re.Match[str], frame: Frame) -> Date | None:
    month, month2, year2 = _month(match), _month(match, "mon2"), _year(match, frame, "y2", "y")
    if year2 is None:
        year2 = _year_of_month(month2, frame, last=False)
    if year2 is None:
        return None
    year = int(match["y"]) if match["y"] else year2 - (month > month2)
    return spanning(whole(year, month)[0], _clip(*whole(year2, month2), frame)[1], "stated", precision=5)


def _read_years(match: re.Match[str], _frame: Frame) -> Date | None:
    first = int(match["y"])
    last = int(match["y2"]) if len(match["y2"]) == 4 else first // 100 * 100 + int(match["y2"])
    return spanning(dt.date(first, 1, 1), dt.date(last, 12, 31), "stated") if first <= last < first + 100 else None


def _read_year(match: re.Match[str], frame: Frame) -> Date | None:
    year, part = int(match["y"]), named(match, "part")
    low, high = load("dates")["parts"][part.strip(" -").lower()] if part else (0, 3)
    first, last = dt.date(year, 1 + round(4 * low), 1), whole(year, round(4 * high))[1]
    return spanning(*_clip(first, last, frame), "stated", precision=5)


def _read_decade(match: re.Match[str], _frame: Frame) -> Date | None:
    decade = int(match["decade"])
    first, last = whole(decade)[0], whole(decade + 9)[1]
    low, high = {"early": (0, 3), "late": (6, 9), "mid": (3, 6)}.get((match["part"] or "").strip(" -"), (0, 9))
    return spanning(first.replace(year=decade + low), last.replace(year=decade + high), "stated")


def _read_season(match: re.Match[str], frame: Frame) -> Date | None:
    first, last = load("dates")["seasons"][match["season"]]
    year = _year(match, frame)
    if year is None and (frame.anchor is None or named(match, "this") is None):
        return None
    if year is None and frame.anchor:
        year = _year_of_season(first, last, frame.anchor, match["this"].strip())
    if year is None:
        return None
    end = whole(year + (first > last), last)[1]
    return spanning(*_clip(dt.date(year, first, 1), end, frame), "stated", precision=5)


def _year_of_season(first: int, last: int, anchor: dt.date, this: str) -> int:
    """Return the year in which "last summer", "this summer" or "next summer" begins."""
    begun = anchor.month >= first or (first > last and anchor.month <= last)
    current = anchor.year - (first > last and anchor.month <= last)
    if this == "next":
        return current + begun
    within = (first <= anchor.month <= last) if first <= last else begun
    return current - (this == "last" and (within or not begun)) if this != "this" else current


def _read_night_into(match: re.Match[str], frame: Frame) -> Date | None:
    day = _weekday_date(_weekday(match), frame)
    return spanning(day - dt.timedelta(1), day, "weekday") if day else None


def _weekday_date(weekday: int, frame: Frame) -> dt.date | None:
    if frame.anchor is None:
        return None
    if frame.ahead:
        return frame.anchor + dt.timedelta((weekday - frame.anchor.weekday()) % 7)
    return frame.anchor - dt.timedelta((frame.anchor.weekday() - weekday) % 7)


def _read_weekdays(match: re.Match[str], frame: Frame) -> Date | None:
    last = _weekday_date(_weekday(match, "wd2"), frame)
    if last is None:
        return None
    return spanning(last - dt.timedelta((_weekday(match, "wd2") - _weekday(match)) % 7), last, "weekday")


def _read_weekday(match: re.Match[str], frame: Frame) -> Date | None:
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
    return spanning(day, end, "weekday")


def _read_weekend(match: re.Match[str], frame: Frame) -> Date | None:
    if frame.anchor is None:
        return None
    ahead = frame.ahead or match["this"] in ("next", "this coming")
    saturday = _weekday_date(5, replace(frame, ahead=ahead))
    if saturday is None:
        return None
    if match["this"] in ("last", "past", "previous") and frame.anchor.weekday() >= 5:
        saturday -= dt.timedelta(7)
    return spanning(*_clip(saturday, saturday + dt.timedelta(1), frame), "relative")


OFFSETS = {
    "the day before yesterday": (-2, -2),
    "the day after tomorrow": (2, 2),
    "yesterday": (-1, -1),
    "tomorrow": (1, 1),
    "last night": (-1, 0),
    "last evening": (-1, -1),
    "overnight": (-1, 0),
}


def _read_offset(match: re.Match[str], frame: Frame) -> Date | None:
    if frame.anchor is None:
        return None
    first, last = OFFSETS.get(match["word"].lower(), (0, 0))
    return spanning(frame.anchor + dt.timedelta(first), frame.anchor + dt.timedelta(last), "relative")


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


def _read_neighbour(match: re.Match[str], frame: Frame) -> Date | None:
    what = named(match, "what", "what2", "what3") or "day"
    step = SIDES.get(named(match, "side", "side2") or "", 0)
    context = frame.context
    if context is None or (what not in ("week", "month", "year") and context.precision > 2):
        if frame.anchor is None or not step:
            return None
        context = one_day(frame.anchor, "relative")
    return beside(context.start if step < 0 else context.end, what, step)


def number(match: re.Match[str]) -> tuple[int, bool]:
    """Return how many units, and whether that is a guess."""
    word, book = (named(match, "n") or "one").lower(), load("dates")
    if word.isdigit():
        return int(word), False
    return (book["numbers"][word], False) if word in book["numbers"] else (book["vague_numbers"][word], True)


def _read_ago(match: re.Match[str], frame: Frame) -> Date | None:
    (count, vague), unit, side = number(match), match["unit"], match["side"]
    origin = frame.anchor
    if side != "ago" and frame.context and (frame.context.precision <= 2 or unit in ("year", "decade")):
        origin = frame.context.start if side in ("earlier", "before", "previously", "prior") else frame.context.end
    if origin is None or (side in ("later", "after that") and frame.context is None):
        return None
    step = count if side in ("later", "after that") else -count
    if unit in ("minute", "hour"):
        return spanning(min(origin, origin + dt.timedelta(round(step / 24))), origin, "relative")
    return apart_by(origin, step, unit, vague=vague)


def _length(unit: str, count: int) -> int:
    return {"hour": (count + 23) // 24, "day": count, "week": 7 * count, "month": 30 * count, "year": 365 * count}.get(
        unit, 3650 * count
    )


def _read_past_units(match: re.Match[str], frame: Frame) -> Date | None:
    if frame.anchor is None:
        return None
    days = _length(match["unit"], number(match)[0])
    return spanning(frame.anchor - dt.timedelta(days), frame.anchor, "relative", precision=3 if days == 7 else None)


def _read_recent(match: re.Match[str], frame: Frame) -> Date | None:
    if frame.anchor is None:
        return None
    days = dt.timedelta({"hour": 1, "day": 6, "week": 27, "month": 180}.get(match["unit"], 1500))
    if match["side"] in ("next few", "next several") and not frame.ahead:
        return None
    if match["side"] in ("coming", "next few", "next several"):
        return spanning(frame.anchor, frame.anchor + days, "relative")
    return spanning(frame.anchor - days, frame.anchor, "relative")


def _read_this_unit(match: re.Match[str], frame: Frame) -> Date | None:
    if frame.anchor is None:
        return None
    this, unit = match["this"].lower(), match["unit"]
    step = {"last": -1, "the previous": -1, "next": 1, "this coming": 1}.get(this, 0)
    meant = beside(frame.anchor, unit, step)
    part = (named(match, "part") or "").lower().removeprefix("the ").removesuffix(" of")
    part = {"earlier": "", "later": ""}.get(part, part)
    first, last = third_of(meant.start, meant.end, part or None)
    if first > frame.anchor and not frame.ahead and step <= 0:
        first, last = meant.start, meant.end
    if step == 0 and (match["part"] or "").lower() == "later":
        frame = replace(frame, ahead=True)
    precision = None if unit == "week" else meant.precision
    if unit == "week" and part == "late":
        first = last - dt.timedelta(3)
    return spanning(*_clip(first, last, frame), "relative", precision=precision)


def _read_holiday(match: re.Match[str], frame: Frame) -> Date | None:
    month, day = load("dates")["holidays"][match["holiday"]]
    found = calendar_day(int(match["y"]), month, day) if match["y"] else _near(month, day, frame)
    return one_day(found, "stated") if found else None


READS: dict[str, Callable[[re.Match[str], Frame], Date | None]] = {
    name.removeprefix("_read_"): function for name, function in globals().items() if name.startswith("_read_")
}
