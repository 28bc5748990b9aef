"""Opens a table for pandas: as it is, as it was known on a day, its figures by the rule the user picks."""

# pandas takes longer to import than `import contactline` may, so the functions bring it when they are called.

import datetime as dt
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, overload

if TYPE_CHECKING:
    import pandas as pd

    from contactline.load.said import Description

Filters = Sequence[tuple[str, str, Any]] | Sequence[Sequence[tuple[str, str, Any]]]


class Wanted(TypedDict, total=False):
    """What one may ask of any table; `load` says what each means."""

    as_of: str | dt.date | None
    fold: str | None
    columns: Sequence[str] | None
    filters: Filters | None
    geo: bool


class WantedFrom(Wanted, total=False):
    """The same, and which tables."""

    version: str | None
    folder: str | Path | None


@overload
def load(table: str, *, backend: Literal["pandas"] = "pandas", **wanted: Unpack[WantedFrom]) -> "pd.DataFrame": ...
@overload
def load(table: str, *, backend: str, **wanted: Unpack[WantedFrom]) -> Any: ...
def load(
    table: str,
    version: str | None = None,
    as_of: str | dt.date | None = None,
    fold: str | None = None,
    folder: str | Path | None = None,
    columns: Sequence[str] | None = None,
    filters: Filters | None = None,
    geo: bool = False,
    backend: str = "pandas",
) -> Any:
    """Return a table as a pandas frame, with the codebook's dtypes and dates as datetime64.

    Args:
        table: a table of the codebook, such as "events".
        version: a release, "2026.11.0". It is looked for in `folder` or the project's data/release, then in the cache,
            then at the mirrors, and its hash is compared. None is the tables of the project one stands in, or the
            newest release where that has none.
        as_of: a day, "2022-09-14": what the articles published by then support. None is all that is known today.
        fold: the rule that makes one figure of many claims, for events: "ucdp", "acled" or "ibc".
            None is the one they are stored by, "ucdp".
        folder: where the tables, or releases, lie; None is data/tables, or data/release for a version.
        columns: those to read; None is all.
        filters: rows to read, as pandas and pyarrow write it: [("country", "==", "AZE"), ("deaths_best", ">", 25)].
            A day may be written as text.
        geo: return a GeoDataFrame (WGS 84), for tables with coordinates; needs geopandas.
        backend: "pandas", "pyarrow" or "polars".

    Raises:
        ValueError: something was asked for that there is not; the message says what there is.
        FileNotFoundError: the table has not been made, or cannot be fetched.
        ImportError: geopandas or Polars is asked for and not installed.

    Examples:
        >>> contactline.load("events", as_of="2022-09-14", fold="acled")  # doctest: +SKIP
        >>> contactline.load("casualties", filters=[("harm", "==", "captured")])  # doctest: +SKIP
    """
    from contactline.load import frames, releases

    frames.possible(table, backend, geo)
    path_of = releases.paths(version, None if folder is None else Path(folder))
    found = frames.table(table, path_of, _day(as_of), fold, columns, filters, geo)
    return frames.given(found, table, backend, geo)


def load_sample(table: str, *, backend: str = "pandas", **wanted: Unpack[Wanted]) -> Any:
    """Return a table of the small sample that comes with the package; arguments as `load`."""
    with as_file(files("contactline") / "sample") as folder:
        return load(table, folder=folder, backend=backend, **wanted)


def load_events(**wanted: Unpack[WantedFrom]) -> "pd.DataFrame":
    """Return the events: what happened, where, when, between whom, with the toll; arguments as `load`."""
    return load("events", **wanted)


def load_casualties(**wanted: Unpack[WantedFrom]) -> "pd.DataFrame":
    """Return the casualty claims: who says how many of whom; arguments as `load`."""
    return load("casualties", **wanted)


def load_contacts(**wanted: Unpack[WantedFrom]) -> "pd.DataFrame":
    """Return the diplomatic contacts; arguments as `load`."""
    return load("contacts", **wanted)


def load_participants(**wanted: Unpack[WantedFrom]) -> "pd.DataFrame":
    """Return who took part in each contact; arguments as `load`."""
    return load("participants", **wanted)


def load_statements(**wanted: Unpack[WantedFrom]) -> "pd.DataFrame":
    """Return the positions that speakers took; arguments as `load`."""
    return load("statements", **wanted)


def load_articles(**wanted: Unpack[WantedFrom]) -> "pd.DataFrame":
    """Return the articles that were coded, by publisher, day and address; arguments as `load`."""
    return load("articles", **wanted)


def load_evidence(**wanted: Unpack[WantedFrom]) -> "pd.DataFrame":
    """Return the spans and rules behind each record; arguments as `load`."""
    return load("evidence", **wanted)


def list_versions(folder: str | Path | None = None) -> list[str]:
    """Return the releases that can be loaded, oldest first: published ones, and those in `folder` or the project."""
    from contactline.load import releases

    return releases.versions(None if folder is None else Path(folder))


def describe(name: str) -> "Description":
    """Return what a table or a column means: "events", "deaths_best" or "casualties.event_id".

    Raises:
        ValueError: the codebook has neither.
    """
    from contactline.load import said

    return said.description(name)


def cite(version: str | None = None, folder: str | Path | None = None) -> str:
    """Return how to cite a release; None is the newest that is known.

    Raises:
        ValueError: the version is unknown.
    """
    from contactline.load import releases
    from contactline.publish import descriptors

    return descriptors.cite(*releases.dated(version, None if folder is None else Path(folder)))


def _day(as_of: str | dt.date | None) -> dt.date | None:
    if as_of is None or type(as_of) is dt.date:
        return as_of
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    try:
        return dt.date.fromisoformat(str(as_of))
    except ValueError as error:
        raise ValueError(f"as_of={as_of!r} is no day; write it as 2022-09-14") from error
