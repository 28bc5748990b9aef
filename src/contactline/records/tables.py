"""The record tables from the mention tables: what all articles together tell."""

import sys
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

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
from contactline.records.clusters import Apart, Group
from contactline.records.ledger import Entry, Found
from contactline.records.params import Params
from contactline.records.sources import Columns, Mentions, Row, Rows, Source, arrow, batches, sources

Ledger: TypeAlias = Mapping[str, Sequence[Entry]]
Tables: TypeAlias = dict[str, pa.Table]

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
    """Return the record tables and the ledger after them; the same input in any order gives the same tables.

    Args:
        mentions: the four mention tables and `contact_participants`, by name, as rows, frames or Arrow tables.
        articles: the `articles` table; copies (`duplicate_of`) are no evidence.
        ledger_before: table -> the entries of the last build; empty for the first.
        corrected_by: the corrections, as `corrections.read` returns them.
        params: the `records` section of params.yaml.

    Returns:
        Arrow tables by name, as the codebook has them, and table -> entries of the ledger.

    Raises:
        CorrectionError: a correction no longer holds.
        ValueError: a parameter is missing or unknown.
    """
    work = _Work(mentions, sources(articles), ledger_before, corrected_by, Params.read(params))
    _casualties(work, *_events(work))
    work.tables["events"] = figures.filled(work.tables["events"], work.tables["casualties"])
    _contacts(work)
    _statements(work)
    tables, work.tables = work.tables, {}
    tables["evidence"], work.evidence = pa.concat_tables(work.evidence), []
    tables["actors"] = dimensions.actors(tables["participants"])
    tables["places"] = dimensions.places([tables["events"], tables["casualties"], tables["contacts"]])
    # One table at a time, so that none but the one being sorted lies in memory twice.
    return {name: tables.pop(name).sort_by(_key(name)) for name in list(tables)}, work.ledger


def _key(name: str) -> list[tuple[str, str]]:
    return [(column, "ascending") for column in schema.table(name).primary_key]


class _Work:
    """What the steps of one build share: the input, and the tables as far as they are made."""

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
        self.ledger: dict[str, list[Entry]] = {}
        self.tables: Tables = {}
        self.evidence: list[pa.Table] = [Columns("evidence").table()]

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

    def settle(self, table: str, found: Sequence[Found]) -> list[str]:
        ids, self.ledger[table] = ledger.settle(table, found, self.before.get(table, ()))
        return ids

    def correct(self, table: str, made: pa.Table) -> dict[str, list[str]]:
        self.tables[table], corrected = corrections.applied(self.corrections, table, made)
        return corrected

    def add_evidence(
        self, table: str, behind: "_Behind", ids: Sequence[str], corrected: Mapping[str, Sequence[str]]
    ) -> None:
        """Add the mentions behind the records of a table as rows of `evidence`, taken from the mentions as Arrow."""
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
        self.evidence.append(rows.select(wanted.names).cast(wanted))


class _Behind:
    """The mentions behind the records of one table, as numbers: a million of them are 30 MB."""

    def __init__(self) -> None:
        self.numbers, self.records, self.scores = array("q"), array("q"), array("d")
        self.why: list[str] = []

    def add(self, record: int, group: Group[Any]) -> None:
        for telling, joined_by, score in group.members:
            for place, number in enumerate(telling.mentions):
                self.numbers.append(number)
                self.records.append(record)
                # A later mention of an article joined its first; only that one was compared across articles.
                self.why.append("same_article" if place else joined_by)
                self.scores.append(1.0 if place else -1.0 if score is None else score)


def _text(*parts: object) -> tuple[str, ...]:
    return tuple("" if part is None else sys.intern(str(part)) for part in parts)


