"""Good rows for any table, made from the codebook; the tests then break them."""

import datetime as dt

from contactline import io, schema

DAY = dt.date(2022, 9, 13)
WORDS = {"language": "en", "text_sha256": "0" * 64}  # column -> a value its pattern allows
ORDERED = {"sentence_start": 0, "span_start": 2, "span_end": 5, "sentence_end": 9}
TEXT = "Gondorians" * 5  # every span of ORDERED, in any of three rows, is a word's part of it


def value(field, number):
    if field.references or field.name.endswith("_id"):
        return f"{field.references or field.name}-{number}"
    if field.name in ORDERED:
        return ORDERED[field.name] + number * 10
    if field.name == "text":
        return TEXT
    if field.name == "count_text":
        return TEXT[0:9]
    if field.codes:
        return next(iter(schema.codes(field.codes)))
    if field.pattern:
        return WORDS.get(field.name, "GON")
    return {"string": f"{field.name}-{number}", "integer": 1 + number, "number": 1.0, "date": DAY}[field.type]


def rows(table, count=3):
    """Return `count` rows of a table that break nothing, with keys that the other tables' rows point at."""
    made = [{field.name: value(field, number) for field in table.fields} for number in range(count)]
    for number, row in enumerate(made):
        for key in table.primary_key:
            field = table[key]
            if not field.references and field.type == "string" and not field.codes:
                row[key] = f"{table.name}-{number}"
    return made


def write_all(folder):
    """Write every table of the codebook into `folder`."""
    for name in schema.tables():
        io.write(rows(schema.table(name)), name, folder)
