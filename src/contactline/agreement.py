"""How far two codings of the same articles agree: two people's, or a person's and the machine's."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import krippendorff
import numpy as np

from contactline import evaluate, io, schema
from contactline.coding.article import Rows

Row = Mapping[str, Any]
Pair = tuple[Row, Row]
Level = Literal["nominal", "ratio"]

# Table -> column -> how its values compare: as codes, as figures, or as names, which may be spelt in two ways.
COLUMNS: Mapping[str, Mapping[str, Level | Literal["name"]]] = {
    "casualties": {
        "low": "ratio",
        "high": "ratio",
        "victim_country": "nominal",
        "victim_status": "nominal",
        "scope": "nominal",
        "claimant": "name",
    },
    "contacts": {"mode": "nominal", "status": "nominal", "scope": "nominal", "date": "nominal"},
    "statements": {"country": "nominal", "targets": "nominal"},
    "events": {"country": "nominal", "scope": "nominal", "start": "nominal", "place": "name"},
}
MATCHED = ("claimant", "country", "mode", "status")  # what aligning reads of a row, be it annotated or not


@dataclass(frozen=True)
class Coding:
    """One coding of articles.

    Attributes:
        articles: article id -> table -> rows in the gold's terms; a table that is left out was not judged.
        complete: whether an article that is not there was coded and holds nothing.
    """

    articles: Mapping[str, Mapping[str, Sequence[Row]]]
    complete: bool

    def of(self, article_id: str, table: str) -> Sequence[Row] | None:
        """Return the rows of one article; None where it was not judged."""
        if article_id in self.articles:
            return self.articles[article_id].get(table)
        return () if self.complete else None


def read(path: Path) -> Coding:
    """Return a coding: annotations (JSON lines) or a folder of mention tables.

    Raises:
        ValueError: a line is no annotation.
        FileNotFoundError: there is neither.
    """
    if path.is_dir():
        return Coding(_tables(path), complete=True)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: neither a file of annotations nor a folder of mention tables")
    found: dict[str, dict[str, list[Row]]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            record = json.loads(line)
            if not isinstance(record, dict) or "id" not in record:
                raise ValueError(f"{path}, line {number}: no annotation; it has no id")
            judged = {table: record[table] for table in COLUMNS if record.get(table) is not None}
            found[record["id"]] = {table: [_whole(row) for row in rows] for table, rows in judged.items()}
    return Coding(found, complete=False)


def _tables(folder: Path) -> dict[str, dict[str, list[Row]]]:
    names = [table.name for table in schema.group("mentions")]
    tables = {name: io.read_arrow(name, folder).to_pylist() for name in names}
    article_of = {row["mention_id"]: row["article_id"] for row in tables["contact_mentions"]}
    coded: dict[str, Rows] = defaultdict(lambda: {name: [] for name in names})
    for name, rows in tables.items():
        for row in rows:
            coded[row.get("article_id") or article_of[row["mention_id"]]][name].append(row)
    return {
        article_id: {table: [_whole(row) for row in found] for table, found in evaluate.predictions(rows).items()}
        for article_id, rows in coded.items()
    }


def _whole(row: Row) -> Row:
    """Return a row in the terms of both annotations and mentions: each says a contact's day in its own."""
    day = row.get("date", row.get("start"))
    days = {"date": day, "start": row.get("start", day), "end": row.get("end", day)}
    named = {name: row.get(name) for name in ("claimant", "speaker", "country", "place") if name in row}
    targets = {"targets": sorted(row["targets"])} if "targets" in row else {}
    return {**row, **named, **days, **targets}


# ---- agreement
@dataclass(frozen=True)
class Found:
    """How many rows of one table each coding has, and how many are the same row."""

    table: str
    rows: tuple[int, int]
    aligned: int

    @property
    def share(self) -> float:
        """Of all rows of both, the share that the other has, too (from 0 to 1)."""
        return 2 * self.aligned / sum(self.rows) if sum(self.rows) else 1.0


