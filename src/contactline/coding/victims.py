"""Whose victims they are: the country and the group that a phrase about victims names or leaves to be understood."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from contactline.coding.harmed import Harm, is_passive, of_whom, subjects
from contactline.reading import rulebook
from contactline.reading.actorbook import Mention
from contactline.reading.actors import Actor, actors_of, country_of
from contactline.reading.article import Reading
from contactline.reading.belligerents import opponents
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import expression_of, noun_of, status_of, words
from contactline.reading.places import Place, place_of, scene
from contactline.reading.quantities import ONE

OWN = {"its", "their", "our", "his", "her", "my"}
WE = {"we", "our", "us", "ours"}
DESCRIBES = {"amod", "compound", "nmod", "poss", "det", "nummod", "advmod", "punct", "case", "quantmod"}
THE = {"the", "that", "this", "its"}
BOTH = {"both", "two", "either", "each", "warring", "rival", "opposing"}
WITHIN = 2  # how much oftener than the next country that of a civil war is the scene
BELONGING = {"of", "from", "with", "among", "for", "in"}


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


# ---- sides that words name
def side_of(harm: Harm, sentence: Sentence, reading: Reading, speaker: Actor | None) -> Side | None:
    """Return the side that the words around the victims name, None where they name none."""
    own = harm.victim if harm.victim is not None else harm.trigger
    if _is_of_both(harm, own):
        return Side(None, None, "side-both")
    for token in (own, harm.described):
        named = list(_named(token, sentence, reading, speaker)) if token is not None else []
        if named:
            return _one(named, "side-named")
    group = _of_a_people(own) or _of_the_group(own, sentence, reading)
    if group is not None:
        return group
    standing = _standing(harm, sentence, reading)
    if standing:
        return _one(standing, "side-named")
    placed = [c for v in _putting(harm.trigger) for c in v.children if c.dep_ == "dobj"]
    named = [a for c in placed for a in _named(c, sentence, reading, speaker)]
    if named:
        return _one(named, "side-named")
    if harm.rule_id in {"killed-lost", "casualties-noun", "killed-noun", "toll"} or harm.rule_id.endswith("-state"):
        bearer = [a for s in _bearers(harm.trigger) for a in _bearing(s, harm, sentence, reading, speaker)]
        if bearer:
            return _one(bearer, "side-subject")
    return None


def _is_of_both(harm: Harm, own: Token) -> bool:
    """Say whether victims are of either side: "280 soldiers from both sides", "both sides reported losses"."""
    placed = [g for h in (harm.trigger, own, noun_of(own)) for c in h.rights if c.dep_ == "prep" for g in c.children]
    bearers = _bearers(harm.trigger) if harm.victim is None or not harm.rule_id.endswith("-verb") else []
    return any(
        t.lemma_.lower() in rulebook.load("claims")["camps"] and any(c.lower_ in BOTH for c in t.lefts)
        for t in (*placed, *bearers)
    )


def _bearing(subject: Token, harm: Harm, sentence: Sentence, reading: Reading, speaker: Actor | None) -> list[Actor]:
    """Return whose loss it is; "it lost 50", right under who says so, is the speaker's own."""
    under = harm.trigger.dep_ == "ccomp" or (subject.i > 0 and subject.doc[subject.i - 1].lower_ == "that")
    if subject.lower_ in {"it", "they"} and under and speaker is not None and speaker.country in opponents(reading)[:2]:
        return [speaker]
    return _people(subject, sentence, reading, speaker)


def _of_a_people(token: Token) -> Side | None:
    """Return the group of armed men who are named by a people without a state: "Kurdish fighters"."""
    noun = noun_of(token)
    if status_of(token) != "military":
        return None
    peoples = rulebook.load("claims")["stateless_peoples"]
    named = next((c for c in (noun, *noun.lefts) if c.text in peoples), None)
    if named is None:
        return None
    return Side(None, named.text if named.i == noun.i else f"{named.text} {noun.text}", "side-group")


