"""Ids that last: what each record was known by when its id was minted or last confirmed.

The ledger is text that git tracks, one JSON object a line. A run reads it, gives each record of the new build the id
of the entry that knows it, mints ids for the rest, and writes it back. Building again from the result changes nothing.
"""

import base64
import datetime as dt
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any

from contactline import schema

PREFIXES = {"events": "ev", "casualties": "ca", "contacts": "co", "statements": "st"}
ORDER = {"active": 0, "superseded": 1, "retracted": 2}
CLOSE = 3.0  # score of an entry that shares a sentence and what kind of thing it is: less is another record

Anchor = tuple[
    str, int
]  # article_id, sentence_start: the text never changes, so what a coder improves does not move it


class LedgerError(ValueError):
    """A ledger that cannot be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger knows of one record.

    Attributes:
        record_id: its id, never given to another.
        status: a code of `record_status`.
        superseded_by: id of the record it was joined with, None for others.
        reason: why it is not active; None where it is.
        parts: what it is known by (kind, place, day, sides ...), the kind first, in one order for one table.
        anchors: the sentences that tell of it, sorted.
        row: for events, the row without figures as JSON, so that a retired event keeps its row.
    """

    record_id: str
    parts: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    status: str = "active"
    superseded_by: str | None = None
    reason: str | None = None
    row: str = ""


NAMES = tuple(f.name for f in fields(Entry))


def kept(row: Mapping[str, Any]) -> str:
    """Return a row as the ledger keeps it: JSON of what is not null."""
    return _json({key: str(v) if isinstance(v, dt.date) else v for key, v in row.items() if v is not None})


