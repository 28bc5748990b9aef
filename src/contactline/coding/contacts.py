"""Codes the contacts of one article: calls, meetings, visits, talks, mediation and letters between sides."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from contactline.coding import rows
from contactline.reading import conflict, dates, rulebook
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor, actors, actors_of, is_seat, parties_of
from contactline.reading.article import Reading
from contactline.reading.dates import Date, date_of
from contactline.reading.language import Sentence, Token
from contactline.reading.places import Place, place_of
from contactline.reading.scope import modality_of, scope_of

Party = tuple[str, Actor]
IN_PERSON = ("meeting", "visit", "talks")
DONE = ("held", "planned")
REMOTE = ("call", "letter")
IN_PERSON_CUE = re.compile(r"\bsidelines\b|\bface[- ]to[- ]face\b|\bin person\b|\bcorridors?\b")
SEPARATE = re.compile(
    r"\b(?:separate(?:ly)?|respectively|each(?! other)|in turn|first\b.*\bthen|bilateral(?:ly)?|one (?:after|by))\b"
)


@dataclass
class Contact:
    """One contact as one sentence tells it."""

    rule: dict[str, Any]
    token: Token
    sentence: Sentence
    parties: list[Party]
    status: str
    date: Date | None = None
    scope: str = "current"
    definite: bool = False
    event: str | None = None
    place: Place | None = None
    own_date: bool = False
    in_person: bool = False
    unnamed: bool = False
    mediators: list[Actor] = field(default_factory=list)

    @property
    def mode(self) -> str:
        """The code of its mode; who speaks where both are is not on the telephone."""
        return "meeting" if self.in_person else str(self.rule["mode"])


def mentions(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of `contact_mentions` that one article supports, without their keys.

    A contact told several times is one row, from the telling that names most. Each row carries its participants.
    """
    told: list[Contact] = []
    for sentence in reading.sentences:
        if sentence.upper:
            continue
        for contact in _told(sentence, reading):
            _merge(told, contact)
    for contact in told:
        if not (contact.mode == "visit" and _is_passing(contact, told, reading)):
            yield _row(contact, reading)


def _row(contact: Contact, reading: Reading) -> dict[str, Any]:
    people = [*contact.parties, *(("mediator", m) for m in contact.mediators)]
    return {
        "mode": contact.mode,
        "status": contact.status,
        **rows.dates(contact.date),
        **rows.place(contact.place),
        "scope": contact.scope,
        **rows.evidence(contact.sentence, contact.token, contact.token, contact.rule["id"]),
        "participants": [
            {
                "role": _role(role, contact),
                "name": a.name,
                "office": a.office,
                "actor_id": a.actor_id,
                "country": a.country,
            }
            for role, a in people
        ],
    }


def _is_passing(visit: Contact, told: Sequence[Contact], reading: Reading) -> bool:
    """Say whether a visit is told better by what its guest did there, or only brought him to meet others."""
    if _met(visit):
        return False
    guests, hosts = ({_side_of(a) for r, a in visit.parties if r == role} for role in ("guest", "host"))
    others = [c for c in told if c is not visit and c.mode in ("meeting", "talks") and guests & _sides(c.parties)]
    with_hosts = [c for c in others if hosts & _sides(c.parties)]
    if with_hosts:
        purpose = any(c.sentence is visit.sentence and _is_infinitive(c.token) for c in with_hosts)
        return purpose or visit.rule["id"] == "visit-noun"
    home = max((_share_of(h, reading) for h in hosts), default=0) >= 2 * rulebook.load("contacts")["host_share"]
    return bool(others) and not home and not any(p.country in hosts for p in reading.cast.people)


def _share_of(country: str, reading: Reading) -> float:
    """Return which share of all mentions of states in an article is of one."""
    states = Counter(m.actor.country for named in reading.named for m in named if m.actor.country)
    return states[country] / max(1, sum(states.values()))


