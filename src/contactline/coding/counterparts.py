"""The side of a contact that its own words leave out: who else dealt, found outside the phrase that tells it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from contactline.coding.parties import Deal, named_by, subject_of
from contactline.coding.sides import Party, cast_as, counts, is_rebel, side_of, sides
from contactline.reading import rulebook
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor, actors, actors_of
from contactline.reading.article import Reading
from contactline.reading.belligerents import last_group, main_pair
from contactline.reading.language import Sentence, Token
from contactline.reading.places import place_of

SPOKEN = ("meeting", "talks", "call")


def completed(rule: dict[str, Any], token: Token, deal: Deal, sentence: Sentence, reading: Reading) -> Deal:
    """Return a deal with the side that it lacks, itself where it has two sides or none is found.

    Args:
        rule: the rule of the contact's word.
        token: the contact's word.
        deal: the parties that its grammar brings.
        sentence: where it stands.
        reading: the article.
    """
    known = [p for p in (*deal.ones, *deal.others) if counts(p[1])]
    if rule["mode"] == "mediation":
        return _divided(deal, token, sentence, reading)
    if rule["mode"] not in (*SPOKEN, "visit") or len(sides(known)) > 1:
        return deal
    settled = _settled(deal, reading)
    if settled is not None:
        return settled
    is_noun = token.pos_ in ("NOUN", "PROPN")
    if not is_noun and not deal.ones and known and subject_of(token)[0] is None:
        return Deal(cast_as("participant", _chief(known, reading)), deal.others, deal.verb)
    if not known and not (is_noun and rule["mode"] in ("talks", "meeting")):
        return deal
    if rule["mode"] == "visit":
        return _visited(deal, token, sentence, reading)
    own = sides(known)
    for others in _candidates(rule, token, known, sentence, reading):
        fresh = [a for a in others if side_of(a) not in own and counts(a)]
        if len(own | sides(cast_as("", fresh))) > 1:
            return Deal(
                known or cast_as("participant", fresh), cast_as("participant", fresh) if known else [], deal.verb
            )
    return deal


def _chief(known: list[Party], reading: Reading) -> list[Actor]:
    """Return the person whom an article names most, the subject of its headings and lists: "Meets with Hurin"."""
    own = {side_of(a) for _, a in known}
    named = Counter(m.actor for ms in reading.named for m in ms if m.actor.kind == "person" and m.actor.country)
    first = named.most_common(2)
    if not first or (len(first) == 2 and first[0][1] == first[1][1]) or side_of(first[0][0]) in own:
        return []
    return [first[0][0]]


def _divided(deal: Deal, token: Token, sentence: Sentence, reading: Reading) -> Deal:
    """Return a mediation with its parties, who stand as those between whom there is a rift further on."""
    if not deal.ones or deal.others or token.pos_ not in ("NOUN", "PROPN"):
        return deal
    later = [t for t in sentence.tokens if t.i > token.i and t.lower_ == "between" and t.dep_ == "prep"]
    found = [a for prep in later[:1] for c in prep.children for a in named_by(c, sentence, reading)]
    mediators = [a for _, a in deal.ones]
    return Deal(deal.ones, cast_as("participant", [a for a in found if a not in mediators]), deal.verb)


def _settled(deal: Deal, reading: Reading) -> Deal | None:
    """Return a deal whose host or subject of no told state is one of the state that the article is about."""
    home = reading.cast.home
    strange = [a for _, a in deal.ones if a.kind == "person" and a.office and not (a.country or a.actor_id)]
    if home is None or not strange or any(a not in strange for _, a in deal.ones):
        return None
    if not any(counts(a) and side_of(a) != home and not is_rebel(a) for _, a in deal.others):
        return None
    return Deal([(role, replace(a, country=home)) for role, a in deal.ones], deal.others, deal.verb)


def _candidates(
    rule: dict[str, Any], token: Token, known: list[Party], sentence: Sentence, reading: Reading
) -> Iterator[list[Actor]]:
    """Yield who may be the missing side, the surest first."""
    is_noun = token.pos_ in ("NOUN", "PROPN")
    yield _unnamed(token, known, sentence, reading)
    if is_noun and known and _is_shared(token):
        yield _subject_above(token, sentence, reading)
    if known and rule["mode"] == "talks":
        yield _government(known, reading)
    told = _is_told(token) if is_noun else not _is_private(token)
    if known and told and not _others_named(known, sentence, reading):
        yield _ground(token, known, sentence, reading)


def _visited(deal: Deal, token: Token, sentence: Sentence, reading: Reading) -> Deal:
    """Return a visit with its guest, who stands as subject of a clause above or before the phrase that tells it."""
    guests = [p for p in deal.ones if counts(p[1])]
    if guests or not deal.others or token.pos_ not in ("NOUN", "PROPN"):
        return deal
    hosts = {side_of(a) for _, a in deal.others}
    found = [a for a in _subject_above(token, sentence, reading) if a.kind == "person" and side_of(a) not in hosts]
    return Deal(cast_as("guest", found), deal.others, deal.verb) if found else deal


def _subject_above(token: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return who is subject of the nearest clause above a noun, or the person whom its phrase describes."""
    inside = {t.i for t in token.subtree}
    for node in token.ancestors:
        if node.pos_ in ("NOUN", "PROPN") and node.dep_ in ("nsubj", "appos", "nsubjpass"):
            found = [a for a in actors_of(node, sentence, reading) if a.kind == "person"]
            if found:
                return found  # "the king, on a visit to Gondor, said"
        if node.pos_ in ("VERB", "AUX"):
            subject, passive = subject_of(node)
            if subject is None or subject.i in inside or passive or node.lemma_ in rulebook.load("contacts")["against"]:
                continue
            found = named_by(subject, sentence, reading)
            if found:
                return found
    return []


