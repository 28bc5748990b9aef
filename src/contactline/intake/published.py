"""Publication dates: as written, from the address, or from the lines on top of the text."""

import datetime as dt
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from contactline.intake.found import Published, RejectError

EARLIEST = dt.date(1800, 1, 1)
EPOCH = dt.date(1970, 1, 1)
MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<y>(?:1[89]|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:T?\d{4,9}Z?)?(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]+(?P<mon>{MONTH})\.?,?[\s-]+(?P<y>(?:1[89]|20)?\d\d)(?!\d)",
        rf"\b(?P<mon>{MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:1[89]|20)\d\d)",
    )
)
SLASHED = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-]((?:19|20)\d\d)(?!\d)")
IN_URL = re.compile(r"/((?:19|20)\d\d)[-/_]?(\d{1,2}|[a-z]{3,9})[-/_]?(\d{1,2})(?=[-/_.]|$)", re.IGNORECASE)
CITY = r"[A-Z][\w.’'-]+(?:[ -](?:[A-Z][\w.’'-]*|de|el|la|al|of)){0,3}"
DATELINE = re.compile(
    rf"(?P<place>{CITY}(?:, {CITY}|/[A-Z][\w ]+)?)"
    rf"(?:,? (?P<date>(?:(?i:{MONTH})\.? \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} (?i:{MONTH})\.?(?: \d{{2,4}})?)))?,?\.?"
    r"(?: ?\((?P<agency>[A-Z][^()\n]{1,40})\))?(?:\. |[ /]*)(?:[-–—]{1,2})(?:[ -]|$)",
)
DAYS = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
TOP = 3  # lines that may hold a date of their own


@dataclass(frozen=True)
class Dateline:
    """The place, and the date if it has a year, that an article's first sentence is headed with."""

    place: str
    date: dt.date | None


def date_of(written: Published, latest: dt.date | None = None, day_first: bool | None = None) -> dt.date | None:
    """Return the day that a publication date is written for; None for none.

    Args:
        written: a date, an ISO or English date, an RFC 822 date, or seconds or milliseconds since 1970.
        latest: the last day it can be, as the delivery was made then.
        day_first: whether 9/5/2022 is in May; None where nobody said, and then it cannot be read.

    Raises:
        RejectError: `bad_date`: it cannot be read, or cannot be right.
    """
    if written is None or (isinstance(written, str) and written.strip().lower() in ("", "none", "null", "nan", "n/a")):
        return None
    day = _read(written, day_first)
    if day is None:
        raise RejectError(
            "bad_date",
            f"publication date {str(written)[:60]!r} cannot be read; write it as YYYY-MM-DD,"
            " or say `day_first` in the delivery's mapping",
        )
    if day == EPOCH:
        raise RejectError("bad_date", "publication date 1970-01-01 is the zero of a computer's clock, not a date")
    if day < EARLIEST or (latest is not None and day > latest):
        after = f" and on or before {latest}, by when the delivery was retrieved" if latest else ""
        raise RejectError("bad_date", f"publication date {day} cannot be right: it must lie after {EARLIEST}{after}")
    return day


def of_url(url: str | None) -> dt.date | None:
    """Return the day that an address carries in its path (`/2022/09/13/`, `/20220913-`, `/2022/sep/13/`)."""
    if not url:
        return None
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for year, month, day in IN_URL.findall(path):
        number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
        found = _day(int(year), number, int(day))
        if found:
            return found
    return None


def dateline(text: str) -> Dateline | None:
    """Return the dateline that heads the first sentence of a stored text: "FORNOST, Arnor (Reuters) - ..."."""
    for line in [line.strip() for line in text[:3000].split("\n") if line.strip()][: TOP + 1]:
        found = DATELINE.match(line)
        if not found or len(line) < found.end() + 40:
            continue
        place = found["place"]
        if not (place.isupper() or place.split(",")[0].isupper() or found["agency"] or found["date"]):
            continue
        return Dateline(
            place.strip(" ,") if "," in place else place.strip(" .,"), _read(found["date"]) if found["date"] else None
        )
    return None


def on_top(text: str) -> dt.date | None:
    """Return the full date that stands alone on one of a text's first lines ("Friday, August 21, 2015")."""
    for line in [line.strip() for line in text[:2000].split("\n") if line.strip()][:TOP]:
        if len(line) > 80:
            continue
        for form in FORMS:
            found = form.search(line)
            rest = DAYS.sub("", line[: found.start()] + line[found.end() :]) if found else line
            if found and len(re.findall(r"[^\W\d]{3,}", rest)) <= 3 and re.fullmatch(r"[^.?!]*", rest):
                return _day_of(found)
    return None


def _read(written: Published, day_first: bool | None = None) -> dt.date | None:
    if isinstance(written, dt.datetime):
        return written.date()
    if isinstance(written, dt.date):
        return written
    if isinstance(written, bool):
        return None
    if isinstance(written, (int, float)) or re.fullmatch(r"\d{9,13}(?:\.\d+)?", str(written).strip()):
        return _of_seconds(float(written))  # type: ignore[arg-type]
    text = str(written).strip()
    if len(text) > 200:
        return None
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        pass
    for form in FORMS:
        found = form.search(text)
        if found:
            return _day_of(found)
    slashed = SLASHED.search(text)
    if slashed:
        return _slashed(int(slashed[1]), int(slashed[2]), int(slashed[3]), day_first)
    try:
        return parsedate_to_datetime(text).date()
    except (TypeError, ValueError, IndexError):
        return None


def _slashed(first: int, second: int, year: int, day_first: bool | None) -> dt.date | None:
    """Return the day of 13/09/2022 or 09/13/2022; None where either could be the month and nobody said which."""
    if day_first is None and first <= 12 and second <= 12 and first != second:
        return None
    day, month = (first, second) if day_first or (day_first is None and first > 12) else (second, first)
    return _day(year, month, day)


YEAR_1, YEAR_10000 = -62_135_596_800, 253_402_300_800  # seconds from 1970: before and after them there are no dates


def _of_seconds(number: float) -> dt.date | None:
    seconds = number / 1000 if abs(number) > 1e11 else number
    if 10_000_000 < number < 22_000_000:  # a date written as a number: 20220913
        return _read(f"{int(number)}")
    if not YEAR_1 <= seconds < YEAR_10000:
        return None
    return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date()  # noqa: DTZ001 - a day, in UTC


def _day_of(found: re.Match[str]) -> dt.date | None:
    parts = found.groupdict()
    month = MONTHS[parts["mon"].lower()] if parts.get("mon") else int(parts["m"])
    year = int(parts["y"])
    if year < 100:
        year += 1900 if year > 50 else 2000
    return _day(year, month, int(parts["d"]))


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
