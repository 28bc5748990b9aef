"""What was known by a day: the records that the articles published by then support, by the same folds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from contactline.records import contacts, figures, folds

Read = Callable[[str], pa.Table]
KEYS = {"events": "event_id", "casualties": "casualty_id", "contacts": "contact_id", "statements": "statement_id"}
OF_CONTACTS = ("participants", "contact_statuses")


def view(table: str, read: Read, day: dt.date | None = None, fold: str | None = None) -> pa.Table:
    """Return one table as it was known by `day`, its figures by `fold`.

    Claims, contacts and events that nobody had reported by then are left out, counts of articles and publishers are
    of the articles published by then, and a contact has the status that was reported by then. Dates and places are
    as well known as today. An article without a publication date was not known on any day.

    Args:
        table: a table of records, or `articles`.
        read: gives the stored tables by name.
        day: last day of publication; None is today's knowledge.
        fold: ucdp | acled | ibc, for events; None is the fold they are stored by.

    Raises:
        ValueError: there is no such fold, or the table has no figures to fold.
    """
    if fold is not None:
        folds.rule(fold)
        if table != "events":
            raise ValueError(f"{table} has nothing to fold; only events do")
    stored = read(table)
    if day is None and fold in (None, folds.DEFAULT):
        return stored
    if table == "events":
        return _events(stored, read, day, fold or folds.DEFAULT)
    if table in KEYS:
        known = _known(stored, KEYS[table], _reports(table, read, day))
        return _statuses_then(known, read("contact_statuses"), day) if table == "contacts" else known
    if table in OF_CONTACTS:
        mine = pc.is_in(stored["contact_id"], view("contacts", read, day)["contact_id"])
        early = pc.less_equal(stored["first_reported"], _date(day)) if table == "contact_statuses" else mine
        return stored.filter(pc.and_(mine, early))
    if table == "articles":
        return stored.filter(pc.less_equal(stored["published_date"], _date(day)))
    if table == "evidence":
        early = pc.is_in(stored["article_id"], view("articles", read, day)["article_id"])
        return stored.filter(early)
    return stored


def _date(day: dt.date | None) -> pa.Scalar:
    return pa.scalar(day, type=pa.date32())


def _reports(table: str, read: Read, day: dt.date | None) -> pa.Table:
    """Return record_id, article_id, published and publisher of each mention published by `day` (None: whenever)."""
    articles, evidence = read("articles"), read("evidence")
    evidence = evidence.filter(pc.equal(evidence["record_table"], table))
    where = pc.index_in(evidence["article_id"], articles["article_id"])
    reports = pa.table(
        {
            "record_id": evidence["record_id"],
            "article_id": evidence["article_id"],
            "published": articles["published_date"].take(where),
            "publisher": articles["publisher"].take(where),
        }
    )
    return reports if day is None else reports.filter(pc.less_equal(reports["published"], _date(day)))


def _known(stored: pa.Table, key: str, reports: pa.Table) -> pa.Table:
    """Return the rows that `reports` tell of, with the reported_* columns that follow from them."""
    told = reports.group_by("record_id").aggregate(
        [("published", "min"), ("published", "max"), ("article_id", "count_distinct"), ("publisher", "count_distinct")]
    )
    where = pc.index_in(stored[key], told["record_id"])
    known, where = stored.filter(pc.is_valid(where)), where.drop_null()
    columns = {
        "first_reported": "published_min",
        "last_reported": "published_max",
        "article_count": "article_id_count_distinct",
        "publisher_count": "publisher_count_distinct",
    }
    for name, made in columns.items():
        field = known.schema.field(name)
        known = known.set_column(known.schema.get_field_index(name), field, told[made].take(where).cast(field.type))
    return known


def _events(stored: pa.Table, read: Read, day: dt.date | None, fold: str) -> pa.Table:
    """Return the events known by `day`; one that was known by its claims alone counts the articles of those."""
    all_claims = read("casualties")
    reports_of_claims = _reports("casualties", read, day)
    known = pc.is_in(all_claims["casualty_id"], reports_of_claims["record_id"])
    claims = all_claims.filter(known)
    if day is not None:
        reports = _reports("events", read, day)
        stored = _known(stored, "event_id", pa.concat_tables([reports, _by_claims(reports, reports_of_claims, claims)]))
    # Where no claim of an event is missing, its stored figures are right by the stored fold.
    late = all_claims.filter(pc.invert(known))["event_id"]
    only = set(late.to_pylist()) - {None} if fold == folds.DEFAULT else None
    publishers = _publishers(reports_of_claims) if fold == "ibc" else None
    return figures.filled(stored, claims, fold, publishers, only)


def _by_claims(reports: pa.Table, reports_of_claims: pa.Table, claims: pa.Table) -> pa.Table:
    """Return reports of events that nobody had yet told of, from the reports of their claims."""
    where = pc.index_in(reports_of_claims["record_id"], claims["casualty_id"])
    events = claims["event_id"].take(where)
    moved = reports_of_claims.set_column(0, "record_id", events)
    return moved.filter(pc.and_(pc.is_valid(events), pc.invert(pc.is_in(events, reports["record_id"]))))


def _publishers(reports: pa.Table) -> dict[str, frozenset[str]]:
    told = reports.filter(pc.is_valid(reports["publisher"]))
    named = told.group_by("record_id").aggregate([("publisher", "distinct")])
    lists = named["publisher_distinct"].to_pylist()
    return dict(zip(named["record_id"].to_pylist(), map(frozenset, lists), strict=True))


def _statuses_then(known: pa.Table, statuses: pa.Table, day: dt.date | None) -> pa.Table:
    """Return contacts with the status, and its date, that stood by `day`."""
    reports: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in statuses.filter(pc.less_equal(statuses["first_reported"], _date(day))).to_pylist():
        reports[row["contact_id"]].append(row)
    stood = [contacts.standing(reports[contact_id]) for contact_id in known["contact_id"].to_pylist()]
    for name in ("status", "date_start", "date_end", "date_precision", "date_basis"):
        field = known.schema.field(name)
        values = pa.array([row[name] for row in stood], type=field.type)
        known = known.set_column(known.schema.get_field_index(name), field, values)
    return known
