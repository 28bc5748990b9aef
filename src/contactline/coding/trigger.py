"""A word that tells of an event, with what stands around it in the parse: who does it, to whom, with what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from contactline.coding.eventbook import Rule, groups, weapons, words
from contactline.reading import actors, places, scope
from contactline.reading.article import Reading
from contactline.reading.language import Sentence, Token

BY_TARGET = "by target"
GROUND_ENTITIES = frozenset({"GPE", "LOC", "FAC"})
SIDES = frozenset({"state", "entity", "armed_group"})


@dataclass(frozen=True, eq=False)
class Trigger:
    """A rule's match in a sentence; `token` is the word that carries the event in the parse."""

    rule: Rule
    token: Token
    first: Token
    last: Token
    sentence: Sentence
    reading: Reading

    @cached_property
    def clause(self) -> str:
        """The words of its clause, and of the participles that hang on it."""
        return " ".join(t.text for t in scope.clause(self.token))

    @cached_property
    def subjects(self) -> Sequence[Token]:
        """Who does it: heads of noun phrases."""
        return tuple(spread(subjects(self.token)))

    @cached_property
    def objects(self) -> Sequence[Token]:
        """To whom or what it is done: heads of noun phrases."""
        return tuple(spread(objects(self.token)))

    @cached_property
    def victims(self) -> Sequence[Token]:
        """Whom it kills or hurts, where a verb of harm says so: heads of noun phrases."""
        return tuple(spread(harmed(self.token)))

    @cached_property
    def event_type(self) -> str:
        """A code of `event_type`."""
        return type_of(self)

    @property
    def soft(self) -> bool:
        """Whether it is told only as an attack, so that its type is a guess."""
        noun = self.token.pos_ == "NOUN" and self.token.lemma_ in ("attack", "assault", "raid")
        guessed = self.rule.event_type == BY_TARGET and weapon_of(self) is None and (noun or not hits_people(self))
        return guessed or self.rule.soft

    @property
    def group(self) -> str:
        """A code of `event_group`."""
        return groups()[self.event_type]


# ---- who and what stands around a word
def spread(heads: Sequence[Token]) -> Iterator[Token]:
    """Yield noun phrases and what is coordinated with them."""
    for head in heads:
        meant = after(head, ("of",)) if head.lemma_.lower() in words("shares") or head.pos_ == "NUM" else []
        yield from spread(meant) if meant else (head,)
        for child in head.children:
            apposed = child.dep_ == "appos" and any(c.dep_ == "cc" and head.i < c.i < child.i for c in head.subtree)
            if (child.dep_ == "conj" or apposed) and child.pos_ in ("NOUN", "PROPN", "NUM", "PRON"):
                yield from spread([child])


