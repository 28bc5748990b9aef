"""Counts by Arrow the rows that break an expectation: batch by batch, so that a table of any length can be checked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contactline import io, schema

BATCH = 65_536  # rows held at a time
VALUES = "expect_column_values_to_"
PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
ROWS = "expect_table_row_count_to_be_between"
NAMING = ("column", "column_A", "column_B")
KNOWN = {*NAMING, "column_list", "value_set", "min_value", "max_value", "regex", "parent", "key", "folder", "or_equal"}
KNOWN |= {"ignore_row_if", "mostly"}
UNIQUE = (VALUES + "be_unique", "expect_compound_columns_to_be_unique")

Arguments = Mapping[str, Any]


@dataclass
class Found:
    """What was found of one expectation.

    Attributes:
        judged: rows that it speaks of; those with nulls mostly are not.
        broken: rows that break it.
        positions: of the first broken rows in the table.
        shown: keys and values of these rows.
    """

    judged: int = 0
    broken: int = 0
    positions: list[int] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of the rows spoken of that hold."""
        return (self.judged - self.broken) / self.judged if self.judged else 1.0


def is_counted(kind: str, arguments: Arguments, table: schema.Table) -> bool:
    """Say whether this module can count what breaks an expectation; all others are left to Great Expectations."""
    if not (arguments.keys() <= KNOWN and set(columns(arguments)) <= set(table.names)):
        return False
    if kind == PAIR:
        return arguments.get("ignore_row_if") == "either_value_is_missing"
    return kind in HOLDS or kind in (ROWS, *UNIQUE)


def columns(arguments: Arguments) -> list[str]:
    """Return the columns that an expectation speaks of."""
    named = [arguments[key] for key in NAMING if key in arguments]
    return [*named, *arguments.get("column_list", ())]


def count(path: Path, table: schema.Table, checks: Sequence[tuple[str, Arguments]], most: int) -> list[Found]:
    """Return what is found of each of `checks`, which are kinds with their arguments, in one pass over the file.

    Args:
        path: the table's Parquet file.
        table: its declaration.
        checks: expectations for which `is_counted` holds.
        most: broken rows of each that are shown.
    """
    found = [Found() for _ in checks]
    rowwise = [(each, kind, arguments) for each, (kind, arguments) in zip(found, checks, strict=True) if kind in HOLDS]
    keys = list(table.primary_key)
    needed = list(dict.fromkeys([*keys, *(c for _, _, arguments in rowwise for c in columns(arguments))]))
    with pq.ParquetFile(path) as opened:
        start = 0
        for batch in opened.iter_batches(batch_size=BATCH, columns=needed):
            for each, kind, arguments in rowwise:
                _add(each, batch, start, HOLDS[kind](batch, arguments), (keys, columns(arguments), most))
            start += batch.num_rows
        for each, (kind, arguments) in zip(found, checks, strict=True):
            if kind in UNIQUE:
                _repeated(each, opened.read(list(dict.fromkeys([*keys, *columns(arguments)]))), keys, arguments, most)
    return found


def _add(
    found: Found, batch: pa.RecordBatch, start: int, holds: pa.Array, shown: tuple[list[str], list[str], int]
) -> None:
    """Add a batch to what is found; `holds` is null in rows that the expectation does not speak of."""
    keys, named, most = shown
    found.judged += len(holds) - holds.null_count
    broken = pc.fill_null(pc.invert(holds), fill_value=False)
    number = pc.sum(broken).as_py() or 0
    found.broken += number
    if number and len(found.positions) < most:
        places = pc.indices_nonzero(broken)[: most - len(found.positions)]
        found.positions += [start + place.as_py() for place in places]
        found.shown += batch.select(list(dict.fromkeys([*keys, *named]))).take(places).to_pylist()


