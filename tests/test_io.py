import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contactline import io, schema
from contactline.records import ledger
from contactline.records.made import Made

PARTICIPANT = {"mention_id": "m1", "position": 1, "role": "host", "name": "Aragorn", "office": "King", "country": "GON"}
CONTACT = {
    "mention_id": "m1",
    "article_id": "a1",
    "mode": "call",
    "status": "held",
    "date_start": dt.date(2022, 9, 13),
    "scope": "current",
    "sentence_start": 0,
    "sentence_end": 9,
    "span_start": 0,
    "span_end": 4,
    "rule_id": "call-verb",
}


def test_a_plain_read_shows_the_codebooks_dtypes(tmp_path):
    path = io.write([CONTACT], "contact_mentions", tmp_path)
    found = pd.read_parquet(path)
    assert found.dtypes.astype(str).to_dict() == schema.table("contact_mentions").dtypes
    assert found["date_start"][0] == dt.date(2022, 9, 13)
    assert found["date_precision"].isna().all()


def test_an_empty_table_still_has_its_columns(tmp_path):
    found = pd.read_parquet(io.write([], "rejects", tmp_path))
    assert list(found.columns) == ["delivery", "locator", "reason", "detail"]
    assert len(found) == 0


def test_a_frame_that_was_read_writes_the_same_bytes(tmp_path):
    first = io.write([CONTACT], "contact_mentions", tmp_path / "a")
    again = io.write(pd.read_parquet(first), "contact_mentions", tmp_path / "b")
    assert first.read_bytes() == again.read_bytes()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)))
def test_same_rows_in_any_order_and_any_pieces_give_the_same_bytes(tmp_path, order):
    rows = [PARTICIPANT | {"mention_id": f"m{n}", "name": f"Ent {n}"} for n in range(6)]
    whole = io.write(rows, "contact_participants", tmp_path / "whole")
    pieces = [{"contact_participants": [rows[n]]} for n in order]
    io.write_streams(pieces, ["contact_participants"], tmp_path / "pieces")
    assert io.path_of("contact_participants", tmp_path / "pieces").read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [PARTICIPANT, PARTICIPANT | {"position": 2, "role": "wizard"}],
            r"contact_participants.role: unknown code 'wizard' \(1 of 2 rows\)."
            r" Add it to codebook/codes/contact_role.csv or fix the rule that made it.",
        ),
        (
            [PARTICIPANT | {"name": None}],
            r"contact_participants.name: null in 1 of 1 rows, but the codebook requires a value.",
        ),
        ([PARTICIPANT, PARTICIPANT], r"contact_participants: key \('m1', 1\) stands in 2 rows."),
        (
            [PARTICIPANT | {"colour": "grey"}],
            r"contact_participants: column 'colour' is not declared; add it to codebook/tables.yml",
        ),
        ([PARTICIPANT | {"position": "first"}], r"contact_participants.position: not a column of integer values: "),
    ],
)
def test_rows_that_break_the_codebook_are_refused_and_nothing_is_written(rows, message, tmp_path):
    with pytest.raises(schema.SchemaError, match=message):
        io.write(rows, "contact_participants", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_table_that_breaks_the_codebook_keeps_the_old_one(tmp_path):
    path = io.write([PARTICIPANT], "contact_participants", tmp_path)
    before = path.read_bytes()
    with pytest.raises(schema.SchemaError, match="unknown code"):
        io.write([PARTICIPANT | {"role": "wizard"}], "contact_participants", tmp_path)
    assert path.read_bytes() == before


def test_a_table_that_was_not_made_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"events.parquet: the table 'events' has not been made; run `dvc repro`"
    ):
        io.read("events", tmp_path)


def test_stream_gives_the_rows_of_the_table(tmp_path):
    io.write([PARTICIPANT], "contact_participants", tmp_path)
    assert [row["name"] for row in io.stream("contact_participants", tmp_path, ["name"])] == ["Aragorn"]


def test_rows_in_order_are_written_in_groups_and_give_what_any_writing_gives(tmp_path, monkeypatch):
    rows = [{"delivery": "d", "locator": f"{n:03}", "reason": "empty", "detail": "x"} for n in range(25)]
    io.write(rows, "rejects", tmp_path / "whole")
    monkeypatch.setattr(io, "GROUP", 10)
    for name, pieces in (("one", [rows]), ("many", [rows[:3], rows[3:24], rows[24:]])):
        counts = io.write_sorted([{"rejects": piece} for piece in pieces], ["rejects", "dropped"], tmp_path / name)
        assert counts == {"rejects": 25, "dropped": 0}
    one, many = ((tmp_path / name / "rejects.parquet").read_bytes() for name in ("one", "many"))
    assert one == many
    assert io.read_arrow("rejects", tmp_path / "one").equals(io.read_arrow("rejects", tmp_path / "whole"))
    assert len(io.read("dropped", tmp_path / "one")) == 0


def test_rows_out_of_order_are_refused_and_leave_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(io, "GROUP", 1)
    rows = [{"delivery": "d", "locator": n, "reason": "empty", "detail": "x"} for n in "ba"]
    with pytest.raises(
        schema.SchemaError, match=r"rejects: key \('d', 'a'\) comes after \('d', 'b'\); rows must be in"
    ):
        io.write_sorted([{"rejects": [row]} for row in rows], ["rejects"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_tables_appear_together_or_not_at_all(tmp_path):
    pieces = [{"contact_mentions": [CONTACT], "contact_participants": [PARTICIPANT | {"role": "wizard"}]}]
    for write in (io.write_streams, io.write_sorted):
        with pytest.raises(schema.SchemaError, match="unknown code 'wizard'"):
            write(pieces, ["contact_mentions", "contact_participants"], tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_a_build_that_breaks_the_codebook_leaves_tables_and_ledger_as_they_were(tmp_path):
    entry = ledger.Entry("ev-a", ("battle",), (("a1", 0),))
    good, bad = (io.arrow("contact_participants", [PARTICIPANT]) for _ in range(2))
    bad = bad.set_column(2, bad.schema.field("role"), pa.array(["wizard"]))
    pieces = [({"contact_participants": good}, {"events": [entry]})]
    assert io.write_records([Made(*each) for each in pieces], tmp_path, tmp_path / "ledger") == {
        "contact_participants": 1
    }
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert io.StoredLedger(tmp_path / "ledger")["events"] == [entry]
    with pytest.raises(schema.SchemaError, match="unknown code 'wizard'"):
        io.write_records(
            [Made({}, {"events": []}), Made({"contact_participants": bad}, {})], tmp_path, tmp_path / "ledger"
        )
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == kept