def subjects(token: Token) -> Sequence[Token]:
    """Return the heads of who does what `token`, a verb or an event noun, tells."""
    if token.pos_ in ("NOUN", "PROPN") or token.dep_ in ("amod", "compound"):
        return _agents_of_noun(token)
    passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in token.children)
    by = [g for c in token.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
    if passive or by:
        return by
    own = [c for c in token.children if c.dep_ == "nsubj"]
    if own:
        return [_antecedent(c, token) for c in own]
    if token.dep_ in ("conj", "xcomp", "advcl", "acomp") and token.head.i != token.i:
        return subjects(token.head) if token.head.pos_ in ("VERB", "AUX") else []
    if token.dep_ == "pcomp" and token.head.head.pos_ in ("VERB", "AUX"):
        above = token.head.head
        return accused(above) if above.lemma_ in scope.verbs("reproaching") else subjects(above)
    if token.dep_ == "acl" and token.tag_ == "VBG":
        return [token.head]
    return []


def accused(verb: Token) -> list[Token]:
    """Return whom a reproach is against: "accused Gondor of shelling the ford", "Gondor was accused of it"."""
    return [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")]


def objects(token: Token) -> Sequence[Token]:
    """Return the heads of to whom or what it is done; for nouns, what follows on, against, of, in."""
    if token.pos_ in ("NOUN", "PROPN") and token.dep_ not in ("acl",):
        return after(token, ("on", "against", "at", "of", "upon", "targeting"))
    own = [c for c in token.children if c.dep_ in ("dobj", "nsubjpass", "dative", "oprd")]
    if not own and token.dep_ == "acl" and token.tag_ == "VBN":
        own = [token.head]
    if not own and token.dep_ == "conj" and token.tag_ == "VBN":
        own = [c for c in token.head.children if c.dep_ == "nsubjpass"]
    reached = [_antecedent(c, token) for c in own]
    return [*reached, *after(token, ("on", "against", "at", "into", "onto", "toward", "towards"))]


def harmed(token: Token) -> list[Token]:
    """Return whom an attack harms: "the attack killed six", "six died in the attack", "they attacked, killing six"."""
    found: list[Token] = []
    above = token.head
    if token.dep_ == "nsubj" and above.lemma_ in words("harming"):
        found += _harm_objects(above)
    if token.dep_ in ("pobj", "conj") and above.pos_ == "ADP" and above.head.lemma_ in words("harming") | {"die"}:
        verb = above.head
        found += [c for c in verb.children if c.dep_ == "nsubjpass" or (c.dep_ == "nsubj" and verb.lemma_ == "die")]
        found += [verb.head] if verb.dep_ == "acl" and verb.tag_ == "VBN" else []
    below = list(token.children)
    if token.pos_ in ("VERB", "AUX"):
        below += [g for c in below if c.dep_ in ("dobj", "pobj") for g in c.children]
    elif above.pos_ == "VERB" and token.dep_ in ("dobj", "nsubjpass"):
        below += list(above.children)
    for verb in below:
        told = verb.dep_ in ("advcl", "acl", "conj", "xcomp") and verb.tag_ == "VBG"
        that = verb.dep_ == "relcl" and any(c.dep_ == "nsubj" and c.lower_ in ("that", "which") for c in verb.children)
        if (told or that or (verb.dep_ == "conj" and verb.pos_ == "VERB")) and verb.lemma_ in words("harming"):
            found += _harm_objects(verb)
    return [_antecedent(head, head.head) for head in found]


def _harm_objects(verb: Token) -> list[Token]:
    if verb.lemma_ == "leave":  # "left six soldiers dead"
        clauses = [c for c in verb.children if c.dep_ in ("ccomp", "oprd", "acomp") and c.lower_ in words("left")]
        return [g for c in clauses for g in c.children if g.dep_ == "nsubj"] or (
            [c for c in verb.children if c.dep_ == "dobj"] if clauses else []
        )
    return [c for c in verb.children if c.dep_ == "dobj"]


def _antecedent(token: Token, verb: Token) -> Token:
    """Return the noun that "who" or "which" stands for in the relative clause of `verb`."""
    if token.lower_ in ("who", "which", "that", "whom"):
        for node in (verb, *verb.ancestors):
            if node.dep_ == "relcl":
                return node.head
    return token


def after(token: Token, prepositions: Sequence[str]) -> list[Token]:
    """Return the heads of what prepositions hang on a word."""
    return [
        g
        for c in token.children
        if c.dep_ in ("prep", "dative") and c.lower_ in prepositions
        for g in c.children
        if g.dep_ == "pobj"
    ]


def _agents_of_noun(token: Token) -> list[Token]:
    by = [g for c in token.children if c.lower_ in ("by", "from", "between") for g in c.children if g.dep_ == "pobj"]
    before = [
        c for c in token.lefts if c.dep_ in ("poss", "amod", "compound", "nmod") and c.pos_ in ("PROPN", "NOUN", "ADJ")
    ]
    named = [
        c
        for c in before
        if c.dep_ == "poss"
        or c.ent_type_ in ("GPE", "NORP", "ORG")
        or c.lower_ in words("armed")
        or actors.country_of(c.text) is not None
    ]
    verb = token.head
    doer: Sequence[Token] = ()
    if token.dep_ == "dobj" and verb.pos_ == "VERB" and verb.lemma_ in scope.verbs("creators"):
        doer = subjects(verb)
    if token.dep_ == "nsubjpass":
        doer = subjects(verb)
    if token.dep_ == "pobj" and verb.lower_ in ("of", "for") and not by:
        above = verb.head.head if verb.head.dep_ in ("dobj", "nsubjpass") else verb.head
        doer = accused(above) if above.lemma_ in scope.verbs("reproaching") else ()
    return [*by, *named, *doer]


def is_a(token: Token, *kinds: str) -> bool:
    """Say whether a noun is in one of the rulebook's lists."""
    return any(token.lemma_.lower() in words(kind) or token.lower_ in words(kind) for kind in kinds)


def is_ground(token: Token, trigger: Trigger) -> bool:
    """Say whether a noun phrase is a place that can be held: a village, a height, Bree."""
    if is_a(token, "ground"):
        return True
    spans = places.places(trigger.sentence, trigger.reading)
    return token.ent_type_ in GROUND_ENTITIES or any(span.start <= token.i < span.end for span, _ in spans)


def is_side(token: Token, trigger: Trigger) -> bool:
    """Say whether a noun phrase is a party to a conflict: a state, an armed group, their forces."""
    if is_a(token, "armed"):
        return True
    actor = actors.actor_of(token, trigger.sentence, trigger.reading)
    return (actor is not None and actor.kind in SIDES) or token.ent_type_ in ("GPE", "NORP")


# ---- what type it is
def weapon_of(trigger: Trigger) -> str | None:
    """Return the event type that the weapon named in the clause makes it, None where none is named."""
    token = trigger.token
    own = [t for t in scope.clause(token) if not _of_another(t, token)]
    words_around = " ".join(t.text for t in (*scope.modified(token), *own))
    for event_type, pattern in weapons():
        if pattern.search(words_around):
            return event_type
    return None


def _of_another(word: Token, token: Token) -> bool:
    """Say whether a word is told of something else beside: "struck the base after the gas attack", "amid shelling"."""
    above = {t.i for t in token.ancestors} | {token.i}
    node = word
    while node.i not in above and node.head.i != node.i:
        if node.dep_ == "prep" and node.lower_ in words("apart") and node.head.i in above:
            return True
        node = node.head
    return False


def type_of(trigger: Trigger) -> str:
    """Return the event type: the rule's own; where an attack is told, by its weapon, else by whom it hits."""
    rule = trigger.rule
    if groups().get(rule.event_type) == "territory":
        return _type_of_taking(trigger)
    if rule.event_type != BY_TARGET and groups()[rule.event_type] != "civilians":
        return rule.event_type
    weapon = weapon_of(trigger)
    if weapon is not None:
        return weapon
    if rule.event_type != BY_TARGET:
        return rule.event_type
    if is_hit(trigger):
        return "Shelling/artillery/missile attack"
    if trigger.token.lemma_ == "strike" and trigger.token.pos_ == "NOUN":
        return "Air/drone strike"
    if trigger.token.lemma_ in ("hit", "strike", "pound") and by_state(trigger):
        return "Air/drone strike"
    if hits_people(trigger):
        return "Attack"
    if trigger.objects or any(is_a(h, "armed") for h in trigger.victims):
        return "Armed clash"
    bare = trigger.rule.id == "event-shot-people" or (trigger.token.lemma_ == "attack" and trigger.token.pos_ == "NOUN")
    if bare and not trigger.victims and trigger.rule.id != "event-shot-people" and by_state(trigger):
        return "Armed clash"
    return "Attack" if bare or any(is_a(h, "people") for h in trigger.victims) else "Armed clash"


def is_hit(trigger: Trigger) -> bool:
    """Say whether something was hit and nobody says by what: in a war that is by fire from afar."""
    verb = trigger.token
    hit = verb.lemma_ in ("hit", "strike", "target") and any(c.dep_ == "nsubjpass" for c in verb.children)
    return hit and not trigger.subjects and weapon_of(trigger) is None


def by_state(trigger: Trigger) -> bool:
    """Say whether a state or its forces do it: when they hit something, it is from afar."""
    doers = (actors.actor_of(h, trigger.sentence, trigger.reading) for h in trigger.subjects)
    return any(a is not None and a.country is not None and a.kind != "person" for a in doers) or any(
        h.lemma_ in ("military", "army", "coalition", "navy") for h in trigger.subjects
    )


def hits_people(trigger: Trigger) -> bool:
    """Say whether people who do not fight are attacked, or a building of theirs."""
    return any(is_a(h, "people", "building") and not is_a(h, "armed") for h in trigger.objects)


def _type_of_taking(trigger: Trigger) -> str:
    """Return whose taking it is: a government that takes ground back regains it."""
    if trigger.rule.event_type == "Non-violent transfer of territory" and trigger.token.lemma_ != "lose":
        return trigger.rule.event_type
    back = re.search(
        r"\b(?:re-?t[ao]\w+|recaptur\w+|regain\w+|liberat\w+|reclaim\w+|clear\w+|back)\b", trigger.clause, re.I
    )
    return "Government regains territory" if back else "Non-state actor overtakes territory"
