"""The dimension tables: the actors and places that the records' ids point into."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from contactline.records import listed
from contactline.records.sources import Columns, batches

PLACE = ["place_id", "place_name", "country", "admin1", "latitude", "longitude"]


# Where the rulebook does not list an actor, its key says what it is.
KINDS = {"state": "state", "entity": "entity", "io": "organisation", "group": "armed_group", "person": "person"}


def actors(participants: pa.Table) -> pa.Table:
    """Return one row for each actor_id of the participants: as the rulebook lists it, else as most of them name it."""
    rows = batches(participants.select(["actor_id", "name", "country"]))
    made = Columns("actors")
    for actor_id, row in _commonest((row["actor_id"], row) for row in rows if row["actor_id"]):
        known = listed.by_key().get(actor_id)
        kind = KINDS.get(actor_id.partition(":")[0], "other")
        made.add(known._asdict() if known else row | {"kind": kind})
    return made.table()


def places(tables: Iterable[pa.Table]) -> pa.Table:
    """Return one row for each place_id of the records, as most of them describe it."""
    rows = ((row["place_id"], row) for table in tables for row in batches(table.select(PLACE)) if row["place_id"])
    made = Columns("places")
    for _, row in _commonest(rows):
        made.add(row)
    return made.table()


def _commonest(rows: Iterable[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Return each key with the description that most rows give it, the first in spelling where they are as many."""
    counts: dict[str, Counter[tuple[tuple[str, Any], ...]]] = {}
    for key, row in rows:
        described: tuple[tuple[str, Any], ...] = tuple(row.items())
        counts.setdefault(key, Counter())[described] += 1
    chosen = {key: _first(found) for key, found in counts.items()}
    return [(key, dict(chosen[key])) for key in sorted(chosen)]


def _first(found: Counter[tuple[tuple[str, Any], ...]]) -> tuple[tuple[str, Any], ...]:
    return min(found, key=lambda description: (-found[description], str(description)))
