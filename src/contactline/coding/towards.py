"""Positions, and who stands where in them: who may take one, and towards whom it is taken."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from contactline.reading import actorbook, rulebook
from contactline.reading.actors import Actor, parties_of
from contactline.reading.article import Reading
from contactline.reading.language import Sentence, Token

SIDES = frozenset({"state", "entity", "organisation", "armed_group"})
CLOSE = 2
PLACES = 6
LOOSE = frozenset({"for", "against", "with", "to", "between", "from", "of", "toward", "towards", "at", "than", "about"})


@dataclass(frozen=True)
class Position:
    """A position found in the text.

    Attributes:
        kind: a code of `statement_kind`.
        word: the word that takes it.
        speakers: who takes it.
        targets: towards whom, the speaker's own side not yet left out.
        rule: the rule that found it.
        sentence: where it stands.
        open_ended: it stands though no target is named.
    """

    kind: str
    word: Token
    speakers: Sequence[Actor]
    targets: Sequence[Actor]
    rule: str
    sentence: Sentence
    open_ended: bool = False


@cache
def book() -> Mapping[str, Any]:
    """Return `rulebook/positions.yml`."""
    found: dict[str, Any] = rulebook.load("positions")
    return found


@cache
def lists() -> Mapping[str, frozenset[str]]:
    """Return the word lists of `rulebook/positions.yml` by name."""
    return {name: frozenset(words) for part in ("content", "who", "topics") for name, words in book()[part].items()}


# ---- sides
def takes_part(actor: Actor) -> bool:
    """Say whether an actor speaks for a state, an organisation or an armed party."""
    words = set(actor.name.lower().split())
    if words & frozenset(book()["not_speakers"]) and "state" not in words:
        return False
    if actor.country is not None or (actor.actor_id is not None and actor.kind != "other"):
        return True
    if actor.kind == "person" and actor.office is not None:
        lesser = actor.office.split()[-1].lower() in book()["lesser_offices"]
        return not lesser or "policy" in actor.office
    return actor.kind in SIDES


def code(actor: Actor) -> str:
    """Return how `targets` names an actor: ISO3 of a state, name of a group or an organisation."""
    return actor.country if actor.country and actor.kind != "armed_group" else actor.name


def target_name(actor: Actor, reading: Reading) -> str:
    """Return how a row names a target: groups and bodies by the rulebook's name."""
    if actor.country and actor.kind != "armed_group":
        return actor.country
    listed = _by_id().get(actor.actor_id) or _named_within(actor.name)
    if listed is None and actor.kind == "armed_group" and actor.name.lower() in book()["nameless_groups"]:
        listed = next(iter(main_group(actor, reading)), None)
    if listed is not None:
        return listed.name
    return f"{actor.name}s" if actor.name.split()[-1].lower() in book()["nameless_groups"] else actor.name


def entities_in(name: str) -> bool:
    """Say whether a name holds that of an unrecognised entity, which speaks beside the state that it is counted to."""
    return any(m.actor.kind == "entity" for m in actorbook.find(name))


@cache
def _by_id() -> Mapping[str | None, Actor]:
    return {actor.actor_id: actor for actor, _ in actorbook.forms().values() if actor.kind in SIDES}


def _named_within(name: str) -> Actor | None:
    """Return the group or body that a name holds: "ELN rebel", "NATO peacekeeper"."""
    return next((m.actor for m in actorbook.find(name) if m.actor.kind in {"armed_group", "organisation"}), None)


def main_group(speaker: Actor, reading: Reading) -> Sequence[Actor]:
    """Return the listed armed group that an article names most, the speaker's own left out."""
    groups = [a for a in _cast(reading) if a.kind == "armed_group" and a.actor_id and not _same_side(a, speaker)]
    return groups[:1]


def accuser(position: Position, denier: Actor, found: Sequence[Position]) -> Sequence[Actor]:
    """Return who accuses the denier: the accusation nearest before the denial, else the first after it."""
    against = [p for p in found if p.kind == "accuse" and any(_same_side(t, denier) for t in p.targets)]
    before = [p for p in against if _place(p) <= _place(position)]
    nearest = max(before, key=_place) if before else min(against, key=_place, default=None)
    return others(nearest.speakers, denier) if nearest is not None else ()


def _place(position: Position) -> tuple[int, int]:
    return position.sentence.number, position.word.i


def others(targets: Sequence[Actor], speaker: Actor) -> list[Actor]:
    """Return the targets that are sides of their own and not the speaker's."""
    found: list[Actor] = []
    for target in targets:
        if not _is_side(target) or _same_side(target, speaker):
            continue
        if code(target) not in {code(t) for t in found}:
            found.append(target)
    return found


