"""Harm that nouns tell: deaths, casualties, bodies, captives, tolls."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from contactline.coding.harmed import Harm, book, each, of_whom, subjects
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import counts, expression_of, is_person, noun_of
from contactline.reading.quantities import ONE, VAGUE, bounds


def told_by_noun(noun: Token, lemma: str, sentence: Sentence) -> Iterator[Harm]:
    """Read nouns of harm, counted or with their victims: "40 casualties", "the deaths of three soldiers"."""
    entry = nominals().get(lemma)
    if lemma in {"body", "corpse"} or noun.lower_ == "remains":
        yield from _bodies(noun, sentence)
    if entry is None or any(c.lower_ in {"no", "without"} for c in noun.lefts) or _is_unreported(noun):
        return
    if noun.dep_ == "compound" or any(c.lower_ == "toll" for c in noun.doc[noun.i + 1 : noun.i + 2]):
        return
    own = expression_of(noun, sentence)
    named = list(of_whom(noun, _victim_prepositions(lemma)))
    if lemma == "loss" and not (_human_loss(noun) or any(is_person(n) for n in named)):
        return
    if own is not None:
        yield Harm(entry["harm"], noun, noun, entry["id"], quantity=own[2], described=named[0] if named else None)
    elif lemma in {"casualty", "fatality", "loss", "injury", "wound"}:
        if lemma in {"injury", "wound"} and named and expression_of(named[0], sentence):
            yield from each(entry["harm"], noun, named, entry["id"])
        elif lemma in {"casualty", "fatality", "loss"}:
            if named and expression_of(named[0], sentence):
                yield from each(entry["harm"], noun, named, entry["id"])
            else:
                described = named[0] if named else None
                counted = ONE if _is_single(noun) else VAGUE
                yield Harm(entry["harm"], noun, noun, entry["id"], quantity=counted, described=described)
    else:
        genitive = [c for c in noun.children if c.dep_ == "poss" and is_person(c) and c.pos_ != "PRON"]
        yield from each(entry["harm"], noun, named or genitive, entry["id"])


def _is_unreported(noun: Token) -> bool:
    """Say whether nothing is told of a harm: "no immediate reports of casualties", "without word of casualties"."""
    link = noun.head
    return noun.dep_ == "pobj" and any(c.lower_ in {"no", "any"} for c in link.head.lefts if c.dep_ == "det")


def _is_single(noun: Token) -> bool:
    return noun.tag_ == "NN" and any(c.lower_ in {"a", "an", "one", "first", "another", "only"} for c in noun.lefts)


def _victim_prepositions(lemma: str) -> frozenset[str]:
    among = {"casualty", "fatality", "loss", "injury", "wound"}
    return (
        frozenset({"among", "amongst", "to", "of", "in"}) if lemma in among else frozenset({"of", "among", "amongst"})
    )


def _human_loss(noun: Token) -> bool:
    beside = {c.lower_ for c in noun.subtree}
    return bool(
        beside
        & {"human", "casualties", "heavy", "troop", "battlefield", "military", "manpower", "personnel", "life", "lives"}
    ) or (
        noun.head.lemma_ in {"suffer", "sustain", "take", "inflict", "incur", "acknowledge", "confirm", "report"}
        and noun.tag_ == "NNS"
        and noun.head.i != noun.i
    )


def _bodies(noun: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read bodies found or handed over as killed."""
    named = [n for n in of_whom(noun) if is_person(noun_of(n))]
    verb = noun.head
    told = verb.lemma_ in book()["bodies"]
    if not told:
        return
    if named and (expression_of(named[0], sentence) or expression_of(noun, sentence) is None):
        yield from each("killed", noun, named, "killed-bodies")
    else:
        yield Harm("killed", noun, noun, "killed-bodies")


