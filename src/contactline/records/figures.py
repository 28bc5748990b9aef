"""The figures of events, folded from their claims."""

from collections import defaultdict
from collections.abc import Collection, Mapping

import pyarrow as pa

from contactline.records import folds

COLUMNS = (
    "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "deaths_low", "deaths_best", "deaths_high",
    "wounded_low", "wounded_best", "wounded_high",
)  # fmt: skip
READ = (
    "casualty_id", "event_id", "harm", "count_low", "count_high", "victim_country", "victim_group", "victim_status",
    "attribution", "modality", "reported_date", "supersedes",
)  # fmt: skip


def filled(
    events: pa.Table,
    claims: pa.Table,
    fold: str = folds.DEFAULT,
    publishers: Mapping[str, frozenset[str]] | None = None,
    only: Collection[str] | None = None,
) -> pa.Table:
    """Return `events` with the figures that `fold` reads from `claims`.

    Args:
        events: rows of the events table.
        claims: rows of the casualties table, all that are known.
        fold: ucdp | acled | ibc.
        publishers: casualty_id -> its publishers; only `ibc` asks for them.
        only: the events to fold; the others keep their figures. None is all of them.
    """
    by_event = standing(claims, publishers or {}, only)
    columns: dict[str, list[int | None]] = {name: events[name].to_pylist() for name in COLUMNS}
    sides = ("event_id", "side_a_country", "side_a", "side_b_country", "side_b")
    for number, (event_id, a_country, a, b_country, b) in enumerate(
        zip(*(events[c].to_pylist() for c in sides), strict=True)
    ):
        if only is not None and event_id not in only:
            continue
        found = folds.figures(by_event.get(event_id, ()), a_country or a, b_country or b, fold)
        for name in COLUMNS:
            columns[name][number] = found[name]
    for name in COLUMNS:
        field = events.schema.field(name)
        events = events.set_column(events.schema.get_field_index(name), field, pa.array(columns[name], type=field.type))
    return events


def standing(
    claims: pa.Table, publishers: Mapping[str, frozenset[str]], only: Collection[str] | None = None
) -> dict[str, list[folds.Claim]]:
    """Return, by event, the claims that folds read: asserted, tied to an event, and updated by no other of `claims`."""
    columns = claims.select(READ).to_pydict()
    updated = set(columns["supersedes"])
    by_event: dict[str, list[folds.Claim]] = defaultdict(list)
    nobody: frozenset[str] = frozenset()
    for key, event, harm, low, high, country, group, status, voice, modality, day, _ in zip(
        *columns.values(), strict=True
    ):
        if event is None or modality != "asserted" or key in updated or (only is not None and event not in only):
            continue
        said = publishers.get(key, nobody)
        by_event[event].append(
            folds.Claim(harm, low, high, country or group, status, voice, day.toordinal() if day else None, said)
        )
    return by_event
