"""Date expressions of news English, read against the publication date."""

import datetime as dt
from dataclasses import dataclass


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
