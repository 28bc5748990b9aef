"""Shows what stands behind a record: its mentions, their sentences with the coded phrase marked, rules and sources."""

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from contactline import io, schema
from contactline.records import corrections
from contactline.records.as_of import KEYS
from contactline.records.folds import DEFAULT, FOLDS
from contactline.records.ledger import PREFIXES

WIDTH = 110
SILENT = {"article_count", "publisher_count"}  # said with the evidence


class UnknownRecordError(ValueError):
    """An id that no record has."""


def explain(record_id: str, folder: Path) -> str:
    """Return, in words, what a record says and what it rests on.

    Args:
        record_id: id of an event, casualty claim, contact or statement.
        folder: folder of the tables.

    Raises:
        UnknownRecordError: no record has the id.
        FileNotFoundError: a table has not been made.
    """
    table = _table_of(record_id)
    rows = _rows(table, folder, KEYS[table], record_id)
    if not rows:
        raise UnknownRecordError(f"{record_id}: no such record in {io.path_of(table, folder)}")
    lines = [f"{record_id}: {schema.table(table).row}", *_values(rows[0], table)]
    if table == "events":
        lines += _figures(rows[0], folder)
    if table == "contacts":
        lines += _contact(record_id, folder)
    return "\n".join([*lines, *_evidence(record_id, folder)])


def _table_of(record_id: str) -> str:
    for table, prefix in PREFIXES.items():
        if record_id.startswith(f"{prefix}-"):
            return table
    known = ", ".join(f"{prefix}- ({table})" for table, prefix in PREFIXES.items())
    raise UnknownRecordError(f"{record_id}: not an id of a record; they begin with {known}")


def _rows(table: str, folder: Path, column: str, value: str) -> list[dict[str, Any]]:
    stored = io.read_arrow(table, folder)
    rows: list[dict[str, Any]] = stored.filter(pc.equal(stored[column], value)).to_pylist()
    return rows


def _values(row: Mapping[str, Any], table: str) -> Iterator[str]:
    for field in schema.table(table).fields[1:]:
        if row[field.name] is not None and field.name not in SILENT:
            yield f"  {field.name}: {row[field.name]}"


def _figures(event: Mapping[str, Any], folder: Path) -> Iterator[str]:
    claims = _rows("casualties", folder, "event_id", event["event_id"])
    rule = " ".join((FOLDS[DEFAULT].__doc__ or "").split())
    yield f"\nFigures by the fold {DEFAULT!r}: {rule}" if claims else "\nNo claims of casualties."
    updated = {claim["supersedes"]: claim["casualty_id"] for claim in claims}
    for claim in sorted(claims, key=_order):
        later = updated.get(claim["casualty_id"])
        victims = claim["victim_country"] or claim["victim_group"] or "?"
        yield (
            f"  {claim['reported_date']}  {claim['harm']} {_count(claim)} of {victims} ({claim['victim_status']}),"
            f" says {claim['claimant'] or 'the article'} ({claim['attribution']})"
            f"  [{claim['casualty_id']}{f', updated by {later}' if later else ''}]"
        )


def _order(claim: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(claim[column]) for column in ("harm", "victim_country", "reported_date", "casualty_id"))


def _count(claim: Mapping[str, Any]) -> str:
    low, high = claim["count_low"], claim["count_high"]
    if low is None and high is None:
        return f"({claim['count_kind']})"
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"


def _contact(contact_id: str, folder: Path) -> Iterator[str]:
    yield "\nParticipants"
    for party in _rows("participants", folder, "contact_id", contact_id):
        office = f", {party['office']}" if party["office"] else ""
        yield f"  {party['name']}{office} ({party['country'] or 'no state'}), {party['role']}"
    yield "\nReported as"
    for report in _rows("contact_statuses", folder, "contact_id", contact_id):
        yield f"  {report['status']} on {report['date_start'] or 'no day'}, first reported {report['first_reported']}"


def _evidence(record_id: str, folder: Path) -> Iterator[str]:
    mentions = _rows("evidence", folder, "record_id", record_id)
    articles = {row["article_id"]: row for row in _of_articles("articles", mentions, folder)}
    texts = {row["article_id"]: row["text"] for row in _of_articles("texts", mentions, folder)}
    publishers = {articles[m["article_id"]]["publisher"] for m in mentions} - {None}
    yield f"\nEvidence: {len(mentions)} mentions in {len(articles)} articles of {len(publishers)} publishers"
    for mention in sorted(mentions, key=lambda m: (str(articles[m["article_id"]]["published_date"]), m["mention_id"])):
        article = articles[mention["article_id"]]
        score = "" if mention["join_score"] is None else f", agreement {mention['join_score']:.2f}"
        publisher = article["publisher"] or "unknown publisher"
        yield f"\n  {article['published_date'] or 'undated'}  {publisher}  {mention['mention_id']}"
        yield f"  {article['url'] or article['based_on_url'] or 'no address'}"
        yield f"  rules {mention['rule_id']}; {mention['joined_by']}{score}"
        yield textwrap.fill(_marked(mention, texts), WIDTH, initial_indent="    ", subsequent_indent="    ")
        yield from _corrected(mention["rule_id"])


def _of_articles(table: str, mentions: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    stored = io.read_arrow(table, folder)
    wanted = pa.array([m["article_id"] for m in mentions], type=pa.string())
    rows: list[dict[str, Any]] = stored.filter(pc.is_in(stored["article_id"], wanted)).to_pylist()
    return rows


def _marked(mention: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return the sentence with the coded phrase in >>> <<<."""
    text = texts[mention["article_id"]]
    start, end = mention["span_start"], mention["span_end"]
    before, after = text[mention["sentence_start"] : start], text[end : mention["sentence_end"]]
    return f"{before}>>>{text[start:end]}<<<{after}"


def _corrected(rule_id: str) -> Iterator[str]:
    for entry in corrections.rulebook()["values"]:
        if f"+correction:{entry['id']}" in rule_id:
            yield (
                f"    corrected by hand ({entry['id']}): {entry['column']} from {entry['expect']!r}"
                f" to {entry['set']!r}; {entry['why']} Source: {entry['source']}; {entry['by']}, {entry['on']}"
            )
