"""The sides of a contact: who can be party to one, and which of two parties may be the same."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from contactline.reading import rulebook
from contactline.reading.actors import Actor

Party = tuple[str, Actor]
"""A role and who has it."""


def side_of(actor: Actor) -> str:
    """Return what an actor's side is called: an armed group is one by itself, who stands for a state is that state."""
    if actor.kind == "armed_group":
        return actor.actor_id or actor.name
    if is_rebel(actor):
        return actor.name
    return actor.country or actor.actor_id or actor.name


def is_rebel(actor: Actor) -> bool:
    """Say whether a person stands for those who oppose his own state: "opposition leader", "rebel commander"."""
    return actor.office is not None and not actor.actor_id and bool(_rebels() & set(actor.office.split()))


@cache
def _rebels() -> frozenset[str]:
    return frozenset(rulebook.load("contacts")["opposed"])


def distinct(parties: Iterable[Party]) -> list[Party]:
    """Return the parties each once by name, in order."""
    found: list[Party] = []
    for role, actor in parties:
        if all(actor.name != other.name for _, other in found):
            found.append((role, actor))
    return found


def counts(actor: Actor) -> bool:
    """Say whether an actor can be party to a contact between sides."""
    if actor.kind != "person":
        return actor.kind != "other"
    if actor.actor_id:
        return True
    if not actor.office:
        return actor.country is not None
    if is_rebel(actor):
        return True
    return bool(actor.country) or actor.office.split()[-1] not in _weak()


@cache
def _weak() -> frozenset[str]:
    return frozenset(rulebook.load("contacts")["weak_offices"])


def cast_as(role: str, actors: Iterable[Actor]) -> list[Party]:
    """Return actors as parties in one role."""
    return [(role, actor) for actor in actors]


def fit(rule: dict[str, Any], others: Sequence[Party]) -> bool:
    """Say whether the others are such as the rule asks for: `strict` rules want people, or bodies of several states."""
    if "strict" not in rule:
        return True
    kinds = ("person",) if rule["strict"] == "people" else ("person", "organisation", "armed_group")
    return any(a.kind in kinds or a.name.split()[-1].lower() in _delegations() for _, a in others)


@cache
def _delegations() -> frozenset[str]:
    return frozenset(rulebook.load("contacts")["delegations"])


def sides(parties: Iterable[Party]) -> set[str]:
    """Return the sides among parties; a person of unknown state makes one only as guest of a state."""
    known = {side_of(a) for _, a in parties if a.country or a.kind != "person" or a.actor_id or is_rebel(a)}
    strange = {a.name for role, a in parties if not (a.country or a.actor_id) and (role == "guest" or _is_high(a))}
    return known | strange


def _is_high(actor: Actor) -> bool:
    """Say whether a person of no known state holds an office that only states have."""
    return actor.office is not None and actor.office.split()[-1] in _high()


@cache
def _high() -> frozenset[str]:
    return frozenset(rulebook.load("contacts")["high_offices"])


def like(one: Actor, other: Actor) -> bool:
    """Say whether two parties may be the same: one name, or a state and who holds office there."""
    if one.name == other.name or (one.actor_id and one.actor_id == other.actor_id):
        return True
    if one.country is None or one.country != other.country or "armed_group" in (one.kind, other.kind):
        return one.kind == other.kind == "person" and is_named(one) and is_named(other) and _share(one, other)
    if one.kind == other.kind == "person":
        return _share(one, other) if is_named(one) and is_named(other) else _same_office(one, other)
    return True


def _share(one: Actor, other: Actor) -> bool:
    return bool(set(one.name.split()) & set(other.name.split()))


def _same_office(one: Actor, other: Actor) -> bool:
    """Say whether two offices may be one: either is told loosely, or one wording holds the other."""
    first, second = (set((a.office or "").lower().split()) for a in (one, other))
    loose = set(rulebook.load("contacts")["loose_offices"])
    return bool(first & loose or second & loose) or first <= second or second <= first


def is_named(actor: Actor) -> bool:
    """Say whether a person goes by his name and not by his office alone."""
    return not actor.office or not actor.name.lower().endswith(actor.office.lower())
