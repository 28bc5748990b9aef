"""Codes the statements of one article: who takes which position towards whom."""

from collections.abc import Iterator, Sequence
from typing import Any

from contactline.coding import positions, rows, stances
from contactline.coding.towards import (
    Position,
    accuser,
    counterparts,
    entities_in,
    main_group,
    others,
    pair,
    takes_part,
    target_name,
)
from contactline.reading.actors import Actor
from contactline.reading.article import Reading
from contactline.reading.dates import date_of
from contactline.reading.scope import scope_of


def mentions(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of `statement_mentions` that one article supports, without their keys."""
    taken: dict[tuple[str, str], list[set[str]]] = {}
    found = [*positions.worded(reading), *stances.reported(reading)]
    for position in sorted(found, key=lambda p: not p.targets):
        for speaker in position.speakers:
            targets = others(position.targets, speaker)
            if not takes_part(speaker) or not (targets or _stands_alone(position)):
                continue
            names = {target_name(t, reading) for t in targets}
            voice = _voice(speaker)
            earlier = taken.setdefault((voice, position.kind), [])
            if any(names <= known or names & known for known in earlier):
                continue
            names = names or {target_name(t, reading) for t in _understood(position, speaker, found, reading)}
            earlier.append(names)
            yield _row(position, speaker, sorted(names), reading)


def _voice(speaker: Actor) -> str:
    """Return as whom a speaker speaks: the bodies of one state speak as one, people for themselves."""
    whole = speaker.country and speaker.kind == "state" and not entities_in(speaker.name)
    return speaker.country if whole and speaker.country else speaker.name


def _stands_alone(position: Position) -> bool:
    """Say whether a position counts though it names no other side; a denial names but itself."""
    return position.open_ended and (not position.targets or position.kind == "deny")


def _understood(position: Position, speaker: Actor, found: Sequence[Position], reading: Reading) -> Sequence[Actor]:
    """Return towards whom a position is that names nobody.

    A denial answers whoever accused the speaker last, violence is condemned in those who are told to have done it,
    and an appeal is to the sides that the article is most about.
    """
    if position.kind == "deny":
        return accuser(position, speaker, found) or counterparts(speaker, position.sentence, reading)
    if position.kind == "urge":
        return pair([speaker], reading)
    return main_group(speaker, reading) or counterparts(speaker, position.sentence, reading)


def _row(position: Position, speaker: Actor, targets: Sequence[str], reading: Reading) -> dict[str, Any]:
    date = date_of(position.word, position.sentence, reading)
    scope, scope_rule = scope_of(position.word, position.sentence, reading, date)
    return {
        "speaker": speaker.name,
        "speaker_country": speaker.country,
        "kind": position.kind,
        "targets": ";".join(targets) or None,
        "scope": scope,
        **rows.dates(date),
        **rows.evidence(position.sentence, position.word, position.word, f"{position.rule}+{scope_rule}"),
    }
