"""Words that tell of an event: rules of `rulebook/events.yml` matched in a sentence and checked against its parse."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from contactline.reading import actors, places, rulebook, scope
from contactline.reading.article import Reading
from contactline.reading.conflict import in_conflict
from contactline.reading.language import Sentence, Token

BY_TARGET = "by target"
STEM = 3  # letters of a stem
WORD = re.compile(r"\w+")
GROUND_ENTITIES = frozenset({"GPE", "LOC", "FAC"})
SIDES = frozenset({"state", "entity", "armed_group"})


@dataclass(frozen=True)
class Rule:
    """One entry of the rulebook."""

    id: str
    event_type: str
    plover: str
    pattern: re.Pattern[str]
    stems: frozenset[str]
    pos: frozenset[str]
    needs: tuple[str, ...]
    unless: re.Pattern[str] | None
    gate: bool
    soft: bool
    country: str | None


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in order of precedence."""
    return tuple(
        Rule(
            id=entry["id"],
            event_type=entry["event_type"],
            plover=entry["plover"],
            pattern=re.compile(rf"\b(?:{entry['pattern']})(?!\w)", re.IGNORECASE),
            stems=frozenset(str(stem) for stem in entry["stems"]),
            pos=frozenset(entry.get("pos", ())),
            needs=tuple(entry.get("needs", ())),
            unless=re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
            gate=entry.get("gate", True),
            soft=entry.get("soft", False),
            country=entry.get("country"),
        )
        for entry in rulebook.load("events")["rules"]
    )


@cache
def words(kind: str) -> frozenset[str]:
    """Return a list of `words` in the rulebook."""
    return frozenset(rulebook.load("events")["words"][kind])


