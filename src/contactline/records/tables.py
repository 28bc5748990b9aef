"""The record tables from the mention tables: what all articles together tell."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow as pa

from contactline import schema
from contactline.records import (
    casualties,
    contacts,
    corrections,
    dimensions,
    events,
    figures,
    ledger,
    statements,
    words,
)
from contactline.records.clusters import Group
from contactline.records.ledger import Entry, Found
from contactline.records.params import Params
from contactline.records.sources import Columns, Row, Rows, Source, arrow, batches, by_article, sources

Ledger: TypeAlias = Mapping[str, Sequence[Entry]]
Tables: TypeAlias = dict[str, pa.Table]


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
    event_groups, event_ids = _events(work)
    _casualties(work, event_groups, event_ids)
    del event_groups
    work.tables["events"] = figures.filled(work.tables["events"], work.tables["casualties"])
    _contacts(work)
    _statements(work)
    tables = dict(work.tables)
    tables["evidence"] = work.evidence.table()
    tables["actors"] = dimensions.actors(tables["participants"])
    tables["places"] = dimensions.places([tables["events"], tables["casualties"], tables["contacts"]])
    return {name: made.sort_by(_key(name)) for name, made in tables.items()}, work.ledger


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
        self.mentions = {name: arrow(name, rows) for name, rows in mentions.items()}
        self.known, self.before, self.corrections, self.params = known, before, corrected_by, params
        self.ledger: dict[str, list[Entry]] = {}
        self.tables: Tables = {}
        self.evidence = Columns("evidence")

    def told(self, name: str) -> Any:
        return by_article(name, self.mentions[name], self.known)

    def apart(self, table: str, mentions: str) -> Any:
        return corrections.apart(self.corrections, table, self.mentions[mentions])

    def settle(self, table: str, found: Sequence[Found]) -> list[str]:
        ids, self.ledger[table] = ledger.settle(table, found, self.before.get(table, ()))
        return ids

    def add_evidence(self, table: str, record_id: str, group: Group[Any], corrected: Sequence[str]) -> None:
        more = corrections.rule_ids(corrected)
        for telling, why, score in group.members:
            for number, mention in enumerate(telling.evidence):
                row = mention._asdict()
                row["rule_id"] += more
                row |= {"record_table": table, "record_id": record_id, "joined_by": why, "join_score": score}
                # A later mention of one article joined the article's first; only that one was compared across articles.
                self.evidence.add(row | {"joined_by": "same_article", "join_score": 1.0} if number else row)


def _anchors(group: Group[Any]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted({(e.article_id, e.sentence_start) for t in group.tellings() for e in t.evidence}))


def _text(*parts: object) -> tuple[str, ...]:
    return tuple("" if part is None else str(part) for part in parts)


def _events(work: _Work) -> tuple[list[Group[events.Telling]], list[str]]:
    found = list(events.events(work.told("event_mentions"), work.params, work.apart("events", "event_mentions")))
    rows = [events.row(group) for group in found]
    known = []
    for group, row in zip(found, rows, strict=True):
        place = row["place_id"] or row["place_name"] or row["country"]
        sides = ";".join(str(side) for side in group.profile.sides)
        parts = _text(row["event_group"], place, row["date_start"], sides, row["event_type"])
        known.append(Found(parts, _anchors(group), {k: _json(v) for k, v in row.items() if v is not None}))
    ids = work.settle("events", known)
    made = Columns("events")
    for event_id, row in zip(ids, rows, strict=True):
        made.add({"event_id": event_id, "status": "active", **row})
    for entry in work.ledger["events"]:
        if entry.status != "active":
            made.add(
                {
                    "event_id": entry.record_id,
                    "status": entry.status,
                    "superseded_by": entry.superseded_by,
                    **_dated(entry.row),
                }
            )
    work.tables["events"], corrected = corrections.applied(work.corrections, "events", made.table())
    for event_id, group in zip(ids, found, strict=True):
        work.add_evidence("events", event_id, group, corrected.get(event_id, ()))
    return found, ids


def _json(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _dated(row: Mapping[str, Any]) -> Row:
    dates = {"date_start", "date_end", "first_reported", "last_reported"}
    return {k: dt.date.fromisoformat(v) if k in dates else v for k, v in row.items()}


def _casualties(work: _Work, event_groups: Sequence[Group[events.Telling]], event_ids: Sequence[str]) -> None:
    apart = work.apart("casualties", "casualty_mentions")
    found = list(casualties.claims(work.told("casualty_mentions"), work.params, apart))
    found.sort(key=lambda group: group.profile.order())
    earlier = casualties.chains(found, work.params)
    linked = casualties.link(found, earlier, _told_in(event_groups), work.params)
    rows = [casualties.row(group) for group in found]
    known = []
    for group, row in zip(found, rows, strict=True):
        figure = f"{row['count_low']}-{row['count_high']}"
        parts = _text(row["harm"], group.profile.victims, group.profile.claimant, figure, row["date_start"])
        known.append(Found(parts, _anchors(group)))
    ids = work.settle("casualties", known)
    made = Columns("casualties")
    for number, row in enumerate(rows):
        before, event = earlier[number], linked[number]
        made.add(
            {
                "casualty_id": ids[number],
                **row,
                "event_id": None if event is None else event_ids[event],
                "supersedes": None if before is None else ids[before],
            }
        )
    work.tables["casualties"], corrected = corrections.applied(work.corrections, "casualties", made.table())
    for casualty_id, group in zip(ids, found, strict=True):
        work.add_evidence("casualties", casualty_id, group, corrected.get(casualty_id, ()))


def _told_in(
    event_groups: Sequence[Group[events.Telling]],
) -> dict[str, list[tuple[casualties.Target, frozenset[int]]]]:
    told: dict[str, list[tuple[casualties.Target, frozenset[int]]]] = defaultdict(list)
    for number, group in enumerate(event_groups):
        p = group.profile
        target = casualties.Target(number, p.group, p.sides, p.when, p.where, len(group.sources()))
        starts: dict[str, set[int]] = defaultdict(set)
        for telling in group.tellings():
            starts[telling.source.article_id] |= {e.sentence_start for e in telling.evidence}
        for article_id, sentences in starts.items():
            told[article_id].append((target, frozenset(sentences)))
    return told


def _contacts(work: _Work) -> None:
    participants: dict[str, list[Row]] = defaultdict(list)
    for row in batches(
        work.mentions["contact_participants"].sort_by([("mention_id", "ascending"), ("position", "ascending")])
    ):
        participants[row["mention_id"]].append(row)
    apart = work.apart("contacts", "contact_mentions")
    found = list(contacts.contacts(work.told("contact_mentions"), participants, work.params, apart))
    rows = [contacts.row(group) for group in found]
    known = [
        Found(_text(words.mode_family(row["mode"]), row["parties"], row["date_start"], row["mode"]), _anchors(group))
        for group, (row, _, _) in zip(found, rows, strict=True)
    ]
    ids = work.settle("contacts", known)
    made = {name: Columns(name) for name in ("contacts", "participants", "contact_statuses")}
    for contact_id, (row, parties, reports) in zip(ids, rows, strict=True):
        made["contacts"].add({"contact_id": contact_id, **row})
        for party in parties:
            made["participants"].add({"contact_id": contact_id, **party})
        for report in reports:
            made["contact_statuses"].add({"contact_id": contact_id, **report})
    by_record: dict[str, list[str]] = defaultdict(list)
    for name, columns in made.items():
        work.tables[name], changed = corrections.applied(work.corrections, name, columns.table())
        for contact_id, each in changed.items():
            by_record[contact_id] += each
    for contact_id, group in zip(ids, found, strict=True):
        work.add_evidence("contacts", contact_id, group, by_record.get(contact_id, ()))


def _statements(work: _Work) -> None:
    apart = work.apart("statements", "statement_mentions")
    found = list(statements.statements(work.told("statement_mentions"), work.params, apart))
    rows = [statements.row(group) for group in found]
    known = [
        Found(_text(row["kind"], group.profile.block()[0], row["targets"], row["date_start"]), _anchors(group))
        for group, row in zip(found, rows, strict=True)
    ]
    ids = work.settle("statements", known)
    made = Columns("statements")
    for statement_id, row in zip(ids, rows, strict=True):
        made.add({"statement_id": statement_id, **row})
    work.tables["statements"], corrected = corrections.applied(work.corrections, "statements", made.table())
    for statement_id, group in zip(ids, found, strict=True):
        work.add_evidence("statements", statement_id, group, corrected.get(statement_id, ()))
