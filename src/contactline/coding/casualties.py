"""Codes the casualty claims of one article."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from contactline.coding.claimants import speaker_of_harm
from contactline.coding.claims import PRONOUNS, Claim, merged, named_alike, telling
from contactline.coding.harmed import Harm
from contactline.coding.harms import harms
from contactline.coding.rows import dates, evidence, place
from contactline.coding.victims import Side, inherits, side_of, understood_side
from contactline.reading import rulebook
from contactline.reading.actors import Actor
from contactline.reading.article import Reading
from contactline.reading.belligerents import main_pair
from contactline.reading.belligerents import side as actor_side
from contactline.reading.conflict import in_conflict
from contactline.reading.dates import date_of
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import (
    expression_of,
    noun_of,
    quantity_of,
    status_of,
    status_of_toll,
)
from contactline.reading.places import place_of
from contactline.reading.quantities import Quantity, bounds
from contactline.reading.scope import modality_of, scope_of


def mentions(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of `casualty_mentions` that one article supports, without their keys."""
    claims: list[Claim] = []
    captivity = _captivity().search(reading.article.text) is not None
    for sentence in reading.sentences:
        found = harms(sentence, captivity)
        if not found or _asks(sentence) or (why := in_conflict(sentence, reading)) is None:
            continue
        for harm in found:
            claim = _claim(harm, sentence, reading, why, claims)
            if claim is not None:
                claims.append(claim)
    for claim in telling(named_alike(merged(claims))):
        yield _row(claim, reading)


def _asks(sentence: Sentence) -> bool:
    return sentence.tokens.text.rstrip("\"' ").endswith("?")


# ---- one claim
def _claim(harm: Harm, sentence: Sentence, reading: Reading, why: str, before: Sequence[Claim]) -> Claim | None:
    counted = harm.quantity or (quantity_of(harm.victim, sentence) if harm.victim is not None else None)
    if counted is None or counted.low == 0:
        return None
    counted = _alternative(_distributed(counted, harm, sentence), harm)
    victim = harm.victim if harm.victim is not None else harm.trigger
    noun = noun_of(victim)
    speaker = speaker_of_harm(harm, sentence, reading, before)
    date = date_of(harm.trigger, sentence, reading, victim if victim.i > harm.trigger.i else None)
    scope, scope_rule = scope_of(harm.trigger, sentence, reading, date)
    modality, modality_rule = modality_of(harm.trigger, sentence)
    side = side_of(harm, sentence, reading, speaker)
    status = status_of(harm.described or victim) if harm.victim is not None else status_of_toll(victim)
    where = place_of(harm.trigger, sentence, reading, met=False)
    parent = _parent(harm, sentence, before)
    if parent is not None:
        side = side or parent.side
        if status == "unknown" and parent.sentence is sentence:
            status = parent.status
    side = side or understood_side(harm, where, scope == "background", speaker, sentence, reading)
    if parent is not None:
        speaker = speaker or parent.speaker
    if scope == "current" and scope_rule != "scope-date" and _war_total().search(sentence.tokens.text):
        scope, scope_rule = "background", "scope-war-total"
    return Claim(
        harm,
        sentence,
        counted,
        noun.lemma_.lower(),
        _names(noun),
        _is_definite(victim, noun),
        any(c.lower_ in {"another", "second", "third"} for c in victim.lefts),
        status,
        side,
        speaker,
        date,
        where,
        scope,
        modality,
        "+".join((harm.rule_id, why, scope_rule, modality_rule)),
    )


def _distributed(counted: Quantity, harm: Harm, sentence: Sentence) -> Quantity:
    """Return bounds that what is joined to them shares: "at least one villager and two soldiers" is at least two."""
    victim = harm.victim
    if victim is None or victim.dep_ != "conj" or counted.kind != "exact" or counted.low is None:
        return counted
    first = expression_of(victim.head, sentence)
    if first is not None and first[2].kind == "at_least" and expression_of(victim, sentence) is not None:
        return bounds(counted.low, "at_least")
    return counted


def _alternative(counted: Quantity, harm: Harm) -> Quantity:
    """Return what a figure for "killed or missing" says of either: that there were no more."""
    if counted.high is None or counted.low != counted.high or counted.high == 1:
        return counted
    doc, i = harm.trigger.doc, harm.trigger.i
    alternatives = rulebook.load("claims")["alternatives"]
    after, before = doc[i + 1 : i + 4], doc[max(i - 3, 0) : i]
    beside = [t for t in after if t.lower_ in alternatives] if after.text.startswith("or ") else []
    if not beside and any(t.lower_ == "or" for t in before[1:]):
        beside = [t for t in before if t.lower_ in alternatives]
    return bounds(counted.high, "at_most") if beside else counted


def _parent(harm: Harm, sentence: Sentence, before: Sequence[Claim]) -> Claim | None:
    """Return the claim whose victims a bare figure or "two others" goes on from."""
    if not before or not inherits(harm):
        return None
    last = before[-1].sentence
    if last.number == sentence.number:
        return before[-1]
    if last.number == sentence.number - 1 and last.paragraph >= sentence.paragraph - 1:
        return next(c for c in before if c.sentence.number == last.number)
    return None


