"""The codebook as pages a person reads."""

from collections.abc import Iterator

from contactline import schema

INTRODUCTION = """\
# Codebook

<!-- Made from src/contactline/codebook by `contactline codebook`; change it there. -->

Every table and column of Contactline. Null means "not stated", never zero. All offsets are characters of the
article's stored text, end exclusive. Countries are ISO 3166-1 alpha-3. Dates are days.
"""


def markdown() -> str:
    """Return the codebook as one Markdown page: tables in the pipeline's order, then code lists."""
    return "\n".join([INTRODUCTION, *_tables(), *_codes()])


def _tables() -> Iterator[str]:
    for table in schema.tables().values():
        kept = "" if table.released else " Not released."
        yield f"## {table.name}\n\n{table.row} Key: {_code(*table.primary_key)}.{kept}\n"
        yield "| column | type | may be null | meaning |\n|---|---|---|---|"
        yield from (_column(field) for field in table.fields)
        yield ""


def _column(field: schema.Field) -> str:
    unit = f" Unit: {field.unit}." if field.unit else ""
    codes = f" Codes: [{field.codes}](#codes-{field.codes.replace('_', '-')})." if field.codes else ""
    key = f" Key of {_code(field.references)}." if field.references else ""
    null = "" if field.required else "yes"
    return f"| {_code(field.name)} | {field.type} | {null} | {_cell(field.description)}{unit}{codes}{key} |"


def _codes() -> Iterator[str]:
    used = sorted({field.codes for table in schema.tables().values() for field in table.fields if field.codes})
    for name in used:
        yield f"## Codes: {name.replace('_', ' ')}\n"
        yield "| code | label | definition |\n|---|---|---|"
        yield from (f"| `{c.code}` | {_cell(c.label)} | {_cell(c.definition)} |" for c in schema.codes(name).values())
        yield ""


def _code(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
