import pytest

from contactline import schema

EVERY_FIELD = [(t.name, f) for t in schema.tables().values() for f in t.fields]


def test_the_tables_of_the_design_are_declared_in_the_order_in_which_they_are_made():
    assert schema.groups() == ["intake", "mentions", "records", "release"]
    assert {t.name for t in schema.group("mentions")} == {
        "casualty_mentions",
        "contact_mentions",
        "contact_participants",
        "statement_mentions",
        "event_mentions",
    }


@pytest.mark.parametrize(("table", "field"), EVERY_FIELD, ids=[f"{t}.{f.name}" for t, f in EVERY_FIELD])
def test_every_column_is_described_and_its_codes_exist(table, field):
    assert field.description.endswith(".")
    if field.codes:
        assert len(schema.codes(field.codes)) > 1
    if field.type == "integer" and not field.codes and field.name != "position":
        assert field.unit, "a number has a unit"


def test_the_same_name_means_the_same_in_every_table():
    forms = {}
    for _, field in EVERY_FIELD:
        forms.setdefault(field.name, set()).add((field.type, field.unit))
    assert {name: found for name, found in forms.items() if len(found) > 1} == {}


def test_arrow_schema_carries_descriptions_units_and_nulls():
    made = schema.table("casualty_mentions").arrow()
    assert made.field("count_low").metadata[b"unit"] == b"persons"
    assert b"Fewest victims" in made.field("count_low").metadata[b"description"]
    assert made.field("count_low").nullable
    assert not made.field("harm").nullable


def test_code_lists_that_are_numbers_come_as_numbers():
    assert list(schema.codes("date_precision")) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: schema.table("battles"), r"no table 'battles'; the codebook has articles, texts"),
        (
            lambda: schema.group("outtake"),
            r"no table of group 'outtake'; the groups are intake, mentions, records, release",
        ),
        (lambda: schema.codes("colours"), r"codebook/codes: there is no list 'colours'"),
        (lambda: schema.table("texts")["harm"], r"texts: no column 'harm'; it has article_id, title, text"),
    ],
)
def test_an_unknown_name_is_refused_and_the_known_ones_are_named(call, message):
    with pytest.raises(schema.SchemaError, match=message):
        call()


ENTRY = {"row": "A row.", "group": "intake", "primary_key": ["a"], "fields": ["a"]}


@pytest.mark.parametrize(
    ("entry", "columns", "message"),
    [
        (ENTRY, {}, r"codebook/tables.yml: t.a is not declared in codebook/fields.yml"),
        (ENTRY, {"a": {"type": "colour", "description": "x"}}, r"codebook/fields.yml: a has unknown type 'colour'"),
        (ENTRY | {"optional": ["b"]}, {}, r"codebook/tables.yml: t has no column 'b'"),
        (ENTRY | {"references": {"a": "u"}}, {}, r"codebook/tables.yml: t references no table 'u'"),
    ],
)
def test_a_codebook_that_contradicts_itself_is_refused(entry, columns, message):
    with pytest.raises(schema.SchemaError, match=message):
        schema._table("t", entry, {}, columns, ["t"])