def _role(role: str, contact: Contact) -> str:
    """Return a role; where all are callers or writers, nobody was called: they are participants."""
    alone = role == "initiator" and not any(r == "recipient" for r, _ in contact.parties)
    return "participant" if alone else role


# ---- from a sentence to its contacts
@cache
def _rules() -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]:
    verbs: dict[str, list[dict[str, Any]]] = {}
    nouns: dict[str, list[dict[str, Any]]] = {}
    for rule in rulebook.load("contacts")["rules"]:
        for lemma in rule.get("verbs", ()):
            verbs.setdefault(lemma, []).append(rule)
        for lemma in rule.get("nouns", ()):
            nouns.setdefault(lemma, []).append(rule)
    return verbs, nouns


def _told(sentence: Sentence, reading: Reading) -> Iterator[Contact]:
    """Yield the contacts that a sentence tells, in reading order."""
    verbs, nouns = _rules()
    for token in sentence.tokens:
        lemma = token.lemma_.lower()
        if token.pos_ in ("VERB", "AUX") and lemma in verbs:
            for rule in verbs[lemma]:
                yield from _by_verb(rule, token, sentence, reading)
        elif token.pos_ in ("NOUN", "PROPN") and lemma in nouns:
            for rule in nouns[lemma]:
                yield from _by_noun(rule, token, sentence, reading)


