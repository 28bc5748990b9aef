"""Codes the contacts of one article: calls, meetings, visits, talks, mediation and letters between sides."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from contactline.coding import rows
from contactline.coding.counterparts import completed
from contactline.coding.parties import Deal, by_noun, by_verb, is_remote, mediators, rules
from contactline.coding.sides import Party, cast_as, counts, distinct, fit, side_of, sides
from contactline.coding.status import is_infinitive, is_purpose, status_of
from contactline.coding.tellings import REMOTE, Contact, is_meeting, merge
from contactline.reading import conflict, dates, rulebook
from contactline.reading.actors import Actor, actors, actors_of
from contactline.reading.article import Reading
from contactline.reading.dates import date_of
from contactline.reading.language import Sentence, Token
from contactline.reading.places import place_of
from contactline.reading.scope import scope_of

IN_PERSON_CUE = re.compile(r"\bsidelines\b|\bface[- ]to[- ]face\b|\bin person\b|\bcorridors?\b")
SEPARATE = re.compile(
    r"\b(?:separate(?:ly)?|respectively|each(?! other)|in turn|first\b.*\bthen|bilateral(?:ly)?|one (?:after|by))\b"
)


def mentions(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of `contact_mentions` that one article supports, without their keys.

    A contact told several times is one row, from the telling that names most. Each row carries its participants.
    """
    told: list[Contact] = []
    for sentence in reading.sentences:
        if sentence.upper:
            continue
        for contact in _told(sentence, reading):
            merge(told, contact)
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
    if is_meeting(visit):
        return False
    purposes = [c for c in told if c is not visit and visit.token.is_ancestor(c.token) and is_purpose(c.token)]
    if any(not {side_of(a) for r, a in visit.parties if r == "host"} & sides(c.parties) for c in purposes):
        return True  # "arrived in Edoras for talks with Arnor"
    guests, hosts = ({side_of(a) for r, a in visit.parties if r == role} for role in ("guest", "host"))
    others = [c for c in told if c is not visit and c.mode in ("meeting", "talks") and guests & sides(c.parties)]
    with_hosts = [c for c in others if hosts & sides(c.parties)]
    if with_hosts:
        purpose = any(c.sentence is visit.sentence and is_infinitive(c.token) for c in with_hosts)
        alone = len(with_hosts) == 1 and with_hosts[0].sentence is visit.sentence
        return purpose or visit.rule["id"] == "visit-noun" or alone
    home = max((_share_of(h, reading) for h in hosts), default=0) >= 2 * rulebook.load("contacts")["host_share"]
    there = [c for c in others if c.sentence is visit.sentence or (c.place is not None and c.place.country in hosts)]
    return bool(there) and not home and not any(p.country in hosts for p in reading.cast.people)


def _share_of(country: str, reading: Reading) -> float:
    """Return which share of all mentions of states in an article is of one."""
    states = Counter(m.actor.country for named in reading.named for m in named if m.actor.country)
    return states[country] / max(1, sum(states.values()))


def _role(role: str, contact: Contact) -> str:
    """Return a role; where all are callers or writers, nobody was called: they are participants."""
    alone = role == "initiator" and not any(r == "recipient" for r, _ in contact.parties)
    return "participant" if alone else role


# ---- from a sentence to its contacts
def _told(sentence: Sentence, reading: Reading) -> Iterator[Contact]:
    """Yield the contacts that a sentence tells, in reading order."""
    verbs, nouns = rules()
    for token in sentence.tokens:
        lemma = token.lemma_.lower()
        if token.pos_ in ("VERB", "AUX") and lemma in verbs:
            found = [(rule, by_verb(rule, token, sentence, reading)) for rule in verbs[lemma]]
        elif token.pos_ in ("NOUN", "PROPN") and lemma in nouns:
            found = [(rule, by_noun(rule, token, sentence, reading)) for rule in nouns[lemma]]
        else:
            continue
        for rule, deal in found:
            if deal is not None:
                whole = completed(rule, token, deal, sentence, reading)
                yield from _contacts(rule, token, whole, sentence, reading)