@dataclass(frozen=True)
class Agreed:
    """How far the aligned rows agree in one column.

    Attributes:
        table: the table.
        column: the column.
        pairs: aligned rows in which both say something of it, if only "not stated".
        share: of these, the share that agrees (from 0 to 1).
        alpha: Krippendorff's alpha, 1 where all agree and 0 where chance would do as well; None for names, and where
            the values do not vary, so that there is nothing to measure.
    """

    table: str
    column: str
    pairs: int
    share: float
    alpha: float | None


def agreement(one: Coding, other: Coding) -> tuple[list[Found], list[Agreed]]:
    """Return how many rows are the same, and how far these agree, by column.

    Rows are aligned as the evaluation aligns them: the same harm and figure, the same participants, the same speaker
    and kind, the same group of event and place. So the columns say how far two agree on rows both found.

    Raises:
        ValueError: the codings have no article in common.
    """
    ids = sorted(one.articles.keys() | other.articles.keys())
    both = [i for i in ids if any(one.of(i, t) is not None and other.of(i, t) is not None for t in COLUMNS)]
    if not both:
        raise ValueError("the two codings have no article in common; their ids must be the same")
    found, agreed = [], []
    for table, columns in COLUMNS.items():
        counted, pairs = _aligned(one, other, both, table)
        found.append(counted)
        agreed += [_agreed(table, column, level, pairs) for column, level in columns.items()]
    return found, [each for each in agreed if each.pairs]


def _aligned(one: Coding, other: Coding, ids: Sequence[str], table: str) -> tuple[Found, list[Pair]]:
    left = right = 0
    pairs: list[Pair] = []
    for article_id in ids:
        first, second = one.of(article_id, table), other.of(article_id, table)
        if first is not None and second is not None:
            left, right = left + len(first), right + len(second)
            filled = [dict.fromkeys(MATCHED) | dict(row) for row in second]
            pairs += [(first[i], second[j]) for i, j, _ in evaluate.match(first, filled, table)]
    return Found(table, (left, right), len(pairs)), pairs


def _agreed(table: str, column: str, level: Level | Literal["name"], pairs: Sequence[Pair]) -> Agreed:
    values = [(a[column], b[column]) for a, b in pairs if column in a and column in b]
    if level == "name":
        same = [a is b is None or bool(a and b and evaluate.same_name(a, b)) for a, b in values]
        return Agreed(table, column, len(values), _mean(same), None)
    plain = [(_plain(a), _plain(b)) for a, b in values]
    return Agreed(table, column, len(plain), _mean([a == b for a, b in plain]), alpha(plain, level))


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def _mean(same: Sequence[bool]) -> float:
    return sum(same) / len(same) if same else 1.0


def alpha(pairs: Sequence[tuple[Any, Any]], level: Level) -> float | None:
    """Return Krippendorff's alpha of pairs of values; None where they do not vary.

    Args:
        pairs: what either says of each row; as a code, null is a value like any other, as a figure it is missing.
        level: "nominal" or "ratio".
    """
    if level == "ratio":
        data = np.array([[math.nan if v is None else float(v) for v in side] for side in zip(*pairs, strict=True)])
    else:
        order = {value: i for i, value in enumerate(sorted({v for pair in pairs for v in pair}, key=repr))}
        data = np.array([[float(order[v]) for v in side] for side in zip(*pairs, strict=True)])
    paired = data[:, ~np.isnan(data).any(axis=0)] if data.size else data
    if len(np.unique(paired)) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=paired, level_of_measurement=level))


def lines(found: Sequence[Found], agreed: Sequence[Agreed]) -> list[str]:
    """Return the agreement as lines of text: a line a table, then a line a column."""
    said = []
    for each in found:
        said.append(
            f"{each.table}: {each.rows[0]:,} and {each.rows[1]:,} rows, {each.aligned:,} the same ({each.share:.0%})"
        )
        for column in (a for a in agreed if a.table == each.table):
            measured = "" if column.alpha is None else f", alpha {column.alpha:.2f}"
            said.append(f"  {column.column}: {column.share:.0%} of {column.pairs:,} agree{measured}")
    return said