def row(entry: Entry) -> dict[str, Any]:
    """Return the row that an entry keeps."""
    dates = {f.name for f in schema.table("events").fields if f.type == "date"}
    return {k: dt.date.fromisoformat(v) if k in dates else v for k, v in json.loads(entry.row or "{}").items()}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def parse(lines: Iterable[str], where: str) -> list[Entry]:
    """Return the entries of a ledger file.

    Args:
        lines: the file's lines, one JSON object each.
        where: name of the file, for messages.

    Raises:
        LedgerError: a line is no entry, or an id stands twice.
    """
    entries: dict[str, Entry] = {}
    for number, line in enumerate(lines, start=1):
        try:
            read = json.loads(line)
        except ValueError as error:
            raise LedgerError(f"{where}, line {number}: not JSON ({error}); restore the file from git") from error
        if not isinstance(read, dict) or not {"record_id", "parts", "anchors"} <= set(read) <= set(NAMES):
            raise LedgerError(f"{where}, line {number}: not an entry of the ledger; restore the file from git")
        read["parts"] = tuple(sys.intern(part) for part in read["parts"])
        read["anchors"] = tuple((sys.intern(article), start) for article, start in read["anchors"])
        entry = Entry(**read | {"row": _json(read["row"]) if "row" in read else ""})
        if entry.record_id in entries:
            raise LedgerError(f"{where}, line {number}: {entry.record_id} stands twice; ids are never given again")
        entries[entry.record_id] = entry
    return list(entries.values())


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines of a ledger file for entries in order of id; the same bytes for the same entries."""
    for entry in entries:
        told = {name: value for name in NAMES if (value := getattr(entry, name))}
        yield _json(told | ({"row": json.loads(entry.row)} if entry.row else {})) + "\n"


@dataclass(frozen=True, slots=True)
class Found:
    """A record of the new build, before it has an id; the attributes are those of `Entry`."""

    parts: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    row: str = ""


def settle(table: str, found: Sequence[Found], entries: Iterable[Entry]) -> tuple[list[str], list[Entry]]:
    """Return the id of each record in `found`, and the ledger after it.

    An entry that matches exactly keeps its id first; then those that share most, firmest first. An entry that no
    record takes is superseded where its sentences now stand behind another record, else retracted.

    Args:
        table: events, casualties, contacts or statements.
        found: the records of the new build, in any order.
        entries: the ledger before.
    """
    old = sorted(entries, key=lambda entry: (ORDER[entry.status], entry.record_id))
    ids: dict[int, str] = {}
    free = {entry.record_id: entry for entry in old}
    order = sorted(range(len(found)), key=lambda n: (found[n].anchors, found[n].parts))
    _exact(found, order, free, ids)
    _closest(found, order, free, ids)
    taken = {entry.record_id for entry in old}
    for number in order:
        if number not in ids:
            ids[number] = _minted(table, found[number], taken)
            taken.add(ids[number])
    _in_order(found, order, ids)
    active = [Entry(ids[n], f.parts, f.anchors, row=f.row) for n, f in enumerate(found)]
    retired = _retired(free.values(), found, ids)
    return [ids[n] for n in range(len(found))], sorted([*active, *retired], key=lambda entry: entry.record_id)


def _in_order(found: Sequence[Found], order: Sequence[int], ids: dict[int, str]) -> None:
    """Give records that are known by the same their ids in order, so that the next build gives each the same again."""
    for _, alike in groupby(order, key=lambda n: (found[n].anchors, found[n].parts)):
        numbers = list(alike)
        for number, record_id in zip(numbers, sorted(ids[n] for n in numbers), strict=True):
            ids[number] = record_id


def _exact(found: Sequence[Found], order: Sequence[int], free: dict[str, Entry], ids: dict[int, str]) -> None:
    by_all: dict[tuple[Any, Any], list[str]] = defaultdict(list)
    for entry in free.values():
        by_all[entry.parts, entry.anchors].append(entry.record_id)
    for number in order:
        same = by_all.get((found[number].parts, found[number].anchors))
        if same:
            ids[number] = same.pop(0)
            del free[ids[number]]


def _closest(found: Sequence[Found], order: Sequence[int], free: dict[str, Entry], ids: dict[int, str]) -> None:
    open_ = [number for number in order if number not in ids]
    by_article: dict[str, list[int]] = defaultdict(list)
    for number in open_:
        for article in dict.fromkeys(article for article, _ in found[number].anchors):
            by_article[article].append(number)
    pairs = []
    for entry in free.values():
        near = {n for article, _ in entry.anchors for n in by_article.get(article, ())}
        for number in near:
            score = likeness(entry, found[number])
            if score >= CLOSE:
                pairs.append((-score, ORDER[entry.status], entry.record_id, found[number].anchors, number))
    for _, _, record_id, _, number in sorted(pairs):
        if record_id in free and number not in ids:
            ids[number] = record_id
            del free[record_id]


def likeness(entry: Entry, found: Found) -> float:
    """Return how surely `found` is the record that `entry` knows; at least CLOSE where it is.

    Either a sentence is shared and the kind is the same, or an article is shared and all parts but one are the same.
    """
    same = sum(1.0 for a, b in zip(entry.parts, found.parts, strict=False) if a == b and a)
    sentences = set(entry.anchors) & set(found.anchors)
    articles = {article for article, _ in entry.anchors} & {article for article, _ in found.anchors}
    kind = entry.parts[:1] == found.parts[:1]
    differ = sum(1 for a, b in zip(entry.parts, found.parts, strict=False) if a != b)
    if not (sentences and kind) and not (articles and differ <= 1):
        return 0.0
    return CLOSE + same + len(sentences) + 0.5 * len(articles)


def _retired(left: Iterable[Entry], found: Sequence[Found], ids: Mapping[int, str]) -> list[Entry]:
    """Return the entries that no record took, with their fate; one that was retired before keeps the fate it had."""
    behind: dict[Anchor, list[int]] = defaultdict(list)
    left = list(left)
    if any(entry.status == "active" for entry in left):
        for number, each in enumerate(found):
            for anchor in each.anchors:
                behind[anchor].append(number)
    return [entry if entry.status != "active" else _fate(entry, found, ids, behind) for entry in left]


def _fate(entry: Entry, found: Sequence[Found], ids: Mapping[int, str], behind: Mapping[Anchor, list[int]]) -> Entry:
    heirs: dict[int, int] = defaultdict(int)
    for anchor in entry.anchors:
        for number in behind.get(anchor, ()):
            if found[number].parts[:1] == entry.parts[:1]:
                heirs[number] += 1
    if not heirs:
        return replace(entry, status="retracted", reason="no mention tells of it any more")
    heir = ids[min(heirs, key=lambda n: (-heirs[n], ids[n]))]
    return replace(entry, status="superseded", superseded_by=heir, reason=f"found to be the same as {heir}")


def _minted(table: str, found: Found, taken: set[str]) -> str:
    """Return a new id: made of what the record is first told by, so that a build without a ledger mints it again."""
    article, sentence = min(found.anchors)
    attempt = 0
    while True:
        seed = "\n".join((table, article, str(sentence), *found.parts, str(attempt)))
        letters = base64.b32encode(hashlib.sha256(seed.encode()).digest()).decode().lower()
        record_id = f"{PREFIXES[table]}-{letters[:10]}"
        if record_id not in taken:
            return record_id
        attempt += 1