def _of_the_group(token: Token, sentence: Sentence, reading: Reading) -> Side | None:
    """Return the armed group that "members of the group" are of: the one named last."""
    noun = noun_of(token)
    if noun.lemma_.lower() not in rulebook.load("claims")["groups"] or not any(c.lower_ in THE for c in noun.lefts):
        return None
    before = [m for ms in reading.named[: sentence.paragraph] for m in ms]
    before += [m for m in reading.named[sentence.paragraph] if m.start < noun.idx]
    last = next((m.actor for m in reversed(before) if m.actor.kind == "armed_group" and m.form != "compound"), None)
    return Side(None, last.name, "side-group") if last is not None else None


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
            if mention.form != "compound" and any(mention.start <= head.doc[i].idx < mention.end for i in region):
                yield mention.actor
        for child in (c for i in region for c in head.doc[i].children):
            if child.dep_ == "poss" and child.lower_ in OWN:
                yield from _people(child, sentence, reading, speaker)


def _describing(head: Token) -> Iterator[int]:
    yield head.i
    for child in head.children:
        if child.dep_ in DESCRIBES or (child.dep_ == "appos" and head.ent_type_ == "PERSON"):
            yield from _describing(child)  # "Boromir, a Gondorian soldier"
        elif child.dep_ == "prep" and child.lower_ in BELONGING and head.i < child.i:
            for inner in child.children:
                if inner.dep_ == "pobj" and (child.lower_ != "in" or inner.lemma_ in {"army", "force", "rank"}):
                    yield from _describing(inner)
        elif child.dep_ == "conj" and head.dep_ in {"amod", "compound", "pobj"} and child.pos_ in {"PROPN", "ADJ"}:
            yield from _describing(child)