def _phrases(token: Token) -> Iterator[Token]:
    """Yield the heads of what a contact's word names as parties, whether or not they are known."""
    for child in token.children:
        if child.dep_ in ("dobj",) and token.pos_ == "VERB":
            yield from (child, *child.conjuncts)
        if child.dep_ in ("prep", "dative") and child.lower_ in ("with", "between", "to", "among"):
            for part in child.children:
                if part.dep_ == "pobj":
                    yield from (part, *part.conjuncts)


def _unnamed(token: Token, known: list[Party], sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return whom "the government", "the rebels" or "officials" stand for, by what and where the article is about."""
    lists = rulebook.load("contacts")["unnamed"]
    found: list[Actor] = []
    for part in _phrases(token):
        noun = part.lemma_.lower()
        if actors_of(part, sentence, reading) and noun not in lists["groups"]:
            continue
        if noun in lists["governments"]:
            found += _home(reading)
        elif noun in lists["groups"]:
            group = last_group(sentence.paragraph, part.idx, reading)
            found += [group] if group else []
        elif noun in lists["officials"] and known:
            found += _ground(token, known, sentence, reading) or _other_side(known, reading)
    if not found:
        return []
    return [*(a for _, a in known), *found] if not known else found


def _other_side(known: list[Party], reading: Reading) -> list[Actor]:
    """Return the other of the two states that an article is about."""
    own = {side_of(a) for _, a in known}
    pair = [a for a in main_pair(reading) if a.kind == "state"]
    return [a for a in pair if side_of(a) not in own] if len(pair) == 2 and own & {side_of(a) for a in pair} else []


def _home(reading: Reading) -> list[Actor]:
    """Return the state that an article is mostly about."""
    home = reading.cast.home
    pair = [a for a in main_pair(reading) if a.kind == "state"]
    if home in states():
        return [states()[home]]
    return pair[:1]


def _government(known: list[Party], reading: Reading) -> list[Actor]:
    """Return the state whose rebels a group are: talks with them are its government's, if nobody else is named."""
    groups = [a for _, a in known if a.kind == "armed_group"]
    return _home(reading) if groups and len(groups) == len(known) else []


def _is_shared(token: Token) -> bool:
    """Say whether a noun tells with whom: "talks with Gondor"."""
    return any(c.dep_ == "prep" and c.lower_ in ("with", "between", "to") for c in token.children)


def _others_named(known: list[Party], sentence: Sentence, reading: Reading) -> bool:
    """Say whether a sentence names people of another side, so that its ground is not the likeliest one."""
    own = {side_of(a) for _, a in known}
    return any(a.kind == "person" and side_of(a) not in own for _, a in actors(sentence, reading))


def _is_private(verb: Token) -> bool:
    """Say whether whom somebody met are people in no office: "met angry parents"."""
    lists = rulebook.load("contacts")["unnamed"]
    public = {*lists["officials"], *lists["governments"], *rulebook.load("contacts")["loose_offices"]}
    return any(part.pos_ == "NOUN" and part.lemma_.lower() not in public for part in _phrases(verb))


def _is_told(token: Token) -> bool:
    """Say whether a noun stands as what somebody held or came for."""
    definite = any(c.lower_ in ("the", "this", "that", "these", "those") for c in token.lefts)
    return not definite and (token.dep_ == "dobj" or (token.dep_ == "pobj" and token.head.lower_ in ("in", "after")))


def _ground(token: Token, known: list[Party], sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return the state on whose soil a contact was, where somebody came there from abroad."""
    if not any(a.kind == "person" and a.country for _, a in known):
        return []
    place = place_of(token, sentence, reading, carried=True)
    if place is None or place.country not in states():
        return []
    return [states()[place.country]]
