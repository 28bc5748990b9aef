"""Our events beside the rows that UCDP GED has of the same conflict: which match, which do not, and why."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contactline.reading import gazetteer

VIOLENT = {"battle", "remote", "civilians", "territory"}
NEAR = dt.timedelta(days=1)  # nights are dated by either day
LONGEST = dt.timedelta(days=100)  # a war's total; what spans years says nothing of a day
NEWS = dt.timedelta(days=3)  # in which what happened is in the news
SEVERAL_DAYS = 2  # UCDP's date_precision: up to here an event is dated to its days
KARABAKH = (39.82, 46.75)
ALONG_THE_LINE = 65  # km from Karabakh's centre: the line of contact, but not Ganja and Barda behind it
DIVISIONS = (3, 4)  # where_precision: a district or a province, by its centre
REACH = {"place": 35, "division": 90}  # km: a town and its surroundings; a province or district, from its centre
KINDS = re.compile(r"(?: (?:town|village|rayon|province|city municipality))+$")


@dataclass(frozen=True)
class Theirs:
    """A row of UCDP GED, as far as it is compared."""

    ged_id: str
    start: dt.date
    end: dt.date
    place: str
    low: int
    high: int
    point: tuple[float, float]
    reach: float

    @classmethod
    def of(cls, row: Mapping[str, str]) -> "Theirs":
        """Return a row of the file; a place that is not named, or a front, is Karabakh and what is around it."""
        where, division = row["location_where_name"], row["location_adm1_name"]
        place = where or division or row["location_root_name"]
        point = _point(where)
        kind = "place" if point else "division"
        point = point or _point(division)
        return cls(
            row["id"],
            dt.date.fromisoformat(row["start_date"]),
            dt.date.fromisoformat(row["end_date"]),
            place,
            int(row["deaths_low"]),
            int(row["deaths_high"]),
            point or KARABAKH,
            REACH[kind] if point else ALONG_THE_LINE,
        )


def _point(name: str) -> tuple[float, float] | None:
    plain = KINDS.sub("", name.replace("’", ""))
    for entry in gazetteer.entries(plain) if plain else ():
        local = entry.country in ("ARM", "AZE") and entry.kind in ("city", "site", "admin1", "admin2")
        if local and entry.latitude is not None and entry.longitude is not None:
            return entry.latitude, entry.longitude
    return None


@dataclass(frozen=True)
class Ours:
    """An event of ours, as far as it is compared."""

    event_id: str
    start: dt.date
    end: dt.date
    precision: int
    place: str
    country: str | None
    point: tuple[float, float] | None
    reach: float
    low: int | None
    best: int | None
    high: int | None
    articles: int

    def deadly(self) -> bool:
        """Say whether GED would hold it: at least one death in its high figure."""
        return bool(self.high)


def ours(events: Iterable[Mapping[str, Any]]) -> list[Ours]:
    """Return the violent, dated events that stand, by day and id."""
    found = [
        Ours(
            event_id=e["event_id"],
            start=e["date_start"],
            end=e["date_end"],
            precision=e["date_precision"],
            place=e["place_name"] or "no place",
            country=e["country"],
            point=None if e["latitude"] is None else (e["latitude"], e["longitude"]),
            reach=REACH["division"] if e["where_precision"] in DIVISIONS else 0,
            low=e["deaths_low"],
            best=e["deaths_best"],
            high=e["deaths_high"],
            articles=e["article_count"],
        )
        for e in events
        if e["event_group"] in VIOLENT and e["date_start"] is not None and e["status"] == "active"
    ]
    return sorted(found, key=lambda each: (each.start, each.event_id))


@dataclass(frozen=True)
class Compared:
    """A row of theirs, our events of it, and what the two have to do with each other.

    `verdict` is one of VERDICTS.
    """

    theirs: Theirs
    events: tuple[Ours, ...]
    verdict: str
    why: str


VERDICTS = {
    "same": "an event of ours on these days, there, with a toll that agrees",
    "other figure": "an event of ours on these days, there, with another toll",
    "no figure": "events of ours on these days, there, without a toll",
    "within a longer one": "only events of ours, with a toll, that span more days",
    "not told": "articles of those days, but none tells of it, or none that the coder dated and placed there",
    "no article": "no article of ours was published then",
}


def compare(rows: Sequence[Theirs], events: Sequence[Ours], published: Sequence[dt.date]) -> list[Compared]:
    """Return what we have of each of their rows.

    Args:
        rows: theirs.
        events: ours.
        published: the days on which our articles were published.
    """
    return [_compared(row, events, published) for row in rows]


def _compared(row: Theirs, events: Sequence[Ours], published: Sequence[dt.date]) -> Compared:
    there = [e for e in events if e.start <= row.end + NEAR and e.end >= row.start - NEAR and _reaches(row, e)]
    dated = [e for e in there if e.precision <= SEVERAL_DAYS]
    agreeing = [e for e in dated if _agree(row, e)]
    deadly = [e for e in dated if e.deadly()]
    said = _figure(row.low, row.high)
    if agreeing:
        return Compared(row, tuple(agreeing), "same", f"{said} against {_told(agreeing)}")
    if deadly:
        more = any((e.low or 0) > row.high for e in deadly)
        part = "our articles give totals up to then, or of both sides" if more else "another part of the fighting"
        why = f"{said} against {_told(deadly)}: {part}"
        return Compared(row, tuple(deadly), "other figure", why)
    if dated:
        why = "our articles of the fighting give no dead, or give them for the whole war, as claims of their own"
        return Compared(row, tuple(dated), "no figure", why)
    summed = sorted(
        (e for e in there if e.deadly() and e.end - e.start <= LONGEST), key=lambda e: (e.end - e.start, e.event_id)
    )
    if summed:
        why = f"reported as part of {_told(summed)}: our articles sum up several days"
        return Compared(row, tuple(summed), "within a longer one", why)
    news = sum(row.start <= day <= row.end + NEWS for day in published)
    if news:
        why = f"{news} {'article' if news == 1 else 'articles'} from {row.start} to {row.end + NEWS}, none on it"
        return Compared(row, (), "not told", why)
    return Compared(row, (), "no article", f"nothing of ours was published from {row.start} to {row.end + NEWS}")


def _reaches(row: Theirs, event: Ours) -> bool:
    if event.point is None:
        return row.reach == ALONG_THE_LINE and event.country in ("ARM", "AZE", None)
    return kilometres(row.point, event.point) <= max(row.reach, event.reach)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points (latitude, longitude) of one region."""
    north = (one[0] - other[0]) * 111.2
    east = (one[1] - other[1]) * 111.2 * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east)


