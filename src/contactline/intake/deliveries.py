"""Deliveries: one folder each below `data/raw`, with the raw files as given and their origin beside them.

`add` brings files in; `deliveries` lists what is there; `items` reads all of it, article by article.
"""

import datetime as dt
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from contactline.intake import published, readers
from contactline.intake.found import Item, Reject, RejectError
from contactline.intake.rows import column_names

ORIGIN = "origin.yml"
DRAFT = ".draft"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MAPPING = (*column_names(), "day_first")


class DeliveryError(ValueError):
    """A delivery that cannot be taken as it is; the message says what to edit."""


@dataclass(frozen=True)
class Origin:
    """Where a delivery came from. What its items do not say themselves is taken from here.

    Attributes:
        delivery: its folder's name.
        retrieved: the day it was brought in; no article of it can have appeared later.
        publisher: who published its articles, where one publisher did.
        published: the day all its articles appeared, where it is one.
        language: the language its articles are stated to be in.
        mapping: our field -> the column that holds it; `day_first` tells how 9/5/2022 is meant.
        more: licence, source, who, and whatever else the file says.
    """

    delivery: str
    retrieved: dt.date
    publisher: str | None = None
    published: dt.date | None = None
    language: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day_first(self) -> bool | None:
        """Whether 9/5/2022 is in May; None where the mapping does not say."""
        said = str(self.mapping.get("day_first", "")).lower()
        return said in ("true", "yes", "1") if said else None


@dataclass(frozen=True)
class Added:
    """What `add` did: the files copied, and those that were there already with the same bytes."""

    folder: Path
    copied: int
    present: int


def deliveries(raw: Path) -> list[Origin]:
    """Return the origins of the deliveries in `raw`, the first retrieved first.

    Raises:
        DeliveryError: a delivery has no origin, or one that does not say when it was retrieved.
    """
    if not raw.is_dir():
        raise DeliveryError(f"{raw}: no such folder; `contactline add` makes it")
    folders = sorted(each for each in raw.iterdir() if each.is_dir() and not each.name.startswith("."))
    return sorted((origin(folder) for folder in folders), key=lambda o: (o.retrieved, o.delivery))