def _contacts(
    rule: dict[str, Any],
    token: Token,
    deal: Deal,
    sentence: Sentence,
    reading: Reading,
) -> Iterator[Contact]:
    """Yield the contacts that a deal makes: one, or several where the others were dealt with one by one."""
    between = mediators(token, sentence, reading) if rule["mode"] != "mediation" else []
    ones = [p for p in distinct(deal.ones) if counts(p[1]) and p[1] not in between]
    others = [
        p
        for p in distinct(deal.others)
        if counts(p[1]) and p[1].name not in {a.name for _, a in (*ones, *cast_as("", between))}
    ]
    if not ones and not others:
        return
    status = rule.get("status") or status_of(token, deal.verb, sentence)
    if status is None and rule["mode"] == "mediation":
        status = "held"
    if status is None or _is_play(ones, others, sentence, reading):
        return
    if others and not fit(rule, others):
        return
    for parties in _grouped(rule, ones, others, sentence):
        if len(sides(parties)) < 2 or (rule["mode"] == "visit" and not _is_visit(ones, others, rule["id"], reading)):
            continue
        event = _event(token, sentence, reading)
        apart = [p for p in parties if p[1].name != event]
        if len(sides(apart)) > 1:
            parties = apart  # who met "at the NATO summit" did not meet NATO
        contact = Contact(rule, token, sentence, distinct(parties), status, mediators=between)
        _set(contact, reading)
        yield contact


def _grouped(rule: dict[str, Any], ones: list[Party], others: list[Party], sentence: Sentence) -> list[list[Party]]:
    """Return who was together: one group, or several where others or hosts were dealt with one by one."""
    apart = bool(SEPARATE.search(sentence.tokens.text))
    if len(ones) > 1 and others and ones[0][0] == "host" and apart:
        return [[one, *others] for one in ones]
    if len(ones) > 1 and len(others) > 1 and apart and rule["mode"] == "meeting":
        return [[one, other] for one in ones for other in others]
    if len(others) > 1 and ones and _separate(rule, others, sentence):
        return [[*ones, other] for other in others]
    return [[*ones, *others]]


def _set(contact: Contact, reading: Reading) -> None:
    """Say when and where a contact was, and what that means for its status and scope."""
    token, sentence, published = contact.token, contact.sentence, reading.article.published_date
    contact.date = date_of(token, sentence, reading)
    contact.own_date = bool(dates.find(sentence.tokens.text, published))
    if contact.status == "held" and contact.date and published and contact.date.start > published:
        contact.status = "held" if _is_told_as_past(token) else "planned"
    contact.scope, _ = scope_of(token, sentence, reading, contact.date)
    contact.place = place_of(token, sentence, reading, carried=False) if contact.mode not in REMOTE else None
    contact.remote = is_remote(token)
    contact.in_person = bool(contact.rule.get("soft") and IN_PERSON_CUE.search(sentence.tokens.text))
    here = {name for _, a in actors(sentence, reading) for name in (a.name, a.country) if name}
    contact.unnamed = not any({a.name, a.country} & here for _, a in contact.parties)
    contact.definite = _is_definite(token)
    contact.event = _event(token, sentence, reading)


def _travels(actor: Actor) -> bool:
    """Say whether an actor goes abroad as a guest: a person or a body, not a people or its troops."""
    forces = rulebook.load("contacts")["forces"]
    return actor.kind != "state" or (actor.actor_id is None and actor.name.split()[-1].lower() not in forces)


def _is_told_as_past(token: Token) -> bool:
    """Say whether the verb of a contact stands in the past, whatever date was read: "the following year he met"."""
    for node in (token, *token.ancestors):
        if node.pos_ == "VERB" and node.dep_ not in ("amod", "acl"):
            return node.tag_ == "VBD" and node.dep_ != "ccomp"
    return False


def _is_visit(guests: Sequence[Party], hosts: Sequence[Party], rule_id: str, reading: Reading) -> bool:
    """Say whether guests visit their hosts, and do not only meet others on the hosts' soil."""
    if not hosts or len({side_of(a) for _, a in guests if a.country}) > 1:
        return False
    if rule_id == "visit-go" and not any(_travels(a) for _, a in guests):
        return False
    share = rulebook.load("contacts")["host_share"]
    return any(
        a.kind == "person"
        or rule_id == "visit-verb"
        or _share_of(a.country or "", reading) >= share
        or any(p.country == a.country for p in reading.cast.people)
        for _, a in hosts
    )


def _is_play(ones: Sequence[Party], others: Sequence[Party], sentence: Sentence, reading: Reading) -> bool:
    """Say whether states "meet" on the pitch: a paragraph about a pastime in which no person is party."""
    if any(a.kind == "person" and (a.office or a.actor_id) for _, a in (*ones, *others)):
        return False
    text = reading.paragraphs[sentence.paragraph].text
    return bool(
        conflict.senses(text)["pastime"] or re.search(rulebook.load("contacts")["pastime"], text, re.IGNORECASE)
    )


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
