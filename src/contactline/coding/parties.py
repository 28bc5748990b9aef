"""Who deals with whom: the parties that the verb or noun of a contact brings with it."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from contactline.coding.sides import Party, cast_as, distinct, side_of
from contactline.coding.status import is_infinitive
from contactline.reading import rulebook
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor, actors, actors_of, is_seat, parties_of
from contactline.reading.article import Reading
from contactline.reading.attribution import claimant_of
from contactline.reading.language import Sentence, Token
from contactline.reading.places import place_of

FIRST = frozenset({"i", "me", "my", "we", "us", "our"})


@dataclass(frozen=True)
class Deal:
    """Who dealt with whom, in the grammar of one verb or noun.

    Attributes:
        ones: the side of the subject, or all parties where there are no others.
        others: the side of the object and of prepositions.
        verb: the verb that governs a noun, None where the word is itself a verb or has none.
    """

    ones: list[Party]
    others: list[Party]
    verb: Token | None = None


@cache
def rules() -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]:
    """Return the rules of the rulebook by the lemmas of their verbs, and by those of their nouns."""
    verbs: dict[str, list[dict[str, Any]]] = {}
    nouns: dict[str, list[dict[str, Any]]] = {}
    for rule in rulebook.load("contacts")["rules"]:
        for lemma in rule.get("verbs", ()):
            verbs.setdefault(lemma, []).append(rule)
        for lemma in rule.get("nouns", ()):
            nouns.setdefault(lemma, []).append(rule)
    return verbs, nouns


def named_by(token: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return the actors of a phrase; "I" and "we" are who speaks."""
    if token.lower_ in FIRST and token.text != "US":
        speaker = claimant_of(token, sentence, reading)
        return [speaker] if speaker is not None else []
    return [_of_body(a, token, sentence, reading) for a in parties_of(token, sentence, reading)]


def _of_body(actor: Actor, token: Token, sentence: Sentence, reading: Reading) -> Actor:
    """Return a person of no known state as one of the state or body named before him: "Shire Council chair Hurin"."""
    if actor.kind != "person" or actor.country or actor.actor_id:
        return actor
    before = [t for c in token.lefts if c.dep_ in ("compound", "nmod", "poss", "amod") for t in c.subtree]
    marks = [mark for t in before for mark in actors_of(t, sentence, reading)]
    offices = [m for m in marks if m.kind == "person" and m.country and m.office and m.name != actor.name]
    if offices and not actor.office:
        return replace(actor, country=offices[0].country, office=offices[0].office)
    bodies = [m for m in marks if m.kind == "organisation" and m.actor_id]
    return replace(actor, actor_id=bodies[0].actor_id) if bodies and actor.office else actor


