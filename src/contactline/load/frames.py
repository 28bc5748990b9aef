"""One table, its rows and columns as asked, in the form asked for."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contactline import schema
from contactline.records import as_of as knowledge
from contactline.records import folds

DATETIME = pa.timestamp("us")  # the unit that pandas itself reads days with
BACKENDS = ("pandas", "pyarrow", "polars")
POINT = ("longitude", "latitude")
WGS84 = "EPSG:4326"


def possible(name: str, backend: str, geo: bool) -> None:
    """Stop before anything is fetched where `name` cannot be given in that form.

    Raises:
        ValueError: no such table or backend, or coordinates are asked of a table without.
        ImportError: what it takes is not installed.
    """
    names = schema.table(name).names
    if backend not in BACKENDS:
        raise ValueError(f"no backend {backend!r}; the backends are {', '.join(BACKENDS)}")
    if geo and backend != "pandas":
        raise ValueError(f"geo=True makes a GeoDataFrame; leave out backend={backend!r}")
    if geo and not set(POINT) <= set(names):
        placed = [t.name for t in schema.tables().values() if t.released and set(POINT) <= set(t.names)]
        raise ValueError(f"{name} has no coordinates; geo=True is for {', '.join(placed)}")
    if geo:
        _library("geopandas", "geo=True", "geo")
    if backend == "polars":
        _library("polars", "backend='polars'", "polars")


def _library(package: str, argument: str, extra: str) -> Any:
    try:
        return import_module(package)
    except ImportError as error:
        raise ImportError(f"{argument} needs {package}: pip install 'contactline[{extra}]'") from error


def table(
    name: str,
    path_of: Callable[[str], Path],
    day: dt.date | None,
    fold: str | None,
    columns: Sequence[str] | None,
    filters: Any,
    geo: bool,
) -> pa.Table:
    """Return rows and columns of a table; where it is read as stored, only they are read from the file.

    Args:
        name: a table of the codebook.
        path_of: gives the file of a table.
        day: last day of publication; None is today's knowledge.
        fold: ucdp | acled | ibc | None.
        columns: those to keep; None is all.
        filters: rows to keep, as pyarrow writes it; None is all.
        geo: keep the coordinates, too.
    """
    wanted = None if columns is None else list(columns)
    if wanted is not None and geo:
        wanted += [each for each in POINT if each not in wanted]
    if day is None and (fold is None or (fold == folds.DEFAULT and name == "events")):
        path = path_of(name)
        kept = _expression(filters, name, pq.read_schema(path).names, wanted)
        return pq.read_table(path, columns=wanted, filters=kept)
    found = knowledge.view(name, cache(lambda each: pq.read_table(path_of(each))), day, fold)
    kept = _expression(filters, name, found.column_names, wanted)
    found = found if kept is None else found.filter(kept)
    return found if wanted is None else found.select(wanted)


def _expression(filters: Any, name: str, names: Sequence[str], wanted: Sequence[str] | None) -> Any:
    """Return `filters` as an Arrow expression, days as days; None where there are none.

    Raises:
        ValueError: a column that is not there, or a filter that is not column, comparison, value.
    """
    either = [] if not filters else filters if isinstance(filters[0], list) else [filters]
    for each in [*(wanted or ()), *(_parts(f)[0] for all_of in either for f in all_of)]:
        if each not in names:
            raise ValueError(f"{name}: no column {each!r}; it has {', '.join(names)}")
    if not either:
        return None
    return pq.filters_to_expression([[_with_days(f, name) for f in all_of] for all_of in either])


def _parts(one: Any) -> tuple[str, str, Any]:
    if not isinstance(one, tuple) or len(one) != 3:
        raise ValueError(f'filters: {one!r} is no filter; write it as ("country", "==", "AZE")')
    return one


def _with_days(one: tuple[str, str, Any], name: str) -> tuple[str, str, Any]:
    column, comparison, value = one
    known = schema.table(name)
    if column not in known.names or known[column].type != "date":
        return one
    several = isinstance(value, list | tuple | set)
    return column, comparison, [_day(each, column) for each in value] if several else _day(value, column)


def _day(value: Any, column: str) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    if not isinstance(value, str):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"filters: {column} is compared with {value!r}; write the day as 2022-09-14") from error


def given(found: pa.Table, name: str, backend: str, geo: bool) -> Any:
    """Return a table as what `backend` names, or as a GeoDataFrame."""
    if backend == "pyarrow":
        return found
    if backend == "polars":
        return import_module("polars").from_arrow(found)
    frame = _with_datetimes(found).to_pandas()
    if not geo:
        return frame
    geopandas = import_module("geopandas")
    return geopandas.GeoDataFrame(frame, geometry=geopandas.points_from_xy(*(frame[c] for c in POINT)), crs=WGS84)


def _with_datetimes(found: pa.Table) -> pa.Table:
    """Return `found` with its days as timestamps, and metadata that makes pandas read them so."""
    days = {field.name for field in found.schema if pa.types.is_date(field.type)}
    for column in days:
        place = found.schema.get_field_index(column)
        found = found.set_column(place, column, found[column].cast(DATETIME))
    metadata = found.schema.metadata or {}
    if b"pandas" not in metadata:
        return found
    said = json.loads(metadata[b"pandas"])
    kept = [c for c in said["columns"] if c["name"] not in days]
    return found.replace_schema_metadata({**metadata, b"pandas": json.dumps(said | {"columns": kept}).encode()})
