"""Codes the statements of one article: who takes which position towards whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from contactline.coding import rows
from contactline.reading import attribution, rulebook
from contactline.reading.actors import Actor, parties_of
from contactline.reading.article import Reading
from contactline.reading.dates import date_of
from contactline.reading.language import Sentence, Token
from contactline.reading.scope import scope_of

SIDES = frozenset({"state", "entity", "organisation", "armed_group"})


@dataclass(frozen=True)
class Position:
    """A position found in the text, before speakers and targets are told apart.

    Attributes:
        kind: a code of `statement_kind`.
        word: the word that takes it.
        speakers: who takes it.
        targets: towards whom.
        rule: the rule that found it.
        sentence: where it stands.
    """

    kind: str
    word: Token
    speakers: Sequence[Actor]
    targets: Sequence[Actor]
    rule: str
    sentence: Sentence


def mentions(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of `statement_mentions` that one article supports, without their keys."""
    taken: dict[tuple[str, str], list[set[str]]] = {}
    for position in sorted(_positions(reading), key=lambda p: not p.targets):
        for speaker in position.speakers:
            targets = _others(position.targets, speaker)
            if not _stands(position, speaker, targets):
                continue
            names = {_code(t) for t in targets}
            earlier = taken.setdefault((speaker.country or speaker.name, position.kind), [])
            if any(names <= known or names & known for known in earlier):
                continue
            earlier.append(names)
            yield _row(position, speaker, sorted(names), reading)


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


def _code(actor: Actor) -> str:
    return actor.country if actor.country and actor.kind != "armed_group" else actor.name


# ---- what makes a position a statement
def _stands(position: Position, speaker: Actor, targets: Sequence[Actor]) -> bool:
    """Say whether a position is one between states, organisations, armed parties and their officials."""
    if speaker.kind not in SIDES and not speaker.country and not speaker.office:
        return False
    if targets:
        return True
    return not position.targets and position.rule.endswith("!")


def _others(targets: Sequence[Actor], speaker: Actor) -> list[Actor]:
    """Return the targets that are not the speaker's own side."""
    found: list[Actor] = []
    for target in targets:
        if target.kind not in SIDES and not target.country:
            continue
        own = target.name == speaker.name or (target.country is not None and target.country == speaker.country)
        if own and target.kind != "armed_group":
            continue
        if _code(target) not in {_code(t) for t in found}:
            found.append(target)
    return found


# ---- position words
@cache
def _book() -> Mapping[str, Any]:
    book: dict[str, Any] = rulebook.load("positions")
    return book


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(words) for part in ("content", "topics") for name, words in _book()[part].items()}


