"""The figures of events, folded from their claims."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from contactline.records import folds

COLUMNS = (
    "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "deaths_low", "deaths_best", "deaths_high",
    "wounded_low", "wounded_best", "wounded_high",
)  # fmt: skip
FOLDED = ("killed", "wounded")
NOTHING: dict[str, int | None] = dict.fromkeys(COLUMNS)
READ = (
    "casualty_id", "event_id", "harm", "count_low", "count_high", "victim_country", "victim_group", "victim_status",
    "attribution", "modality", "reported_date", "claimant_country",
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
    wanted = ("event_id", "side_a_country", "side_a", "side_b_country", "side_b")
    for number, (event_id, a_country, a, b_country, b) in enumerate(
        zip(*(events[c].to_pylist() for c in wanted), strict=True)
    ):
        if only is not None and event_id not in only:
            continue
        said = by_event.get(event_id)
        found = folds.figures(said, a_country or a, b_country or b, fold) if said else NOTHING
        for name in COLUMNS:
            columns[name][number] = found[name]
    for name in COLUMNS:
        field = events.schema.field(name)
        events = events.set_column(events.schema.get_field_index(name), field, pa.array(columns[name], type=field.type))
    return events


def standing(
    claims: pa.Table, publishers: Mapping[str, frozenset[str]], only: Collection[str] | None = None
) -> dict[str, list[folds.Claim]]:
    """Return, by event, the claims that folds read: of killed or wounded, asserted, and updated by no other."""
    updated = set(claims["supersedes"].drop_null().to_pylist())
    wanted = pc.and_(pc.is_valid(claims["event_id"]), pc.is_in(claims["harm"], pa.array(FOLDED)))
    if only is not None:
        wanted = pc.and_(wanted, pc.is_in(claims["event_id"], pa.array(only, type=pa.string())))
    rows = list(zip(*claims.select(READ).filter(wanted).to_pydict().values(), strict=True))
    # A side that has updated its figure has updated it for all who gave it in the side's name.
    outdated = {_toll(row) for row in rows if row[0] in updated}
    by_event: dict[str, list[folds.Claim]] = defaultdict(list)
    nobody: frozenset[str] = frozenset()
    for row in rows:
        key, event, harm, low, high, country, group, status, voice, modality, day, _ = row
        if modality != "asserted" or key in updated:
            continue
        if voice in ("own_side", "other_side") and _toll(row) in outdated:
            continue
        said = publishers.get(key, nobody)
        reported = day.toordinal() if day else None
        by_event[event].append(folds.Claim(harm, low, high, country or group, status, voice, reported, said))
    return by_event


def _toll(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what two claims of one figure in one side's name share."""
    _, event, harm, low, high, country, group, status, voice, _, _, side = row
    return event, harm, low, high, country, group, status, voice, side
