"""Days and spans of days, with the arithmetic that date expressions need."""

import calendar
import datetime as dt
from dataclasses import dataclass

from contactline.reading.rulebook import load


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


def spanning(start: dt.date, end: dt.date, basis: str, precision: int | None = None) -> Date:
    """Return a date whose precision follows from its length: a day, up to six days, a week, a month, longer."""
    days = (end - start).days + 1
    fitting = next((code for code, most in ((1, 1), (2, 6), (3, 7), (4, 31)) if days <= most), 5)
    return Date(start, end, precision or fitting, basis)


def one_day(day: dt.date, basis: str) -> Date:
    """Return a date of a single day."""
    return spanning(day, day, basis)


def calendar_day(year: int, month: int, day: int) -> dt.date | None:
    """Return the day, None where the calendar has none such."""
    return dt.date(year, month, day) if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else None


def months_on(year: int, month: int, count: int) -> tuple[int, int]:
    """Return the year and month that lie `count` months after a month."""
    return divmod(year * 12 + month - 1 + count, 12)[0], (month - 1 + count) % 12 + 1


def whole(year: int, month: int | None = None) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month or of a year."""
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def third_of(first: dt.date, last: dt.date, part: str | None) -> tuple[dt.date, dt.date]:
    """Return the early, middle or late third of a span."""
    if part is None:
        return first, last
    low, high = load("dates")["parts"][part.strip(" -").lower()]
    days = (last - first).days + 1
    return first + dt.timedelta(round(days * low / 3)), first + dt.timedelta(round(days * high / 3) - 1)


def beside(day: dt.date, what: str, step: int) -> Date:
    """Return the day, week, month or year that stands `step` beside that of `day`."""
    if what == "year":
        return spanning(*whole(day.year + step), "relative")
    if what == "month":
        return spanning(*whole(*months_on(day.year, day.month, step)), "relative", precision=4)
    if what == "week":
        monday = day - dt.timedelta(day.weekday() - 7 * step)
        return spanning(monday, monday + dt.timedelta(6), "relative")
    return one_day(day + dt.timedelta(step), "relative")


def apart_by(origin: dt.date, step: int, unit: str, *, vague: bool) -> Date:
    """Return the date `step` units from `origin`, as finely as the unit tells: "two months ago" is a month."""
    if unit in ("year", "decade"):
        return spanning(*whole(max(1, origin.year + step * (10 if unit == "decade" else 1))), "relative")
    if unit == "month":
        year, month = months_on(origin.year, origin.month, step)
        return spanning(*whole(year, month), "relative", precision=5 if vague else 4)
    day = origin + dt.timedelta(step * (7 if unit == "week" else 1))
    if unit == "week":
        return spanning(day - dt.timedelta(3), day + dt.timedelta(3), "relative")
    around = dt.timedelta(2 if vague else 0)
    return spanning(
        day - around, min(day + around, origin - dt.timedelta(1)) if vague and step < 0 else day, "relative"
    )
