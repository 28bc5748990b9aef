"""Who tells: the articles behind the records, and the mentions in the order in which they are joined."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from contactline import schema

if TYPE_CHECKING:
    import pandas as pd

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = "Iterable[Mapping[str, Any]] | pd.DataFrame | pa.Table"

BATCH = 2_000  # rows held as Python objects at once: memory stays flat, and larger batches gain no time


@dataclass(frozen=True, slots=True)
class Source:
    """An article as the records see it: who published it and when.

    Attributes:
        article_id: its key.
        published: day of publication as a proleptic ordinal; None where it is not known.
        publisher: None where it is not known.
    """

    article_id: str
    published: int | None
    publisher: str | None


def sources(articles: Rows) -> dict[str, Source]:
    """Return the canonical articles by key. A copy of another article is no source: what it says was already said."""
    wanted = ["article_id", "publisher", "published_date", "duplicate_of"]
    found: dict[str, Source] = {}
    for row in batches(arrow("articles", articles).select(wanted)):
        if row["duplicate_of"] is None:
            day = row["published_date"]
            found[row["article_id"]] = Source(row["article_id"], day.toordinal() if day else None, row["publisher"])
    return found


def arrow(name: str, rows: Rows) -> pa.Table:
    """Return `rows` as an Arrow table with the columns of the table called `name`."""
    wanted = schema.table(name).arrow()
    if isinstance(rows, pa.Table):
        return rows.select(wanted.names).cast(wanted)
    if hasattr(rows, "columns"):
        return pa.Table.from_pandas(rows, schema=wanted, preserve_index=False)
    return pa.Table.from_pylist([dict(row) for row in rows], schema=wanted)


def batches(table: pa.Table) -> Iterator[Row]:
    """Yield the rows of `table` one by one."""
    for batch in table.to_batches(max_chunksize=BATCH):
        yield from batch.to_pylist()


class Mentions:
    """The mentions of one table, in order of article and text; a mention is known by its number in that order.

    The rows stay in Arrow's form: what joins them holds numbers, and the evidence is taken from here.
    """

    def __init__(self, name: str, rows: Rows, known: Mapping[str, Source]) -> None:
        by = [(key, "ascending") for key in ("article_id", "span_start", "mention_id")]
        self.table = arrow(name, rows).sort_by(by)
        self.known = known

    def by_article(self) -> Iterator[tuple[Source, list[Row]]]:
        """Yield each canonical article with its rows, which have their number under "number"."""
        source: Source | None = None
        told: list[Row] = []
        for number, row in enumerate(batches(self.table)):
            row["number"] = number
            if source is None or row["article_id"] != source.article_id:
                if source is not None and told:
                    yield source, told
                source, told = self.known.get(row["article_id"]), []
            told.append(row)
        if source is not None and told:
            yield source, told

    def each(self) -> Iterator[tuple[Source, Row]]:
        """Yield each row of a canonical article, with the article and with its number under "number"."""
        for source, rows in self.by_article():
            for row in rows:
                yield source, row

    def evidence(self, numbers: Sequence[int]) -> pa.Table:
        """Return the columns that the `evidence` table takes from the mentions with these numbers."""
        columns = [name for name in schema.table("evidence").names if name in self.table.column_names]
        return self.table.select(columns).take(pa.array(numbers, type=pa.int64()))


def day(ordinal: int | None) -> dt.date | None:
    """Return the date of a proleptic ordinal."""
    return None if ordinal is None else dt.date.fromordinal(ordinal)


def reported(told_by: Iterable[Source]) -> Row:
    """Return the reported_* columns of a record that these articles tell of; an article may come several times."""
    articles = {source.article_id: source for source in told_by}
    days = [source.published for source in articles.values() if source.published is not None]
    return {
        "first_reported": day(min(days, default=None)),
        "last_reported": day(max(days, default=None)),
        "article_count": len(articles),
        "publisher_count": len({source.publisher for source in articles.values()} - {None}),
    }


class Columns:
    """Rows of one table, kept in Arrow's form as they come, so that a million of them stay small."""

    def __init__(self, name: str, without_key: bool = False) -> None:
        """Begin a table; `without_key` leaves its first column to `table`."""
        whole = schema.table(name).arrow()
        self.key = whole.field(0) if without_key else None
        self.schema = whole.remove(0) if without_key else whole
        self._rows: list[Mapping[str, Any]] = []
        self._batches: list[pa.RecordBatch] = []

    def add(self, row: Mapping[str, Any]) -> None:
        """Append one row; a missing column is null."""
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush()

    def table(self, keys: Sequence[str] = ()) -> pa.Table:
        """Return all rows, with their keys where they were added without."""
        self._flush()
        made = pa.Table.from_batches(self._batches, schema=self.schema)
        return made if self.key is None else made.add_column(0, self.key, pa.array(keys, type=self.key.type))

    def _flush(self) -> None:
        if self._rows:
            self._batches.append(pa.RecordBatch.from_pylist(self._rows, schema=self.schema))
            self._rows = []
