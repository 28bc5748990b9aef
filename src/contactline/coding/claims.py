"""The claims of one article: which of them say the same, and which say anything at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contactline.coding.harmed import Harm
from contactline.coding.victims import Side, of_no_state
from contactline.reading import rulebook
from contactline.reading.actors import Actor
from contactline.reading.dates import Date
from contactline.reading.language import Sentence
from contactline.reading.persons import noun_of
from contactline.reading.places import Place
from contactline.reading.quantities import Quantity

PRONOUNS = {"he", "she", "him", "her", "they", "them", "those", "we", "us", "who", "himself", "themselves", "it"}


@dataclass(frozen=True)
class Claim:
    """One claim as one sentence makes it."""

    harm: Harm
    sentence: Sentence
    counted: Quantity
    noun: str
    names: frozenset[str]
    definite: bool
    further: bool
    status: str
    side: Side | None
    speaker: Actor | None
    date: Date | None
    place: Place | None
    scope: str
    modality: str
    rules: str

    @property
    def figure(self) -> int | None:
        """The bound that the claim is known by."""
        return self.counted.low if self.counted.low is not None else self.counted.high


def merged(claims: Sequence[Claim]) -> list[Claim]:
    """Join the claims that say the same; the first stays, filled from the others."""
    kept: list[Claim] = []
    for claim in claims:
        for i, other in enumerate(kept):
            if _same(other, claim):
                kept[i] = _joined(other, claim)
                break
        else:
            kept.append(claim)
    return kept


def _same(one: Claim, other: Claim) -> bool:
    if one.harm.kind != other.harm.kind or one.figure != other.figure or one.modality != other.modality:
        return False
    if {one.counted.kind, other.counted.kind} in ({"at_least", "at_most"}, {"more_than", "at_most"}) or _apart(
        one, other
    ):
        return False
    if not _same_side(one.side, other.side):
        return False
    if _is_headline(one.sentence) and one.figure is not None and one.sentence is not other.sentence:
        return "unknown" in {one.status, other.status} or one.status == other.status
    if other.further and not one.further and one.figure != 1:
        return False
    if not _same_speaker(one.speaker, other.speaker):
        return False
    large = one.figure is not None and one.figure >= rulebook.load("claims")["coincidence"]
    if one.sentence is other.sentence:
        return one.noun == other.noun and one.figure is not None and _dateline_between(one, other)
    if "unknown" not in {one.status, other.status} and one.status != other.status:
        return False
    if large or one.names & other.names:
        return True
    if one.scope != other.scope and not (other.definite or one.noun == other.noun):
        return False
    if one.names and other.names:
        return False
    plain = rulebook.load("claims")["plain"]
    if one.figure == 1 and (other.further or (one.noun != other.noun and not other.definite)):
        return False
    return (
        one.noun == other.noun
        or one.noun in plain
        or other.noun in plain
        or one.status == other.status
        or other.definite
    )


def _dateline_between(one: Claim, other: Claim) -> bool:
    """Say whether a headline runs into the text: "12 killed in raid on ford ANNUMINAS (GNA) -- Twelve people ..."."""
    start, end = sorted((one.harm.trigger.i, other.harm.trigger.i))
    return any(t.text in {"--", "—"} or (t.text.isupper() and len(t.text) > 3) for t in one.harm.trigger.doc[start:end])


def _is_headline(sentence: Sentence) -> bool:
    """Say whether a sentence is the article's headline, which the text below it tells again."""
    return sentence.paragraph == 0 and not sentence.tokens.text.rstrip("\"' ").endswith((".", "!", "?", ":"))


def _apart(one: Claim, other: Claim) -> bool:
    """Say whether two claims are dated, each by its own words, to different days."""
    if one.date is None or other.date is None or "document" in {one.date.basis, other.date.basis}:
        return False
    return one.date.end < other.date.start or other.date.end < one.date.start


def _same_speaker(one: Actor | None, other: Actor | None) -> bool:
    if one is None or other is None or one.name == other.name:
        return True
    if {one.name.lower(), other.name.lower()} & set(rulebook.load("claims")["aliases"]):
        return True
    if one.country is not None and one.country == other.country:
        return True
    return bool(_words(one.name) & _words(other.name))