@cache
def weapons() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what weapon makes an attack of which type: (event type, pattern)."""
    entries = rulebook.load("events")["weapons"]
    return tuple((entry["event_type"], re.compile(entry["pattern"], re.IGNORECASE)) for entry in entries)


@cache
def groups() -> dict[str, str]:
    """Return event type -> event group, from the codebook."""
    text = (resources.files("contactline") / "codebook" / "codes" / "event_type.csv").read_text(encoding="utf-8")
    return {row["code"]: row["event_group"] for row in csv.DictReader(text.splitlines())}


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
    def event_type(self) -> str:
        """A code of `event_type`."""
        return type_of(self)

    @property
    def soft(self) -> bool:
        """Whether it is told only as an attack, so that its type is a guess."""
        guessed = self.rule.event_type == BY_TARGET and weapon_of(self) is None and not hits_people(self)
        return guessed or self.rule.soft

    @property
    def group(self) -> str:
        """A code of `event_group`."""
        return groups()[self.event_type]


def triggers(sentence: Sentence, reading: Reading) -> Iterator[Trigger]:
    """Yield what tells of an event in a sentence, by precedence of rules; no two share a word."""
    text, start = sentence.tokens.text, sentence.tokens.start_char
    taken: list[tuple[int, int]] = []
    conflict: str | None = ""
    begun = {word[:STEM].lower() for word in WORD.findall(text)}
    for rule in rules():
        if rule.stems.isdisjoint(begun):
            continue
        for match in rule.pattern.finditer(text):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            if rule.gate and conflict == "":
                conflict = in_conflict(sentence, reading)
            if (rule.gate and conflict is None) or (rule.unless and rule.unless.search(text)):
                break
            span = sentence.tokens.doc.char_span(start + match.start(), start + match.end(), alignment_mode="expand")
            if span is None:
                continue
            trigger = Trigger(rule, span.root, span[0], span[-1], sentence, reading)
            if (not rule.pos or span.root.pos_ in rule.pos) and all(CHECKS[need](trigger) for need in rule.needs):
                taken.append(match.span())
                yield trigger


# ---- who and what stands around a word
def spread(heads: Sequence[Token]) -> Iterator[Token]:
    """Yield noun phrases and what is coordinated with them."""
    for head in heads:
        yield head
        if head.lemma_.lower() in words("shares"):
            yield from spread(_after(head, ("of",)))
        for child in head.children:
            if child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN", "NUM", "PRON"):
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
    if token.dep_ in ("conj", "xcomp", "advcl") and token.head.i != token.i:
        return subjects(token.head) if token.head.pos_ in ("VERB", "AUX") else []
    if token.dep_ == "pcomp" and token.head.head.pos_ in ("VERB", "AUX"):
        return subjects(token.head.head)
    if token.dep_ == "acl" and token.tag_ == "VBG":
        return [token.head]
    return []


def objects(token: Token) -> Sequence[Token]:
    """Return the heads of to whom or what it is done; for nouns, what follows on, against, of, in."""
    if token.pos_ in ("NOUN", "PROPN") and token.dep_ not in ("acl",):
        return _after(token, ("on", "against", "at", "of", "upon", "targeting"))
    own = [c for c in token.children if c.dep_ in ("dobj", "nsubjpass", "dative", "oprd")]
    if not own and token.dep_ == "acl" and token.tag_ == "VBN":
        own = [token.head]
    if not own and token.dep_ == "conj" and token.tag_ == "VBN":
        own = [c for c in token.head.children if c.dep_ == "nsubjpass"]
    reached = [_antecedent(c, token) for c in own]
    return [*reached, *_after(token, ("on", "against", "at", "into", "onto", "toward", "towards"))]


def _antecedent(token: Token, verb: Token) -> Token:
    """Return the noun that "who" or "which" stands for in the relative clause of `verb`."""
    if token.lower_ in ("who", "which", "that", "whom"):
        for node in (verb, *verb.ancestors):
            if node.dep_ == "relcl":
                return node.head
    return token


def _after(token: Token, prepositions: Sequence[str]) -> list[Token]:
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
        c for c in before if c.dep_ == "poss" or c.ent_type_ in ("GPE", "NORP", "ORG") or c.lower_ in words("armed")
    ]
    verb = token.head
    doer: Sequence[Token] = ()
    if token.dep_ == "dobj" and verb.pos_ == "VERB" and verb.lemma_ in scope.verbs("creators"):
        doer = subjects(verb)
    if token.dep_ == "nsubjpass":
        doer = subjects(verb)
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


# ---- what rules need
def _near_place(trigger: Trigger) -> bool:
    return places.place_of(trigger.token, trigger.sentence, trigger.reading) is not None


def _object_ground(trigger: Trigger) -> bool:
    token = trigger.token
    heads = list(spread(_after(token, ("of",)))) if token.pos_ in ("NOUN", "PROPN") else trigger.objects
    kept = [h for h in heads if not is_a(h, "people")]
    if token.lemma_ == "take":
        kept = [h for h in kept if h.i > token.i or h.dep_ == "nsubjpass"]
    return any(is_ground(h, trigger) for h in kept) and not any(is_a(h, "aircraft", "weapon") for h in heads)


def _object_territory(trigger: Trigger) -> bool:
    named = [h for h in trigger.objects if is_ground(h, trigger) and not is_a(h, "people", "aircraft", "weapon")]
    return any(h.lemma_.lower() in words("territory") or h.ent_type_ in ("GPE", "LOC") for h in named) and (
        bool(trigger.subjects) or trigger.token.lemma_ == "lose"
    )


def _object_persons(trigger: Trigger) -> bool:
    heads = trigger.objects
    return any(is_a(h, "people", "armed") or h.ent_type_ in ("PERSON", "CARDINAL") for h in heads) and not any(
        h.lemma_.lower() in words("territory") for h in heads
    )


def _object_armed(trigger: Trigger) -> bool:
    return any(is_a(h, "armed") for h in trigger.objects)


def _object_fighters(trigger: Trigger) -> bool:
    return any(is_side(h, trigger) for h in trigger.objects)


def _armed_about(trigger: Trigger) -> bool:
    heads = (*trigger.subjects, *trigger.objects)
    return any(is_side(h, trigger) for h in heads)


def _between_armed(trigger: Trigger) -> bool:
    """Say whether those shot at can shoot back: soldiers, their positions and vehicles, not a crowd or a bus."""
    fire = [t for t in trigger.token.children if t.dep_ == "dobj"]  # "opened fire on": the fire is on somebody
    hit = [h for t in (trigger.token, *fire) for h in spread(_after(t, ("at", "on", "upon", "toward", "towards")))]
    return any(is_a(h, "armed") for h in hit) and not any(is_a(h, "people") and not is_a(h, "armed") for h in hit)


def _ground_about(trigger: Trigger) -> bool:
    around = [t for t in trigger.sentence.tokens if -12 < t.i - trigger.token.i < 14]
    if any(is_ground(t, trigger) for t in around if t.pos_ in ("NOUN", "PROPN")):
        return True
    names = [t for t in around if t.pos_ == "PROPN" and t.ent_type_ not in ("PERSON", "ORG", "NORP")]
    return any(t.dep_ == "pobj" or (t.dep_ == "nsubj" and trigger.token.lemma_ == "fall") for t in names)


def _object_forces(trigger: Trigger) -> bool:
    token = trigger.token
    if token.pos_ in ("NOUN", "PROPN"):
        about = [*_after(token, ("of",)), *[c for c in token.lefts if c.dep_ in ("compound", "amod")]]
        return any(h.lemma_.lower() in words("forces") for h in spread(about)) or token.lemma_ == "mobilization"
    heads = [c for c in token.children if c.dep_ in ("dobj", "nsubjpass")]
    if not heads and token.lemma_ in words("moves"):
        heads = list(trigger.subjects)
    if not heads and token.dep_ == "acl":
        heads = [token.head]
    if token.lemma_ in ("call", "mobilize", "mobilise") and any(
        h.ent_type_ in ("GPE", "NORP") for h in trigger.subjects
    ):
        return not heads or any(h.lemma_.lower() in words("forces") for h in spread(heads))
    return any(h.lemma_.lower() in words("forces") for h in spread(heads))


def _forces_about(trigger: Trigger) -> bool:
    token = trigger.token
    if token.pos_ in ("NOUN", "PROPN"):
        about = [*_after(token, ("of", "by")), *[c for c in token.lefts if c.dep_ in ("compound", "amod", "poss")]]
        return any(h.lemma_.lower() in words("forces") or is_side(h, trigger) for h in spread(about))
    heads = list(spread([c for c in token.children if c.dep_ in ("dobj", "nsubjpass")]))
    if heads:
        return any(h.lemma_.lower() in words("forces") for h in heads)
    return any(h.lemma_.lower() in words("forces") or is_side(h, trigger) for h in trigger.subjects)


def _object_fleeting(trigger: Trigger) -> bool:
    near = trigger.sentence.tokens.text[max(0, trigger.token.idx - trigger.sentence.tokens.start_char - 60) :][:140]
    return any(is_a(t, "aircraft", "weapon") for t in trigger.objects) or (
        trigger.token.pos_ == "NOUN" and re.search(r"\b(?:missiles?|rockets?|drones?)\b", near) is not None
    )


def _made(trigger: Trigger) -> bool:
    """Say whether an agreement is told as made: by its verb, or by having a date or a broker."""
    token = trigger.token
    own = [c for c in token.children if c.dep_ in ("acl", "relcl", "amod")]
    if any(c.lemma_ in words("made") or re.search(r"-(?:brokered|mediated|sponsored)$", c.lower_) for c in own):
        return True
    if any(t.like_num or t.ent_type_ == "DATE" for t in token.subtree if t.i != token.i and abs(t.i - token.i) < 6):
        return True
    node = token
    while node.head.i != node.i and (node.dep_ in ("pobj", "prep", "conj", "appos", "compound") or node.i == token.i):
        node = node.head
        if node.pos_ in ("VERB", "AUX"):
            break
    return node.lemma_ in words("made") and not (
        node.lemma_ == "call" and any(c.lower_ == "for" for c in node.children)
    )


def _between_parties(trigger: Trigger) -> bool:
    sides = {
        actor.country or actor.name
        for _, actor in actors.actors(trigger.sentence, trigger.reading)
        if actor.kind in (*SIDES, "organisation", "person")
    }
    return len(sides) >= 2


def _freed_by_deal(trigger: Trigger) -> bool:
    """Say whether captives go free: whoever frees them is a side, or a deal is spoken of; courts free suspects."""
    if trigger.token.pos_ in ("NOUN", "PROPN"):
        return _made(trigger) or trigger.token.dep_ in ("dobj", "nsubj", "nsubjpass", "pobj")
    freed = [h for h in trigger.objects if h.lemma_.lower() in words("captives")]
    doer = any(is_side(h, trigger) for h in (*trigger.subjects, *trigger.objects))
    return bool(freed) and (doer or not trigger.subjects)


def _about_aircraft(trigger: Trigger) -> bool:
    return any(is_a(h, "aircraft", "weapon") for h in trigger.objects)


def _crowd_about(trigger: Trigger) -> bool:
    """Say whether a protest is one of a crowd, not one that an envoy lodges."""
    token = trigger.token
    if token.pos_ == "VERB":
        return any(is_a(h, "crowd") or h.tag_ == "NNPS" or h.ent_type_ == "NORP" for h in trigger.subjects)
    crowd = any(is_a(t, "crowd") for t in scope.clause(token) if t.pos_ in ("NOUN", "NUM"))
    if token.lemma_ in ("protester", "demonstrator") and token.head.lemma_ not in words("gathered"):
        return False
    return token.head.lemma_ not in words("lodged") and (crowd or token.tag_ in ("NNS", "NNPS"))


def _struck_by_bomb(trigger: Trigger) -> bool:
    """Say whether somebody bombs something: plays bomb too."""
    token = trigger.token
    if token.lemma_ != "bomb" or token.pos_ != "VERB":
        return True
    return any(c.dep_ in ("dobj", "nsubjpass") for c in token.children) or token.dep_ in ("acl", "amod")


def _fight_about(trigger: Trigger) -> bool:
    """Say whether a fight is one of arms: somebody armed or a state is in it, or its sentence is about little else."""
    token = trigger.token
    if token.pos_ in ("NOUN", "PROPN", "ADJ"):
        between = list(spread(_after(token, ("between", "with"))))
        people = between and all(h.ent_type_ == "PERSON" or h.pos_ == "PRON" for h in between)
        return token.dep_ not in ("amod", "compound") and not people
    heads = (
        *trigger.subjects,
        *trigger.objects,
        *spread(_after(token, ("with", "against", "over", "for", "in", "between"))),
    )
    return any(is_side(h, trigger) or h.lemma_.lower() in words("rioters") for h in heads)


def _fired_upon(trigger: Trigger) -> bool:
    """Say whether it is soldiers, places or vehicles that come under fire: ministers do too."""
    if trigger.token.lemma_ != "come":
        return True
    return any(is_side(h, trigger) or is_ground(h, trigger) or is_a(h, "building") for h in trigger.subjects)


def _told_war(trigger: Trigger) -> bool:
    """Say whether a war is told of, not just named: it has its year, its sides, its place or somebody who fights it."""
    token = trigger.token
    if token.dep_ == "compound":
        return False
    near = [c for c in token.subtree if abs(c.i - token.i) < 8]
    dated = any((c.like_num and len(c.text) >= 4) or (c.ent_type_ == "DATE" and c.i < token.i) for c in near)
    between = any(c.lower_ in ("between", "against", "with") for c in token.children)
    placed = any(c.lower_ in ("in", "over") and any(is_ground(g, trigger) for g in c.children) for c in token.children)
    fought = token.dep_ == "dobj" and token.head.lemma_ in ("fight", "wage", "launch", "start", "begin", "lose", "win")
    civil = token.doc[token.i - 1].lower_ == "civil" if token.i else False
    civil = token.i > 0 and token.doc[token.i - 1].lower_ == "civil" and token.text[0].islower()
    return dated or between or fought or (civil and placed)


def _hits_target(trigger: Trigger) -> bool:
    """Say whether an attack is one of arms: by its weapon, its doer, or by what it hits when nobody is named."""
    token = trigger.token
    doers, hit = trigger.subjects, trigger.objects
    armed = any(is_side(h, trigger) or is_a(h, "weapon", "aircraft") for h in doers)
    real = any(is_side(h, trigger) or is_ground(h, trigger) or is_a(h, "people", "building") for h in hit)
    if token.lemma_ in ("hit", "strike", "target") and not (armed and real) and weapon_of(trigger) is None:
        return is_hit(trigger) and real
    if any(h.ent_type_ == "PERSON" or h.pos_ == "PRON" for h in doers) and weapon_of(trigger) is None:
        return False
    return (armed and (real or not hit)) or (not doers and real)


def is_hit(trigger: Trigger) -> bool:
    """Say whether something was hit and nobody says by what: in a war that is by fire from afar."""
    verb = trigger.token
    hit = verb.lemma_ in ("hit", "strike") and any(c.dep_ == "nsubjpass" for c in verb.children)
    return hit and not trigger.subjects and weapon_of(trigger) is None


def _strike_told(trigger: Trigger) -> bool:
    """Say whether an attack noun tells of one by itself: it has its target, its doer or its place."""
    token = trigger.token
    if token.dep_ == "compound":
        return False
    placed = any(
        c.lower_ in ("on", "against", "at", "in", "near", "outside", "across")
        and any(is_ground(g, trigger) or is_side(g, trigger) or is_a(g, "people", "building") for g in c.children)
        for c in token.children
    )
    return placed or any(is_side(h, trigger) for h in trigger.subjects)


def _armed_killer(trigger: Trigger) -> bool:
    return any(is_side(h, trigger) for h in trigger.subjects) and any(
        is_a(h, "people", "armed") or h.ent_type_ in ("PERSON", "CARDINAL", "NORP") or is_side(h, trigger)
        for h in trigger.objects
    )


def _launched(trigger: Trigger) -> bool:
    """Say whether an operation is told as begun, not just spoken of."""
    token = trigger.token
    if token.lemma_ not in words("undertakings"):
        return True
    return token.dep_ in ("dobj", "nsubjpass", "nsubj") and token.head.lemma_ in (
        scope.verbs("creators") | scope.verbs("occurrences")
    )


def _sided(trigger: Trigger) -> bool:
    """Say whether a state, an armed group or their forces take or lose the ground, or nobody is named who does."""
    return not trigger.subjects or any(is_side(h, trigger) for h in trigger.subjects)


CHECKS: dict[str, Callable[[Trigger], bool]] = {
    "near_place": _near_place,
    "made": _made,
    "freed_by_deal": _freed_by_deal,
    "between_parties": _between_parties,
    "about_aircraft": _about_aircraft,
    "object_persons": _object_persons,
    "object_armed": _object_armed,
    "object_ground": _object_ground,
    "object_territory": _object_territory,
    "object_fighters": _object_fighters,
    "object_forces": _object_forces,
    "armed_about": _armed_about,
    "between_armed": _between_armed,
    "ground_about": _ground_about,
    "forces_about": _forces_about,
    "crowd_about": _crowd_about,
    "struck_by_bomb": _struck_by_bomb,
    "fight_about": _fight_about,
    "told_war": _told_war,
    "hits_target": _hits_target,
    "strike_told": _strike_told,
    "armed_killer": _armed_killer,
    "launched": _launched,
    "sided": _sided,
    "fired_upon": _fired_upon,
}


# ---- what type it is
def weapon_of(trigger: Trigger) -> str | None:
    """Return the event type that the weapon named in the clause makes it, None where none is named."""
    token = trigger.token
    words_around = f"{' '.join(t.text for t in scope.modified(token))} {trigger.clause}"
    for event_type, pattern in weapons():
        if pattern.search(words_around):
            return event_type
    return None


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
    if hits_people(trigger):
        return "Attack"
    if trigger.token.lemma_ in ("strike",) and trigger.token.pos_ == "NOUN":
        return "Air/drone strike"
    if trigger.rule.id == "event-shot-people" and not trigger.objects:
        return "Attack"
    if trigger.token.lemma_ == "attack" and trigger.token.pos_ == "NOUN" and not trigger.objects:
        return "Attack"
    return "Armed clash"


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
