"""Copies of the tables for who does not read Parquet: CSV, Stata, SQLite; the same tables give the same bytes."""

import datetime as dt
import io as memory
import sqlite3
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from contactline import schema

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest day a zip can say; the same in every build
STATA_STRING = 2045  # characters; a longer string needs Stata's strL
SQLITE = {"string": "text", "integer": "integer", "number": "real", "date": "text", "boolean": "integer"}


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of `members`: sorted, dated 1980-01-01, stored."""
    out = memory.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, members[name])
    return out.getvalue()


def csv(tables: Mapping[str, pa.Table]) -> bytes:
    """Return a zip of CSV files, one a table; a null is an empty cell."""
    return zipped({f"{name}.csv": _csv(table) for name, table in tables.items()})


def _csv(table: pa.Table) -> bytes:
    out = memory.BytesIO()
    pyarrow.csv.write_csv(table, out)
    return out.getvalue()


def stata(tables: Mapping[str, pa.Table], date: dt.date) -> bytes:
    """Return a zip of Stata files with the codebook's descriptions as variable labels; strings know no null there."""
    return zipped({f"{name}.dta": _stata(schema.table(name), table, date) for name, table in tables.items()})


def _stata(table: schema.Table, rows: pa.Table, date: dt.date) -> bytes:
    frame = pd.DataFrame({field.name: _stata_column(field, rows[field.name]) for field in table.fields})
    days: dict[Any, Any] = {field.name: "td" for field in table.fields if field.type == "date"}
    long = [f.name for f in table.fields if f.type == "string" and frame[f.name].str.len().max() > STATA_STRING]
    out = memory.BytesIO()
    frame.to_stata(
        out,
        version=118,
        write_index=False,
        time_stamp=dt.datetime.combine(date, dt.time(), tzinfo=None),
        data_label=table.name,
        variable_labels={field.name: field.description[:80] for field in table.fields},
        convert_dates=days,
        convert_strl=long,
    )
    return out.getvalue()


def _stata_column(field: schema.Field, column: pa.ChunkedArray) -> pd.Series:
    values: pd.Series = column.to_pandas()
    if field.type == "string":
        return values.astype(object).where(values.notna(), "")
    if field.type == "date":
        return pd.to_datetime(values)
    return values.astype("float64")  # Stata's integers have no missing value that pandas can write


def sqlite(tables: Mapping[str, pa.Table]) -> bytes:
    """Return a SQLite file with a table each, its key declared; dates are ISO text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contactline.sqlite"
        store = sqlite3.connect(path)
        with store:
            for name, rows in tables.items():
                _fill(store, schema.table(name), rows)
        store.execute("vacuum")
        store.close()
        return path.read_bytes()


def _fill(store: sqlite3.Connection, table: schema.Table, rows: pa.Table) -> None:
    columns = ", ".join(f'"{f.name}" {SQLITE[f.type]}{" not null" if f.required else ""}' for f in table.fields)
    key = ", ".join(f'"{each}"' for each in table.primary_key)
    store.execute(f'create table "{table.name}" ({columns}, primary key ({key})) without rowid')
    dates = [field.name for field in table.fields if field.type == "date"]
    text = rows.cast(pa.schema([f.with_type(pa.string()) if f.name in dates else f for f in rows.schema]))
    marks = ", ".join("?" * len(table.fields))
    store.executemany(
        f'insert into "{table.name}" values ({marks})', zip(*(c.to_pylist() for c in text.columns), strict=True)
    )
