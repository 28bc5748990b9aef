"""Harm that verbs tell: killed, died, wounded, lost, took prisoner, set free."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from contactline.coding.harmed import Harm, book, each, is_passive, of_whom, patients, subjects
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import expression_of, is_person, noun_of, status_of, words

TELLS = {"suffer", "sustain", "receive", "incur", "get", "have"}


def told_by_verb(verb: Token, lemma: str, sentence: Sentence, captivity: bool) -> Iterator[Harm]:
    """Read what a verb says befell its object or subject, by the verb's entry and the idioms it makes."""
    entry = _verbs().get(lemma)
    if entry is not None and lemma in {"gun", "mow"} and not any(c.lower_ == "down" for c in verb.children):
        entry = None
    if entry is not None:
        victims = patients(verb) if entry["victim"] == "object" else subjects(verb)
        if entry.get("armed_only") and not (lemma == "detain" and _by_rebels(verb)):
            victims = [v for v in victims if status_of(v) == "military" and expression_of(v, sentence)]
        if entry.get("counted_only"):
            victims = [v for v in victims if expression_of(v, sentence)]
        fatal = any(c.lower_ in book()["fatally"] for c in verb.children)
        yield from each("killed" if fatal else entry["harm"], verb, victims, entry["id"])
    if lemma in book()["deadly_verbs"]:
        yield from _to_death(verb)
    if lemma in book()["claiming"]:
        yield from _lives(verb, lemma, sentence)
    yield from _released(verb, lemma, sentence, captivity)
    if lemma in TELLS:
        yield from _suffered(verb)
    if lemma in {"treat", "take", "rush", "send", "admit", "bring"} and is_passive(verb):
        yield from _in_hospital(verb, sentence)
    if lemma == "burn" and any(c.lower_ == "alive" for c in verb.children):
        yield from each("killed", verb, patients(verb), "killed-to-death")
    if lemma == "blow" and any(c.lower_ in {"himself", "herself", "themselves"} for c in verb.children):
        yield from each("killed", verb, subjects(verb), "killed-self")
    if lemma == "lose":
        yield from _contact_lost(verb)
    if lemma in book()["fleeing"]:
        yield from each("captured", verb, [s for s in subjects(verb) if _is_captive(noun_of(s))], "captured-fled")
    if lemma in {"disappear", "vanish"}:
        yield from each("missing", verb, subjects(verb), "missing-verb")


def _by_rebels(verb: Token) -> bool:
    """Say whether armed men of no state do it: "detained by rebels"."""
    agents = [o for c in verb.children if c.dep_ == "agent" for o in c.children]
    return any(words("stateless") & {t.lower_, t.lemma_.lower()} for t in (*agents, *_own_subjects(verb)))


def _own_subjects(verb: Token) -> list[Token]:
    return [] if is_passive(verb) else [c for c in verb.children if c.dep_ == "nsubj"]


