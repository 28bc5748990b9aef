"""When two mentions can be of one thing: days compared by what they were read from."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from contactline.records.params import Params
from contactline.records.sources import Source, day

FIRM, DOCUMENT, NEWS, NONE = range(4)  # the text says it, the publication stands in, undated news, undated background

MONTH, YEAR = 4, 5  # codes of date_precision: a span of at most a month, of more
LONG = 31  # days: spans of more than a month are wars


class When(NamedTuple):
    """The days on which a mention's thing can have happened.

    Attributes:
        start: first day as a proleptic ordinal; None where nothing is known.
        end: last day.
        hold: how firmly: FIRM, DOCUMENT, NEWS or NONE. NEWS is a window before publication and no date of any record.
        precision: a code of `date_precision`, None for NEWS and NONE.
        basis: a code of `date_basis`, None for NEWS and NONE.
    """

    start: int | None
    end: int | None
    hold: int
    precision: int | None = None
    basis: str | None = None

    @property
    def length(self) -> int:
        """Number of days; 0 where nothing is known."""
        return 0 if self.start is None or self.end is None else self.end - self.start + 1

    def columns(self) -> dict[str, dt.date | int | str | None]:
        """Return the date_* columns."""
        told = self.hold in (FIRM, DOCUMENT)
        start, end = (self.start, self.end) if told else (None, None)
        return {
            "date_start": day(start),
            "date_end": day(end),
            "date_precision": self.precision,
            "date_basis": self.basis,
        }

    def days(self, margin: int = 0) -> Iterator[int]:
        """Yield each day of a short span, and `margin` days on either side."""
        if self.start is not None and self.end is not None:
            yield from range(self.start - margin, self.end + margin + 1)


def when(row: Mapping[str, Any], source: Source, params: Params) -> When:
    """Return the days of a mention; undated news of a dated article falls in the days before its publication."""
    start, end = row["date_start"], row["date_end"] or row["date_start"]
    if start is not None:
        hold = DOCUMENT if row["date_basis"] == "document" else FIRM
        return _when(
            start.toordinal(),
            max(start, end).toordinal(),
            hold,
            row["date_precision"] or 1,
            row["date_basis"] or "stated",
        )
    if source.published is not None and row["scope"] == "current":
        return _when(source.published - params.news_days, source.published, NEWS)
    return _when(None, None, NONE)


@lru_cache(maxsize=20_000)
def _when(*values: Any) -> When:
    return When(*values)  # equal times are one object, so that a million mentions stay small


def until(moment: When, last: int) -> When:
    """Return the span from the first day of `moment` to the day `last`, as firmly known as `moment`."""
    span = last - (moment.start or last) + 1
    return When(moment.start, last, moment.hold, MONTH if span <= LONG else YEAR, moment.basis)


def is_war(moment: When) -> bool:
    """Return whether a span can be a war's: of more than a month, and not only a year or what has passed of it."""
    return (
        moment.start is not None and moment.length > LONG and dt.date.fromordinal(moment.start).timetuple().tm_yday > 1
    )


def gap(a: When, b: When) -> int:
    """Return the days between two times that are known, 0 where they overlap."""
    return max((a.start or 0) - (b.end or 0), (b.start or 0) - (a.end or 0), 0)


def agreement(a: When, b: When, apart: int, params: Params) -> float | None:
    """Return how well two times agree, from 0 to 1; None where they cannot be of one thing or nothing is known.

    Two dates that the texts give may lie `apart` days from each other. A publication date that stands in for a date
    may lag the date by `publication_lag` days, but not run ahead of it. A long span agrees only with another long one.
    """
    if a.start is None or b.start is None or a.end is None or b.end is None:
        return None
    between = gap(a, b)
    if NEWS in (a.hold, b.hold):
        dated = max((moment.length for moment in (a, b) if moment.hold != NEWS), default=0)
        return 0.3 if between == 0 and dated <= params.short_days else None
    if max(a.length, b.length) > params.short_days:
        return _long(a, b, params)
    if a.hold == b.hold:
        if between > apart:
            return None
        same = 1.0 if (a.start, a.end) == (b.start, b.end) else 0.8 if between == 0 else 0.6
        return same if a.hold == FIRM else 0.8 * same
    stated, published = (a, b) if a.hold == FIRM else (b, a)
    if between == 0:
        return 0.9
    lag = (published.start or 0) - (stated.end or 0)
    return 0.7 if 0 < lag <= max(apart, params.publication_lag) else None


def _long(a: When, b: When, params: Params) -> float | None:
    """Compare where at least one is a war's or a month's span: equal spans, or the days of a war and its year."""
    if (a.start, a.end) == (b.start, b.end):
        return 1.0
    overlap = min(a.end or 0, b.end or 0) - max(a.start or 0, b.start or 0) + 1
    longer, shorter = max(a.length, b.length), min(a.length, b.length)
    if overlap <= 0 or shorter <= params.short_days:
        return None
    if a.precision == b.precision == YEAR:
        return 0.8 if overlap == shorter and longer <= 366 else None
    return 0.6 if a.precision == b.precision and overlap / longer > 0.5 else None


def firmness(moment: When, told: int = 0) -> tuple[int, int, int, int]:
    """Return a sort key: what the text states before what was inferred, a short span before a long one.

    Args:
        moment: the time.
        told: how many tellings give days that overlap with it; of equals what most agree on comes first.
    """
    return moment.hold, moment.length, -told, moment.start or 0
