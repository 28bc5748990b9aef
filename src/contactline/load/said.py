"""What the codebook says of a table or a column, for who asks in Python."""

from dataclasses import dataclass

from contactline import schema


@dataclass(frozen=True, repr=False)
class Description:
    """What a table or a column means; printing it gives a few lines of text.

    Attributes:
        name: the table or the column.
        tables: the tables that have the column.
        type: string | integer | number | date | boolean; of a table: "table".
        unit: what the numbers count.
        meaning: the codebook's words.
        codes: code -> its definition, where the column is coded.
    """

    name: str
    tables: tuple[str, ...]
    type: str
    unit: str | None
    meaning: str
    codes: dict[str | int, str]

    def __repr__(self) -> str:
        unit = f", {self.unit}" if self.unit else ""
        where = f" in {', '.join(self.tables)}" if self.tables else ""
        lines = [f"{self.name} ({self.type}{unit}){where}", self.meaning]
        return "\n".join([*lines, *(f"  {code}: {definition}" for code, definition in self.codes.items())])


def description(name: str) -> Description:
    """Return what `name` means: a table, a column, or table.column.

    Raises:
        ValueError: the codebook has no such name, or the column means different things in different tables.
    """
    if name in schema.tables():
        table = schema.table(name)
        columns: dict[str | int, str] = {field.name: field.description for field in table.fields}
        return Description(name, (), "table", None, table.row, columns)
    said = _columns(name)
    if not said:
        raise ValueError(f"the codebook has no table or column {name!r}; its tables are {', '.join(schema.tables())}")
    if len(said) > 1:
        options = ", ".join(f"{tables[0]}.{name}" for tables in said.values())
        raise ValueError(f"{name!r} means different things in different tables; ask for one of {options}")
    ((field, tables),) = said.items()
    kind, unit, meaning, coded = field
    definitions = {c.code: c.definition for c in schema.codes(coded).values()} if coded else {}
    return Description(name, tuple(tables), kind, unit, meaning, definitions)


def _columns(name: str) -> dict[tuple[str, str | None, str, str | None], list[str]]:
    """Return what the column called `name` means -> the tables in which it does, released tables first."""
    wanted, _, column = name.rpartition(".")
    said: dict[tuple[str, str | None, str, str | None], list[str]] = {}
    for table in sorted(schema.tables().values(), key=lambda t: not t.released):
        for field in table.fields:
            if field.name == column and wanted in ("", table.name):
                said.setdefault((field.type, field.unit, field.description, field.codes), []).append(table.name)
    return said
