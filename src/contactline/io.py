"""Opens and writes tables: the same rows give the same bytes, and a table appears whole or not at all."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contactline import schema
from contactline.records import ledger

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


def frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return `rows` as a frame of the table called `name`, with the codebook's columns and dtypes."""
    made: pd.DataFrame = arrow(name, rows).to_pandas()
    return made


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
    for field in table.fields:
        _check(made[field.name], field, f"{name}.{field.name}")
    return _in_order(made, table)


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
    made = {n: _in_order(pa.concat_tables([*pieces[n], arrow(n, waiting[n])]), schema.table(n)) for n in names}
    for name, table in made.items():
        write_arrow(table, name, folder)
    return {name: len(table) for name, table in made.items()}


def write_sorted(
    streams: Iterable[Mapping[str, Sequence[Mapping[str, Any]]]], names: Sequence[str], folder: Path
) -> dict[str, int]:
    """Write several tables at once from rows that come piecemeal in order of their keys, and return the row counts.

    Only `GROUP` rows of a table are held at a time. All tables are complete before the first takes its place.

    Args:
        streams: pieces, each with rows by table name; a table's rows are in order of its key across all pieces.
        names: the tables; each is written, if only with its columns.
        folder: where they go.

    Raises:
        SchemaError: as `arrow`, or rows out of order; nothing is written then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {name: _Draft(schema.table(name), path_of(name, folder)) for name in names}
    try:
        for piece in streams:
            for name, rows in piece.items():
                drafts[name].add(rows)
        for draft in drafts.values():
            draft.finish()
    except BaseException:
        for draft in drafts.values():
            draft.drop()
        raise
    for draft in drafts.values():
        draft.path.replace(path_of(draft.table.name, folder))
    return {name: draft.count for name, draft in drafts.items()}


class _Draft:
    """A table in the making, in groups of rows whose size depends on nothing but their number."""

    def __init__(self, table: schema.Table, path: Path) -> None:
        self.table, self.path, self.count = table, path.with_suffix(path.suffix + DRAFT), 0
        self._waiting: list[Mapping[str, Any]] = []
        self._last: tuple[Any, ...] | None = None
        described = table.arrow().with_metadata(_metadata(table))
        self._writer = pq.ParquetWriter(self.path, described, **WRITTEN)

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._waiting.extend(rows)
        while len(self._waiting) >= GROUP:
            self._write(self._waiting[:GROUP])
            self._waiting = self._waiting[GROUP:]

    def finish(self) -> None:
        if self._waiting or not self.count:
            self._write(self._waiting)
        self._writer.close()

    def drop(self) -> None:
        self._writer.close()
        self.path.unlink(missing_ok=True)

    def _write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        group = arrow(self.table.name, rows)
        ends = [tuple(group[key][at].as_py() for key in self.table.primary_key) for at in (0, -1)] if rows else []
        if ends and self._last is not None and ends[0] <= self._last:
            raise schema.SchemaError(
                f"{self.table.name}: key {ends[0]} comes after {self._last}; rows must be in order."
            )
        self._last = ends[1] if ends else self._last
        self.count += len(rows)
        self._writer.write_table(group)


def write_arrow(made: pa.Table, name: str, folder: Path) -> Path:
    """Write a table that `arrow` or `checked` made into `folder` and return its path."""
    path = path_of(name, folder)
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(path.suffix + DRAFT)
    draft.write_bytes(to_bytes(made))
    os.replace(draft, path)  # noqa: PTH105 - Path.replace does the same; the name says that it is atomic
    return path


# ---- the ledger of ids: text that git tracks, one file a table of records
def read_ledger(folder: Path) -> dict[str, list[ledger.Entry]]:
    """Return the ledger's entries by table; none for a table whose file is not there yet.

    Raises:
        LedgerError: a file that cannot be read.
    """
    paths = {table: folder / f"{table}.jsonl" for table in ledger.PREFIXES}
    return {
        table: ledger.parse(path.read_text(encoding="utf-8"), str(path))
        for table, path in paths.items()
        if path.is_file()
    }


def write_ledger(entries: Mapping[str, Iterable[ledger.Entry]], folder: Path) -> None:
    """Write the ledger, each file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, listed in entries.items():
        path = folder / f"{table}.jsonl"
        draft = path.with_suffix(DRAFT)
        draft.write_text(ledger.text(listed), encoding="utf-8")
        draft.replace(path)


def to_bytes(made: pa.Table) -> bytes:
    """Return a table that `arrow` made as the bytes of its Parquet file."""
    out = pa.BufferOutputStream()
    pq.write_table(made, out, compression="zstd", version="2.6", store_schema=True)
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
