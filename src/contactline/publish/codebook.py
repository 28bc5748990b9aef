"""The codebook as pages a person reads."""

import csv as comma
import html as escape
import io as memory
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


def csv() -> str:
    """Return the codebook as CSV, a line a column."""
    out = memory.StringIO()
    writer = comma.writer(out, lineterminator="\n")
    writer.writerow(["table", "column", "type", "required", "unit", "codes", "references", "description"])
    for table in schema.tables().values():
        for field in table.fields:
            codes = "; ".join(map(str, schema.codes(field.codes))) if field.codes else ""
            writer.writerow(
                [
                    table.name,
                    field.name,
                    field.type,
                    field.required,
                    field.unit,
                    codes,
                    field.references,
                    field.description,
                ]
            )
    return out.getvalue()


STYLE = """body{font:16px/1.5 Georgia,serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;width:100%;margin:.5em 0 2em}th,td{text-align:left;vertical-align:top;padding:.3em .6em;
border-bottom:1px solid #ddd}th{border-bottom:2px solid #888}code{font:14px/1.4 Menlo,monospace}h2{margin-top:2em}"""


def html() -> str:
    """Return the codebook of the released tables as one HTML page that needs nothing else."""
    released = [table for table in schema.tables().values() if table.released]
    used = sorted({field.codes for table in released for field in table.fields if field.codes})
    parts = [*map(_html_table, released), *map(_html_codes, used)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Contactline codebook</title>'
        f"<style>{STYLE}</style></head><body>\n<h1>Codebook</h1>\n"
        '<p>Null means "not stated", never zero. Offsets are characters of the stored text, end exclusive.</p>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _html_table(table: schema.Table) -> str:
    rows = "\n".join(
        f"<tr><td><code>{f.name}</code></td><td>{f.type}{', ' + f.unit if f.unit else ''}</td>"
        f"<td>{'' if f.required else 'may be null'}</td><td>{escape.escape(f.description)}"
        + (f' <a href="#codes-{f.codes}">Codes</a>.' if f.codes else "")
        + "</td></tr>"
        for f in table.fields
    )
    head = "<tr><th>column</th><th>type</th><th></th><th>meaning</th></tr>"
    return (
        f'<h2 id="{table.name}">{table.name}</h2>\n<p>{escape.escape(table.row)}</p>\n<table>{head}\n{rows}\n</table>'
    )


def _html_codes(name: str) -> str:
    rows = "\n".join(
        f"<tr><td><code>{escape.escape(str(c.code))}</code></td><td>{escape.escape(c.definition)}</td></tr>"
        for c in schema.codes(name).values()
    )
    return f'<h2 id="codes-{name}">Codes: {name.replace("_", " ")}</h2>\n<table>{rows}\n</table>'


def _code(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