def _standing(harm: Harm, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return who is named by "on the Gondorian side", for the victims or the verb."""
    heads = [harm.trigger] + ([harm.victim] if harm.victim is not None else [])
    links = [c for h in heads for c in h.rights if c.dep_ == "prep" and c.lower_ == "on"]
    sides = [c for link in links for c in link.children if c.lemma_.lower() == "side"]
    return [a for s in sides for a in _named(s, sentence, reading, None)]


def _people(token: Token, sentence: Sentence, reading: Reading, speaker: Actor | None) -> list[Actor]:
    """Return the states or groups that a word stands for; "we" and "its" are the side of who says so."""
    if token.lower_ in WE:
        return [speaker] if speaker is not None else []
    if token.lower_ in OWN and (owner := _owner(token, sentence, reading, speaker)) is not None:
        return [owner]
    found = [a for a in actors_of(token, sentence, reading) if a.country or a.kind == "armed_group"]
    return found[:1] if token.lower_ in OWN else found


def _owner(token: Token, sentence: Sentence, reading: Reading, speaker: Actor | None) -> Actor | None:
    """Return whose "its" or "their" is: the loser's, else the speaker's, else that of the sentence's subject."""
    losers = [a for s in _bearers(token) for a in _sided(s, sentence, reading)]
    if losers:
        return losers[0]
    if speaker is not None and (speaker.country or speaker.kind == "armed_group"):
        return speaker
    root = sentence.tokens.root
    own = [a for s in subjects(root) if s.i < token.i for a in _sided(s, sentence, reading)]
    return own[0] if own else None


def _sided(token: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    if token.pos_ == "PRON":
        return []
    return [a for a in actors_of(token, sentence, reading) if a.country or a.kind == "armed_group"]


def _bearers(word: Token) -> list[Token]:
    """Return the subject of the verb that a loss hangs on: "Gondor lost 40", "Gondor's tally stood at 4 dead"."""
    verb = word
    while verb.pos_ not in {"VERB", "AUX"} and verb.head.i != verb.i:
        verb = verb.head
    if verb.lemma_ not in rulebook.load("claims")["bearing"]:
        return []
    found = [s for s in subjects(verb) if s.i != word.i]
    return found + [c for s in found for c in s.children if c.dep_ == "poss"]


def _putting(word: Token) -> list[Token]:
    """Return the verb that puts a figure on a loss: "put the losses of Gondor at two dead"."""
    return [a for a in word.ancestors if a.lemma_ in {"put", "estimate", "place"} and a.pos_ == "VERB"][:1]


def inherits(harm: Harm) -> bool:
    """Say whether a victims' phrase says nothing of its own: a bare figure, "two others", "the wounded"."""
    if harm.victim is None:
        return False
    noun = noun_of(harm.victim)
    itself = noun.i == harm.trigger.i and harm.rule_id.endswith("-state")
    if noun.lower_ in rulebook.load("claims")["inheriting"] or noun.pos_ == "NUM" or itself:
        return True
    return any(c.lower_ in {"other", "others", "more"} for c in noun.children) and status_of(noun) == "unknown"


# ---- sides that are understood
def understood_side(
    harm: Harm, where: Place | None, past: bool, speaker: Actor | None, sentence: Sentence, reading: Reading
) -> Side | None:
    """Return the side of victims whose side is not named.

    Captives are of the side that does not hold them. Soldiers whose loss a party to the conflict tells are its own,
    unless its forces killed them. Others are of the country where they fell; but not men of no state, nor the dead of
    fighting between two states, who may be anyone's.
    """
    if any(map(of_no_state, _counted(harm))):
        return Side(None, None, "side-stateless")
    sides = opponents(reading)
    inner = _is_within(where, reading)
    if harm.kind == "captured":
        receivers = {a.country for t in _receivers(harm) for a in _named(t, sentence, reading, None)} & set(sides)
        if len(receivers) == 1:
            return Side(receivers.pop(), None, "side-receiver")
        holders = {a.country for t in _holders(harm) for a in _named(t, sentence, reading, None)} - {None}
        if not holders and speaker is not None and speaker.country in sides[:2] and _is_own_captive(harm):
            return Side(speaker.country, None, "side-speaker")
        if holders or (len(sides) > 1 and not (inner and _is_local(harm))):
            other = _other_than(holders, sides, sentence, reading) if holders else None
            return Side(other, None, "side-holder") if other else None
    regular = harm.victim is not None and noun_of(harm.victim).lemma_.lower() in rulebook.load("claims")["regulars"]
    doer = _doer(harm, sentence, reading) & set(sides)
    if doer and harm.kind != "captured":
        other = _other_than(doer, sides, sentence, reading, _people_of(where.name if where else ""), speaker)
        if other is not None:
            return Side(other, None, "side-doer")
        return Side(where.country, None, "side-place") if where is not None and where.country not in doer else None
    if regular and speaker is not None and speaker.country in sides[:2]:
        if not _is_own_deed(harm):
            return Side(speaker.country, None, "side-speaker")
        others = [c for c in sides if c != speaker.country]
        return Side(others[0], None, "side-speaker") if others else None
    people = _people_of(where.name if where is not None else "") or _people_of(speaker.name if speaker else "")
    if people in sides and not regular and _is_of(people, harm, speaker, sentence, reading):
        return Side(people, None, "side-place")
    mutual = _matches("two_sided", sentence) or (past and not _matches("one_sided", sentence))
    if mutual and len(sides) > 1 and not inner:
        where = place_of(harm.trigger, sentence, reading, carried=False)
        if where is None or _is_contested(where) or len(_parties(sentence, reading) & set(sides)) > 1:
            return None
    if people in sides:
        return Side(people, None, "side-place")
    if _is_mixed(harm, where, sentence, reading):
        return None
    if where is not None and where.country is not None:
        main = scene(reading).most_common(1)
        told = where.country in (*sides, *(c for c, _ in main)) or (
            place_of(harm.trigger, sentence, reading, carried=False) is not None
        )
        return Side(where.country, None, "side-place") if told else None
    return Side(sides[0], None, "side-place") if len(sides) == 1 else None


def _receivers(harm: Harm) -> Iterator[Token]:
    """Yield the words that say to whom captives go: "12 captives were handed to Gondor"."""
    verb = harm.trigger if harm.trigger.pos_ == "VERB" else harm.trigger.head
    if verb.lemma_ in rulebook.load("claims")["handing"]:
        for link in (c for c in verb.rights if c.dep_ in {"prep", "dative"} and c.lower_ == "to"):
            yield from (o for o in link.children if o.dep_ == "pobj")


def _is_own_captive(harm: Harm) -> bool:
    """Say whether captives are likely those of who tells of them: "12 soldiers were captured", "44 came home"."""
    verb = harm.trigger if harm.trigger.pos_ == "VERB" else harm.trigger.head
    if verb.lemma_ in {"come", "return"}:
        return any(c.lower_ in {"home", "back"} for c in verb.rights)
    regular = harm.victim is not None and noun_of(harm.victim).lemma_.lower() in rulebook.load("claims")["regulars"]
    passive = is_passive(verb) or (harm.victim is not None and harm.victim.i < verb.i)
    return regular and passive and harm.rule_id in {"captured-verb", "captured-held"}


def _is_local(harm: Harm) -> bool:
    """Say whether captives are likely of the state where they are held: villagers and soldiers, not "hostages"."""
    victim = harm.victim
    return victim is not None and (inherits(harm) or status_of(victim) in {"civilian", "military"})


def _is_within(where: Place | None, reading: Reading) -> bool:
    """Say whether a state's own rebels fight it where victims were hit, so that they are its people."""
    if where is None or where.country is None or not _is_civil(reading):
        return False
    ranked = scene(reading).most_common(2)
    first = ranked[0] if ranked else (None, 0)
    return first[0] == where.country and (len(ranked) == 1 or first[1] >= WITHIN * ranked[1][1])


@lru_cache(maxsize=8)
def _is_civil(reading: Reading) -> bool:
    """Say whether an article is about rebels or a coup, and names no land that two states contest."""
    text = reading.article.text
    return len(_pattern("rebellion").findall(text)) > 1 and not _is_entity(text)


def _is_mixed(harm: Harm, where: Place | None, sentence: Sentence, reading: Reading) -> bool:
    """Say whether the victims are of several states, or their attackers are counted in."""
    victim = harm.victim if harm.victim is not None else harm.trigger
    expression = expression_of(victim, sentence)
    if expression is not None and expression[2] == ONE:
        return False
    text = sentence.tokens.text
    if _matches("aboard", sentence) and noun_of(victim).lemma_.lower() in rulebook.load("claims")["plain"]:
        return True
    included = _pattern("included").search(text, victim.idx - sentence.tokens.start_char)
    if included is None:
        return False
    if _pattern("outsiders").search(included.group()):
        return True
    start = sentence.tokens.start_char + included.start()
    end = sentence.tokens.start_char + included.end()
    named = {m.actor.country for m in _mentions_in(sentence, reading) if m.form == "demonym" and start <= m.start < end}
    return bool(named - {None, where.country if where is not None else None})


def _other_than(
    ones: set[str | None],
    sides: tuple[str, ...],
    sentence: Sentence,
    reading: Reading,
    people: str | None = None,
    speaker: Actor | None = None,
) -> str | None:
    """Return the state against those given: of who lives there, speaks or is named beside them, else the most named."""
    told = {m.actor.country for m in _mentions_in(sentence, reading)}
    likely = [people, speaker.country if speaker is not None else None, *(c for c in sides if c in told)]
    return next((c for c in (*likely, *sides) if c in sides and c not in ones), None)


def _people_of(named: str) -> str | None:
    """Return the side that the people of a place are of, where it is another than the state it lies in."""
    of_place = rulebook.load("claims")["peopled"]
    return next((of_place[name] for name in of_place if re.search(rf"\b{name}\b", named)), None)


def _is_of(people: str, harm: Harm, speaker: Actor | None, sentence: Sentence, reading: Reading) -> bool:
    """Say whether victims of such a place are its people: civilians, or whom their own side tells of."""
    if {c for c in _parties(sentence, reading) if c != people} & set(opponents(reading)):
        return False
    if harm.victim is not None and status_of(harm.described or harm.victim) == "civilian":
        return True
    return speaker is not None and speaker.country == people


def _parties(sentence: Sentence, reading: Reading) -> set[str | None]:
    """Return the states whose forces or adjectives a sentence names; not those that only say where."""
    return {m.actor.country for m in _mentions_in(sentence, reading) if m.form == "demonym"}


def _mentions_in(sentence: Sentence, reading: Reading) -> list[Mention]:
    start, end = sentence.tokens.start_char, sentence.tokens.end_char
    return [m for m in reading.named[sentence.paragraph] if start <= m.start < end]


def _is_contested(where: Place) -> bool:
    """Say whether a place lies between two states: their border, or a land with a government few recognise."""
    named = country_of(where.name)
    return "border" in where.name.lower() or (named is not None and named != where.country) or _is_entity(where.name)


def _is_entity(name: str) -> bool:
    return any(word in name for word in rulebook.load("claims")["contested"])


def _doer(harm: Harm, sentence: Sentence, reading: Reading) -> set[str | None]:
    """Return the states whose fire or forces are said to have done it: "by Gondorian fire"."""
    doers = [c for c in harm.trigger.children if c.dep_ == "nsubj" and harm.rule_id.endswith("-verb")]
    for agent in harm.trigger.children:
        if agent.dep_ == "agent" or (agent.dep_ == "prep" and agent.lower_ == "by"):
            doers += list(agent.children)
    described = [m for d in doers for i in _describing(d) for m in _mentions_at(d.doc[i], sentence, reading)]
    return {a.country for a in described if a.kind != "armed_group"} - {None}


def _mentions_at(token: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    named = reading.named[sentence.paragraph]
    return [m.actor for m in named if m.form in {"demonym", "name"} and m.start <= token.idx < m.end]


def _is_own_deed(harm: Harm) -> bool:
    """Say whether the speaker tells of what his own forces did: "it killed 40 soldiers", "its troops destroyed"."""
    doers = [c for c in harm.trigger.children if c.dep_ == "nsubj"]
    return any(d.lower_ in {"it", "we", "they"} or any(c.lower_ in OWN for c in d.children) for d in doers)


def _holders(harm: Harm) -> Iterator[Token]:
    """Yield the words that may name who holds captives: "in Gondorian hands", "held in Gondor", "taken by Gondor"."""
    if harm.rule_id == "captured-hands":
        yield harm.trigger
    for child in harm.trigger.children:
        if child.dep_ in {"agent", "prep"} and child.lower_ in {"by", "in"}:
            yield from child.children
        elif child.dep_ == "nsubj":
            yield child


def _matches(name: str, sentence: Sentence) -> bool:
    return _pattern(name).search(sentence.tokens.text) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rulebook.load("claims")[name], re.IGNORECASE)


def _counted(harm: Harm) -> Iterator[Token]:
    """Yield the nouns that say who was hit: the victims', those a toll counts ("the number of rebels killed")."""
    if harm.victim is not None:
        yield noun_of(harm.victim)
    elif harm.described is None:
        yield from (noun_of(o) for o in of_whom(harm.trigger))


def of_no_state(noun: Token) -> bool:
    """Say whether victims belong to no state, or to another than where they were hit: militants, foreigners."""
    if {noun.lower_, noun.lemma_.lower()} & words("stateless"):
        return True
    return any(c.dep_ == "amod" and c.lower_ in words("from_elsewhere") for c in noun.lefts)
