"""What differs between two releases, row by row, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contactline import io, schema

WHOLE_ROW = "*"
DESCRIPTOR = "datapackage.json"
TOLLS = ("deaths_best", "wounded_best")
CORRECTED = "correction"  # the rules that a hand correction leaves in the evidence begin so


class DiffError(ValueError):
    """Folders that cannot be compared, or a row that went without a reason."""


@dataclass(frozen=True)
class Release:
    """A release folder, read as far as comparing needs."""

    folder: Path
    version: str

    def table(self, name: str) -> pa.Table:
        """Return a table as it lies there, which may be by an older codebook; empty where it is not there."""
        path = io.path_of(name, self.folder)
        return pq.read_table(path) if path.is_file() else schema.table(name).arrow().empty_table()


FOLLOW = {"changes", "actors", "places"}  # these follow from the records, whose changes say why


def compared() -> list[str]:
    """Return the tables that are compared."""
    return [table.name for table in schema.tables().values() if table.released and table.name not in FOLLOW]


def changes(old: Release, new: Release) -> pa.Table:
    """Return the `changes` table from `old` to `new`.

    Raises:
        DiffError: a folder holds no release.
    """
    for release in (old, new):
        if not release.folder.is_dir() or not any(release.folder.glob("*.parquet")):
            raise DiffError(f"{release.folder}: no release here; it holds no Parquet table")
    why = Reasons(old, new)
    parts = [part for name in compared() for part in _of_table(name, old, new, why)]
    columns = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if columns.empty:
        return io.arrow("changes", ())
    columns["from_version"], columns["to_version"] = old.version, new.version
    return io.from_frame(columns, "changes")


class Reasons:
    """Why records differ: told from the articles and the rules behind them in either release."""

    def __init__(self, old: Release, new: Release) -> None:
        before, after = old.table("evidence").to_pandas(), new.table("evidence").to_pandas()
        known, present = (
            set(old.table("articles")["article_id"].to_pylist()),
            set(new.table("articles")["article_id"].to_pylist()),
        )
        self._fresh = set(after.loc[~after["article_id"].isin(known), "record_id"]) | (present - known)
        self._lost = set(before.loc[~before["article_id"].isin(present), "record_id"]) | (known - present)
        self._corrected = set(after.loc[after["rule_id"].str.contains(CORRECTED, regex=False), "record_id"])
        events = new.table("events").to_pandas()
        self._merged = set(events.loc[events["status"] == "superseded", "event_id"])

    def of(self, records: pd.Series) -> np.ndarray[Any, Any]:
        """Return the code of `change_reason` for each record key; the first that holds."""
        holds = [records.isin(keys) for keys in (self._merged, self._corrected, self._fresh, self._lost)]
        return np.select(holds, ["merge", "correction", "new_article", "lost_article"], default="rule_change")


def _of_table(name: str, old: Release, new: Release, why: Reasons) -> Iterator[pd.DataFrame]:
    """Yield frames of changes of one table: rows that came, rows that went, then a frame a column."""
    table = schema.table(name)
    key = list(table.primary_key)
    before, after = (_keyed(release.table(name), key) for release in (old, new))
    came = after.index.difference(before.index, sort=False)
    went = before.index.difference(after.index, sort=False)
    yield _rows(name, came, "added", why.of(after.loc[came, key[0]]))
    yield _rows(name, went, "removed", why.of(before.loc[went, key[0]]))
    both = after.index.intersection(before.index, sort=False)
    before, after = before.loc[both], after.loc[both]
    for column in [c for c in table.names if c not in key and c in before.columns and c in after.columns]:
        one, other = before[column], after[column]
        differs = ((one != other) & ~(one.isna() & other.isna())).fillna(True).to_numpy(dtype=bool)
        if differs.any():
            found = _rows(name, both[differs], "changed", why.of(after.loc[differs, key[0]]), column)
            found["old_value"], found["new_value"] = _text(one[differs]), _text(other[differs])
            yield found


def _keyed(table: pa.Table, key: Sequence[str]) -> pd.DataFrame:
    joined = pc.binary_join_element_wise(*(table[column].cast(pa.string()) for column in key), "|")
    frame: pd.DataFrame = table.to_pandas()
    frame.index = pd.Index(joined.to_pandas(), name="changed_key")
    return frame


def _rows(name: str, keys: pd.Index, change: str, reasons: Any, column: str = WHOLE_ROW) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "changed_table": name,
            "changed_key": keys.to_numpy(),
            "change": change,
            "changed_field": column,
            "change_reason": reasons,
        }
    )


def _text(values: pd.Series) -> Any:
    return values.astype("string").astype(object).where(values.notna(), None).to_numpy()


def unexplained(found: pa.Table) -> pa.Table:
    """Return the removals that break the promise: rows never leave `events`; they are superseded or retracted."""
    return found.filter(pc.and_(pc.equal(found["change"], "removed"), pc.equal(found["changed_table"], "events")))


@dataclass(frozen=True)
class Revision:
    """A toll that was revised."""

    event_id: str
    column: str
    old: int
    new: int
    reason: str


def revisions(found: pa.Table, most: int = 10) -> list[Revision]:
    """Return the `most` largest revisions of a toll, the largest first."""
    frame = found.filter(pc.is_in(found["changed_field"], value_set=pa.array(TOLLS))).to_pandas()
    frame = frame.dropna(subset=["old_value", "new_value"])
    frame["size"] = (frame["new_value"].astype(int) - frame["old_value"].astype(int)).abs()
    top = frame.sort_values(["size", "changed_key"], ascending=[False, True]).head(most)
    return [
        Revision(key, column, int(old), int(new), reason)
        for key, column, old, new, reason in zip(
            *(top[c] for c in ("changed_key", "changed_field", "old_value", "new_value", "change_reason")), strict=True
        )
    ]


def summary(found: pa.Table) -> list[str]:
    """Return lines that tell the changes: a line a table, change and reason, then the largest revisions."""
    counts = found.group_by(["changed_table", "change", "change_reason"]).aggregate([("changed_key", "count_distinct")])
    ordered = counts.sort_by([(c, "ascending") for c in ("changed_table", "change", "change_reason")]).to_pylist()
    lines = [
        f"{row['changed_table']}: {row['changed_key_count_distinct']:,} {row['change']}"
        f" ({row['change_reason'].replace('_', ' ')})"
        for row in ordered
    ]
    lines += [
        f"{r.event_id} {r.column}: {r.old:,} -> {r.new:,} ({r.reason.replace('_', ' ')})" for r in revisions(found)
    ]
    return lines or ["no difference"]