def _repeated(found: Found, rows: pa.Table, keys: list[str], arguments: Arguments, most: int) -> None:
    """Find the rows whose values stand in others too."""
    named = columns(arguments)
    stated = rows.filter(_any_stated(rows, named))
    found.judged = len(stated)
    if len(stated.group_by(named).aggregate([])) == len(stated):
        return
    frame: pd.DataFrame = rows.select(named).to_pandas()
    repeated = frame.duplicated(keep=False) & ~frame.isna().all(axis=1)
    found.broken = int(repeated.sum())
    found.positions = [int(place) for place in repeated.to_numpy().nonzero()[0][:most]]
    found.shown = rows.select(list(dict.fromkeys([*keys, *named]))).take(found.positions).to_pylist()


def _any_stated(rows: pa.Table, named: Sequence[str]) -> pa.ChunkedArray:
    stated = pc.is_valid(rows[named[0]])
    for name in named[1:]:
        stated = pc.or_(stated, pc.is_valid(rows[name]))
    return stated


# ---- whether each row holds; null where the expectation does not speak of it
Holds = Callable[[pa.RecordBatch, Arguments], pa.Array]


def _stated(batch: pa.RecordBatch, arguments: Arguments) -> pa.Array:
    return _present(batch[arguments["column"]])


def _present(values: pa.Array) -> pa.Array:
    return pc.invert(pc.is_null(values, nan_is_null=True))


def _in_set(batch: pa.RecordBatch, arguments: Arguments) -> pa.Array:
    return _among(batch[arguments["column"]], pa.array(arguments["value_set"], type=batch[arguments["column"]].type))


def _referenced(batch: pa.RecordBatch, arguments: Arguments) -> pa.Array:
    return _among(batch[arguments["column"]], keys_of(arguments["parent"], arguments["key"], Path(arguments["folder"])))


def _among(values: pa.Array, allowed: pa.Array) -> pa.Array:
    return pc.if_else(_present(values), pc.is_in(values, value_set=allowed), None)


def _within(values: pa.Array, arguments: Arguments) -> pa.Array:
    holds = pc.if_else(_present(values), True, None)
    if arguments.get("min_value") is not None:
        holds = pc.and_(holds, pc.greater_equal(values, arguments["min_value"]))
    if arguments.get("max_value") is not None:
        holds = pc.and_(holds, pc.less_equal(values, arguments["max_value"]))
    return holds


def _between(batch: pa.RecordBatch, arguments: Arguments) -> pa.Array:
    return _within(batch[arguments["column"]], arguments)


def _length(batch: pa.RecordBatch, arguments: Arguments) -> pa.Array:
    return _within(pc.utf8_length(batch[arguments["column"]]), arguments)


def _matching(batch: pa.RecordBatch, arguments: Arguments) -> pa.Array:
    values, pattern = batch[arguments["column"]], re.compile(arguments["regex"])
    different = pc.unique(values.drop_null())  # Arrow's own regular expressions differ at line ends and blanks
    return _among(
        values, different.filter(pa.array([bool(pattern.search(v)) for v in different.to_pylist()], pa.bool_()))
    )


def _in_order(batch: pa.RecordBatch, arguments: Arguments) -> pa.Array:
    compare = pc.greater_equal if arguments.get("or_equal") else pc.greater
    return compare(batch[arguments["column_A"]], batch[arguments["column_B"]])


HOLDS: dict[str, Holds] = {
    VALUES + "not_be_null": _stated,
    VALUES + "be_in_set": _in_set,
    VALUES + "reference": _referenced,
    VALUES + "be_between": _between,
    VALUES + "match_regex": _matching,
    "expect_column_value_lengths_to_be_between": _length,
    PAIR: _in_order,
}


def keys_of(parent: str, key: str, folder: Path) -> pa.Array:
    """Return the keys of a table, to look others' references up in."""
    path = io.path_of(parent, folder)
    stat = path.stat()
    return _keys(path, key, (stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=4)
def _keys(path: Path, key: str, stamp: tuple[int, int]) -> pa.Array:
    return pq.read_table(path, columns=[key])[key].combine_chunks()
