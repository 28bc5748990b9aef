"""Where two mentions can be of one thing: points, areas around them, and the lines between states."""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from contactline.records import words

POINT, AREA, NOWHERE = range(3)
REGION, COUNTRY_ONLY = 5, 6  # codes of where_precision


class _Columns(NamedTuple):
    place_name: str | None
    place_id: str | None
    country: str | None
    admin1: str | None
    latitude: float | None
    longitude: float | None
    where_precision: int | None


class Where(_Columns):
    """The place of a mention, as its place_* columns have it; equal ones are one object."""

    @cached_property
    def kind(self) -> int:
        """POINT for a town or a place that is only named, AREA for provinces, countries and lines, else NOWHERE."""
        if self.place_name is None and self.place_id is None and self.country is None:
            return NOWHERE
        if self.place_name is None or words.is_line(self.place_name):
            return AREA
        return POINT if self.where_precision is None or self.where_precision <= 2 else AREA

    @cached_property
    def key(self) -> str:
        """What identifies the place: its id, else its name and country; "" for nowhere."""
        if self.place_id:
            return self.place_id
        return "" if self.kind == NOWHERE else f"{words.folded(self.place_name or '')}|{self.country or ''}"

    def columns(self) -> dict[str, Any]:
        """Return the place_* columns."""
        return self._asdict()


def where(row: Mapping[str, Any]) -> Where:
    """Return the place of a mention; equal places are one object, so that a million mentions stay small."""
    return _where(*(row[column] for column in Where._fields))


@lru_cache(maxsize=20_000)
def _where(*values: Any) -> Where:
    return Where(*values)


def agreement(a: Where, b: Where) -> float | None:
    """Return how well two places agree, from 0 to 1; None where they cannot be one.

    A point agrees only with itself: two towns of one province are two places. An area agrees with itself and,
    less, with an area that contains it; of a whole country too much happens for it to say much.
    """
    if POINT in (a.kind, b.kind):
        return 1.0 if a.kind == b.kind and a.key == b.key else None
    if NOWHERE in (a.kind, b.kind):
        return 0.4 if a.kind == b.kind else 0.3
    if a.key == b.key:
        return 0.4 if a.where_precision == COUNTRY_ONLY else 0.8
    if contains(a, b) or contains(b, a):
        return 0.4
    return 0.3 if _along(a, b) or _along(b, a) else None


def _along(line: Where, area: Where) -> bool:
    """Return whether `area` is a state or province that a border may run along, or the same line unresolved."""
    if not words.is_line(line.place_name or ""):
        return False
    if words.is_line(area.place_name or ""):
        return line.place_id is None or area.place_id is None
    return area.where_precision in (3, 4, COUNTRY_ONLY)


def contains(area: Where, inner: Where) -> bool:
    """Return whether `area` is the country or the province that `inner` lies in."""
    if area.kind != AREA or area.country is None or area.country != inner.country:
        return False
    if area.where_precision == COUNTRY_ONLY:
        return True
    return area.where_precision == 4 and area.admin1 is not None and area.admin1 == inner.admin1


def can_hold(a: Where, b: Where) -> bool:
    """Return whether one of two places can lie in the other: in its state or province, in a region or on a line."""
    return _can_hold(a, b) or _can_hold(b, a)


def _can_hold(area: Where, inner: Where) -> bool:
    if area.kind != AREA:
        return False
    if words.is_line(area.place_name or ""):
        return area.country is None or area.country == inner.country
    if area.where_precision == REGION:  # no gazetteer says what lies in it
        return area.country == inner.country
    return contains(area, inner)


def fineness(place: Where) -> tuple[int, int, int]:
    """Return a sort key: points before areas before nowhere, resolved before only named, fine before coarse."""
    return place.kind, int(place.place_id is None), place.where_precision or 9