def _agree(row: Theirs, event: Ours) -> bool:
    if event.low is None or event.high is None:
        return False
    return event.low <= row.high and event.high >= row.low


def _figure(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "none"
    if low is None:
        return f"up to {high:,}"
    return f"{low:,}" if low == high or high is None else f"{low:,}–{high:,}"


def _told(events: Sequence[Ours]) -> str:
    told = [f"{_figure(e.low, e.high)} at {e.place}" for e in events[:3]]
    return "; ".join(told) + (f" and {len(events) - 3} more" if len(events) > 3 else "")


# ---- what we have and they do not
REASONS = {
    "longer": "dated to a month or a year: GED would split it into days, and the file's rows are days",
    "elsewhere": "outside Armenia and Azerbaijan: GED files it under another conflict",
    "later": "after the last row of the file: the file is a selection",
    "another day": "no row of the file is of those days: the file is a selection",
    "another place": "the file's rows of those days are of other places",
}


def only_ours(events: Sequence[Ours], compared: Sequence[Compared]) -> list[tuple[Ours, str]]:
    """Return our deadly events of the time that the rows cover that match none of them, with a key of REASONS."""
    used = {e.event_id for each in compared if each.verdict in ("same", "other figure") for e in each.events}
    rows = [each.theirs for each in compared]
    first, last = min(row.start for row in rows), max(row.end for row in rows)
    return [(e, _reason(e, rows, last)) for e in events if e.deadly() and e.event_id not in used and e.end >= first]


def _reason(event: Ours, rows: Sequence[Theirs], last: dt.date) -> str:
    if event.country not in ("ARM", "AZE", None):
        return "elsewhere"
    if event.precision > SEVERAL_DAYS:
        return "longer"
    if event.start > last:
        return "later"
    days = any(row.start - NEAR <= event.end and row.end + NEAR >= event.start for row in rows)
    return "another place" if days else "another day"