def told_of_captives(noun: Token, lemma: str, sentence: Sentence) -> Iterator[Harm]:
    """Read hostages, captives and prisoners of war as captured."""
    of_war = lemma == "prisoner" and any(o.lower_ == "war" for o in of_whom(noun))
    held = lemma in {"hostage", "captive", "pow"} or of_war
    if lemma in {"prisoner", "detainee"} and expression_of(noun, sentence) is not None:
        exchanged = bool({t.lower_ for t in sentence.tokens} & set(book()["exchanging"]))
        held = held or exchanged or noun.head.lemma_ in {"hold", "keep"}
    taken = noun.dep_ == "dobj" and noun.head.lemma_ in {"take", "hold", "keep"}
    counted = noun.tag_ == "NNS" or (taken and any(c.dep_ in {"det", "nummod"} for c in noun.lefts))
    about = noun.head.head.lemma_ if noun.dep_ == "pobj" else ""
    if about in book()["matters"] or (about in book()["exchanging"] and expression_of(noun, sentence) is None):
        return
    people = [c for c in noun.lefts if c.dep_ == "compound" and is_person(c) and c.tag_ == "NNS"]
    counter = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ == "of" else noun
    if people and counter.i != noun.i and counter.dep_ == "dobj" and counter.head.lemma_ in {"take", "hold", "keep"}:
        yield Harm("captured", counter.head, counter, "captured-held")  # "took dozens of guests hostage"
    elif taken and people:  # "took 240 people hostage"
        yield from each("captured", noun.head, people, "captured-held")
    elif held and counted and noun.dep_ not in {"compound", "oprd", "acomp", "npadvmod"}:
        yield Harm("captured", noun, noun, "captured-captives")


def told_by_toll(noun: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read "the death toll rose from 12 to 15", "put the toll at 9", "the number of wounded reached 30"."""
    kind = _tolled(noun)
    if kind is None:
        return
    found, doc = counts(sentence), noun.doc
    before = noun.head.lemma_ in {"bring", "raise", "take", "push"}  # "raising to 17 the number of dead"
    start = max(sentence.tokens.start, noun.i - 6) if before else noun.i + 1
    for i in range(start, min(sentence.tokens.end, noun.i + 24)):
        if i not in found or found[i][0] != i:
            continue
        lead, counted = doc[i - 1], found[i][2]
        if lead.lemma_.lower() in book()["toll_more"] and counted.low is not None:
            yield Harm(kind, noun, None, "toll", quantity=bounds(counted.low, "more_than"), figure=doc[i])
            return
        if {lead.lower_, lead.lemma_.lower()} & set(book()["toll_leads"]):
            yield Harm(kind, noun, None, "toll", quantity=counted, figure=doc[i])
            return


def _tolled(noun: Token) -> str | None:
    """Return the harm that a toll counts, None where it counts something else."""
    if noun.lower_ in {"losses", "casualties", "fatalities", "deaths"}:
        return "killed" if noun.head.lemma_ in book()["toll_verbs"] else None
    if noun.lower_ in {"toll", "tally"}:
        return "killed"
    if noun.lower_ in book()["states"]:
        return book()["states"][noun.lower_] if noun.head.lemma_ in {"put", "estimate", "place"} else None
    kinds = book()["states"] | book()["tolled"]
    inside = [t for t in noun.subtree if noun.i < t.i < noun.i + 8]
    return next((kinds[t.lower_] for t in inside if t.lower_ in kinds), None)


def told_in_hands(noun: Token) -> Iterator[Harm]:
    """Read "12 men in Gondorian hands", "nine are in captivity"."""
    link = noun.head
    if noun.dep_ != "pobj" or link.lower_ != "in":
        return
    owned = noun.lower_ == "captivity" or any(
        c.dep_ in {"amod", "poss", "compound"} or c.lower_ == "of" for c in noun.children
    )
    if owned and link.head.pos_ in {"NOUN", "PROPN", "NUM"}:
        yield from each("captured", noun, [link.head], "captured-hands")
    elif owned and link.head.lemma_ in {"be", "remain", "hold", "keep", "languish"}:
        yield from each("captured", noun, subjects(link.head), "captured-hands")


def told_of_whereabouts(token: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read "the whereabouts of two shepherds are unknown" as missing."""
    if any(t.lower_ in {"unknown", "known", "unclear"} for t in sentence.tokens):
        yield from each("missing", token, list(of_whom(token)), "missing-whereabouts")


@cache
def nominals() -> Mapping[str, dict[str, Any]]:
    """Return the entry of `rulebook/casualties.yml` for each noun of harm."""
    return {word: entry for entry in book()["nominals"] for word in entry["words"]}
