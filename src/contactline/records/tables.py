"""The record tables from the mention tables: what all articles together tell."""

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from contactline import schema
from contactline.records import (
    casualties,
    contacts,
    corrections,
    dimensions,
    events,
    figures,
    ledger,
    linking,
    statements,
    words,
)
from contactline.records.clusters import SAME_TOLL, Apart, Group
from contactline.records.ledger import Entry, Found
from contactline.records.made import Made
from contactline.records.params import Params
from contactline.records.sources import Columns, Mentions, Row, Rows, Source, arrow, batches, sources

Ledger: TypeAlias = Mapping[str, Sequence[Entry]]
Tables: TypeAlias = dict[str, pa.Table]

T = TypeVar("T")

PARTICIPANTS = "contact_participants"
MENTIONS = {
    "events": "event_mentions",
    "casualties": "casualty_mentions",
    "contacts": "contact_mentions",
    "statements": "statement_mentions",
}


def build(
    mentions: Mapping[str, Rows],
    articles: Rows,
    ledger_before: Ledger,
    corrected_by: Mapping[str, Any],
    params: Mapping[str, Any],
) -> tuple[Tables, dict[str, list[Entry]]]:
    """Return all that `made` makes at once, the tables in order of their keys.

    Returns:
        Arrow tables by name, as the codebook has them, and table -> entries of the ledger.
    """
    parts: dict[str, list[pa.Table]] = defaultdict(list)
    entries: dict[str, list[Entry]] = {}
    for piece in made(mentions, articles, ledger_before, corrected_by, params):
        entries |= piece.ledger
        for name, part in piece.tables.items():
            parts[name].append(part)
    keys = {name: [(column, "ascending") for column in schema.table(name).primary_key] for name in parts}
    return {name: pa.concat_tables(parts[name]).sort_by(keys[name]) for name in parts}, entries


def made(
    mentions: Mapping[str, Rows],
    articles: Rows,
    ledger_before: Ledger,
    corrected_by: Mapping[str, Any],
    params: Mapping[str, Any],
) -> Iterator[Made]:
    """Yield the record tables and the ledger after them; the same input in any order gives the same tables.

    Nothing of what was yielded is kept. A table comes whole, but `evidence` in parts, in order of the records' ids.

    Args:
        mentions: the four mention tables and `contact_participants`, by name, as rows, frames or Arrow tables; each is
            asked for when it is needed and not kept.
        articles: the `articles` table; copies (`duplicate_of`) are no evidence.
        ledger_before: table -> the entries of the last build; empty for the first.
        corrected_by: the corrections, as `corrections.read` returns them.
        params: the `records` section of params.yaml.

    Raises:
        CorrectionError: a correction no longer holds.
        ValueError: a parameter is missing or unknown.
    """
    work = _Work(mentions, sources(articles), ledger_before, corrected_by, Params.read(params))
    for step in (_events_and_casualties, _contacts, _statements):
        for piece in step(work):
            for table in piece.tables.values():
                work.places.add(table)
            yield piece
    yield Made({"places": work.places.table()}, {})
    for table in sorted(work.evidence, key=ledger.PREFIXES.__getitem__):
        yield Made({"evidence": work.evidence.pop(table)}, {})


