"""The gazetteer: GeoNames' populated places and divisions, with what `rulebook/places` adds, found by name."""

import csv
import importlib.resources
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

KINDS = ("city", "admin1", "admin2", "country", "region", "line", "border", "water", "site")
"""What an entry is; the position is the code in `places.parquet`."""

PRECISION = {
    "city": 1,
    "site": 1,
    "admin2": 3,
    "admin1": 4,
    "region": 5,
    "line": 5,
    "border": 5,
    "country": 6,
    "water": 7,
}
"""UCDP's where_prec of each kind."""

SPECIAL = str.maketrans(
    {"ə": "a", "Ə": "A", "ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae"}
    | dict.fromkeys("’‘'`´ʼʻʾʿ′\"", "")
    | {"-": " ", "–": " ", ".": " "}
)


@dataclass(frozen=True)
class Entry:
    """One place of the gazetteer.

    Attributes:
        place_id: GeoNames id, or `curated:` and a key.
        name: as GeoNames or the rulebook calls it.
        kind: one of KINDS.
        country: ISO3.
        admin1: name of its first-order division.
        latitude: WGS 84 degrees, of the place or of its centre.
        longitude: WGS 84 degrees.
        population: inhabitants; for curated places, how prominent the place is in the news.
    """

    place_id: str
    name: str
    kind: str
    country: str | None
    admin1: str | None
    latitude: float | None
    longitude: float | None
    population: int


def folded(name: str) -> str:
    """Return a name as it is looked up: lower case, no accents, apostrophes or hyphens, single blanks."""
    plain = name.translate(SPECIAL)
    if plain.isascii():
        return " ".join(plain.lower().split())
    plain = unicodedata.normalize("NFKD", plain)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).lower().split())


@lru_cache(maxsize=20_000)
def entries(name: str) -> tuple[Entry, ...]:
    """Return all places of a name, curated ones first."""
    key = folded(name)
    listed = _curated().get(key, ())
    ids = {entry.place_id for entry in listed}
    return (*listed, *(entry for entry in _geonames(key) if entry.place_id not in ids))


def is_curated(name: str) -> bool:
    """Say whether the rulebook itself lists a name."""
    return folded(name) in _curated()


def _geonames(key: str) -> Iterator[Entry]:
    names, rows, _ = _tables()
    after = bisect_left(_signposts(), key)
    position = bisect_left(names, key, max(0, (after - 1) * APART), min(len(names), after * APART))
    while position < len(names) and names[position] == key:
        yield _entry(rows[position].as_py())
        position += 1


APART = 256  # names between two signposts


@cache
def _signposts() -> list[str]:
    """Return every so-many-th name as a Python string: a search that begins there looks at few Arrow strings."""
    names = _tables()[0]
    return [names[number] for number in range(0, len(names), APART)]


class _Names(Sequence[str]):
    """Arrow strings as `bisect` wants them; a Python list of them would take 60 MB."""

    def __init__(self, column: pa.StringArray) -> None:
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, index: Any) -> Any:
        return self.column[index].as_py()


@cache
def _tables() -> tuple[_Names, pa.Int32Array, pa.Table]:
    home = importlib.resources.files("contactline") / "rulebook" / "places"
    # pq.read_table would import pyarrow's datasets and decode in parallel: 60 MB more for nothing
    with importlib.resources.as_file(home / "names.parquet") as names:
        looked_up = pq.ParquetFile(names).read(use_threads=False).combine_chunks()
    with importlib.resources.as_file(home / "places.parquet") as places:
        coded = ["country", "admin1"]
        table = pq.ParquetFile(places, read_dictionary=coded).read(use_threads=False).combine_chunks()
    return _Names(looked_up["name"].chunk(0)), looked_up["row"].chunk(0), table


@cache
def _columns() -> list[pa.Array]:
    return [column.chunk(0) for column in _tables()[2].columns]


@lru_cache(maxsize=20_000)
def _entry(row: int) -> Entry:
    place_id, name, kind, country, admin1, latitude, longitude, population = (c[row].as_py() for c in _columns())
    at = round(latitude, 4), round(longitude, 4)
    return Entry(str(place_id), name, KINDS[kind], country, admin1, *at, population)


@cache
def spellings() -> frozenset[str]:
    """Return the curated names as they are written."""
    return frozenset(name for row in _rows() for name in [row["name"], *filter(None, row["spellings"].split(";"))])


@cache
def neighbours() -> dict[str, frozenset[str]]:
    """Return ISO3 -> the states that share a border with that state."""
    source = importlib.resources.files("contactline") / "rulebook" / "places" / "neighbours.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return {row["country"]: frozenset(row["neighbours"].split(";")) for row in rows}


def _rows() -> Iterator[dict[str, str]]:
    source = importlib.resources.files("contactline") / "rulebook" / "places" / "curated.csv"
    yield from csv.DictReader(source.read_text(encoding="utf-8").splitlines())


@cache
def _curated() -> dict[str, tuple[Entry, ...]]:
    """Return the places of `curated.csv` by folded name; rows with a `place_id` add spellings to GeoNames' places."""
    found: dict[str, tuple[Entry, ...]] = {}
    for row in _rows():
        entry = _written(row)
        for spelling in [row["name"], *filter(None, row["spellings"].split(";"))]:
            key = folded(spelling)
            found[key] = (*found.get(key, ()), entry)
    return found


def _written(row: dict[str, str]) -> Entry:
    if row["place_id"]:
        known = _by_id().get(int(row["place_id"]))
        if known is None:
            raise ValueError(f"rulebook/places/curated.csv: {row['name']}: GeoNames has no place {row['place_id']}")
        return _entry(known)
    if row["kind"] not in KINDS:
        raise ValueError(f"rulebook/places/curated.csv: {row['name']}: unknown kind {row['kind']!r}; one of {KINDS}")
    return Entry(
        "curated:" + folded(row["name"]).replace(" ", "-"),
        row["name"],
        row["kind"],
        row["country"] or None,
        row["admin1"] or None,
        float(row["latitude"]),
        float(row["longitude"]),
        int(row["population"]),
    )


@cache
def _by_id() -> dict[int, int]:
    return {place_id: row for row, place_id in enumerate(_tables()[2]["place_id"].to_pylist())}
