"""The sample that comes with the package: the records of a few days, whole, with all that stands behind them."""

import datetime as dt
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from contactline import io, schema
from contactline.records.as_of import KEYS, OF_CONTACTS

Read = Callable[[str], pa.Table]


def sample(read: Read, first: dt.date, last: dt.date) -> dict[str, pa.Table]:
    """Return the released tables, cut to the records that the articles of some days alone tell of.

    A record that an article of another day tells of, too, is left out, and an event goes with its claims: so every
    figure follows from what is there.

    Args:
        read: gives the stored tables by name.
        first: first day of publication.
        last: last day of publication.
    """
    articles, evidence = read("articles"), read("evidence")
    day = articles["published_date"]
    articles = articles.filter(pc.and_(pc.greater_equal(day, pa.scalar(first)), pc.less_equal(day, pa.scalar(last))))
    outside = evidence.filter(pc.invert(pc.is_in(evidence["article_id"], articles["article_id"])))
    records = {name: _without(read(name), key, outside["record_id"]) for name, key in KEYS.items()}
    records["events"], records["casualties"] = _together(records["events"], records["casualties"], read("casualties"))
    ids = pa.concat_arrays([records[name][key].combine_chunks() for name, key in KEYS.items()])
    parts = {name: _of(read(name), "contact_id", records["contacts"]["contact_id"]) for name in OF_CONTACTS}
    whole = {"actors": read("actors"), "places": read("places"), "changes": io.arrow("changes", ())}
    cut = {"articles": articles, "evidence": _of(evidence, "record_id", ids)} | records | parts | whole
    return {name: cut[name] for name, table in schema.tables().items() if table.released}


def _of(table: pa.Table, column: str, keys: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table[column], keys))


def _without(table: pa.Table, column: str, keys: pa.Array) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table[column], keys)))


def _together(events: pa.Table, claims: pa.Table, every_claim: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the events all of whose claims are there, and the claims whose event and forerunner are."""
    while True:
        lost = every_claim.filter(pc.invert(pc.is_in(every_claim["casualty_id"], claims["casualty_id"])))
        kept_events = _without(events, "event_id", lost["event_id"].drop_null())
        kept_events = _known(kept_events, "superseded_by", kept_events["event_id"])
        kept_claims = _known(claims, "event_id", kept_events["event_id"])
        kept_claims = _known(kept_claims, "supersedes", kept_claims["casualty_id"])
        if len(kept_events) == len(events) and len(kept_claims) == len(claims):
            return events, claims
        events, claims = kept_events, kept_claims


def _known(table: pa.Table, column: str, keys: pa.ChunkedArray) -> pa.Table:
    return table.filter(pc.or_(pc.is_null(table[column]), pc.is_in(table[column], keys)))
