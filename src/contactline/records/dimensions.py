"""The dimension tables: the actors and places that the records' ids point into."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from contactline.records import listed
from contactline.records.sources import Columns

PLACE = ["place_id", "place_name", "country", "admin1", "latitude", "longitude"]


# Where the rulebook does not list an actor, its key says what it is.
KINDS = {"state": "state", "entity": "entity", "io": "organisation", "group": "armed_group", "person": "person"}


def actors(participants: pa.Table) -> pa.Table:
    """Return one row for each actor_id of the participants: as the rulebook lists it, else as most of them name it."""
    described = Described("actor_id", ["actor_id", "name", "country"])
    described.add(participants)
    made = Columns("actors")
    for actor_id, row in described.rows():
        known = listed.by_key().get(actor_id)
        kind = KINDS.get(actor_id.partition(":")[0], "other")
        made.add(known._asdict() if known else row | {"kind": kind})
    return made.table()


class Places:
    """The places of the tables of records, collected as the tables are made."""

    def __init__(self) -> None:
        self._described = Described("place_id", PLACE)

    def add(self, table: pa.Table) -> None:
        """Take note of the places of `table`, if it has any."""
        if "place_id" in table.column_names:
            self._described.add(table)

    def table(self) -> pa.Table:
        """Return one row for each place_id, as most records describe it."""
        made = Columns("places")
        for _, row in self._described.rows():
            made.add(row)
        return made.table()


class Described:
    """How rows describe what a key stands for."""

    def __init__(self, key: str, columns: list[str]) -> None:
        self.key, self.columns = key, columns
        self._counts: dict[str, Counter[tuple[tuple[str, Any], ...]]] = {}

    def add(self, table: pa.Table) -> None:
        """Count the descriptions in `table`."""
        counts = table.select(self.columns).group_by(self.columns).aggregate([([], "count_all")])
        for row in counts.filter(pc.is_valid(counts[self.key])).to_pylist():
            description = tuple((column, row[column]) for column in self.columns)
            self._counts.setdefault(row[self.key], Counter())[description] += row["count_all"]

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each key with the description that most rows give it, of equals the first in spelling."""
        for key in sorted(self._counts):
            found = self._counts[key].items()
            yield key, dict(min(found, key=lambda told: (-told[1], str(told[0])))[0])
