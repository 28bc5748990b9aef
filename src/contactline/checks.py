"""Great Expectations over our tables: what the codebook implies, then what `expectations/<table>.yml` adds."""

import json
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # before the import: it decides then whether to call home

import great_expectations as gx
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import (
    ColumnMapMetricProvider,
)

from contactline import io, schema, violations

LARGE = 100_000  # rows from which Arrow counts what breaks an expectation: pandas takes 5 s and 1 GB at a million
SHOWN = 5  # offending rows that a message names
VALUES = "expect_column_values_to_"

Check = dict[str, Any]


class CheckError(ValueError):
    """A table that breaks its expectations, or expectations that cannot be built."""


@dataclass(frozen=True)
class Outcome:
    """How one expectation fared.

    Attributes:
        state: passed | failed | could not run.
        severity: critical stops the run; a warning is only reported.
        unexpected: rows that break it, where it speaks of rows.
        examples: up to five offending rows: their keys and the value found.
        observed: the value it speaks of, where it speaks of the table.
    """

    table: str
    expectation: str
    arguments: dict[str, Any]
    why: str
    severity: str
    state: str
    rows: int
    unexpected: int | None = None
    examples: tuple[str, ...] = ()
    observed: str | None = None

    @property
    def stops(self) -> bool:
        """Whether the run may not go on."""
        return self.state != "passed" and self.severity == "critical"

    def __str__(self) -> str:
        """Say which table, expectation, why, how many rows, and the first of them."""
        on = ", ".join(f"{k}={v!r}" for k, v in self.arguments.items() if k != "value_set")
        if self.state == "could not run":
            return f"{self.table}: {self.expectation}({on}) could not run: {self.observed}"
        extent = f"observed {self.observed}" if self.unexpected is None else f"{self.unexpected} of {self.rows} rows"
        first = f"; first: {'; '.join(self.examples)}" if self.examples else ""
        return f"{self.table}: {self.expectation}({on}) failed, {extent}{first}. Why: {self.why}"


# ---- an expectation of our own: a key names a row of another table
class ColumnValuesReference(ColumnMapMetricProvider):
    """Whether each value is a key of another table; Arrow's hash look-up takes a tenth of pandas' `in_set`."""

    condition_metric_name = "column_values.reference"
    condition_value_keys = ("parent", "key", "folder")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, parent: str, key: str, folder: str, **_: Any) -> pd.Series:  # noqa: N805 - the decorator makes it a class method
        keys = violations.keys_of(parent, key, Path(folder))
        found = pc.is_in(pa.array(column, type=pa.string()), value_set=keys)
        return pd.Series(found.to_numpy(zero_copy_only=False), index=column.index)


class ExpectColumnValuesToReference(ColumnMapExpectation):
    """Expect each value that is not null to be a key of the table `parent`, which lies in `folder`."""

    parent: str
    key: str
    folder: str
    map_metric = "column_values.reference"
    success_keys = ("parent", "key", "folder", "mostly")


# ---- suites
def implied(table: schema.Table, folder: Path) -> list[Check]:
    """Return the expectations that the codebook implies for `table`."""
    checks: list[Check] = []
    for field in table.fields:
        on: dict[str, Any] = {"column": field.name}
        if field.required:
            checks.append(_check(VALUES + "not_be_null", **on))
        if field.codes:
            checks.append(_check(VALUES + "be_in_set", **on, value_set=list(schema.codes(field.codes))))
        if field.minimum is not None or field.maximum is not None:
            bounds = {"min_value": field.minimum, "max_value": field.maximum}
            stated = {name: bound for name, bound in bounds.items() if bound is not None}
            checks.append(_check(VALUES + "be_between", **{**on, **stated}))
        if field.pattern:
            checks.append(_check(VALUES + "match_regex", **on, regex=field.pattern))
        if field.references:
            key = schema.table(field.references).primary_key[0]
            checks.append(_check(VALUES + "reference", **on, parent=field.references, key=key, folder=str(folder)))
    if len(table.primary_key) == 1:
        return [*checks, _check(VALUES + "be_unique", column=table.primary_key[0])]
    return [*checks, _check("expect_compound_columns_to_be_unique", column_list=list(table.primary_key))]


