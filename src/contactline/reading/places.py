"""Place names of an article to places of the gazetteer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A place, resolved or only named.

    Attributes:
        name: as the text names it.
        place_id: GeoNames id or `curated:` key, None where unresolved.
        country: ISO3 of the recognised state, None where unknown.
        admin1: first-order division.
        latitude: WGS 84 degrees.
        longitude: WGS 84 degrees.
        precision: a code of `where_precision` (UCDP 1-7), None where unresolved.
    """

    name: str
    place_id: str | None = None
    country: str | None = None
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: int | None = None
