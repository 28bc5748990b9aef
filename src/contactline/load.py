"""Opens a table for pandas: as it is, as it was known on a day, its figures by the rule the user picks."""

# pandas takes longer to import than `import contactline` may, so `load` brings it when it is called.

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLES = Path("data/tables")


def load(
    table: str,
    version: str | None = None,
    as_of: str | dt.date | None = None,
    fold: str | None = None,
    folder: str | Path | None = None,
) -> "pd.DataFrame":
    """Return a table as a pandas frame, with the codebook's dtypes.

    Args:
        table: a table of the codebook, such as "events".
        version: a release; None is the tables of the project one stands in.
        as_of: a day, "2022-09-14": what the articles published by then support. None is all that is known today.
        fold: the rule that makes one figure of many claims, for events: "ucdp", "acled" or "ibc".
            None is the one they are stored by, "ucdp".
        folder: where the tables lie; None is data/tables.

    Raises:
        ValueError: `as_of` is no day, there is no such fold, or the version is unknown.
        FileNotFoundError: the table has not been made.
        SchemaError: the codebook has no such table.

    Examples:
        >>> contactline.load("events", as_of="2022-09-14", fold="acled")  # doctest: +SKIP
    """
    from contactline import io
    from contactline.records import as_of as knowledge

    if version is not None:
        raise ValueError(f"no release {version!r} is known; leave version out to read {TABLES}")

    def read(name: str) -> "pa.Table":
        return io.read_arrow(name, Path(folder or TABLES))

    frame: pd.DataFrame = knowledge.view(table, read, _day(as_of), fold).to_pandas()
    return frame


def _day(as_of: str | dt.date | None) -> dt.date | None:
    if as_of is None or type(as_of) is dt.date:
        return as_of
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    try:
        return dt.date.fromisoformat(str(as_of))
    except ValueError as error:
        raise ValueError(f"as_of={as_of!r} is no day; write it as 2022-09-14") from error