def written(table: schema.Table, expectations: Path) -> list[Check]:
    """Return what `<expectations>/<table>.yml` adds.

    Raises:
        CheckError: the file is missing, is no list, says no `why`, or says nothing of the row count.
    """
    path = expectations / f"{table.name}.yml"
    if not path.is_file():
        raise CheckError(f"{path}: missing; every table has its expectations, if only on its row count")
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(entries, list):
        raise CheckError(f"{path}: not a list of expectations")
    for number, entry in enumerate(entries, start=1):
        if not {"expect", "why"} <= entry.keys():
            raise CheckError(f"{path}: entry {number} needs both `expect` and `why`")
    if not any(entry["expect"].startswith("expect_table_row_count") for entry in entries):
        raise CheckError(f"{path}: nothing on the row count; an empty table would pass every other expectation")
    return [_check(**entry) for entry in entries]


def _check(expect: str, why: str = "codebook", severity: str = "critical", **arguments: Any) -> Check:
    return {"type": expect, "kwargs": arguments, "meta": {"why": why}, "severity": severity}


def suite(name: str, checks: Sequence[Check]) -> gx.ExpectationSuite:
    """Return the suite of `checks`, all of them.

    Raises:
        CheckError: Great Expectations knows no such expectation; by itself it would drop it and pass.
    """
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # it logs a traceback for what we report below
    built = gx.ExpectationSuite(name=name, expectations=list(checks))
    kept = {(e.expectation_type, (e.meta or {})["why"]) for e in built.expectations}
    for check in checks:
        if (check["type"], check["meta"]["why"]) not in kept:
            raise CheckError(f"expectations/{name}.yml: {check['type']} with {check['kwargs']} is no valid expectation")
    if len(built.expectations) != len(checks):
        raise CheckError(
            f"expectations/{name}.yml: {len(checks)} expectations written but {len(built.expectations)} built"
        )
    return built


# ---- running them
def run(name: str, folder: Path, expectations: Path) -> list[Outcome]:
    """Return how every expectation of the table called `name` in `folder` fared, in a stable order."""
    table = schema.table(name)
    layout = _layout(table, folder)
    if layout.stops:
        return [layout]
    checks = implied(table, folder) + written(table, expectations)
    if layout.rows >= LARGE:
        return [layout, *count(table, folder, checks)]
    return [layout, *validate(table, io.read(name, folder), checks)]


def validate(table: schema.Table, frame: pd.DataFrame, checks: Sequence[Check]) -> list[Outcome]:
    """Return how each of `checks` fares on `frame`."""
    return _in_order(_outcome(table, frame, result) for result in _results(frame, suite(table.name, checks)))


def count(table: schema.Table, folder: Path, checks: Sequence[Check]) -> list[Outcome]:
    """Return what `validate` does, for the file of a table of any length: Arrow counts, the suite judges the counts."""
    counted = [check for check in checks if violations.is_counted(check["type"], check["kwargs"], table)]
    path = io.path_of(table.name, folder)
    found = violations.count(path, table, [(check["type"], check["kwargs"]) for check in counted], SHOWN)
    rows = pq.read_metadata(path).num_rows
    measures = [rows if c["type"] == violations.ROWS else each.share for c, each in zip(counted, found, strict=True)]
    limits = [_limit(str(number), check) for number, check in enumerate(counted)]
    frame = pd.DataFrame({str(number): [measure] for number, measure in enumerate(measures)})
    judged = {r.expectation_config.kwargs["column"]: r.success for r in _results(frame, suite(table.name, limits))}
    outcomes = [
        _counted(table, rows, check, each, passed=judged[str(number)])
        for number, (check, each) in enumerate(zip(counted, found, strict=True))
    ]
    others = [check for check in checks if check not in counted]
    if others:
        outcomes += validate(table, io.read(table.name, folder), others)
    return _in_order(outcomes)


def _limit(column: str, check: Check) -> Check:
    """Return the expectation that what was measured of another lies where it must."""
    bounds = {"min_value": check["kwargs"].get("mostly", 1)}
    if check["type"] == violations.ROWS:
        bounds = {key: check["kwargs"][key] for key in ("min_value", "max_value") if key in check["kwargs"]}
    return check | {"type": VALUES + "be_between", "kwargs": {"column": column, **bounds}}