class _Work:
    """What the steps of one build share: the input, and what is made of all of them together."""

    def __init__(
        self,
        mentions: Mapping[str, Rows],
        known: Mapping[str, Source],
        before: Ledger,
        corrected_by: Mapping[str, Any],
        params: Params,
    ) -> None:
        self._given, self._known = mentions, known
        self._open: dict[str, Mentions] = {}
        self.before, self.corrections, self.params = before, corrected_by, params
        self.places = dimensions.Places()
        self.evidence: Tables = {}

    def mentions(self, table: str) -> Mentions:
        """Return the mentions that a table is made of; only one table's lie in order at a time."""
        if table not in self._open:
            self._open.clear()
            self._open = {table: Mentions(MENTIONS[table], self._given[MENTIONS[table]], self._known)}
        return self._open[table]

    def participants(self) -> dict[str, list[Row]]:
        """Return the participants of each contact mention, in order of position."""
        found: dict[str, list[Row]] = defaultdict(list)
        by_position = [("mention_id", "ascending"), ("position", "ascending")]
        for row in batches(arrow(PARTICIPANTS, self._given[PARTICIPANTS]).sort_by(by_position)):
            found[row["mention_id"]].append(row)
        return found

    def apart(self, table: str) -> Apart:
        return corrections.apart(self.corrections, table, self.mentions(table).table)

    def settle(self, table: str, found: Sequence[Found]) -> tuple[list[str], list[Entry]]:
        return ledger.settle(table, found, self.before.get(table, ()))

    def corrected(self, table: str, made: pa.Table) -> tuple[pa.Table, dict[str, list[str]]]:
        return corrections.applied(self.corrections, table, made)

    def add_evidence(
        self, table: str, behind: "_Behind", ids: Sequence[str], corrected: Mapping[str, Sequence[str]]
    ) -> None:
        """Keep the mentions behind the records of a table as rows of `evidence`, taken from the mentions as Arrow."""
        rows = self.mentions(table).evidence(behind.numbers)
        record_ids = pa.array(ids, type=pa.string()).take(pa.array(behind.records, type=pa.int64()))
        scores = pa.array(behind.scores, type=pa.float64())
        rows = rows.append_column("record_table", pa.repeat(pa.scalar(table), len(rows)))
        rows = rows.append_column("record_id", record_ids)
        rows = rows.append_column("joined_by", pa.array(behind.why, type=pa.string()))
        rows = rows.append_column("join_score", pc.if_else(pc.less(scores, 0), None, scores))
        if corrected:
            rules = zip(rows["rule_id"].to_pylist(), record_ids.to_pylist(), strict=True)
            marked = [rule + corrections.rule_ids(corrected.get(record_id, ())) for rule, record_id in rules]
            rows = rows.set_column(rows.column_names.index("rule_id"), "rule_id", pa.array(marked, type=pa.string()))
        wanted = schema.table("evidence").arrow()
        self.evidence[table] = rows.select(wanted.names).cast(wanted)


class _Behind:
    """The mentions behind the records of one table, as numbers: a million of them are 30 MB."""

    def __init__(self) -> None:
        self.numbers, self.records, self.scores = array("q"), array("q"), array("d")
        self.why: list[str] = []

    def add(self, record: int, group: Group[Any]) -> None:
        for telling, joined_by, score in ((group.first, "founding", -1.0), *group.joined):
            for place, number in enumerate(telling.mentions):
                self.numbers.append(number)
                self.records.append(record)
                # A later mention of an article joined its first; only that one was compared across articles.
                self.why.append("same_article" if place else joined_by)
                self.scores.append(1.0 if place else score)


def _text(*parts: object) -> tuple[str, ...]:
    return tuple("" if part is None else sys.intern(str(part)) for part in parts)


def _events_and_casualties(work: _Work) -> Iterator[Made]:
    """Make events and claims together: claims are tied to events, and show which events are one."""
    told = list(events.events(work.mentions("events").by_article(), work.params, work.apart("events")))
    claims = list(casualties.claims(work.mentions("casualties").by_article(), work.params, work.apart("casualties")))
    claims.sort(key=lambda group: group.profile.order())
    earlier = casualties.chains(claims, work.params)
    linked = linking.link(claims, earlier, told, work.params)
    claimed, behind, ids, entries = _casualties(work, claims, earlier)
    yield Made({}, {"casualties": entries})
    for part in sorted(linked.same):
        whole, score = linked.same[part]
        told[whole].joined += [(telling, SAME_TOLL, score) for telling in told[part].tellings()]
    happened, event_ids, entries = _events(work, told, linked.same)
    yield Made({}, {"events": entries})
    of_event = [None if number is None else event_ids[number] for number in linked.events]
    claimed, corrected = work.corrected("casualties", _with(claimed, "event_id", of_event))
    yield Made({"events": figures.filled(happened, claimed)}, {})
    del happened
    yield Made({"casualties": claimed}, {})
    del claimed
    work.add_evidence("casualties", behind, ids, corrected)


def _used_up(groups: list[T]) -> Iterator[T]:
    """Yield the items of a list and let go of them."""
    groups.reverse()
    while groups:
        yield groups.pop()


def _with(table: pa.Table, column: str, values: Sequence[str | None]) -> pa.Table:
    number = table.column_names.index(column)
    return table.set_column(number, table.schema.field(column), pa.array(values, type=pa.string()))