@cache
def _words() -> Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]:
    """Return (part of speech, lemma) -> the rules for it, in file order."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for rule in _book()["words"]:
        for key, pos in (("verbs", "VERB"), ("nouns", "NOUN")):
            for lemma in rule.get(key, ()):
                found.setdefault((pos, lemma), []).append(rule)
    return found


def _positions(reading: Reading) -> Iterator[Position]:
    for sentence in reading.sentences:
        for token in sentence.tokens:
            for rule in _words().get((token.pos_, token.lemma_), ()):
                position = _worded(token, rule, sentence, reading)
                if position is not None:
                    yield position
                    break
    for said in attribution.sayings(reading).values():
        for saying in said:
            yield from _reported(saying, reading)


def _worded(token: Token, rule: Mapping[str, Any], sentence: Sentence, reading: Reading) -> Position | None:
    if _unsaid(token) or ("particles" in rule and not _particle(token, rule["particles"])):
        return None
    speakers = _owners(token, rule, sentence, reading) if token.pos_ == "NOUN" else _holders(token, sentence, reading)
    if not speakers:
        return None
    targets = _targets(token, rule["targets"], sentence, reading)
    about = rule.get("about")
    open_ended = "!" if about and _about(token, about) else ""
    return Position(rule["kind"], token, speakers, targets, rule["id"] + open_ended, sentence)


def _unsaid(token: Token) -> bool:
    """Say whether a position is not taken: "did not condemn", "refused to condemn", "would condemn"."""
    for part in (token, token.head if token.dep_ == "xcomp" else token):
        for child in part.children:
            if child.dep_ == "neg" or (child.dep_ == "aux" and child.lower_ in {"would", "could", "might", "may"}):
                return True
            if child.dep_ == "mark" and child.lower_ in {"if", "whether", "unless"}:
                return True
    return token.dep_ == "xcomp" and token.head.lemma_ in {"refuse", "decline", "fail", "stop", "avoid"}


def _particle(token: Token, particles: Sequence[str]) -> bool:
    return any(t.dep_ in {"prt", "prep", "dobj", "agent"} and t.lower_ in particles for t in token.children)


def _about(token: Token, topic: str) -> bool:
    return any(t.lemma_.lower() in _lists()[topic] for t in token.subtree if t.i > token.i)


def _holders(verb: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    head = attribution.speaker_head(verb)
    if head is None:
        saying = attribution.saying_of(verb, sentence, reading)
        return attribution.named(saying.speaker, saying.sentence, reading) if saying else ()
    return attribution.named(head, sentence, reading)


def _owners(noun: Token, rule: Mapping[str, Any], sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    for child in noun.children:
        if child.dep_ == "poss":
            return attribution.named(child, sentence, reading)
        if child.dep_ == "prep" and child.lower_ in {"by", "from"}:
            return [a for t in child.children if t.dep_ == "pobj" for a in attribution.named(t, sentence, reading)]
    governor = noun.head if noun.dep_ in {"dobj", "attr"} else noun.head.head if noun.dep_ == "pobj" else noun
    voiced = "verbs_of" not in rule or governor.lemma_ in rule["verbs_of"]
    if governor.pos_ == "VERB" and voiced and not _unsaid(governor):
        return _holders(governor, sentence, reading)
    return ()


def _targets(token: Token, places: Sequence[str], sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    for place in places:
        for complement in _complements(token, place):
            if found := _aimed(complement, sentence, reading):
                return found
    return ()


def _complements(token: Token, place: str) -> Iterator[Token]:
    if place == "inside":
        yield from (t for t in token.children if t.i > token.i)
    for child in token.children:
        if place == "object" and child.dep_ in {"dobj", "dative", "nsubjpass"}:
            yield child
        elif place == "clause" and child.dep_ in {"ccomp", "xcomp", "acl"}:
            yield from (t for t in child.children if t.dep_ in {"nsubj", "nsubjpass"})
        elif place == "object" and child.dep_ == "ccomp":
            yield from (t for t in child.children if t.dep_ == "nsubj")
        elif child.lower_ == place and child.dep_ in {"prep", "prt", "agent", "dative"}:
            yield from (t for t in child.children if t.dep_ == "pobj")
            yield from (t for t in token.children if t.dep_ == "pobj")
        elif child.dep_ in {"prt", "dobj", "prep"} and place not in {"object", "clause", "inside"}:
            for inner in child.children:
                if inner.lower_ == place and inner.dep_ == "prep":
                    yield from (t for t in inner.children if t.dep_ == "pobj")


def _aimed(head: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    """Return the actors that a phrase is about: itself, else whose or by whom, else what modifies it."""
    if found := [a for a in parties_of(head, sentence, reading) if a.kind in SIDES or a.country]:
        return found
    ranked: dict[int, list[Token]] = {}
    for token in head.subtree:
        rank = _closeness(token)
        if rank is not None and token is not head:
            ranked.setdefault(rank, []).append(token)
    for rank in sorted(ranked):
        for token in ranked[rank]:
            if found := [a for a in parties_of(token, sentence, reading) if a.kind in SIDES or a.country]:
                return found
    return ()


def _closeness(token: Token) -> int | None:
    if token.dep_ == "pobj":
        return 0 if token.head.lower_ == "by" else 3
    return {"poss": 1, "amod": 2, "compound": 2, "nmod": 2, "nsubj": 4, "dobj": 5}.get(token.dep_)


# ---- reported clauses
def _reported(saying: attribution.Saying, reading: Reading) -> Iterator[Position]:
    """Yield the positions that what is said takes by its own words."""
    speakers = attribution.named(saying.speaker, saying.sentence, reading)
    if not speakers:
        return
    for sentence in reading.sentences:
        if sentence.paragraph != saying.sentence.paragraph:
            continue
        for token in sentence.tokens:
            if token.i in saying.content and token.pos_ in {"VERB", "AUX"}:
                yield from _clause(token, speakers, sentence, reading)


def _clause(verb: Token, speakers: Sequence[Actor], sentence: Sentence, reading: Reading) -> Iterator[Position]:
    subject = next((t for t in verb.children if t.dep_ in {"nsubj", "nsubjpass"}), None)
    if subject is None:
        return
    about = [a for a in parties_of(subject, sentence, reading) if a.kind in SIDES or a.country]
    lists = _lists()
    auxiliaries = {t.lower_ for t in verb.children if t.dep_ == "aux"}
    negated = any(t.dep_ == "neg" for t in verb.children)
    own = subject.lower_ in attribution.FIRST_PERSON or (
        bool(about) and all(not _others([a], s) for a in about for s in speakers)
    )
    if about and not own:
        obliged = auxiliaries & lists["obligations"] or (
            verb.lemma_ in lists["obliging"] and any(t.dep_ == "xcomp" for t in verb.children)
        )
        if obliged:
            yield Position("urge", verb, speakers, about, "content-urge", sentence)
        elif verb.lemma_ in lists["hostile_verbs"] and not negated and not auxiliaries & {"would", "could", "may"}:
            yield Position("accuse", verb, speakers, about, "content-accuse", sentence)
    elif own and auxiliaries & {"will", "would", "'ll"}:
        hit = verb.lemma_ in lists["tolerance"] if negated else verb.lemma_ in lists["retaliation"]
        if hit:
            targets = _aimed(verb, sentence, reading)
            yield Position("threaten", verb, speakers, targets, "content-threaten", sentence)
