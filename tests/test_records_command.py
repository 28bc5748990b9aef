"""The stage as it is run: from mention tables and a ledger to record tables, the same bytes every time."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from arnor import MENTIONS, Corpus
from contactline import io, schema
from contactline.cli import app


def told():
    made = (
        Corpus().article("a1", "2031-05-03").article("a2", "2031-05-04", "Blue Book").article("a3", duplicate_of="a1")
    )
    made.event("a1", where="Osgiliath").claim("a1", 49, by="Aragorn", where="Osgiliath")
    made.event("a2", where="Osgiliath").claim("a2", 105, 105, by="Aragorn", basis="cumulative")
    made.event("a3", where="Osgiliath").contact("a1", "ARN Aragorn, GON Denethor", where="Bree", mode="meeting")
    return made.statement("a2", "Aragorn")


def run(made, folder):
    for name in MENTIONS:
        io.write(made.mentions[name], name, folder)
    io.write(made.articles, "articles", folder)
    result = CliRunner().invoke(app, ["records", "--folder", str(folder), "--ledger", str(folder / "ledger")])
    assert result.exit_code == 0, result.output
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_stage_settles_in_one_run_to_the_byte(tmp_path):
    first = run(told(), tmp_path)
    assert {f"{table.name}.parquet" for table in schema.group("records")} <= {str(path) for path in first}
    assert run(told(), tmp_path) == first


def test_the_order_of_the_input_changes_no_byte(tmp_path):
    turned = told()
    turned.articles.reverse()
    for rows in turned.mentions.values():
        rows.reverse()
    assert run(turned, tmp_path / "b") == run(told(), tmp_path / "a")


@pytest.mark.parametrize("table", [table.name for table in schema.group("records")])
def test_a_plain_read_gives_the_codebooks_dtypes(table, tmp_path):
    run(told(), tmp_path)
    frame = pd.read_parquet(tmp_path / f"{table}.parquet")
    wanted = {c: d for c, d in schema.table(table).dtypes.items() if d in ("Int32", "str", "float64")}
    assert {column: str(frame[column].dtype) for column in wanted} == wanted
    assert len(frame) >= 1
