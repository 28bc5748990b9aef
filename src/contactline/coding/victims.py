"""Whose victims they are: the country and the group that a phrase about victims names or leaves to be understood."""

import re
from collections import Counter
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from typing import NamedTuple

from contactline.coding.harms import Harm, subjects
from contactline.reading import rulebook
from contactline.reading.actors import Actor, actors_of
from contactline.reading.article import Reading
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import noun_of, status_of, words
from contactline.reading.places import Place

OWN = {"its", "their", "our", "his", "her", "my"}
WE = {"we", "our", "us", "ours"}
DESCRIBES = {"amod", "compound", "nmod", "poss", "det", "nummod", "appos", "advmod", "punct", "case", "quantmod"}
SIDES = {"state", "entity", "person"}
INHERITS = {
    "other",
    "others",
    "more",
    "another",
    "several",
    "dozens",
    "scores",
    "hundreds",
    "rest",
    "wounded",
    "injured",
    "dead",
    "killed",
    "those",
    "both",
    "all",
    "them",
    "missing",
}


class Side(NamedTuple):
    """The side victims belong to: ISO3 of the state, name of the group, and the rule that told."""

    country: str | None
    group: str | None
    rule_id: str

    def agrees(self, other: "Side | None") -> bool:
        """Say whether two sides may be one; where victims fell says little of whose they are."""
        if other is None or "side-place" in {self.rule_id, other.rule_id}:
            return other is None or "side-stateless" not in {self.rule_id, other.rule_id}
        return self.country == other.country and (self.group == other.group or None in {self.group, other.group})


def side_of(harm: Harm, sentence: Sentence, reading: Reading, speaker: Actor | None) -> Side | None:
    """Return the side that the words around the victims name, None where they name none."""
    own = harm.victim if harm.victim is not None else harm.trigger
    for token in (own, harm.described):
        if token is None:
            continue
        named = list(_named(token, sentence, reading, speaker))
        if named:
            return _one(named, "side-named")
    if harm.rule_id in {"killed-lost", "casualties-noun", "toll", "killed-state", "wounded-state"}:
        bearer = [a for s in _bearers(harm.trigger) for a in _people(s, sentence, reading, speaker)]
        if bearer:
            return _one(bearer, "side-subject")
    return None


def _one(named: list[Actor], rule_id: str) -> Side:
    countries = {a.country for a in named if a.country and a.kind != "armed_group"}
    groups = [a.name for a in named if a.kind == "armed_group"]
    if groups:
        return Side(None, groups[0], "side-group")
    return Side(countries.pop() if len(countries) == 1 else None, None, rule_id)


def _named(token: Token, sentence: Sentence, reading: Reading, speaker: Actor | None) -> Iterator[Actor]:
    """Yield the states and groups that a noun phrase names: by an adjective, a genitive, "of Gondor", "from Gondor"."""
    noun = noun_of(token)
    for head in {token.i: token, noun.i: noun}.values():
        region = set(_describing(head))
        for mention in reading.named[sentence.paragraph]:
            if mention.form == "compound":
                continue
            if any(mention.start <= head.doc[i].idx < mention.end for i in region):
                yield mention.actor
        for child in head.children:
            if child.dep_ == "poss" and child.lower_ in OWN:
                yield from _people(child, sentence, reading, speaker)


def _describing(head: Token) -> Iterator[int]:
    yield head.i
    for child in head.children:
        if child.dep_ in DESCRIBES and (child.dep_ != "appos" or child.ent_type_ in {"NORP", "GPE"}):
            yield from _describing(child)
        elif child.dep_ == "prep" and child.lower_ in {"of", "from", "with", "among", "for", "in"} and head.i < child.i:
            for inner in child.children:
                if inner.dep_ == "pobj" and (child.lower_ != "in" or inner.lemma_ in {"army", "force", "rank"}):
                    yield from _describing(inner)
        elif child.dep_ == "conj" and head.dep_ in {"amod", "compound"}:
            yield from _describing(child)


