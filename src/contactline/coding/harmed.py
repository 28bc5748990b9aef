"""Whom a word of harm befalls: the record of one harm, and the phrases that name its victims."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from contactline.reading import rulebook
from contactline.reading.language import Token
from contactline.reading.persons import RELATIVE, conjuncts, is_plural
from contactline.reading.quantities import Quantity

SUBJECTS = {"nsubj", "nsubjpass"}
PASSIVE = {"auxpass", "nsubjpass"}
FINDING = {"leave", "find", "report", "declare", "pronounce", "presume", "confirm", "believe", "fear", "see"}


@dataclass(frozen=True)
class Harm:
    """One harm to one party.

    Attributes:
        kind: a code of `harm`.
        trigger: the word that tells it.
        victim: head of the phrase that names or counts the victims; None for a mere figure ("the toll rose to 12").
        rule_id: the rule that saw it.
        quantity: the figure, where it does not stand with the victim.
        described: phrases that describe the victims without counting them ("casualties among servicemen").
        figure: the word that gives the figure, where it is not the victim's.
    """

    kind: str
    trigger: Token
    victim: Token | None
    rule_id: str
    quantity: Quantity | None = None
    described: Token | None = None
    figure: Token | None = None


def book() -> Any:
    """Return `rulebook/casualties.yml`."""
    return rulebook.load("casualties")


def each(kind: str, trigger: Token, victims: Iterator[Token] | Sequence[Token], rule_id: str) -> Iterator[Harm]:
    """Yield a harm to each of the victims and of those joined to them."""
    for first in victims:
        if _is_subset(first):
            continue
        for victim in conjuncts(first):
            yield Harm(kind, trigger, victim, rule_id)


def _is_subset(victim: Token) -> bool:
    """Say whether words only describe victims counted before them: "most of them women", "twelve of those"."""
    of = next((c for c in victim.rights if c.lower_ == "of"), None)
    if of is None or not any(c.lower_ in {"them", "those", "whom"} for c in of.children):
        return False
    return victim.lower_ in {"most", "many", "some", "several", "all"} or victim.head.lemma_.startswith("hospitali")


def subjects(verb: Token) -> list[Token]:
    """Return the subjects of a verb: its own, the noun it modifies, or those of the verb it is joined to."""
    own = [c for c in verb.children if c.dep_ in SUBJECTS]
    if own:
        if len(own) == 2 and own[0].lower_ == "total":
            own = own[1:]  # "a total of 328 soldiers were killed": the parser cut the subject in two
        if len(own) == 2 and own[1].ent_type_ == "PERSON" and own[0].pos_ == "NOUN" and not is_plural(own[0]):
            own = own[:1]  # "a conscript, John Doe, was killed": the parser took the apposition for a subject
        if verb.dep_ == "conj" and verb.head.pos_ in {"NOUN", "NUM"} and verb.head.i < own[0].i:
            own = [
                verb.head,
                *own,
            ]  # "he said 30 soldiers and two farmers were hurt": the parser cut the subject in two
        return [_beside_source(antecedent(s, verb), verb) for s in own]
    if verb.dep_ in {"acl", "relcl"} and verb.head.pos_ in {"NOUN", "PROPN", "NUM", "PRON"}:
        return [verb.head]
    if verb.dep_ in {"conj", "xcomp", "advcl", "oprd", "acomp", "dep"} and verb.head.pos_ in {"VERB", "AUX"}:
        return subjects(verb.head)
    return []


def _beside_source(subject: Token, verb: Token) -> Token:
    """Return the true subject where the parser took the source for it: "According to X, two men were killed"."""
    if subject.pos_ == "PROPN" and any(c.lower_ == "according" for c in verb.lefts):
        return next((c for c in subject.rights if c.dep_ == "appos"), subject)
    return subject


def antecedent(subject: Token, verb: Token) -> Token:
    """Return what a relative pronoun stands for, else the word itself."""
    if subject.lower_ in RELATIVE and subject.tag_ in {"WP", "WDT", "WP$"}:
        clause = verb
        while clause.dep_ not in {"relcl", "acl"} and clause.head.i != clause.i:
            clause = clause.head
        if clause.dep_ in {"relcl", "acl"}:
            return _one_of(clause.head, verb)
    return subject


def _one_of(noun: Token, verb: Token) -> Token:
    """Return "one" for the noun in "one of its soldiers, who was hurt", as the verb's number asks."""
    counter = noun.head.head
    singular = any(c.lower_ in {"was", "is", "has"} for c in verb.children)
    if singular and noun.tag_ == "NNS" and noun.dep_ == "pobj" and noun.head.lower_ == "of" and counter.lower_ == "one":
        return counter
    return noun


def patients(verb: Token) -> list[Token]:
    """Return whom a transitive verb befalls: object, subject of the passive, or the noun its participle modifies."""
    if any(c.dep_ == "nsubjpass" for c in verb.children):
        return subjects(verb)
    objects = [
        c
        for c in verb.children
        if c.dep_ in {"dobj", "dative"} or (c.dep_ == "oprd" and c.pos_ in {"NOUN", "NUM", "PROPN"})
    ]
    if objects:
        reflexive = [o for o in objects if o.lower_ in {"himself", "herself", "themselves", "itself"}]
        if reflexive:
            return [*subjects(verb), *(c for c in reflexive[0].rights if c.dep_ == "conj")]
        return [antecedent(o, verb) for o in objects]
    if is_passive(verb):
        return subjects(verb)
    own = any(c.dep_ in SUBJECTS for c in verb.children)
    if verb.tag_ == "VBN" and verb.head.lemma_ in FINDING and verb.dep_ in {"advcl", "ccomp", "xcomp", "conj", "oprd"}:
        left = subjects(verb) if own else [c for c in verb.head.children if c.dep_ == "dobj"]
        if left:
            return left
    shared = [
        c for j in verb.rights if j.dep_ == "conj" and j.tag_ == verb.tag_ for c in j.children if c.dep_ == "dobj"
    ]
    if shared:
        return shared
    if verb.tag_ in {"VBN", "VBD"}:
        if verb.dep_ == "amod":
            return [verb.head]
        if verb.i > verb.sent.start and verb.nbor(-1).pos_ == "NUM":
            return [verb.nbor(-1)]  # "put its losses at 100 killed"
        return [s for s in subjects(verb) if s.lower_ not in RELATIVE]
    return []


def is_passive(verb: Token) -> bool:
    """Say whether a verb is passive: by its auxiliary or subject, as a noun's participle, or joined to a passive."""
    if any(c.dep_ in PASSIVE for c in verb.children):
        return True
    if verb.tag_ != "VBN":
        return False
    if verb.dep_ in {"acl", "oprd", "acomp"}:
        return True
    joined = verb.dep_ == "conj" and not any(c.dep_ in {"aux", "nsubj"} for c in verb.children)
    return joined and verb.head.pos_ in {"VERB", "AUX"} and is_passive(verb.head)


def of_whom(noun: Token, prepositions: frozenset[str] = frozenset({"of"})) -> Iterator[Token]:
    """Yield what stands after the preposition of a noun: the soldiers in "the deaths of three soldiers"."""
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in prepositions:
            yield from (c for c in child.children if c.dep_ in {"pobj", "pcomp"})