def by_verb(rule: dict[str, Any], verb: Token, sentence: Sentence, reading: Reading) -> Deal | None:
    """Return the parties that a verb's arguments bring, None where it tells no contact."""
    if verb.lemma_ == "call" and any(_is_naming(c) for c in verb.children):
        return None
    if rule["mode"] == "mediation" and (
        any(c.dep_ == "dobj" and c.lemma_ in rules()[1] for c in verb.children)
        or (verb.dep_ == "acl" and verb.head.lemma_ in rules()[1])
    ):
        return None  # told by what is mediated
    subject, passive = subject_of(verb)
    ones = _side(subject, rule, "subject", sentence, reading) if subject is not None else []
    others: list[Party] = []
    if "needs" in rule and not re.search(rule["needs"], " ".join(t.text for t in verb.subtree), re.IGNORECASE):
        return None
    if "object" in rule:
        if passive and subject is not None:
            others = [(rule["object"], a) for _, a in ones]
            agents = [g for c in verb.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
            ones = [p for g in agents for p in _side(g, rule, "subject", sentence, reading)]
        for child in verb.children:
            if child.dep_ in ("dobj", "oprd", "dative") or (child.dep_ == "attr" and verb.lemma_ == "meet"):
                others += _side(child, rule, "object", sentence, reading)
    beside = [c for c in verb.children for c in (c, *(c.conjuncts if c.dep_ == "prep" else ()))]  # "with A and with B"
    for child in (*beside, *(g for c in verb.children if c.dep_ == "dobj" for g in c.children)):
        role = rule.get("preps", {}).get(child.lower_)
        if role and child.dep_ in ("prep", "dative", "prt", "conj"):
            for part in child.children:
                if part.dep_ == "pcomp" and part.lemma_ in ("take", "attend", "participate", "join"):
                    part = next((c for c in part.children if c.dep_ == "nsubj"), part)
                if part.dep_ in ("pobj", "pcomp", "nsubj"):
                    others += [(role, a) for a in named_by(part, sentence, reading)]
    if rule.get("pair") and not others:
        return None  # both "said", but not one beside the other
    if rule.get("through"):
        ones, others = _brokered(verb, ones, sentence, reading)
    if "object" in rule and rule["mode"] == "call" and not others:
        return None  # "called on", "called for"
    if rule.get("soft") and verb.dep_ == "conj" and verb.head.lemma_ in rules()[0]:
        return None  # "met and discussed"
    if rule["mode"] == "visit":
        others = [(r, a) for r, a in others if a.country] or _ground(verb, sentence, reading)
    return Deal(ones, others)


def _brokered(verb: Token, ones: list[Party], sentence: Sentence, reading: Reading) -> tuple[list[Party], list[Party]]:
    """Return the mediator and the parties of a deal that someone brokered."""
    agents = [g for c in verb.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
    mediators = [a for g in agents for a in named_by(g, sentence, reading)] or [a for _, a in ones]
    deals = [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")] + ([verb.head] if verb.dep_ == "acl" else [])
    preps = [p for d in (*deals, verb) for p in d.children if p.lower_ in ("between", "with") and p.dep_ == "prep"]
    parties = [a for p in preps for c in p.children for a in named_by(c, sentence, reading)]
    if not parties and agents and verb.dep_ == "acl":
        subject, _ = subject_of(sentence.tokens.root)
        parties = named_by(subject, sentence, reading) if subject is not None else []
    if len({side_of(a) for a in parties}) < 2:
        return [], []
    return cast_as("mediator", mediators), cast_as("participant", parties)


def _ground(verb: Token, sentence: Sentence, reading: Reading) -> list[Party]:
    """Return the state whose town a guest went to."""
    place = place_of(verb, sentence, reading, carried=False)
    named = [t for c in verb.children if c.dep_ in ("dobj", "prep") for t in c.subtree if t.pos_ == "PROPN"]
    if place is None or place.country not in states() or not any(t.text in place.name for t in named):
        return []
    return [("host", states()[place.country])]


def _side(token: Token, rule: dict[str, Any], place: str, sentence: Sentence, reading: Reading) -> list[Party]:
    return [(rule[place], a) for a in named_by(token, sentence, reading)]


def _is_naming(token: Token) -> bool:
    """Say whether an argument of "call" is what someone is called, so that nobody is phoned: "called him a liar"."""
    if token.dep_ not in ("oprd", "xcomp", "ccomp") or token.pos_ == "PROPN":
        return False
    return token.dep_ != "xcomp" or not is_infinitive(token)


def subject_of(verb: Token) -> tuple[Token | None, bool]:
    """Return who does what a verb tells, and whether it stands in the passive, through control and coordination."""
    seen = 0
    node = verb
    while seen < 6:
        subjects = [c for c in node.children if c.dep_ in ("nsubj", "csubj", "nsubjpass")]
        if subjects:
            nearest = max(subjects, key=lambda c: (c.i < node.i, c.i if c.i < node.i else -c.i))
            return _relative(nearest, node), nearest.dep_ == "nsubjpass" and node is verb
        if node.dep_ == "pcomp" and node.head.lower_ in ("for", "of", "from"):
            blamed = [c for c in node.head.head.children if c.dep_ == "dobj" and c.i < node.i]
            if blamed:
                return blamed[0], False
        if node.dep_ == "xcomp" or (node.dep_ == "ccomp" and node.tag_ == "VB"):
            objects = [c for c in node.head.children if c.dep_ == "dobj" and c.i < node.i]
            if objects and node.head.lemma_ in (
                "invite",
                "ask",
                "urge",
                "send",
                "see",
                "order",
                "tell",
                "allow",
                "want",
                "dispatch",
            ):
                return objects[0], False
            node = node.head
        elif node.dep_ in ("conj", "advcl", "pcomp", "prep", "aux", "dep", "acomp", "oprd", "ccomp"):
            node = node.head
        elif node.dep_ in ("relcl", "acl"):
            return node.head, False
        else:
            return None, False
        seen += 1
    return None, False


def _relative(subject: Token, verb: Token) -> Token:
    if subject.lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
        return verb.head
    return subject


def by_noun(rule: dict[str, Any], noun: Token, sentence: Sentence, reading: Reading) -> Deal | None:
    """Return the parties of a contact's noun, its own and those of its verb, None where it tells no contact."""
    if noun.lemma_.lower() == "talk" and noun.tag_ != "NNS":
        return None
    if rule.get("unless_remote") and is_remote(noun):
        return None
    if rule.get("pair") and not any(c.dep_ == "prep" and c.lower_ in rule["between"] for c in noun.children):
        return None
    text = " ".join(t.text for t in noun.head.subtree) if noun.head.i != noun.i else sentence.tokens.text
    if "needs" in rule and not re.search(rule["needs"], text, re.IGNORECASE):
        return None
    others = _own(rule, noun, sentence, reading)
    ones, verb = _outer(rule, noun, sentence, reading)
    if rule["mode"] == "mediation":
        parties = [p for p in others if p[1] not in [a for _, a in ones]]
        return Deal(cast_as("mediator", [a for _, a in ones]), parties, verb)
    roles = {"call": ("initiator", "recipient"), "letter": ("initiator", "recipient"), "visit": ("guest", "host")}
    first, second = roles.get(rule["mode"], ("participant", "participant"))
    if first == "initiator" and any(c.dep_ == "prep" and c.lower_ == "from" for c in noun.children):
        first, second = second, first
    if rule["mode"] == "visit":
        guests = [a for r, a in others if r == "guest"]
        hosts = [a for r, a in others if r == "host"] or ([a for _, a in ones] if guests else [])
        hosts = hosts or _whereabouts(verb, sentence, reading)
        hosts = hosts or [a for r, a in ones if r == "recipient"]
        ones = [(r, a) for r, a in ones if r != "recipient"]
        ones, others = cast_as("guest", guests or [a for _, a in ones]), cast_as("host", hosts)
    else:
        own = [a for _, a in others]
        told = [a for r, a in ones if r == "recipient"]
        if len({side_of(a) for a in own}) > 1 and not _shares(noun):
            ones, others = cast_as("participant", own), []
        else:
            ones, others = cast_as(first, [a for r, a in ones if r != "recipient"]), cast_as(second, [*own, *told])
    return Deal(ones, others, verb)


def is_remote(token: Token) -> bool:
    """Say whether a meeting or conversation is one by telephone or video, by what stands with its word."""
    means = _means()
    if token.pos_ not in ("VERB", "AUX") and any(t.lemma_.lower() in means for c in token.lefts for t in c.subtree):
        return True
    preps = [c for c in token.children if c.dep_ == "prep" and c.lower_ in ("by", "via", "over", "in", "through", "on")]
    return any(t.lemma_.lower() in means for p in preps for c in p.children for t in (c, *c.lefts))


@cache
def _means() -> frozenset[str]:
    return frozenset(rulebook.load("contacts")["remote"])


def _whereabouts(verb: Token | None, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return the state where somebody is on a visit: "is in Minas Tirith on a visit"."""
    if verb is None:
        return []
    places = [g for c in verb.children if c.dep_ == "prep" and c.lower_ in ("in", "to") for g in c.children]
    return [a for p in places for a in named_by(p, sentence, reading) if a.kind == "state"]


def _shares(noun: Token) -> bool:
    """Say whether a noun's own parties are the others only: "held talks with A and B"."""
    return any(c.lower_ == "with" and c.dep_ == "prep" for c in (*noun.children, *noun.head.children))


def _own(rule: dict[str, Any], noun: Token, sentence: Sentence, reading: Reading) -> list[Party]:
    """Return the parties that a noun itself names: owners, adjectives, and what its prepositions bring."""
    found: list[Party] = []
    visit = rule["mode"] == "visit"
    for child in noun.lefts:
        if child.dep_ in ("compound", "amod", "nmod") and is_seat(child, sentence, reading):
            continue
        if child.dep_ in ("poss", "compound", "amod", "nmod"):
            found += [("guest", a) for a in named_by(child, sentence, reading)]
            if child.dep_ in ("compound", "amod", "nmod"):
                found += [("guest", a) for a in _joined(child, sentence, reading)]
    for child in noun.children:
        if child.dep_ in ("relcl", "acl"):
            if child.lemma_ in rulebook.load("contacts")["hosting"]:
                hosts = [c for c in child.children if c.dep_ == "nsubj" and c.tag_ not in ("WDT", "WP")]
                hosts += [g for c in child.children if c.dep_ == "agent" for g in c.children]
                found += [("guest", a) for c in hosts for a in named_by(c, sentence, reading)]
            elif child.lemma_ in rulebook.load("contacts")["support"]:
                held = [c for c in child.children if c.dep_ == "nsubj" and c.tag_ not in ("WDT", "WP")]
                found += [("guest", a) for c in held for a in named_by(c, sentence, reading)]  # "the talks that X held"
            if child.lemma_ in rulebook.load("contacts")["attending"]:
                guests = [g for c in child.children if c.dep_ == "agent" for g in c.children]
                found += [("guest", a) for c in guests for a in named_by(c, sentence, reading)]
    beside = [c for c in noun.rights if c.dep_ == "appos"]
    found += [("guest", a) for c in beside for a in named_by(c, sentence, reading) if a.kind == "person"]
    carriers = [noun, noun.head] if noun.dep_ == "compound" else [noun]
    if noun.dep_ in ("nsubj", "nsubjpass", "dobj", "attr"):
        carriers.append(noun.head)
    carriers += [c for c in noun.children if c.dep_ in ("acl", "relcl")]  # "talks held on Monday between"
    for carrier in carriers:
        preps = [p for c in carrier.children if c.dep_ in ("prep", "agent", "dative") for p in (c, *c.conjuncts)]
        for prep in preps:
            if prep.lower_ in rule["between"] and (
                carrier is noun or prep.lower_ in ("between", "with", "among", "to")
            ):
                role = ("guest" if prep.lower_ in ("by", "of", "from") else "host") if visit else "participant"
                for part in prep.children:
                    if part.dep_ == "pobj":
                        found += [(role, a) for a in named_by(part, sentence, reading)]
                if prep.lower_ == "between" and len({side_of(a) for _, a in found}) < 2:
                    found += cast_as(role, _until_verb(prep, sentence, reading))
    return distinct(found)


def _until_verb(prep: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return who is named from "between" to the next verb, for where the parser loses its coordination."""
    later = [t.i for t in sentence.tokens if t.i > prep.i and t.pos_ in ("VERB", "AUX")]
    end = min(later, default=sentence.tokens.end)
    return [actor for span, actor in actors(sentence, reading) if prep.i < span.start < end]


def _joined(token: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return the parties of a compound such as "Gondor-Arnor talks"."""
    near = {t.i for t in token.subtree} | {token.i}
    return [actor for span, actor in actors(sentence, reading) if span.root.i in near or span.start in near]


def _outer(rule: dict[str, Any], noun: Token, sentence: Sentence, reading: Reading) -> tuple[list[Party], Token | None]:
    """Return the party that stands outside a noun's phrase, as subject of its verb, and that verb."""
    lists = rulebook.load("contacts")
    node, head = noun, noun.head
    while node.dep_ in ("conj", "appos", "compound") or (node.dep_ == "pobj" and node.head.lower_ == "of"):
        node = node.head.head if node.dep_ == "pobj" else node.head
        head = node.head
    if node.dep_ in ("dobj", "oprd", "nsubjpass") and head.pos_ in ("VERB", "AUX"):
        subject, passive = subject_of(head)
        if node.dep_ == "nsubjpass" or passive:
            agents = [g for c in head.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
            return [("participant", a) for g in agents for a in named_by(g, sentence, reading)], head
        if (
            subject is not None
            and subject.i != node.i
            and (head.lemma_ in lists["support"] or head.lemma_ in lists["hosting"])
        ):
            role = "mediator" if head.lemma_ in ("mediate", "broker", "facilitate") else "participant"
            paid = [c for c in head.children if c.dep_ == "dative" and c.pos_ != "ADP"]  # "paid the king a visit"
            told = [("recipient", a) for c in paid for a in named_by(c, sentence, reading)]
            return [*((role, a) for a in named_by(subject, sentence, reading)), *told], head
        return [], head
    if node.dep_ == "pobj" and head.lower_ in (*lists["during"], *rule.get("during", ())):
        verb = head.head
        while verb.pos_ not in ("VERB", "AUX") and verb.dep_ in (
            "prep",
            "pobj",
            "advmod",
            "acomp",
            "npadvmod",
            "dobj",
            "attr",
        ):
            verb = verb.head
        if verb.pos_ in ("VERB", "AUX"):
            subject, passive = subject_of(verb)
            if subject is not None and not passive:
                found = cast_as("participant", named_by(subject, sentence, reading))
                if verb.lemma_ in lists["addressing"] or rule.get("means"):
                    found += cast_as("recipient", _addressed(verb, sentence, reading))
                return found, verb
        return [], verb if verb.pos_ in ("VERB", "AUX") else None
    if node.dep_ in ("nsubj", "nsubjpass") and head.pos_ in ("VERB", "AUX"):
        return [], head
    return [], None


def _addressed(verb: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return whom a verb addresses: its object, or who stands under "to" or "with"."""
    told = [c for c in verb.children if c.dep_ in ("dobj", "dative")]
    told += [
        c for p in verb.children if p.lower_ in ("to", "with") and p.dep_ in ("prep", "dative") for c in p.children
    ]
    return [a for c in told for a in named_by(c, sentence, reading) if a.kind == "person"]


def mediators(token: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return who deals between the parties: "brokered by", "under the mediation of", "with Gondor as mediator"."""
    lists = rulebook.load("contacts")["mediation"]
    found: list[Actor] = []
    for other in sentence.tokens:
        if other.lemma_ in lists["verbs"] and other.pos_ == "VERB" and other.tag_ != "VBN":
            subject, passive = subject_of(other)
            found += named_by(subject, sentence, reading) if subject is not None and not passive else []
        elif other.lower_ == "by" and other.dep_ == "agent" and other.head.lemma_ in lists["verbs"]:
            found += [a for c in other.children for a in named_by(c, sentence, reading)]
        elif other.lower_ in lists["nouns"]:
            phrase = [c for p in other.children if p.lower_ == "of" for c in p.children] if other.dep_ == "pobj" else []
            owner = [c for c in other.children if c.dep_ in ("poss", "amod", "compound")]
            found += [a for c in (*phrase, *owner) for a in named_by(c, sentence, reading)]
        elif other.lower_ in lists["roles"] and other.head.lower_ == "as" and other.dep_ == "pobj":
            before = other.head.head
            found += named_by(before, sentence, reading) if before.pos_ in ("NOUN", "PROPN") else []
    return found