def _people(token: Token, sentence: Sentence, reading: Reading, speaker: Actor | None) -> list[Actor]:
    """Return the states or groups that a word stands for; "we" is the speaker's side."""
    if token.lower_ in WE:
        return [speaker] if speaker is not None else []
    found = [a for a in actors_of(token, sentence, reading) if a.country or a.kind == "armed_group"]
    return found[:1] if token.lower_ in OWN else found


def _bearers(trigger: Token) -> list[Token]:
    """Return the subject of the verb that a loss hangs on: "Gondor lost 40", "Gondor's tally stood at 4 dead"."""
    verb = trigger
    while verb.pos_ not in {"VERB", "AUX"} and verb.head.i != verb.i:
        verb = verb.head
    if verb.lemma_ not in {
        "lose",
        "suffer",
        "sustain",
        "take",
        "have",
        "stand",
        "incur",
        "report",
        "acknowledge",
        "confirm",
        "admit",
    }:
        return []
    found = [s for s in subjects(verb) if s.i != trigger.i]
    return found + [c for s in found for c in s.children if c.dep_ == "poss"]


def inherits(harm: Harm) -> bool:
    """Say whether a victims' phrase says nothing of its own: a bare figure, "two others", "the wounded"."""
    if harm.victim is None:
        return False
    noun = noun_of(harm.victim)
    if noun.lower_ in INHERITS or noun.pos_ == "NUM" or (noun.i == harm.trigger.i and harm.rule_id.endswith("-state")):
        return True
    return any(c.lower_ in {"other", "others", "more"} for c in noun.children) and status_of(noun) == "unknown"


def understood_side(harm: Harm, where: Place | None, past: bool, sentence: Sentence, reading: Reading) -> Side | None:
    """Return the side of victims whose side is not named: that of the country where they fell.

    Not so for men of no state, nor in fighting between two states, where the dead may be anyone's; and captives are of
    the side that does not hold them.
    """
    if harm.victim is not None and of_no_state(noun_of(harm.victim)):
        return Side(None, None, "side-stateless")
    opponents = _opponents(reading)
    if harm.kind == "captured" and opponents:
        holders = {a.country for t in _holders(harm) for a in _named(t, sentence, reading, None)} & opponents
        others = opponents - holders
        return Side(next(iter(others)), None, "side-holder") if holders and len(others) == 1 else None
    if where is None or where.country is None:
        return None
    mutual = _two_sided().search(sentence.tokens.text) or (past and not _one_sided().search(sentence.tokens.text))
    if mutual and where.country in opponents:
        return None
    return Side(where.country, None, "side-place")


def _holders(harm: Harm) -> Iterator[Token]:
    """Yield the words that may name who holds captives: "in Gondorian hands", "held in Gondor", "taken by Gondor"."""
    if harm.rule_id == "captured-hands":
        yield harm.trigger
    for child in harm.trigger.children:
        if child.dep_ in {"agent", "prep"} and child.lower_ in {"by", "in"}:
            yield from child.children
        elif child.dep_ == "nsubj" and harm.rule_id == "captured-verb":
            yield child


@cache
def _one_sided() -> re.Pattern[str]:
    return re.compile(rulebook.load("claims")["one_sided"], re.IGNORECASE)


@cache
def _two_sided() -> re.Pattern[str]:
    return re.compile(rulebook.load("claims")["two_sided"], re.IGNORECASE)


@lru_cache(maxsize=8)
def _opponents(reading: Reading) -> Set[str]:
    """Return the two states that an article is mostly about, none where it is about one."""
    named = Counter(m.actor.country for ms in reading.named for m in ms if m.actor.country)
    top = named.most_common(2)
    if len(top) == 2 and top[1][1] >= rulebook.load("claims")["opponent_share"] * top[0][1]:
        return frozenset(str(country) for country, _ in top)
    return frozenset()


def of_no_state(noun: Token) -> bool:
    """Say whether victims belong to no state, or to another than where they were hit: militants, foreigners."""
    return bool({noun.lower_, noun.lemma_.lower()} & words("stateless"))