def _counted(table: schema.Table, rows: int, check: Check, found: violations.Found, *, passed: bool) -> Outcome:
    of_table = check["type"] == violations.ROWS
    return Outcome(
        table=table.name,
        expectation=check["type"],
        arguments={k: v for k, v in check["kwargs"].items() if k != "folder"},
        why=check["meta"]["why"],
        severity=check["severity"],
        state="passed" if passed else "failed",
        rows=rows,
        unexpected=None if of_table else found.broken,
        examples=() if passed else tuple(map(_example, found.shown)),
        observed=str(rows) if of_table else None,
    )


def _results(frame: pd.DataFrame, expected: gx.ExpectationSuite) -> list[Any]:
    """Return the results of a suite in one call: one expectation at a time takes ten times as long."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("tables").add_dataframe_asset(expected.name)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    form = {"result_format": "SUMMARY", "partial_unexpected_count": SHOWN}
    return list(batch.validate(expected, result_format=form).results)


def _in_order(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return sorted(outcomes, key=lambda o: (o.expectation, json.dumps(o.arguments, default=str)))


def _layout(table: schema.Table, folder: Path) -> Outcome:
    """Compare the file's Arrow schema with the codebook's: Great Expectations' own type checks are unreliable."""
    rows = len(io.read_arrow(table.name, folder, columns=[]))
    found, wanted = pq.read_schema(io.path_of(table.name, folder)), table.arrow()
    same = found.remove_metadata().equals(wanted.remove_metadata())
    differ = sorted(set(map(str, found.remove_metadata())) ^ set(map(str, wanted.remove_metadata())))
    return Outcome(
        table=table.name,
        expectation="expect_columns_as_in_the_codebook",
        arguments={},
        why="codebook",
        severity="critical",
        state="passed" if same else "failed",
        rows=rows,
        observed=None if same else f"differing columns: {', '.join(differ) or 'order'}",
    )


def _outcome(table: schema.Table, frame: pd.DataFrame, result: Any) -> Outcome:
    config, details = result.expectation_config, dict(result.result)
    ran = bool(details) and not result.exception_info.get("raised_exception", False)
    unexpected = details.get("unexpected_count")
    arguments = {k: v for k, v in config.kwargs.items() if k not in ("batch_id", "folder")}
    return Outcome(
        table=table.name,
        expectation=config.type,
        arguments=arguments,
        why=config.meta["why"],
        severity=config.severity.value,
        state="could not run" if not ran else "passed" if result.success else "failed",
        rows=len(frame),
        unexpected=None if unexpected is None else int(unexpected),
        examples=() if not unexpected or result.success else _examples(table, frame, arguments, details),
        observed=_message(result.exception_info) if not ran else _plain(details.get("observed_value")),
    )


def _examples(
    table: schema.Table, frame: pd.DataFrame, arguments: dict[str, Any], details: dict[str, Any]
) -> tuple[str, ...]:
    shown = list(dict.fromkeys([*table.primary_key, *violations.columns(arguments)]))
    rows = frame.iloc[details["partial_unexpected_index_list"][:SHOWN]][shown].to_dict("records")
    return tuple(map(_example, rows))


def _example(row: dict[str, Any]) -> str:
    return ", ".join(f"{column}={_plain(value) or 'null'}" for column, value in row.items())


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return "null" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)


def _message(info: dict[str, Any]) -> str:
    entries = [info, *(entry for entry in info.values() if isinstance(entry, dict))]
    messages = sorted(str(entry["exception_message"]) for entry in entries if entry.get("exception_message"))
    return messages[0].strip() if messages else "no result"


# ---- the report that the next stage waits for
def check(names: Iterable[str], folder: Path, expectations: Path, report: Path) -> list[Outcome]:
    """Check the tables and write the report; on a broken expectation write nothing.

    Returns:
        The warnings.

    Raises:
        CheckError: an expectation does not hold; the message names all that do not.
    """
    outcomes = [outcome for name in names for outcome in run(name, folder, expectations)]
    broken = [str(outcome) for outcome in outcomes if outcome.stops]
    if broken:
        raise CheckError("\n".join(broken))
    report.parent.mkdir(parents=True, exist_ok=True)
    draft = report.with_suffix(io.DRAFT)
    draft.write_text(
        json.dumps([asdict(o) for o in outcomes], indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8"
    )
    draft.replace(report)
    return [outcome for outcome in outcomes if outcome.state != "passed"]