def _by_verb(rule: dict[str, Any], verb: Token, sentence: Sentence, reading: Reading) -> Iterator[Contact]:
    """Yield the contacts that a verb with its arguments tells."""
    if verb.lemma_ == "call" and any(_is_naming(c) for c in verb.children):
        return
    if rule["mode"] == "mediation" and any(c.dep_ == "dobj" and c.lemma_ in _rules()[1] for c in verb.children):
        return  # told by what is mediated
    subject, passive = subject_of(verb)
    ones = _side(subject, rule, "subject", sentence, reading) if subject is not None else []
    others: list[Party] = []
    if "object" in rule:
        if passive and subject is not None:
            others = [(rule["object"], a) for _, a in ones]
            agents = [g for c in verb.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
            ones = [p for g in agents for p in _side(g, rule, "subject", sentence, reading)]
        for child in verb.children:
            if child.dep_ in ("dobj", "oprd", "dative") or (child.dep_ == "attr" and verb.lemma_ == "meet"):
                others += _side(child, rule, "object", sentence, reading)
    for child in (*verb.children, *(g for c in verb.children if c.dep_ == "dobj" for g in c.children)):
        role = rule.get("preps", {}).get(child.lower_)
        if role and child.dep_ in ("prep", "dative", "prt"):
            for part in child.children:
                if part.dep_ == "pcomp" and part.lemma_ in ("take", "attend", "participate", "join"):
                    part = next((c for c in part.children if c.dep_ == "nsubj"), part)
                if part.dep_ in ("pobj", "pcomp", "nsubj"):
                    others += [(role, a) for a in parties_of(part, sentence, reading)]
    if rule.get("through"):
        ones, others = _brokered(verb, ones, sentence, reading)
    if "object" in rule and rule["mode"] == "call" and not others:
        return  # "called on", "called for"
    if rule.get("soft") and verb.dep_ == "conj" and verb.head.lemma_ in _rules()[0]:
        return  # "met and discussed"
    if rule["mode"] == "visit":
        others = [(r, a) for r, a in others if a.country] or _ground(verb, sentence, reading)
    yield from _contacts(rule, verb, ones, others, sentence, reading)


def _brokered(verb: Token, ones: list[Party], sentence: Sentence, reading: Reading) -> tuple[list[Party], list[Party]]:
    """Return the mediator and the parties of a deal that someone brokered."""
    agents = [g for c in verb.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
    mediators = [a for g in agents for a in parties_of(g, sentence, reading)] or [a for _, a in ones]
    deals = [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")] + ([verb.head] if verb.dep_ == "acl" else [])
    preps = [p for d in (*deals, verb) for p in d.children if p.lower_ in ("between", "with") and p.dep_ == "prep"]
    parties = [a for p in preps for c in p.children for a in parties_of(c, sentence, reading)]
    if not parties and agents and verb.dep_ == "acl":
        subject, _ = subject_of(sentence.tokens.root)
        parties = parties_of(subject, sentence, reading) if subject is not None else []
    if len({_side_of(a) for a in parties}) < 2:
        return [], []
    return _as("mediator", mediators), _as("participant", parties)


def _ground(verb: Token, sentence: Sentence, reading: Reading) -> list[Party]:
    """Return the state whose town a guest went to."""
    place = place_of(verb, sentence, reading, carried=False)
    named = [t for c in verb.children if c.dep_ in ("dobj", "prep") for t in c.subtree if t.pos_ == "PROPN"]
    if place is None or place.country not in states() or not any(t.text in place.name for t in named):
        return []
    return [("host", states()[place.country])]


def _side(token: Token, rule: dict[str, Any], place: str, sentence: Sentence, reading: Reading) -> list[Party]:
    return [(rule[place], a) for a in parties_of(token, sentence, reading)]


def _is_naming(token: Token) -> bool:
    """Say whether an argument of "call" is what someone is called, so that nobody is phoned: "called him a liar"."""
    if token.dep_ not in ("oprd", "xcomp", "ccomp") or token.pos_ == "PROPN":
        return False
    return token.dep_ != "xcomp" or not _is_infinitive(token)


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


def _by_noun(rule: dict[str, Any], noun: Token, sentence: Sentence, reading: Reading) -> Iterator[Contact]:
    """Yield the contacts that a noun with its parties tells."""
    if noun.lemma_.lower() == "talk" and noun.tag_ != "NNS":
        return
    text = " ".join(t.text for t in noun.head.subtree) if noun.head.i != noun.i else sentence.tokens.text
    if "needs" in rule and not re.search(rule["needs"], text, re.IGNORECASE):
        return
    others = _own(rule, noun, sentence, reading)
    ones, verb = _outer(rule, noun, sentence, reading)
    if rule["mode"] == "mediation":
        parties = [p for p in others if p[1] not in [a for _, a in ones]]
        yield from _contacts(rule, noun, [("mediator", a) for _, a in ones], parties, sentence, reading, verb)
        return
    roles = {"call": ("initiator", "recipient"), "letter": ("initiator", "recipient"), "visit": ("guest", "host")}
    first, second = roles.get(rule["mode"], ("participant", "participant"))
    if rule["mode"] in REMOTE and any(c.dep_ == "prep" and c.lower_ == "from" for c in noun.children):
        first, second = second, first
    if rule["mode"] == "visit":
        guests = [a for r, a in others if r == "guest"]
        hosts = [a for r, a in others if r == "host"] or ([a for _, a in ones] if guests else [])
        ones, others = _as("guest", guests or [a for _, a in ones]), _as("host", hosts)
    else:
        own = [a for _, a in others]
        told = [a for r, a in ones if r == "recipient"]
        if len({_side_of(a) for a in own}) > 1 and not _shares(noun):
            ones, others = _as("participant", own), []
        else:
            ones, others = _as(first, [a for r, a in ones if r != "recipient"]), _as(second, [*own, *told])
    yield from _contacts(rule, noun, ones, others, sentence, reading, verb)


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
            found += [("guest", a) for a in parties_of(child, sentence, reading)]
            if child.dep_ in ("compound", "amod", "nmod"):
                found += [("guest", a) for a in _joined(child, sentence, reading)]
    for child in noun.children:
        if child.dep_ in ("relcl", "acl") and child.lemma_ in rulebook.load("contacts")["hosting"]:
            hosts = [c for c in child.children if c.dep_ == "nsubj" and c.tag_ not in ("WDT", "WP")]
            hosts += [g for c in child.children if c.dep_ == "agent" for g in c.children]
            found += [("guest", a) for c in hosts for a in parties_of(c, sentence, reading)]
    beside = [c for c in noun.rights if c.dep_ == "appos"]
    found += [("guest", a) for c in beside for a in parties_of(c, sentence, reading) if a.kind == "person"]
    carriers = [noun, noun.head] if noun.dep_ == "compound" else [noun]
    if noun.dep_ in ("nsubj", "nsubjpass", "dobj", "attr"):
        carriers.append(noun.head)
    for carrier in carriers:
        preps = [p for c in carrier.children if c.dep_ in ("prep", "agent", "dative") for p in (c, *c.conjuncts)]
        for prep in preps:
            if prep.lower_ in rule["between"] and (
                carrier is noun or prep.lower_ in ("between", "with", "among", "to")
            ):
                role = ("guest" if prep.lower_ in ("by", "of", "from") else "host") if visit else "participant"
                for part in prep.children:
                    if part.dep_ == "pobj":
                        found += [(role, a) for a in parties_of(part, sentence, reading)]
                if prep.lower_ == "between" and len({_side_of(a) for _, a in found}) < 2:
                    found += _as(role, _until_verb(prep, sentence, reading))
    return _distinct(found)


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
    if node.dep_ in ("dobj", "oprd", "nsubjpass") and head.pos_ == "VERB":
        subject, passive = subject_of(head)
        if node.dep_ == "nsubjpass" or passive:
            agents = [g for c in head.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
            return [("participant", a) for g in agents for a in parties_of(g, sentence, reading)], head
        if (
            subject is not None
            and subject.i != node.i
            and (head.lemma_ in lists["support"] or head.lemma_ in lists["hosting"])
        ):
            role = "mediator" if head.lemma_ in ("mediate", "broker", "facilitate") else "participant"
            return [(role, a) for a in parties_of(subject, sentence, reading)], head
        return [], head
    if node.dep_ == "pobj" and head.lower_ in lists["during"]:
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
                found = _as("participant", parties_of(subject, sentence, reading))
                if verb.lemma_ in lists["addressing"] or rule.get("means"):
                    found += _as("recipient", _addressed(verb, sentence, reading))
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
    return [a for c in told for a in parties_of(c, sentence, reading) if a.kind == "person"]


# ---- who counts
def _side_of(actor: Actor) -> str:
    if actor.kind == "armed_group":
        return actor.actor_id or actor.name
    return actor.country or actor.actor_id or actor.name


def _distinct(parties: Iterable[Party]) -> list[Party]:
    found: list[Party] = []
    for role, actor in parties:
        if all(actor.name != other.name for _, other in found):
            found.append((role, actor))
    return found


def _counts(actor: Actor) -> bool:
    """Say whether an actor can be party to a contact between sides."""
    if actor.kind != "person":
        return actor.kind != "other"
    if actor.actor_id:
        return True
    if not actor.office:
        return actor.country is not None and " " not in actor.name
    return bool(actor.country) or actor.office.split()[-1] not in _weak()


@cache
def _weak() -> frozenset[str]:
    return frozenset(rulebook.load("contacts")["weak_offices"])


def _contacts(
    rule: dict[str, Any],
    token: Token,
    ones: Sequence[Party],
    others: Sequence[Party],
    sentence: Sentence,
    reading: Reading,
    verb: Token | None = None,
) -> Iterator[Contact]:
    """Yield the contacts between `ones` and `others`, or among `ones` where there are no others."""
    between = _mediators(token, sentence, reading) if rule["mode"] != "mediation" else []
    ones = [p for p in _distinct(ones) if _counts(p[1]) and p[1] not in between]
    others = [
        p
        for p in _distinct(others)
        if _counts(p[1]) and p[1].name not in {a.name for _, a in (*ones, *_as("", between))}
    ]
    if not ones and not others:
        return
    status = _status(token, verb, sentence)
    if status is None and rule["mode"] == "mediation":
        status = "held"
    if status is None or _is_play(ones, others, sentence, reading):
        return
    if others and not _fit(rule, others):
        return
    for parties in _grouped(rule, ones, others, sentence):
        if len(_sides(parties)) < 2 or (rule["mode"] == "visit" and not _is_visit(ones, others, rule["id"], reading)):
            continue
        event = _event(token, sentence, reading)
        apart = [p for p in parties if p[1].name != event]
        if len(_sides(apart)) > 1:
            parties = apart  # who met "at the NATO summit" did not meet NATO
        contact = Contact(rule, token, sentence, _distinct(parties), status, mediators=between)
        _set(contact, reading)
        yield contact


def _grouped(rule: dict[str, Any], ones: list[Party], others: list[Party], sentence: Sentence) -> list[list[Party]]:
    """Return who was together: one group, or several where others or hosts were dealt with one by one."""
    if len(ones) > 1 and others and ones[0][0] == "host" and SEPARATE.search(sentence.tokens.text):
        return [[one, *others] for one in ones]
    if len(others) > 1 and ones and _separate(rule, others, sentence):
        return [[*ones, other] for other in others]
    return [[*ones, *others]]


def _set(contact: Contact, reading: Reading) -> None:
    """Say when and where a contact was, and what that means for its status and scope."""
    token, sentence, published = contact.token, contact.sentence, reading.article.published_date
    contact.date = date_of(token, sentence, reading)
    contact.own_date = bool(dates.find(sentence.tokens.text, published))
    if contact.status == "held" and contact.date and published and contact.date.start > published:
        contact.status = "planned"
    contact.scope, _ = scope_of(token, sentence, reading, contact.date)
    contact.place = place_of(token, sentence, reading, carried=False) if contact.mode not in REMOTE else None
    contact.in_person = bool(contact.rule.get("soft") and IN_PERSON_CUE.search(sentence.tokens.text))
    here = {name for _, a in actors(sentence, reading) for name in (a.name, a.country) if name}
    contact.unnamed = not any({a.name, a.country} & here for _, a in contact.parties)
    contact.definite = _is_definite(token)
    contact.event = _event(token, sentence, reading)


def _is_visit(guests: Sequence[Party], hosts: Sequence[Party], rule_id: str, reading: Reading) -> bool:
    """Say whether guests visit their hosts, and do not only meet others on the hosts' soil."""
    if not hosts or len({_side_of(a) for _, a in guests}) > 1:
        return False
    share = rulebook.load("contacts")["host_share"]
    return any(
        a.kind == "person"
        or rule_id == "visit-verb"
        or _share_of(a.country or "", reading) >= share
        or any(p.country == a.country for p in reading.cast.people)
        for _, a in hosts
    )


def _as(role: str, actors: Iterable[Actor]) -> list[Party]:
    return [(role, actor) for actor in actors]


def _mediators(token: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return who deals between the parties: "brokered by", "under the mediation of", "with Gondor as mediator"."""
    lists = rulebook.load("contacts")["mediation"]
    found: list[Actor] = []
    for other in sentence.tokens:
        if other.lemma_ in lists["verbs"] and other.pos_ == "VERB" and other.tag_ != "VBN":
            subject, passive = subject_of(other)
            found += parties_of(subject, sentence, reading) if subject is not None and not passive else []
        elif other.lower_ == "by" and other.dep_ == "agent" and other.head.lemma_ in lists["verbs"]:
            found += [a for c in other.children for a in parties_of(c, sentence, reading)]
        elif other.lower_ in lists["nouns"]:
            phrase = [c for p in other.children if p.lower_ == "of" for c in p.children] if other.dep_ == "pobj" else []
            owner = [c for c in other.children if c.dep_ in ("poss", "amod", "compound")]
            found += [a for c in (*phrase, *owner) for a in parties_of(c, sentence, reading)]
        elif other.lower_ in lists["roles"] and other.head.lower_ == "as" and other.dep_ == "pobj":
            before = other.head.head
            found += parties_of(before, sentence, reading) if before.pos_ in ("NOUN", "PROPN") else []
    return found


def _fit(rule: dict[str, Any], others: Sequence[Party]) -> bool:
    """Say whether the others are such as the rule asks for: `strict` rules want people, or bodies of several states."""
    if "strict" not in rule:
        return True
    kinds = ("person",) if rule["strict"] == "people" else ("person", "organisation", "armed_group")
    return any(a.kind in kinds for _, a in others)


def _is_play(ones: Sequence[Party], others: Sequence[Party], sentence: Sentence, reading: Reading) -> bool:
    """Say whether states "meet" on the pitch: a paragraph about a pastime in which no person is party."""
    if any(a.kind == "person" and (a.office or a.actor_id) for _, a in (*ones, *others)):
        return False
    text = reading.paragraphs[sentence.paragraph].text
    return bool(
        conflict.senses(text)["pastime"] or re.search(rulebook.load("contacts")["pastime"], text, re.IGNORECASE)
    )


def _sides(parties: Iterable[Party]) -> set[str]:
    """Return the sides among parties; a person of unknown state makes one only as guest of a state."""
    known = {_side_of(a) for _, a in parties if a.country or a.kind != "person" or a.actor_id}
    strange = {a.name for role, a in parties if not (a.country or a.actor_id) and (role == "guest" or _is_high(a))}
    return known | strange


def _is_high(actor: Actor) -> bool:
    """Say whether a person of no known state holds an office that only states have."""
    return actor.office is not None and actor.office.split()[-1] in _high()


@cache
def _high() -> frozenset[str]:
    return frozenset(rulebook.load("contacts")["high_offices"])


def _event(token: Token, sentence: Sentence, reading: Reading) -> str | None:
    """Return the body whose gathering a noun tells: all who were "at the NATO summit" were at one."""
    if token.pos_ not in ("NOUN", "PROPN"):
        return None
    owners = [c for c in token.lefts if c.dep_ in ("compound", "poss", "nmod")]
    bodies = [a for c in owners for a in actors_of(c, sentence, reading) if a.kind == "organisation"]
    return bodies[0].name if bodies else None


def _is_definite(token: Token) -> bool:
    """Say whether a noun points to a contact told before or known: "the meeting", "his talks with"."""
    if token.pos_ not in ("NOUN", "PROPN"):
        return False
    return any(c.dep_ == "poss" or c.lower_ in ("the", "this", "that", "these", "those") for c in token.lefts)


def _separate(rule: dict[str, Any], others: Sequence[Party], sentence: Sentence) -> bool:
    """Say whether several others were dealt with one by one."""
    if rule["mode"] == "call":
        return not re.search(r"conference call|three-way|trilateral|joint call", sentence.tokens.text)
    if rule.get("each") or rule["mode"] == "visit":
        return True
    if rule["mode"] != "mediation" and SEPARATE.search(sentence.tokens.text):
        return True
    people = [a for _, a in others if a.kind == "person"]
    return (
        len(people) == len(others)
        and len({a.country for a in people}) == 1
        and rule["mode"] == "meeting"
        and all(" " in a.name for a in people)
    )


# ---- whether it took place
def _status(token: Token, verb: Token | None, sentence: Sentence) -> str | None:
    """Return the code of status, None where there is no talk of a contact but only of its possibility."""
    lists = rulebook.load("contacts")["status"]
    if token.pos_ in ("NOUN", "PROPN"):
        for child in token.lefts:
            for told in ("cancelled", "planned", "proposed"):
                if child.dep_ == "amod" and child.lower_ in lists[told]["adjectives"]:
                    return told
        if any(c.dep_ == "det" and c.lower_ in ("no", "any") for c in token.children):
            return None
    node = token if token.pos_ in ("VERB", "AUX") else verb if verb is not None else token.head
    inside = False
    prep = _prep_of(token)
    if prep is not None and token.pos_ not in ("VERB", "AUX"):
        if prep.lower_ in ("ahead", "before") or (prep.lower_ == "of" and prep.head.lower_ == "ahead"):
            return "planned"
        if prep.lower_ == "for" and node.lemma_ in lists["planned"]["going"]:
            return "planned"
        taking_part = node.lemma_ in ("take", "participate", "join")  # "refused to take part in"
        inside = prep.lower_ in lists["inside"] and not taking_part
    status = _verb_status(node, token, inside)
    if status == "held" and not inside:
        modality, _ = modality_of(token, sentence)
        return {"asserted": "held", "planned": "planned"}.get(modality)
    return status


def _prep_of(token: Token) -> Token | None:
    """Return the preposition that a contact's noun stands under, through coordination."""
    while token.dep_ in ("conj", "compound", "appos"):
        token = token.head
    return token.head if token.dep_ == "pobj" else None


def _verb_status(node: Token, token: Token, inside: bool) -> str | None:
    """Return the status that the verbs above a contact's word give it.

    Args:
        node: the verb that governs the contact's word, or that word itself.
        token: the contact's word.
        inside: what the verb tells happens within the contact, so its meaning says nothing of the contact's status.
    """
    within = inside
    for _ in range(6):
        if not inside:
            found = _listed(node) if node is not token or node.pos_ not in ("VERB", "AUX") else None
            if found:
                return found
        told = _by_auxiliary(node)
        if told != "held":
            return None if told == "hypothetical" else told
        above = _above(node)
        if above is None:
            return "held"
        if above.lemma_ == "be" and _is_infinitive(node) and not any(c.dep_ == "prep" for c in above.children):
            return "planned"
        if above.pos_ == "NOUN":
            return "planned" if above.lemma_ in ("plan", "agreement", "schedule", "date", "invitation") else "proposed"
        inside = within or node.dep_ == "conj"
        node = above
    return "held"


def _listed(node: Token) -> str | None:
    """Return the status that a governing word gives by its meaning: "agreed to", "due to", "called off"."""
    lists = rulebook.load("contacts")["status"]
    lemma = node.lemma_.lower()
    if any(c.dep_ == "prt" and f"{lemma}_{c.lower_}" in lists["cancelled"]["verbs"] for c in node.children):
        return "cancelled"
    for status in ("cancelled", "refused", "planned", "proposed"):
        if node.pos_ == "VERB" and lemma in lists[status]["verbs"]:
            return status
    for status in ("planned", "proposed", "refused"):
        if node.lower_ in lists[status]["adjectives"] and (node.pos_ == "ADJ" or status == "planned"):
            return status
    return None


def _by_auxiliary(node: Token) -> str:
    """Return the status that auxiliaries, negation and conditions of a verb give."""
    lists = rulebook.load("contacts")["status"]
    if any(c.dep_ == "neg" for c in node.children):
        return "refused" if any(c.lower_ in lists["planned"]["auxiliaries"] for c in node.children) else "hypothetical"
    for child in node.children:
        if child.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in ("if", "unless") for c in child.children):
            return "hypothetical"
        if child.dep_ == "mark" and child.lower_ in ("before", "until") and node.tag_ in ("VBZ", "VBP"):
            return "planned"
        if child.dep_ == "mark" and child.lower_ in ("if", "unless", "whether"):
            return "hypothetical"
        if child.dep_ in ("aux", "auxpass"):
            for status in ("planned", "proposed", "hypothetical"):
                if child.lower_ in lists[status]["auxiliaries"]:
                    return status
    return "held"


def _is_infinitive(node: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in node.children)


def _above(node: Token) -> Token | None:
    """Return the word whose status a verb shares: what it is the infinitive, conjunct or clause of."""
    present = node.tag_ in ("VBZ", "VBP")
    if node.dep_ == "conj" and node.tag_ in ("VBD", "VBZ", "VBP"):
        return None
    if node.dep_ in ("xcomp", "conj", "pcomp") or (
        _is_infinitive(node) and node.dep_ in ("advcl", "acl", "ccomp", "relcl")
    ):
        return node.head
    if node.dep_ == "advcl" and present and any(c.lower_ in ("when", "before", "after", "as") for c in node.lefts):
        return node.head
    if node.dep_ == "prep" and node.head.pos_ in ("VERB", "AUX"):
        return node.head
    return None


# ---- one contact told several times
def _merge(told: list[Contact], new: Contact) -> None:
    """Add a contact, or let it add to the one already told that it tells again."""
    for old in told:
        if old.event and old.event == new.event:
            old.parties = _distinct((*old.parties, *new.parties))
            return
        if _same(old, new):
            if _fullness(new) > _fullness(old) or (old.mode == "visit" and new.mode != "visit"):
                old.parties = new.parties
            old.place = old.place or new.place
            if (old.status, new.status) == ("planned", "held") and not new.definite:
                old.status = "held"
            if new.own_date and (not old.own_date or (old.definite and not new.definite)):
                old.date, old.scope, old.own_date = new.date, new.scope, True
            if (old.definite and not new.definite) or (old.rule.get("soft") and not new.rule.get("soft")):
                old.rule, old.token, old.sentence, old.status = new.rule, new.token, new.sentence, new.status
                old.definite = False
            return
    if not (new.unnamed and (new.rule.get("soft") or new.token.pos_ in ("NOUN", "PROPN"))):
        told.append(new)


def _fullness(contact: Contact) -> tuple[int, int]:
    """Return how many parties a telling names, and how many of them in person."""
    return len(contact.parties), sum(a.kind == "person" and _is_named(a) for _, a in contact.parties)


def _said(contact: Contact) -> Date | None:
    """Return a date that the telling's own sentence gives, not one carried over from elsewhere."""
    return contact.date if contact.own_date else None


def _same(old: Contact, new: Contact) -> bool:
    """Say whether two tellings are of one contact."""
    soft = old.rule.get("soft") or new.rule.get("soft")
    if old.mode != new.mode and not soft and not {old.mode, new.mode} <= set(IN_PERSON):
        return False
    if old.mode != new.mode and "visit" in (old.mode, new.mode) and not _met(old if old.mode == "visit" else new):
        return False
    if (old.status in DONE) != (new.status in DONE):
        return False
    loose = old.definite or new.definite
    if (old.status, new.status) == ("planned", "held") and len(new.parties) > len(old.parties):
        return False
    one, other = _said(old) or (old.date if new.own_date and not new.definite else None), _said(new)
    exact = one and other and one.precision == other.precision == 1
    if one and other and (exact or not loose) and not (one.start <= other.end and other.start <= one.end):
        return False
    before, after = _sides(old.parties), _sides(new.parties)
    if after - before and (old.status != new.status or (not old.definite and len(after) > 2)):
        return False
    if len(before) > 2 and after < before and not new.definite:
        return False
    small, large = sorted(([a for _, a in c.parties] for c in (old, new)), key=len)
    return all(any(_like(a, b) for b in large) for a in small)


def _met(visit: Contact) -> bool:
    """Say whether a visit names whom the guest met, so that it is as much a meeting."""
    return any(role == "host" and actor.kind == "person" for role, actor in visit.parties)


def _like(one: Actor, other: Actor) -> bool:
    """Say whether two parties may be the same: one name, or a state and who holds office there."""
    if one.name == other.name or (one.actor_id and one.actor_id == other.actor_id):
        return True
    if one.country is None or one.country != other.country or "armed_group" in (one.kind, other.kind):
        return one.kind == other.kind == "person" and _is_named(one) and _is_named(other) and _share(one, other)
    if one.kind == other.kind == "person":
        return _share(one, other) if _is_named(one) and _is_named(other) else _same_office(one, other)
    return True


def _share(one: Actor, other: Actor) -> bool:
    return bool(set(one.name.split()) & set(other.name.split()))


def _same_office(one: Actor, other: Actor) -> bool:
    """Say whether two offices may be one: either is told loosely, or one wording holds the other."""
    first, second = (set((a.office or "").lower().split()) for a in (one, other))
    loose = set(rulebook.load("contacts")["loose_offices"])
    return bool(first & loose or second & loose) or first <= second or second <= first


def _is_named(actor: Actor) -> bool:
    """Say whether a person goes by his name and not by his office alone."""
    return not actor.office or not actor.name.lower().endswith(actor.office.lower())