def _in_hospital(verb: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read "nineteen people were taken to hospital", "50 were treated for gunshot wounds" as wounded."""
    ends = {o.lemma_.lower() for c in verb.rights if c.dep_ == "prep" and c.lower_ in {"to", "for"} for o in c.children}
    if ends & {"hospital", "clinic", "wound", "injury", "burn"}:
        people = [p for p in subjects(verb) if expression_of(p, sentence)]
        yield from each("wounded", verb, people, "wounded-hospital")


def _suffered(verb: Token) -> Iterator[Harm]:
    """Read "two policemen suffered gunshot wounds" as wounded."""
    for item in verb.children:
        if item.dep_ == "dobj" and item.lemma_.lower() in {"injury", "wound", "burn"}:
            fatal = any(c.lower_ in {"fatal", "mortal", "lethal"} for c in item.lefts)
            yield from each("killed" if fatal else "wounded", verb, subjects(verb), "wounded-suffered")


def _to_death(verb: Token) -> Iterator[Harm]:
    """Read "shot dead", "beaten to death", and "shot two people dead"."""
    for child in verb.rights:
        dead = (child.lower_ == "dead" and verb.lemma_ != "put") or (
            child.lower_ == "to" and any(c.lower_ == "death" for c in child.children)
        )
        if dead:
            yield from each("killed", verb, patients(verb) or subjects(verb), "killed-to-death")


def _contact_lost(verb: Token) -> Iterator[Harm]:
    """Read "contact was lost with 24 servicemen" as missing."""
    for contact in (c for c in verb.children if c.lower_ == "contact" and c.dep_ in {"dobj", "nsubjpass"}):
        links = [c for h in (verb, contact) for c in h.rights if c.dep_ == "prep" and c.lower_ == "with"]
        people = [o for link in links for o in link.children if is_person(noun_of(o))]
        yield from each("missing", verb, people, "missing-contact")


def _lives(verb: Token, lemma: str, sentence: Sentence) -> Iterator[Harm]:
    """Read "claimed the lives of 12", "lost their lives", "lost 49 soldiers"."""
    for item in patients(verb):
        if item.lemma_.lower() == "life":
            noun = next((o for o in of_whom(item)), None)
            if noun is not None:
                yield from each("killed", verb, [noun], "killed-lives")
            elif any(c.dep_ == "poss" for c in item.children) and expression_of(item, sentence) is None:
                if lemma == "lose":
                    yield from each("killed", verb, [s for s in subjects(verb) if s.i != item.i], "killed-lives")
            else:
                yield Harm("killed", verb, item, "killed-lives")
        elif lemma == "lose" and is_passive(verb):
            yield from each("killed", verb, [item] if status_of(item) == "military" else [], "killed-lost")
        elif lemma == "lose" and (noun_of(item).pos_ == "NUM" or is_person(noun_of(item))):
            yield from each("killed", verb, [item], "killed-lost")


def _released(verb: Token, lemma: str, sentence: Sentence, captivity: bool) -> Iterator[Harm]:
    """Read captives taken, held or set free: "took two men prisoner", "nine soldiers are held", "freed five"."""
    held = patients(verb)
    if lemma in {"take", "hold", "keep"}:
        named = [c for c in verb.children if c.lower_ in book()["captives"] and c.i > verb.i and not _describes(c)]
        if named:
            others = [v for v in held if v.i != named[0].i] or (subjects(verb) if verb.tag_ == "VBN" else [])
            others = [o for o in others if not named[0].is_ancestor(o)]
            yield from each("captured", verb, others, "captured-held")
        elif lemma == "hold" and is_passive(verb):
            people = [p for p in held if expression_of(p, sentence) and status_of(p) != "unknown"]
            yield from each("captured", verb, people, "captured-held")
    elif lemma in book()["freeing"]:
        freed = captivity and lemma in {"release", "free", "rescue"}
        people = [p for p in held if freed or _is_captive(noun_of(p)) or _is_captive_soldier(p)]
        yield from each("captured", verb, people, "captured-freed")


def _is_captive(noun: Token) -> bool:
    """Say whether a noun means captives of a conflict; mere prisoners may be inmates of a jail."""
    if noun.lemma_.lower() in {"prisoner", "detainee"}:
        return any(c.dep_ in {"amod", "nummod", "compound", "poss", "prep"} for c in noun.children)
    return noun.lower_ in book()["captives"]


def _describes(captive: Token) -> bool:
    """Say whether "prisoner" or "hostage" is itself counted: "took 12 hostages"."""
    return captive.tag_ == "NNS" and captive.dep_ == "dobj"


def _is_captive_soldier(victim: Token) -> bool:
    if victim.lemma_.lower() in {"body", "remains", "corpse"}:
        return False
    return status_of(victim) == "military" and noun_of(victim).tag_ in {"NN", "NNS"}


@cache
def _verbs() -> Mapping[str, dict[str, Any]]:
    return {word: entry for entry in book()["verbs"] for word in entry["words"]}