def origin(folder: Path) -> Origin:
    """Return the origin that lies in a delivery's folder.

    Raises:
        DeliveryError: it is missing or cannot be read.
    """
    path = folder / ORIGIN
    if not path.is_file():
        raise DeliveryError(f"{path}: missing; a delivery says where it came from (at least `retrieved: YYYY-MM-DD`)")
    try:
        facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeliveryError(f"{path}: no YAML: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(facts, dict):
        raise DeliveryError(f"{path}: no list of `key: value`")
    retrieved = _day(path, "retrieved", facts.pop("retrieved", None))
    if retrieved is None:
        raise DeliveryError(f"{path}: `retrieved` is missing; write the day the delivery was brought in")
    return Origin(
        delivery=folder.name,
        retrieved=retrieved,
        publisher=_text(path, "publisher", facts.pop("publisher", None)),
        published=_day(path, "published", facts.pop("published", None), retrieved),
        language=_text(path, "language", facts.pop("language", None)),
        mapping=_mapping(path, facts.pop("mapping", None) or {}),
        more=facts,
    )


def _day(path: Path, key: str, written: Any, latest: dt.date | None = None) -> dt.date | None:
    try:
        return published.date_of(written, latest)
    except RejectError as error:
        raise DeliveryError(f"{path}: `{key}`: {error.detail}") from error


def _text(path: Path, key: str, written: Any) -> str | None:
    if written is not None and not isinstance(written, str):
        raise DeliveryError(f"{path}: `{key}` is {written!r}, which is no text")
    return written


def _mapping(path: Path, written: Any) -> dict[str, str]:
    if not isinstance(written, dict) or not all(isinstance(k, str) for k in written):
        raise DeliveryError(f"{path}: `mapping` is no list of `field: column`")
    for stray in sorted(set(written) - set(MAPPING)):
        raise DeliveryError(f"{path}: `mapping` has no field {stray!r}; the fields are {', '.join(MAPPING)}")
    return {name: str(column) for name, column in written.items()}


# ---- reading
def items(raw: Path) -> Iterator[tuple[Origin, Item]]:
    """Yield each item of each delivery with the delivery's origin: first retrieved first, then by path.

    An item is an article found or a reject; reading one file does not depend on another.
    """
    for each in deliveries(raw):
        for path in paths(raw / each.delivery):
            for item in of_file(path, _name(path.relative_to(raw / each.delivery)), each):
                yield each, item


def of_file(path: Path, locator: str, origin: Origin) -> Iterator[Item]:
    """Yield the items of one raw file."""
    try:
        with path.open("rb") as stream:
            yield from readers.items(stream, locator, origin.mapping)
    except OSError as error:
        yield Reject(locator, "bad_record", f"the file cannot be opened: {error.strerror}")


def paths(folder: Path) -> Iterator[Path]:
    """Yield the raw files of a delivery in order; what is no item (origins, notes, hidden files) is left out."""
    for top, names, files in os.walk(folder):
        names.sort()
        for name in sorted(files):
            path = Path(top) / name
            if not readers.ignored(path.relative_to(folder).as_posix()):
                yield path


def _name(path: Path) -> str:
    """Return a path as text that any file can hold, even where the system's name is no UTF-8."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


# ---- adding
def add(
    sources: Sequence[Path],
    delivery: str,
    raw: Path,
    *,
    retrieved: dt.date,
    publisher: str | None = None,
    published_date: str | None = None,
    licence: str | None = None,
    source: str | None = None,
    who: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Added:
    """Bring raw files in as a delivery, with their origin; done twice, it changes nothing.

    Files are copied as they are; one that is there already with the same bytes, or that lies in the delivery's folder,
    is not copied again.

    Args:
        sources: files, or folders that are taken with all they hold.
        delivery: the name of the delivery's folder.
        raw: the folder of all deliveries.
        retrieved: today, or the day the files were fetched.
        publisher: who published the articles, where one publisher did.
        published_date: the day they appeared, where it is one.
        licence: what one may do with them.
        source: where they were fetched.
        who: who fetched them.
        mapping: our field -> the column that holds it.

    Raises:
        DeliveryError: the name is no folder's name, a source is missing, a file would change, or the origin is
            another than the one that the delivery has.
    """
    if not NAME.fullmatch(delivery):
        raise DeliveryError(f"--delivery {delivery!r}: a delivery's name has letters, figures, dots, hyphens only")
    folder = raw / delivery
    told = {
        "publisher": publisher,
        "published": published_date,
        "licence": licence,
        "source": source,
        "retrieved_by": who,
        "mapping": dict(mapping or {}) or None,
    }
    facts = _merged(folder, {"retrieved": retrieved} | {key: value for key, value in told.items() if value})
    pairs = list(_targets(sources, folder))
    changed = [target for path, target in pairs if target.exists() and not _same(path, target)]
    if changed:
        raise DeliveryError(
            f"{changed[0]}: is there with other bytes ({len(changed)} such files); raw files are never changed:"
            " give these another --delivery"
        )
    copied = sum(_copy(path, target) for path, target in pairs)
    _write(folder / ORIGIN, yaml.safe_dump(facts, allow_unicode=True, sort_keys=False))
    origin(folder)
    return Added(folder, copied, len(pairs) - copied)


def _merged(folder: Path, told: dict[str, Any]) -> dict[str, Any]:
    """Return the origin to write: what the delivery has, and what is told anew; the first retrieval stays."""
    path = folder / ORIGIN
    if not path.is_file():
        _check(path, told)
        return told
    origin(folder)
    had: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, value in told.items():
        if key != "retrieved" and key in had and str(had[key]) != str(value):
            raise DeliveryError(
                f"{path}: `{key}` is {had[key]!r}, not {value!r}; edit the file or use another --delivery"
            )
    merged = told | had
    _check(path, merged)
    return merged


def _check(path: Path, facts: dict[str, Any]) -> None:
    retrieved = _day(path, "retrieved", facts["retrieved"])
    _day(path, "published", facts.get("published"), retrieved)
    _mapping(path, facts.get("mapping") or {})


def _targets(sources: Sequence[Path], folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file to take and where it goes."""
    home = folder.resolve()
    for given in sources:
        if not given.exists():
            raise DeliveryError(f"{given}: no such file or folder")
        if given.is_file():
            yield given, _target(given, folder / given.name, home)
        else:
            for path in paths(given):
                yield path, _target(path, folder / path.relative_to(given), home)


def _target(path: Path, target: Path, home: Path) -> Path:
    return path if path.resolve().is_relative_to(home) else target


def _same(path: Path, target: Path) -> bool:
    return path.samefile(target) or (path.stat().st_size == target.stat().st_size and _digest(path) == _digest(target))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(path: Path, target: Path) -> bool:
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + DRAFT)
    shutil.copyfile(path, draft)
    draft.replace(target)
    return True


def _write(path: Path, content: str) -> None:
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + DRAFT)
    draft.write_text(content, encoding="utf-8")
    draft.replace(path)
