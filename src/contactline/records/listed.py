"""The rulebook's actors as the records need them: what a name stands for, and what an actor's key means."""

# Read from the CSV files and not through `reading`, so that a change of how texts are read joins nothing anew.

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Listed(NamedTuple):
    """A state, body or official of `rulebook/actors`."""

    actor_id: str
    name: str
    kind: str
    country: str | None


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("contactline") / "rulebook" / "actors" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def by_name() -> dict[str, Listed]:
    """Return every listed name, adjective or capital of a state, and every name of a body -> who it stands for."""
    found: dict[str, Listed] = {}
    for row in _rows("states.csv"):
        state = Listed(f"state:{row['iso3']}", row["name"], "state", row["iso3"])
        for column in ("names", "demonyms", "seats"):
            for name in row[column].split("|"):
                found.setdefault(name, state)
    for row in _rows("bodies.csv"):
        body = Listed(row["actor_id"], row["name"], row["kind"], row["country"] or None)
        found |= dict.fromkeys(row["names"].split("|"), body)
    return found


@cache
def by_key() -> dict[str, Listed]:
    """Return every listed actor by actor_id."""
    people = (Listed(r["actor_id"], r["name"], "person", r["country"] or None) for r in _rows("officials.csv"))
    return {actor.actor_id: actor for actor in (*by_name().values(), *people)}