def _words(name: str) -> set[str]:
    return {w for w in re.findall(r"\w+", name.lower()) if len(w) > 3}


def _same_side(one: Side | None, other: Side | None) -> bool:
    return one is None or one.agrees(other)


def _joined(first: Claim, second: Claim) -> Claim:
    """Return the first claim with what only the second tells."""
    counted = (
        second.counted
        if first.counted.kind in {"exact", "vague"} and second.counted.kind not in {"exact", "vague"}
        else first.counted
    )
    return replace(
        first,
        counted=counted,
        names=first.names | second.names,
        definite=first.definite and second.definite,
        status=first.status if first.status != "unknown" else second.status,
        side=_firmer(first.side, second.side),
        speaker=_fuller(first, second),
        date=first.date or second.date,
        place=first.place or second.place,
    )


def named_alike(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims, with what one tells of a person's side and status told of the same name elsewhere."""
    return [_known(claim, claims) for claim in claims]


def _known(claim: Claim, claims: Sequence[Claim]) -> Claim:
    alike = [c for c in claims if c.names & claim.names and c is not claim]
    told = next((c.side for c in alike if c.side is not None and c.side.rule_id in {"side-named", "side-group"}), None)
    guessed = claim.side is None or claim.side.rule_id == "side-place"
    status = next((c.status for c in alike if c.status != "unknown"), "unknown")
    return replace(
        claim,
        side=told if told is not None and guessed else claim.side,
        status=claim.status if claim.status != "unknown" else status,
    )


def _firmer(first: Side | None, second: Side | None) -> Side | None:
    """Return the side that words name, rather than one guessed by the place."""
    if first is None or (first.rule_id == "side-place" and second is not None):
        return second
    return first


def _fuller(first: Claim, second: Claim) -> Actor | None:
    """Return who makes the claim, as the fuller telling names them: a headline's "Gondor" is the minister below it."""
    one, other = first.speaker, second.speaker
    if one is None or other is None:
        return one or other
    if _is_person(one):
        return one
    own = one.country is not None and one.country == other.country
    return other if _is_headline(first.sentence) or (own and _is_person(other)) else one


def _is_person(actor: Actor) -> bool:
    """Say whether an actor is somebody by name, not just by office: "Gondor's steward"."""
    return actor.kind == "person" and actor.name.split()[-1][0].isupper()


def telling(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Yield the claims that tell something: not the mere echo of another ("the victims", "those killed")."""
    for claim in claims:
        others = [c for c in claims if c is not claim and c.harm.kind == claim.harm.kind and c.modality == "asserted"]
        if claim.figure is None:
            if claim.definite and others:
                continue
            if claim.noun in PRONOUNS:
                continue
            if _is_bare(claim) and any(c.figure is not None and _covers(c, claim) for c in others):
                continue
        elif _is_known_one(claim) and any(c.figure == 1 for c in others):
            continue
        yield claim


def _is_known_one(claim: Claim) -> bool:
    """Say whether a claim is of one person who was told of before, and not of the one who attacked."""
    attacker = claim.harm.victim is not None and of_no_state(noun_of(claim.harm.victim))
    return claim.figure == 1 and claim.definite and not claim.names and not attacker


def _is_bare(claim: Claim) -> bool:
    """Say whether a claim without a figure has no word for one either, as "civilians were killed" has none."""
    if claim.harm.rule_id == "casualties-noun" and claim.side is not None:
        return False
    return claim.harm.quantity is None and not any(
        c.lower_ in {"dozens", "scores", "many", "several", "hundreds", "thousands", "heavy", "numerous", "tens"}
        for c in (
            claim.harm.trigger,
            *((claim.harm.victim, *claim.harm.victim.subtree) if claim.harm.victim is not None else ()),
        )
    )


def _covers(figured: Claim, bare: Claim) -> bool:
    return _same_side(figured.side, bare.side) and (figured.status == bare.status or bare.status == "unknown")
