"""One article to its mentions: the four coders over one parse."""

from typing import Any

from contactline.coding import casualties, contacts, events, statements
from contactline.reading.article import Reading

CODERS = {
    "casualty_mentions": casualties.mentions,
    "contact_mentions": contacts.mentions,
    "statement_mentions": statements.mentions,
    "event_mentions": events.mentions,
}

Rows = dict[str, list[dict[str, Any]]]


def mentions(reading: Reading) -> Rows:
    """Return the rows of the four mention tables and of `contact_participants` that one article supports.

    A contact's row carries its participants under "participants"; here they become rows of their own.
    """
    rows: Rows = {}
    participants: list[dict[str, Any]] = []
    for table, coder in CODERS.items():
        kind = table.removesuffix("_mentions")
        rows[table] = []
        for number, row in enumerate(sorted(coder(reading), key=_reading_order), start=1):
            mention_id = f"{reading.article.article_id}-{kind}-{number}"
            for position, participant in enumerate(row.pop("participants", ()), start=1):
                participants.append({"mention_id": mention_id, "position": position, **participant})
            rows[table].append({"mention_id": mention_id, "article_id": reading.article.article_id, **row})
    return rows | {"contact_participants": participants}


def _reading_order(row: dict[str, Any]) -> tuple[int, int]:
    return row["sentence_start"], row["span_start"]