def _casualties(
    work: _Work, claims: list[Group[casualties.Telling]], earlier: Sequence[int | None]
) -> tuple[pa.Table, "_Behind", list[str], list[Entry]]:
    """Return the claims without their events, what is behind them, their ids by number, and their ledger.

    The list is used up, so that a million claims do not lie in memory twice.
    """
    known, behind, made = [], _Behind(), Columns("casualties", without_key=True)
    for number, group in enumerate(_used_up(claims)):
        row, p = casualties.row(group), group.profile
        figure = f"{row['count_low']}-{row['count_high']}"
        parts = _text(row["harm"], p.victims, p.claimant, figure, row["date_start"], row["victim_status"])
        known.append(Found(parts, group.anchors()))
        made.add(row)
        behind.add(number, group)
    ids, entries = work.settle("casualties", known)
    before = [None if number is None else ids[number] for number in earlier]
    return _with(made.table(ids), "supersedes", before), behind, ids, entries


def _events(
    work: _Work, told: list[Group[events.Telling]], same: Mapping[int, object]
) -> tuple[pa.Table, list[str], list[Entry]]:
    """Return the events, their ids by number ("" for a part of another), and their ledger. The list is used up."""
    known, behind, made = [], _Behind(), Columns("events", without_key=True)
    by_number = [""] * len(told)
    numbers: list[int] = []
    for number, group in enumerate(_used_up(told)):
        if number in same:
            continue
        row, p = events.row(group), group.profile
        place = row["place_id"] or row["place_name"] or row["country"]
        sides = ";".join(str(side) for side in p.sides)
        parts = _text(row["event_group"], place, row["date_start"], sides, row["event_type"])
        known.append(Found(parts, group.anchors(), ledger.kept(row)))
        made.add({"status": "active", **row})
        behind.add(len(numbers), group)
        numbers.append(number)
    ids, entries = work.settle("events", known)
    retired = Columns("events")
    for entry in entries:
        if entry.status != "active":
            fate = {"event_id": entry.record_id, "status": entry.status, "superseded_by": entry.superseded_by}
            retired.add(fate | ledger.row(entry))
    happened, corrected = work.corrected("events", pa.concat_tables([made.table(ids), retired.table()]))
    work.add_evidence("events", behind, ids, corrected)
    for number, record_id in zip(numbers, ids, strict=True):
        by_number[number] = record_id
    return happened, by_number, entries


def _contacts(work: _Work) -> Iterator[Made]:
    told = work.mentions("contacts").each()
    known, behind, rows = [], _Behind(), []
    for number, group in enumerate(contacts.contacts(told, work.participants(), work.params, work.apart("contacts"))):
        row, parties, reports = contacts.row(group)
        parts = _text(words.mode_family(row["mode"]), row["parties"], row["date_start"], row["mode"])
        known.append(Found(parts, group.anchors()))
        behind.add(number, group)
        rows.append((row, parties, reports))
    ids, entries = work.settle("contacts", known)
    columns = {name: Columns(name) for name in ("contacts", "participants", "contact_statuses")}
    for contact_id, (row, parties, reports) in zip(ids, rows, strict=True):
        columns["contacts"].add({"contact_id": contact_id, **row})
        for party in parties:
            columns["participants"].add({"contact_id": contact_id, **party})
        for report in reports:
            columns["contact_statuses"].add({"contact_id": contact_id, **report})
    tables: Tables = {}
    corrected: dict[str, list[str]] = defaultdict(list)
    for name, made in columns.items():
        tables[name], mended = work.corrected(name, made.table())
        for contact_id, each in mended.items():
            corrected[contact_id] += each
    work.add_evidence("contacts", behind, ids, corrected)
    yield Made(tables | {"actors": dimensions.actors(tables["participants"])}, {"contacts": entries})


def _statements(work: _Work) -> Iterator[Made]:
    told = work.mentions("statements").each()
    known, behind, made = [], _Behind(), Columns("statements", without_key=True)
    for number, group in enumerate(statements.statements(told, work.params, work.apart("statements"))):
        row = statements.row(group)
        parts = _text(row["kind"], group.profile.block()[0], row["targets"], row["date_start"])
        known.append(Found(parts, group.anchors()))
        behind.add(number, group)
        made.add(row)
    ids, entries = work.settle("statements", known)
    table, corrected = work.corrected("statements", made.table(ids))
    work.add_evidence("statements", behind, ids, corrected)
    yield Made({"statements": table}, {"statements": entries})
