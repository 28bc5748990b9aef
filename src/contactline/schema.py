"""The codebook as objects: what each column means, and the forms that follow from it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import pyarrow as pa

CODEBOOK: Traversable = files("contactline") / "codebook"

# Column type -> (Arrow type, pandas dtype). Dates stay date32 in pandas too, so that a plain read shows them as dates.
FORMS = {
    "string": ("string", "str"),
    "integer": ("int32", "Int32"),
    "number": ("float64", "float64"),
    "date": ("date32", "date32[day][pyarrow]"),
    "boolean": ("bool_", "boolean"),
}


class SchemaError(ValueError):
    """Data or a codebook file that does not fit the codebook."""


@dataclass(frozen=True)
class Field:
    """One column of one table, as `codebook/fields.yml` declares it."""

    name: str
    type: str
    description: str
    required: bool
    unit: str | None = None
    codes: str | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    references: str | None = None

    @property
    def dtype(self) -> str:
        """The pandas dtype the column has in every frame of ours."""
        return FORMS[self.type][1]


@dataclass(frozen=True)
class Table:
    """One table, as `codebook/tables.yml` declares it."""

    name: str
    row: str
    group: str
    released: bool
    primary_key: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [field.name for field in self.fields]

    @property
    def dtypes(self) -> dict[str, str]:
        """Column name -> pandas dtype."""
        return {field.name: field.dtype for field in self.fields}

    def __getitem__(self, name: str) -> Field:
        """Return the column called `name`."""
        for field in self.fields:
            if field.name == name:
                return field
        raise SchemaError(f"{self.name}: no column {name!r}; it has {', '.join(self.names)}")

    def arrow(self) -> "pa.Schema":
        """Return the Arrow schema, with each column's description, unit and codes as metadata."""
        import pyarrow as pa

        return pa.schema(
            [
                pa.field(
                    f.name,
                    getattr(pa, FORMS[f.type][0])(),
                    nullable=not f.required,
                    metadata={
                        k: v for k, v in {"description": f.description, "unit": f.unit, "codes": f.codes}.items() if v
                    },
                )
                for f in self.fields
            ]
        )


def _yaml(name: str) -> Any:
    return yaml.safe_load((CODEBOOK / name).read_text(encoding="utf-8"))


@cache
def tables() -> Mapping[str, Table]:
    """Return every table of the codebook by name, in the codebook's order.

    Raises:
        SchemaError: a table names a column, code list or table that is not declared, or a file has an unknown key.
    """
    written, columns = _yaml("tables.yml"), _yaml("fields.yml")
    return {
        name: _table(name, entry, written["families"], columns, written["tables"].keys())
        for name, entry in written["tables"].items()
    }


def table(name: str) -> Table:
    """Return the table called `name`."""
    if name not in tables():
        raise SchemaError(f"no table {name!r}; the codebook has {', '.join(tables())}")
    return tables()[name]


def group(name: str) -> list[Table]:
    """Return the tables that one stage makes: intake, mentions or records."""
    found = [t for t in tables().values() if t.group == name]
    if not found:
        raise SchemaError(f"no table of group {name!r}; the groups are {', '.join(groups())}")
    return found


def groups() -> list[str]:
    """Return the groups of tables, in the order in which the pipeline makes them."""
    return list(dict.fromkeys(t.group for t in tables().values()))


def _table(
    name: str, entry: dict[str, Any], families: dict[str, list[str]], columns: dict[str, Any], known: Any
) -> Table:
    def spread(names: list[str]) -> Iterator[str]:
        for each in names:
            yield from families.get(each, [each])

    optional, references = set(spread(entry.get("optional", []))), entry.get("references", {})
    names = list(spread(entry["fields"]))
    for stray in [*(optional - set(names)), *(set(references) - set(names)), *(set(entry["primary_key"]) - set(names))]:
        raise SchemaError(f"codebook/tables.yml: {name} has no column {stray!r}")
    for target in set(references.values()) - set(known):
        raise SchemaError(f"codebook/tables.yml: {name} references no table {target!r}")
    return Table(
        name=name,
        row=entry["row"],
        group=entry["group"],
        released=entry.get("released", True),
        primary_key=tuple(entry["primary_key"]),
        fields=tuple(_field(name, each, columns, each not in optional, references.get(each)) for each in names),
    )


def _field(table_name: str, name: str, columns: dict[str, Any], required: bool, references: str | None) -> Field:
    declared = columns.get(f"{table_name}.{name}", columns.get(name))
    if declared is None:
        raise SchemaError(f"codebook/tables.yml: {table_name}.{name} is not declared in codebook/fields.yml")
    if declared["type"] not in FORMS:
        raise SchemaError(f"codebook/fields.yml: {name} has unknown type {declared['type']!r}")
    return Field(name=name, required=required, references=references, **declared)


@dataclass(frozen=True)
class Code:
    """One entry of a code list."""

    code: str | int
    label: str
    definition: str


@cache
def codes(name: str) -> Mapping[str | int, Code]:
    """Return the code list `codebook/codes/<name>.csv` by code; codes that are numbers come as int."""
    path = CODEBOOK / "codes" / f"{name}.csv"
    if not path.is_file():
        raise SchemaError(f"codebook/codes: there is no list {name!r}")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    found: dict[str | int, Code] = {}
    for row in rows:
        code = int(row["code"]) if row["code"].isdigit() else row["code"]
        if code in found:
            raise SchemaError(f"codebook/codes/{name}.csv: code {code!r} stands twice")
        found[code] = Code(code, row["label"], row["definition"])
    return found