def _names(noun: Token) -> frozenset[str]:
    """Return the words of a person's name, lower case."""
    heads = [noun, *(c for c in noun.rights if c.dep_ == "appos")]
    if noun.dep_ in {"nsubj", "nsubjpass"}:
        heads += [c for c in noun.head.lefts if c.dep_ == noun.dep_ and c.i > noun.i]
    people = [h for h in heads if h.pos_ == "PROPN" and h.ent_type_ in {"PERSON", ""}]
    return frozenset(t.lower_ for h in people for t in (*h.lefts, h) if t.pos_ == "PROPN")


def _is_definite(victim: Token, noun: Token) -> bool:
    """Say whether victims are spoken of as known: "the victims", "those killed", "his death"."""
    if victim.lower_ in PRONOUNS or noun.lower_ in PRONOUNS:
        return True
    known = {"the", "these", "those", "this", "that", "such"}
    if noun.lemma_.lower() in {"body", "remains", "corpse", "death"}:
        known |= {"his", "her"}
    return any(c.lower_ in known for c in (*victim.lefts, *noun.lefts))


# ---- the row
def _row(claim: Claim, reading: Reading) -> dict[str, Any]:
    harm, sentence, speaker = claim.harm, claim.sentence, claim.speaker
    first, last = _span(harm, sentence)
    country = claim.side.country if claim.side else None
    return {
        "harm": harm.kind,
        "count_low": claim.counted.low,
        "count_high": claim.counted.high,
        "count_kind": claim.counted.kind,
        "count_text": _count_text(harm, sentence),
        "victim_group": claim.side.group if claim.side else None,
        "victim_country": country,
        "victim_status": claim.status,
        "claimant": speaker.name if speaker else None,
        "claimant_country": speaker.country if speaker else None,
        "attribution": _attribution(speaker, claim.side, reading),
        "basis": "cumulative" if _is_total(harm, sentence) else "incident",
        **dates(claim.date),
        **place(claim.place),
        "scope": claim.scope,
        "modality": claim.modality,
        **evidence(sentence, first, last, claim.rules + (f"+{claim.side.rule_id}" if claim.side else "")),
    }


def _span(harm: Harm, sentence: Sentence) -> tuple[Token, Token]:
    """Return the first and the last word that give harm, figure and victims."""
    told = {t.i for t in (harm.trigger, harm.victim, harm.figure) if t is not None}
    if harm.victim is not None:
        told |= {noun_of(harm.victim).i}
        expression = expression_of(harm.victim, sentence)
        told |= {expression[0]} if expression else {c.i for c in harm.victim.lefts if c.dep_ in {"det", "amod"}}
    doc = harm.trigger.doc
    return doc[min(told)], doc[max(told)]


def _is_total(harm: Harm, sentence: Sentence) -> bool:
    """Say whether a figure sums up a war or a stretch of it: "has lost 673 men in the fighting, which began in May"."""
    if _cumulative().search(sentence.tokens.text) is None:
        return False
    return _further().search(_count_text(harm, sentence)) is None


SEVEN_WORDS = re.compile(r"\W*\w+(?:\W+\w+){0,6}")  # as a release counts words


def _count_text(harm: Harm, sentence: Sentence) -> str:
    """Return the words that give figure and victims, at most seven: eight in a row would be the article's own text."""
    victim = harm.victim if harm.victim is not None else harm.figure if harm.figure is not None else harm.trigger
    noun, expression = noun_of(victim), expression_of(victim, sentence)
    described = [c.i for c in victim.lefts if c.dep_ in {"det", "amod"}]
    first = expression[0] if expression else min(described, default=victim.i)
    last = max(victim.i, noun.i)
    if harm.trigger.i == last + 1 or expression is None:
        first, last = min(first, harm.trigger.i), max(last, harm.trigger.i)
    words = " ".join(victim.doc[first : last + 1].text.split())
    short = SEVEN_WORDS.match(words)
    return short.group() if short else words


def _attribution(speaker: Actor | None, side: Side | None, reading: Reading) -> str:
    """Return where the claimant stands towards the victims; only the two belligerents are other sides."""
    if speaker is None:
        return "narrator"
    if side is None:
        return "third_party"
    victims = side.country or (side.group or "").lower().removeprefix("the ")
    if victims and actor_side(speaker) == victims:
        return "own_side"
    told = side.rule_id != "side-place"  # the place is a guess at whose victims they are, too weak for a reproach
    if told and {actor_side(speaker), victims} == {actor_side(a) for a in main_pair(reading)}:
        return "other_side"
    return "third_party"


@cache
def _captivity() -> re.Pattern[str]:
    return re.compile(rulebook.load("claims")["captivity"], re.IGNORECASE)


@cache
def _war_total() -> re.Pattern[str]:
    return re.compile(rulebook.load("claims")["war_total"], re.IGNORECASE)


@cache
def _further() -> re.Pattern[str]:
    return re.compile(rulebook.load("claims")["further"], re.IGNORECASE)


@cache
def _cumulative() -> re.Pattern[str]:
    return re.compile(rulebook.load("claims")["cumulative"], re.IGNORECASE)
