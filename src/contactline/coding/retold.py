"""The same event told again: which tellings of an article are of one event, and what each adds to it."""

from dataclasses import dataclass, replace

from contactline.coding.roles import COUNTRY, MUTUAL
from contactline.coding.trigger import Trigger
from contactline.coding.whereabouts import PROVINCE
from contactline.reading.actors import Actor
from contactline.reading.belligerents import side
from contactline.reading.dates import Date
from contactline.reading.places import Place

REGION = 5
NEWS = 4  # days within which what is told without a day may be what is told with one
STATED = 2  # what `same_days` says of days that both tellings give
WEAK = frozenset({"scope-default", "scope-carried-date", "scope-past-perfect"})
VIOLENT = frozenset({"battle", "remote", "civilians"})


@dataclass(frozen=True, eq=False)
class Event:
    """One told event, put together from all the sentences that tell of it.

    Attributes:
        trigger: the first word that tells of it.
        placed: the place stands in a sentence that tells of it; otherwise it is carried over.
        soft: told only as an attack, so that its group is a guess.
    """

    trigger: Trigger
    group: str
    event_type: str
    modality: str
    scope: str
    scope_rule: str
    modality_rule: str
    actor1: Actor | None = None
    actor2: Actor | None = None
    place: Place | None = None
    date: Date | None = None
    placed: bool = False
    soft: bool = False


def merge(event: Event, found: list[Event]) -> None:
    """Put an event into the list: into the one it tells of again, which it completes, else at the end."""
    if is_again(event) and any(swallows(old, event) for old in found):
        return
    scored = [(agreement, -n) for n, old in enumerate(found) if (agreement := agreement_of(event, old)) is not None]
    if not scored:
        found.append(event)
        return
    number = -max(scored)[1]
    found[number] = completed(found[number], event)


def swallows(old: Event, again: Event) -> bool:
    """Say whether a noun that points back can mean an event told before."""
    alike_enough = old.group == again.group or (again.soft and alike(again, old))
    dateless = again.date is None or again.date.basis == "document" or again.scope_rule in WEAK
    return old.modality == again.modality and alike_enough and (dateless or same_days(again, old) is not None)


def is_again(event: Event) -> bool:
    """Say whether a noun points back: "the attack", "that offensive", with no place or day of its own."""
    token = event.trigger.token
    pointed = any(c.lower_ in ("the", "this", "that", "these", "those", "its", "their") for c in token.lefts)
    own = any(c.dep_ in ("prep", "nmod", "relcl", "acl") and c.i > token.i for c in token.children)
    return token.pos_ == "NOUN" and pointed and not own


def alike(new: Event, old: Event) -> bool:
    """Say whether two tellings are of one group, or could be."""
    if "event-war" in (new.trigger.rule.id, old.trigger.rule.id) and (new.soft or old.soft):
        return False  # an attack is not the war that it is part of
    guessed = (new.soft or old.soft) and {new.group, old.group} <= VIOLENT
    near = (new.placed and old.placed) or is_again(new) or same_days(new, old) == STATED
    return new.group == old.group or (guessed and near)


def agreement_of(new: Event, old: Event) -> int | None:
    """Return on how much two tellings agree, None where they cannot be of one event."""
    if not alike(new, old) or new.modality != old.modality:
        return None
    if new.scope != old.scope and not {new.scope_rule, old.scope_rule} & WEAK:
        return None
    where = same_place(new.place, old.place) if new.placed and old.placed else 1
    parts = (where, same_days(new, old), same_sides(new, old))
    return None if None in parts else sum(p for p in parts if p is not None) + (new.event_type == old.event_type)


def same_place(a: Place | None, b: Place | None) -> int | None:
    """Return 2 for one place, 1 where one may hold the other or is not named, None for different places."""
    if a is None or b is None:
        return 1
    if (a.place_id and a.place_id == b.place_id) or a.name == b.name:
        return 2
    if a.country and b.country and a.country != b.country:
        return None
    if None in (a.precision, b.precision):
        return 1
    fine, coarse = sorted((a, b), key=lambda p: p.precision or 9)
    if coarse.precision in (REGION, COUNTRY) or coarse.country is None:
        return 1
    held = (coarse.precision or 0) >= PROVINCE and fine.admin1 is not None and fine.admin1 == coarse.admin1
    return 1 if held and fine.precision != coarse.precision else None


def same_days(a: Event, b: Event) -> int | None:
    """Return 2 for days that overlap, 1 where one has none of its own, None for different days."""
    if a.date is None or b.date is None:
        return 1
    if "document" in (a.date.basis, b.date.basis):
        return None if apart(a.date, b.date) > NEWS else 1
    return 2 if a.date.start <= b.date.end and b.date.start <= a.date.end else None


def apart(a: Date, b: Date) -> int:
    """Return how many days lie between two spans of days."""
    return max((a.start - b.end).days, (b.start - a.end).days, 0)


def same_sides(a: Event, b: Event) -> int | None:
    """Return on how many sides two tellings agree, None where they name different ones."""
    ours = [side(x) if x else None for x in (a.actor1, a.actor2)]
    theirs = [side(x) if x else None for x in (b.actor1, b.actor2)]
    if a.group in MUTUAL:
        mine, other = {x for x in ours if x}, {x for x in theirs if x}
        return None if mine and other and not mine & other else len(mine & other)
    agree = 0
    for x, y in zip(ours, theirs, strict=True):
        if x and y and x != y:
            return None
        agree += bool(x and y)
    return agree


def in_land_struck(event: Event) -> bool:
    """Say whether an event lies in the state of whoever is struck."""
    struck = event.actor2.country if event.actor2 is not None and event.group not in MUTUAL else None
    return event.place is not None and struck is not None and event.place.country == struck


def completed(old: Event, new: Event) -> Event:
    """Return an event with what a second telling adds: a finer place, a stated day, a side."""
    finer = old.place is None or (new.place is not None and (new.place.precision or 9) < (old.place.precision or 9))
    stated = old.date is None or (old.date.basis == "document" and new.date is not None)
    current = "current" in (old.scope, new.scope) and old.scope != "current"
    firm = new if old.soft and not new.soft else old
    finer = (finer and old.placed <= new.placed) or (new.placed and not old.placed)
    finer = finer or (not old.placed and in_land_struck(new) and not in_land_struck(old))
    return replace(
        old,
        trigger=firm.trigger if firm.group != old.group else old.trigger,
        group=firm.group,
        event_type=firm.event_type,
        soft=firm.soft,
        placed=old.placed or new.placed,
        place=new.place if finer and new.place else old.place,
        date=new.date if stated and new.date else old.date,
        actor1=old.actor1 or new.actor1,
        actor2=old.actor2
        or (new.actor2 if not old.actor1 or not new.actor2 or side(new.actor2) != side(old.actor1) else None),
        scope="current" if current else old.scope,
        scope_rule=new.scope_rule if current else old.scope_rule,
    )
