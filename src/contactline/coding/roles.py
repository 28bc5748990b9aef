"""Who acts on whom in what a word tells of, or who does it together."""

from collections.abc import Sequence

from contactline.coding.eventbook import words
from contactline.coding.trigger import SIDES, Trigger, is_side, spread, subjects
from contactline.reading import actors, places
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor
from contactline.reading.belligerents import main_pair, side
from contactline.reading.language import Token

STRIKES = frozenset({"remote", "civilians", "territory"})
COUNTRY = 6  # where_precision of a country as a whole
DASHES = frozenset({"-", "--", "–", "—"})
DATELINE = 8  # words within which a dateline ends
MUTUAL = frozenset({"battle", "agreement"})


def sides(trigger: Trigger) -> tuple[Actor | None, Actor | None]:
    """Return who acts and who is acted upon; for what two do together, in order of mention."""
    doers = parties(trigger, [h for h in trigger.subjects if not is_scene(h, trigger)])
    hit = parties(trigger, trigger.objects)
    with_whom = parties(trigger, counterparts(trigger.token))
    if trigger.group in MUTUAL or trigger.token.lemma_ in ("clash", "fight", "battle"):
        apart = {side(a) for a in mediators(trigger)}
        both = [a for a in unique([*doers, *with_whom, *hit]) if side(a) not in apart]
        pair = [a for a in main_pair(trigger.reading) if side(a) not in apart] if len(both) < 2 else []
        if pair and (not both or side(both[0]) in {side(a) for a in pair}):
            both = unique([*both, *pair])
        if len(both) < 2:
            nearby = (a for _, a in actors.actors(trigger.sentence, trigger.reading) if a.kind in SIDES)
            both = unique([*both, *(a for a in nearby if side(a) not in apart)])
        return (both[0] if both else None), (both[1] if len(both) > 1 else None)
    if trigger.group == "movement" and not doers:
        doers, hit = hit, []
    first = doers[0] if doers else None
    harmed = parties(trigger, trigger.victims)
    others = [a for a in unique([*hit, *with_whom, *harmed]) if first is None or side(a) != side(first)]
    if not others and first is not None and first.country is not None and trigger.group in STRIKES:
        others = [owner for owner in (attacked(trigger),) if owner is not None and owner.country != first.country]
    return first, (others[0] if others else None)


def is_scene(head: Token, trigger: Trigger) -> bool:
    """Say whether a name before a deed is where it happens, not who does it: "the Bree bombing", "BREE - Rebels"."""
    start = trigger.sentence.tokens.start
    if any(t.text in DASHES for t in trigger.sentence.tokens[:DATELINE]) and head.i < start + DATELINE:
        dash = next(t for t in trigger.sentence.tokens[:DATELINE] if t.text in DASHES)
        if head.i < dash.i and not any(t.pos_ == "VERB" for t in trigger.sentence.tokens[: dash.i - start]):
            return True
    if head.dep_ not in ("compound", "nmod"):
        return False
    spans = places.places(trigger.sentence, trigger.reading)
    return any(place.precision != COUNTRY and span.start <= head.i < span.end for span, place in spans)


def mediators(trigger: Trigger) -> list[Actor]:
    """Return who brokers the deal that a sentence tells of, and is no party to it."""
    if trigger.group != "agreement":
        return []
    heads: list[Token] = []
    for token in trigger.sentence.tokens:
        if token.lemma_.lower() in words("brokering"):
            heads += subjects(token) if token.pos_ in ("VERB", "AUX") else token.lefts
            heads += [
                t for t in token.head.lefts if token.dep_ == "amod" and t.dep_ in ("nmod", "compound", "npadvmod")
            ]
    return parties(trigger, heads)


def attacked(trigger: Trigger) -> Actor | None:
    """Return the state of the place that is struck."""
    spans = places.places(trigger.sentence, trigger.reading)
    struck = {t.i for t in trigger.objects}
    hit = next((place for span, place in spans if any(span.start <= i < span.end for i in struck)), None)
    return states().get(hit.country) if hit is not None and hit.country is not None else None


def counterparts(token: Token) -> list[Token]:
    """Return who stands after "with", "between", "against" of a fight or a deal."""
    holders = [token, token.head] if token.dep_ in ("dobj", "nsubj", "pobj", "attr") else [token]
    found = []
    for holder in holders:
        for child in holder.children:
            if child.dep_ == "prep" and child.lower_ in ("with", "between", "against"):
                found += [g for g in child.children if g.dep_ == "pobj"]
    return list(spread(found))


def parties(trigger: Trigger, heads: Sequence[Token]) -> list[Actor]:
    """Return the actors that noun phrases stand for; an armed body that no list knows goes by its own words."""
    found: list[Actor] = []
    for head in heads:
        known = actors.actors_of(head, trigger.sentence, trigger.reading)
        if known:
            found += [actor for actor in known if actor.country or actor.kind != "person" or head.ent_type_ == "PERSON"]
        elif (own := named(head)) is not None and (own.country is not None or is_side(head, trigger)):
            found.append(own)
    return unique(found)


def named(head: Token) -> Actor | None:
    """Return an armed body by its own words: "Gondorian forces", "Shiite militias"; None for just any fighters."""
    before = [t for t in head.lefts if t.dep_ in ("amod", "compound", "nmod", "poss") and t.i < head.i]
    country = next((c for t in [*before, head] if (c := actors.country_of(t.text)) is not None), None)
    if country is None and not any(t.text[0].isupper() and t.i > head.sent.start for t in [*before, head]):
        return None
    return Actor(" ".join(t.text for t in [*before, head]), "armed_group" if country is None else "state", country)


def unique(found: Sequence[Actor]) -> list[Actor]:
    """Return the actors of different sides, in order."""
    return list({side(a): a for a in reversed(found)}.values())[::-1]
