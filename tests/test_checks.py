"""Every expectation is shown a table that it alone is there to catch."""

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contactline import checks, io, schema, violations
from samples import rows, write_all

EXPECTATIONS = Path(__file__).parent.parent / "expectations"
TABLES = list(schema.tables())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which every table is good."""
    made = tmp_path_factory.mktemp("tables")
    write_all(made)
    return made


@pytest.mark.parametrize("name", TABLES)
def test_a_good_table_passes(name, folder):
    assert [str(o) for o in checks.run(name, folder, EXPECTATIONS) if o.state != "passed"] == []


def all_checks():
    for name in TABLES:
        table = schema.table(name)
        for check in checks.implied(table, Path("unused")):
            yield name, check, "implied"
        for check in checks.written(table, EXPECTATIONS):
            yield name, check, "written"


def corrupt(frame, kind, kwargs, at=0):
    """Return `frame` broken in the way that an expectation of this kind is there to catch."""
    broken, column = frame.copy(), kwargs.get("column")
    if kind == "expect_column_values_to_not_be_null":
        broken[column] = pd.Series([None] * len(broken), dtype=broken[column].dtype)
    elif kind == "expect_column_values_to_be_in_set":
        broken.loc[at, column] = 99 if broken[column].dtype == "Int32" else "wizard"
    elif kind == "expect_column_values_to_be_between":
        low, high = kwargs.get("min_value"), kwargs.get("max_value")
        broken.loc[at, column] = low - 1 if low is not None else high + 1
    elif kind == "expect_column_values_to_match_regex":
        broken.loc[at, column] = "two words"
    elif kind == "expect_column_values_to_reference":
        broken.loc[at, column] = "nowhere"
    elif kind in ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"):
        broken = pd.concat([broken, broken.iloc[:1]] + [broken.iloc[:1]] * 5, ignore_index=True)
    elif kind == "expect_table_row_count_to_be_between":
        broken = broken.iloc[:0]
    elif kind == "expect_column_pair_values_a_to_be_greater_than_b":
        a, b = kwargs["column_A"], kwargs["column_B"]
        broken.loc[0, a] = broken.loc[0, b] - (dt.timedelta(days=1) if isinstance(broken.loc[0, b], dt.date) else 1)
    elif kind == "expect_column_value_lengths_to_be_between":
        broken.loc[at, column] = ""
    else:
        raise NotImplementedError(f"say here how to break {kind}")
    return broken


CASES = [
    (name, check, origin)
    for name, check, origin in all_checks()
    if check["kwargs"].get("min_value") != 0 or "row_count" not in check["type"]
]


@pytest.mark.parametrize("name", TABLES)
def test_every_expectation_catches_the_table_it_is_there_for(name, folder, tmp_path):
    table, frame = schema.table(name), io.read(name, folder)
    kinds = {}
    for _, check, _ in (case for case in CASES if case[0] == name):
        # Pairs share columns, so each is broken by itself; the others are broken together, a kind at a time.
        shared = json.dumps(check["kwargs"]) if "pair" in check["type"] else ""
        kinds.setdefault(check["type"] + shared, []).append(check)
    for suite in kinds.values():
        broken = frame
        for number, check in enumerate(suite):
            broken = corrupt(broken, check["type"], check["kwargs"], number % len(frame))
        live = [
            check | {"kwargs": check["kwargs"] | ({"folder": str(folder)} if "parent" in check["kwargs"] else {})}
            for check in suite
        ]
        outcomes = checks.validate(table, broken, live)
        assert len(outcomes) == len(suite)
        assert [str(o) for o in outcomes if o.state != "failed"] == []
        assert counted(table, broken, live, folder, tmp_path) == outcomes


def counted(table, frame, suite, folder, scratch):
    """Return what Arrow counts in a frame that is written as it is, bad rows and all."""
    made = pa.Table.from_pandas(
        frame, schema=pa.schema([f.with_nullable(True) for f in table.arrow()]), preserve_index=False
    )
    pq.write_table(made, io.path_of(table.name, scratch))
    return checks.count(table, scratch, suite)


@pytest.mark.parametrize("name", TABLES)
def test_arrow_reports_of_a_good_table_what_pandas_does(name, folder):
    table = schema.table(name)
    suite = checks.implied(table, folder) + checks.written(table, EXPECTATIONS)
    assert checks.count(table, folder, suite) == checks.validate(table, io.read(name, folder), suite)


def test_arrow_counts_every_expectation_there_is():
    left = [
        check["type"]
        for name, check, _ in all_checks()
        if not violations.is_counted(check["type"], check["kwargs"], schema.table(name))
    ]
    assert left == []


def test_a_large_table_is_counted_by_arrow_with_the_same_report(folder, monkeypatch):
    small = checks.run("event_mentions", folder, EXPECTATIONS)
    monkeypatch.setattr(checks, "LARGE", 3)
    monkeypatch.setattr(checks, "validate", None)
    assert checks.run("event_mentions", folder, EXPECTATIONS) == small


def test_what_arrow_shows_of_bad_rows_goes_across_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(violations, "BATCH", 4)
    table = schema.table("rejects")
    frame = pd.DataFrame(rows(table, 20)).astype(table.dtypes)
    frame.loc[[1, 6, 7, 9, 13, 17], "reason"] = "wizard"
    frame.loc[[2, 18], "detail"] = None
    suite = checks.implied(table, tmp_path)
    found = counted(table, frame, suite, tmp_path, tmp_path)
    assert found == checks.validate(table, frame, suite)
    assert [(o.unexpected, len(o.examples)) for o in found if o.state == "failed"] == [(6, 5), (2, 2)]


def test_what_arrow_cannot_count_is_left_to_the_suite(folder):
    table = schema.table("rejects")
    suite = [
        checks._check("expect_column_values_to_be_unique", column="colour"),
        checks._check("expect_column_values_to_be_in_set", column="reason", value_set=["no_text"], mostly=0.5),
        checks._check("expect_column_values_to_not_match_regex", column="detail", regex="x"),
    ]
    assert checks.count(table, folder, suite) == checks.validate(table, io.read("rejects", folder), suite)


def test_a_broken_table_stops_the_run_with_a_message_that_says_all(folder, tmp_path):
    io.write(rows(schema.table("articles")), "articles", tmp_path)
    bad = [row | {"sentence_end": row["sentence_start"] - 5} for row in rows(schema.table("event_mentions"))]
    for row, article in zip(bad, io.read("articles", tmp_path)["article_id"], strict=True):
        row["article_id"] = article
    io.write(bad, "event_mentions", tmp_path)
    message = (
        r"event_mentions: expect_column_pair_values_a_to_be_greater_than_b\(column_A='sentence_end',"
        r" column_B='sentence_start', .*\) failed, 3 of 3 rows; first: mention_id=event_mentions-0, sentence_end=-5,"
        r" sentence_start=0; .*Why: A sentence has at least one character."
    )
    report = tmp_path / "reports" / "mentions.json"
    with pytest.raises(checks.CheckError, match=message):
        checks.check(["event_mentions"], tmp_path, EXPECTATIONS, report)
    assert not report.exists()


def test_the_report_is_the_same_every_time(folder, tmp_path):
    reports = [tmp_path / name for name in ("a.json", "b.json")]
    for report in reports:
        checks.check(["articles", "texts"], folder, EXPECTATIONS, report)
    assert reports[0].read_bytes() == reports[1].read_bytes()
    found = json.loads(reports[0].read_text())
    assert {entry["state"] for entry in found} == {"passed"}
    assert len(found) > 20


def test_a_warning_is_returned_and_stops_nothing(folder, tmp_path):
    table = schema.table("articles")
    io.write([row | {"published_date": None} for row in rows(table)], "articles", tmp_path)
    warnings = checks.check(["articles"], tmp_path, EXPECTATIONS, tmp_path / "r.json")
    assert [w.expectation for w in warnings] == ["expect_column_values_to_not_be_null"]
    assert (tmp_path / "r.json").is_file()


def test_a_table_with_other_columns_than_the_codebooks_is_caught(folder, tmp_path):
    frame = io.read("rejects", folder).rename(columns={"detail": "details"})
    frame.to_parquet(tmp_path / "rejects.parquet")
    with pytest.raises(checks.CheckError, match=r"rejects: expect_columns_as_in_the_codebook\(\) failed.*details"):
        checks.check(["rejects"], tmp_path, EXPECTATIONS, tmp_path / "r.json")


def test_an_expectation_that_cannot_run_is_said_to_be_so(folder):
    table = schema.table("rejects")
    outcomes = checks.validate(
        table, io.read("rejects", folder), [checks._check("expect_column_values_to_be_unique", column="colour")]
    )
    assert [o.state for o in outcomes] == ["could not run"]
    assert str(outcomes[0]).startswith("rejects: expect_column_values_to_be_unique(column='colour') could not run:")
    assert outcomes[0].stops


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"rejects.yml: missing; every table has its expectations, if only on its row count"),
        ("expect: x", r"rejects.yml: not a list of expectations"),
        ("- expect: expect_table_row_count_to_be_between", r"rejects.yml: entry 1 needs both `expect` and `why`"),
        ("[]", r"rejects.yml: nothing on the row count; an empty table would pass every other expectation"),
    ],
)
def test_expectation_files_that_say_too_little_are_refused(content, message, tmp_path):
    if content is not None:
        (tmp_path / "rejects.yml").write_text(content)
    with pytest.raises(checks.CheckError, match=message):
        checks.written(schema.table("rejects"), tmp_path)


def test_an_unknown_expectation_is_refused_not_dropped():
    with pytest.raises(
        checks.CheckError, match=r"expectations/rejects.yml: expect_wisdom with \{'column': 'detail'\} is no valid"
    ):
        checks.suite("rejects", [checks._check("expect_wisdom", column="detail")])
