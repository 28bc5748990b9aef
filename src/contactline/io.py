"""Opens and writes tables: the same rows give the same bytes, and a table appears whole or not at all."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contactline import schema
from contactline.records import ledger
from contactline.records.made import Made

DRAFT = ".draft"
WRITTEN = {"compression": "zstd", "version": "2.6", "store_schema": True}
GROUP = 5_000  # rows of a row group in tables that are written as they come
CHUNK = 1000  # rows held as Python objects at a time


def path_of(name: str, folder: Path) -> Path:
    """Return where the table called `name` lies in `folder`."""
    return folder / f"{schema.table(name).name}.parquet"


def read(name: str, folder: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Return the table called `name` from `folder`, with the codebook's dtypes.

    Raises:
        FileNotFoundError: the table has not been made.
    """
    found: pd.DataFrame = read_arrow(name, folder, columns).to_pandas()
    return found


def read_arrow(name: str, folder: Path, columns: list[str] | None = None) -> pa.Table:
    """Return the table called `name` from `folder` as Arrow.

    Raises:
        FileNotFoundError: the table has not been made.
    """
    return pq.read_table(_made(name, folder), columns=columns)


def stream(name: str, folder: Path, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table called `name`, holding a thousand of them at a time.

    Raises:
        FileNotFoundError: the table has not been made.
    """
    with pq.ParquetFile(_made(name, folder)) as opened:
        for batch in opened.iter_batches(batch_size=CHUNK, columns=columns):
            yield from batch.to_pylist()


def _made(name: str, folder: Path) -> Path:
    path = path_of(name, folder)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: the table {name!r} has not been made; run `dvc repro`")
    return path


def arrow(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return `rows` as the Arrow table called `name`: checked, sorted by key, with stable metadata.

    Args:
        name: a table of the codebook.
        rows: mappings of column to value; a missing column is null.

    Raises:
        SchemaError: an undeclared column, an unknown code, a null where none may be, or a key that stands twice.
    """
    table, listed = schema.table(name), list(rows)
    for stray in sorted({key for row in listed for key in row} - set(table.names)):
        raise schema.SchemaError(f"{name}: column {stray!r} is not declared; add it to codebook/tables.yml")
    columns = [_column(table, field, [row.get(field.name) for row in listed]) for field in table.fields]
    return checked(name, pa.table(columns, schema=table.arrow()))


def checked(name: str, made: pa.Table) -> pa.Table:
    """Return an Arrow table with the columns of the table called `name`: checked, sorted by key, with stable metadata.

    Raises:
        SchemaError: an unknown code, a null where none may be, or a key that stands twice.
    """
    table = schema.table(name)
    for field in table.fields:
        _check(made[field.name], field, f"{name}.{field.name}")
    return _in_order(made, table)


def from_frame(rows: pd.DataFrame, name: str) -> pa.Table:
    """Return a frame as the Arrow table called `name`, checked and in order; a missing column is null.

    Raises:
        SchemaError: as `arrow`.
    """
    table = schema.table(name)
    wide = rows.assign(**dict.fromkeys(set(table.names) - set(rows.columns)))[table.names]
    try:
        made = pa.Table.from_pandas(wide, schema=table.arrow(), preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise schema.SchemaError(f"{name}: a column is not of the codebook's type: {error}") from error
    return checked(name, made)


class Stored(Mapping[str, pa.Table]):
    """The tables of a folder, each read anew whenever it is asked for, so that none stays in memory."""

    def __init__(self, names: Iterable[str], folder: Path) -> None:
        self._names, self._folder = list(names), folder

    def __getitem__(self, name: str) -> pa.Table:
        return read_arrow(name, self._folder)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


# ---- writing
class Drafts:
    """Files in the making, which take their places together when the block ends well and vanish when it does not."""

    def __init__(self) -> None:
        self._places: list[tuple[Path, Path]] = []

    def __enter__(self) -> "Drafts":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for draft, path in self._places:
            if kind is None:
                draft.replace(path)
            else:
                draft.unlink(missing_ok=True)

    def of(self, path: Path) -> Path:
        """Return where to write what is to stand at `path`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + DRAFT)
        self._places.append((draft, path))
        return draft


def write(rows: Iterable[Mapping[str, Any]] | pd.DataFrame, name: str, folder: Path) -> Path:
    """Write `rows` as the table called `name` into `folder` and return its path.

    Raises:
        SchemaError: as `arrow`; nothing is written then.
    """
    listed = pa.Table.from_pandas(rows, preserve_index=False).to_pylist() if isinstance(rows, pd.DataFrame) else rows
    return write_arrow(arrow(name, listed), name, folder)


def write_streams(
    streams: Iterable[Mapping[str, Sequence[Mapping[str, Any]]]], names: Sequence[str], folder: Path
) -> dict[str, int]:
    """Write several tables at once from rows that come piecemeal, and return the row count of each.

    Rows are held as Arrow, a tenth of their size as Python objects.

    Args:
        streams: pieces, each with rows by table name.
        names: the tables; each is written, if only with its columns.
        folder: where they go.

    Raises:
        SchemaError: as `arrow`; nothing is written then.
    """
    pieces: dict[str, list[pa.Table]] = {name: [arrow(name, ())] for name in names}
    waiting: dict[str, list[Mapping[str, Any]]] = {name: [] for name in names}
    for stream_of in streams:
        for name, rows in stream_of.items():
            waiting[name].extend(rows)
            if len(waiting[name]) >= CHUNK:
                pieces[name].append(arrow(name, waiting[name]))
                waiting[name] = []
    with Drafts() as drafts:
        return {
            name: _write(
                _in_order(pa.concat_tables([*pieces.pop(name), arrow(name, waiting[name])]), schema.table(name)),
                name,
                folder,
                drafts,
            )
            for name in names
        }


def write_sorted(
    streams: Iterable[Mapping[str, Sequence[Mapping[str, Any]]]], names: Sequence[str], folder: Path
) -> dict[str, int]:
    """Write several tables at once from rows that come piecemeal in order of their keys, and return the row counts.

    Only `GROUP` rows of a table are held at a time. All tables are complete before the first takes its place.

    Args:
        streams: pieces, each with rows by table name, in any order; no row of a piece belongs before one of an earlier.
        names: the tables; each is written, if only with its columns.
        folder: where they go.

    Raises:
        SchemaError: as `arrow`, or rows out of order; nothing is written then.
    """
    with Drafts() as drafts, ExitStack() as opened:
        growing = {
            name: opened.enter_context(_Growing(schema.table(name), drafts.of(path_of(name, folder)))) for name in names
        }
        for piece in streams:
            for name, rows in piece.items():
                growing[name].add(rows)
        for each in growing.values():
            each.finish()
    return {name: each.count for name, each in growing.items()}


class _Growing:
    """A table that is written in groups of rows whose size depends on nothing but their number."""

    def __init__(self, table: schema.Table, path: Path) -> None:
        self.table, self.count = table, 0
        self._waiting: list[Mapping[str, Any]] = []
        self._last: tuple[Any, ...] | None = None
        described = table.arrow().with_metadata(_metadata(table))
        self._writer = pq.ParquetWriter(path, described, **WRITTEN)

    def __enter__(self) -> "_Growing":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._writer.close()

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._waiting.extend(sorted(rows, key=itemgetter(*self.table.primary_key)))
        while len(self._waiting) >= GROUP:
            self._write(self._waiting[:GROUP])
            self._waiting = self._waiting[GROUP:]

    def finish(self) -> None:
        if self._waiting or not self.count:
            self._write(self._waiting)

    def _write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.write(arrow(self.table.name, rows))

    def write(self, group: pa.Table) -> None:
        """Write a table that `arrow` or `checked` made as a group of its own."""
        ends = [tuple(group[key][at].as_py() for key in self.table.primary_key) for at in (0, -1)] if len(group) else []
        if ends and self._last is not None and ends[0] <= self._last:
            raise schema.SchemaError(
                f"{self.table.name}: key {ends[0]} comes after {self._last}; rows must be in order."
            )
        self._last = ends[1] if ends else self._last
        self.count += len(group)
        self._writer.write_table(group)


def write_arrow(made: pa.Table, name: str, folder: Path) -> Path:
    """Write a table that `arrow` or `checked` made into `folder` and return its path."""
    with Drafts() as drafts:
        _write(made, name, folder, drafts)
    return path_of(name, folder)


def write_records(pieces: Iterable[Made], folder: Path, ledger_folder: Path) -> dict[str, int]:
    """Write the tables of records and the ledger as they are made, and return the tables' row counts.

    What was written is let go; all files take their places together.

    Raises:
        SchemaError: a table that breaks the codebook, or parts of one out of order; nothing is written then.
    """
    with Drafts() as drafts, ExitStack() as opened:
        growing: dict[str, _Growing] = {}
        for piece in pieces:
            for name in list(piece.tables):
                if name not in growing:
                    growing[name] = opened.enter_context(_Growing(schema.table(name), drafts.of(path_of(name, folder))))
                growing[name].write(checked(name, piece.tables.pop(name)))
            for table in list(piece.ledger):
                _write_entries(piece.ledger.pop(table), drafts.of(ledger_folder / f"{table}.jsonl"))
        for each in growing.values():
            each.finish()
    return {name: each.count for name, each in growing.items()}


def _write(made: pa.Table, name: str, folder: Path, drafts: Drafts) -> int:
    drafts.of(path_of(name, folder)).write_bytes(to_bytes(made))
    return len(made)


# ---- the ledger of ids: text that git tracks, one file a table of records
class StoredLedger(Mapping[str, list[ledger.Entry]]):
    """The ledger in a folder, each table's entries read when they are asked for; none where there is no file yet.

    Raises:
        LedgerError: a file that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = {table: folder / f"{table}.jsonl" for table in ledger.PREFIXES}

    def __getitem__(self, table: str) -> list[ledger.Entry]:
        if not self._paths[table].is_file():
            return []
        with self._paths[table].open(encoding="utf-8", newline="\n") as lines:
            return ledger.parse(lines, str(self._paths[table]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _write_entries(entries: Iterable[ledger.Entry], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(ledger.lines(entries))


def to_bytes(made: pa.Table) -> bytes:
    """Return a table that `arrow` made as the bytes of its Parquet file."""
    out = pa.BufferOutputStream()
    pq.write_table(made, out, **WRITTEN)
    content: bytes = out.getvalue().to_pybytes()
    return content


def _column(table: schema.Table, field: schema.Field, values: list[Any]) -> pa.Array:
    kind = table.arrow().field(field.name).type
    clean = [None if value is pd.NA or value is pd.NaT or value != value else value for value in values]
    try:
        return pa.array(clean, type=kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise schema.SchemaError(f"{table.name}.{field.name}: not a column of {field.type} values: {error}") from error


def _check(column: pa.ChunkedArray, field: schema.Field, where: str) -> None:
    if field.required and column.null_count:
        raise schema.SchemaError(
            f"{where}: null in {column.null_count} of {len(column)} rows, but the codebook requires a value."
        )
    if field.codes:
        allowed = pa.array(list(schema.codes(field.codes)), type=column.type)
        unknown = column.drop_null().filter(pc.invert(pc.is_in(column.drop_null(), value_set=allowed)))
        if len(unknown):
            raise schema.SchemaError(
                f"{where}: unknown code {unknown[0].as_py()!r} ({len(unknown)} of {len(column)} rows)."
                f" Add it to codebook/codes/{field.codes}.csv or fix the rule that made it."
            )


def _in_order(made: pa.Table, table: schema.Table) -> pa.Table:
    """Return `made` sorted by key, with metadata that no version changes."""
    ordered = made.sort_by([(key, "ascending") for key in table.primary_key]).combine_chunks()
    _check_key(ordered, table)
    return ordered.replace_schema_metadata(_metadata(table))


def _check_key(made: pa.Table, table: schema.Table) -> None:
    keys = list(table.primary_key)
    counts = made.group_by(keys).aggregate([([], "count_all")])
    twice = counts.filter(pc.greater(counts["count_all"], 1)).sort_by([(key, "ascending") for key in keys])
    if len(twice):
        first = tuple(twice[key][0].as_py() for key in keys)
        raise schema.SchemaError(f"{table.name}: key {first} stands in {twice['count_all'][0].as_py()} rows.")


def _metadata(table: schema.Table) -> dict[str, str]:
    """Return the footer: the row's meaning, and pandas' metadata without a version, so that bytes do not follow it."""
    columns = [
        {"name": f.name, "field_name": f.name, "pandas_type": f.type, "numpy_type": f.dtype, "metadata": None}
        for f in table.fields
    ]
    pandas = {"index_columns": [], "column_indexes": [], "columns": columns}
    return {"pandas": json.dumps(pandas), "table": table.name, "row": table.row}