def _is_side(actor: Actor) -> bool:
    return actor.kind in SIDES or actor.country is not None


def _same_side(target: Actor, speaker: Actor) -> bool:
    if target.name == speaker.name or speaker.name.split()[-1] in target.name.split():
        return True
    if speaker.kind == "person" and speaker.country is None and target.kind == "organisation":
        return True  # whose official he is, the article seldom says
    same = target.country is not None and target.country == speaker.country
    return same and (target.kind == "armed_group") == (speaker.kind == "armed_group")


def aimed(
    head: Token, sentence: Sentence, reading: Reading, reach: int = 5, speaker: Actor | None = None
) -> Sequence[Actor]:
    """Return the actors that a phrase is about: itself, else by whom, whose, or what modifies it.

    Args:
        head: head of the phrase.
        sentence: its sentence.
        reading: the article.
        reach: how loose a tie may be: 2 keeps to "by Gondor", "Gondor's" and "Gondorian".
        speaker: whose own side is passed over while another may follow.
    """
    own: Sequence[Actor] = ()
    if found := [a for a in parties_of(head, sentence, reading) if _is_side(a)]:
        if speaker is None or others(found, speaker):
            return found
        own = found
    # "the attack on Gondor": Gondor is not the target of blame; "forces" do harm, and are none themselves.
    lemma = head.lemma_.lower()
    harm = lemma in lists()["violence"] and not (head.tag_ == "NNS" and lemma in lists()["forces"])
    within = (*head.children, *_by(head, harm)) if reach <= CLOSE or harm else head.subtree
    ranked = sorted(
        (rank, token.i, token)
        for token in within
        if token is not head and (rank := _closeness(token)) is not None and rank <= reach
    )
    for _, _, token in ranked:
        if found := [a for a in parties_of(token, sentence, reading) if _is_side(a)]:
            if speaker is None or others(found, speaker):
                return found
            own = own or found
    return own


def _by(head: Token, harm: bool) -> Iterator[Token]:
    for child in head.subtree if harm else head.children:
        if child.dep_ in {"prep", "agent"} and (child.lower_ in {"by", "from"} or (child.lower_ == "of" and not harm)):
            yield from (t for t in child.children if t.dep_ == "pobj")


def _closeness(token: Token) -> int | None:
    if token.dep_ == "pobj":
        by = token.head.lower_
        return 0 if by == "by" else 2 if by in {"of", "from"} else 3 if by in LOOSE else PLACES if by == "in" else None
    return {"appos": 1, "poss": 1, "amod": 2, "compound": 2, "nmod": 2, "nsubj": 4, "dobj": 5}.get(token.dep_)


def counterparts(speaker: Actor, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    """Return the other side that the text around a sentence is about: of those named near, the one told of most."""
    near = [m.actor for m in reading.named[sentence.paragraph] if m.start < sentence.tokens.end_char]
    if sentence.paragraph:
        near = [m.actor for m in reading.named[sentence.paragraph - 1]] + near
    fitting = [a for a in reversed(near) if _is_side(a) and not _same_side(a, speaker)]
    if fitting:
        return (max(fitting, key=lambda a: _weights(reading)[code(a)]),)
    return next(((a,) for a in _cast(reading) if not _same_side(a, speaker)), ())


def pair(speakers: Sequence[Actor], reading: Reading) -> Sequence[Actor]:
    """Return the two sides that an article is most about, the speakers' own left out."""
    sides: dict[str, Actor] = {}
    for actor in _cast(reading):
        if actor.kind in {"state", "armed_group"} and all(others([actor], s) for s in speakers):
            sides.setdefault(code(actor), actor)
    return list(sides.values())[:2]


def is_unnamed(head: Token) -> bool:
    """Say whether a phrase means the other side, or both, without naming them: "both sides", "its neighbour"."""
    if head.pos_ == "PRON" or head.pos_ == "NUM":
        return head.lower_ in lists()["unnamed"]
    named = any(t.pos_ == "PROPN" or (t.dep_ == "amod" and t.text[0].isupper()) for t in head.subtree)
    return head.lemma_.lower() in lists()["unnamed"] and not named


@lru_cache(maxsize=4)
def _weights(reading: Reading) -> Mapping[str, int]:
    """Return how often an article names each side, its people included."""
    return Counter(code(m.actor) for named in reading.named for m in named if _is_side(m.actor))


@lru_cache(maxsize=4)
def _cast(reading: Reading) -> Sequence[Actor]:
    """Return the sides that an article names, the one it names most first."""
    sides: dict[str, Actor] = {}
    for actor in (m.actor for named in reading.named for m in named if m.actor.kind in SIDES):
        sides.setdefault(code(actor), actor)
    return sorted(sides.values(), key=lambda a: -_weights(reading)[code(a)])