def _events(work: _Work) -> tuple[linking.ToldIn, list[str]]:
    """Make the events and return, for the claims, article_id -> its events, and the events' ids by number."""
    told = work.mentions("events").by_article()
    known, behind, made = [], _Behind(), Columns("events", without_key=True)
    told_in: linking.ToldIn = defaultdict(list)
    for number, group in enumerate(events.events(told, work.params, work.apart("events"))):
        row, p = events.row(group), group.profile
        place = row["place_id"] or row["place_name"] or row["country"]
        sides = ";".join(str(side) for side in p.sides)
        parts = _text(row["event_group"], place, row["date_start"], sides, row["event_type"])
        known.append(Found(parts, group.anchors(), ledger.kept(row)))
        made.add({"status": "active", **row})
        behind.add(number, group)
        target = linking.Target(number, p.group, p.sides, p.when, p.where, row["article_count"])
        for telling in group.tellings():
            told_in[telling.source.article_id].append((target, telling.sentences))
    ids = work.settle("events", known)
    retired = Columns("events")
    for entry in work.ledger["events"]:
        if entry.status != "active":
            fate = {"event_id": entry.record_id, "status": entry.status, "superseded_by": entry.superseded_by}
            retired.add(fate | ledger.row(entry))
    corrected = work.correct("events", pa.concat_tables([made.table(ids), retired.table()]))
    work.add_evidence("events", behind, ids, corrected)
    return told_in, ids


def _casualties(work: _Work, told_in: linking.ToldIn, event_ids: Sequence[str]) -> None:
    told = work.mentions("casualties").by_article()
    found = list(casualties.claims(told, work.params, work.apart("casualties")))
    found.sort(key=lambda group: group.profile.order())
    earlier = casualties.chains(found, work.params)
    linked = linking.link(found, earlier, told_in, work.params)
    known, behind, made = [], _Behind(), Columns("casualties", without_key=True)
    for number, (group, event) in enumerate(zip(found, linked, strict=True)):
        row = casualties.row(group)
        figure = f"{row['count_low']}-{row['count_high']}"
        parts = _text(row["harm"], group.profile.victims, group.profile.claimant, figure, row["date_start"])
        known.append(Found(parts, group.anchors()))
        made.add(row | {"event_id": None if event is None else event_ids[event]})
        behind.add(number, group)
    ids = work.settle("casualties", known)
    table = made.table(ids)
    column = table.column_names.index("supersedes")
    before = [None if number is None else ids[number] for number in earlier]
    table = table.set_column(column, table.schema.field(column), pa.array(before, type=pa.string()))
    work.add_evidence("casualties", behind, ids, work.correct("casualties", table))


def _contacts(work: _Work) -> None:
    told = work.mentions("contacts").by_article()
    known, behind, rows = [], _Behind(), []
    for number, group in enumerate(contacts.contacts(told, work.participants(), work.params, work.apart("contacts"))):
        row, parties, reports = contacts.row(group)
        parts = _text(words.mode_family(row["mode"]), row["parties"], row["date_start"], row["mode"])
        known.append(Found(parts, group.anchors()))
        behind.add(number, group)
        rows.append((row, parties, reports))
    ids = work.settle("contacts", known)
    made = {name: Columns(name) for name in ("contacts", "participants", "contact_statuses")}
    for contact_id, (row, parties, reports) in zip(ids, rows, strict=True):
        made["contacts"].add({"contact_id": contact_id, **row})
        for party in parties:
            made["participants"].add({"contact_id": contact_id, **party})
        for report in reports:
            made["contact_statuses"].add({"contact_id": contact_id, **report})
    corrected: dict[str, list[str]] = defaultdict(list)
    for name, columns in made.items():
        for contact_id, each in work.correct(name, columns.table()).items():
            corrected[contact_id] += each
    work.add_evidence("contacts", behind, ids, corrected)


def _statements(work: _Work) -> None:
    told = work.mentions("statements").by_article()
    known, behind, made = [], _Behind(), Columns("statements", without_key=True)
    for number, group in enumerate(statements.statements(told, work.params, work.apart("statements"))):
        row = statements.row(group)
        parts = _text(row["kind"], group.profile.block()[0], row["targets"], row["date_start"])
        known.append(Found(parts, group.anchors()))
        behind.add(number, group)
        made.add(row)
    ids = work.settle("statements", known)
    work.add_evidence("statements", behind, ids, work.correct("statements", made.table(ids)))
