"""Where what a word tells of happened: the places struck, and the country where nobody names one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from contactline.coding.roles import COUNTRY, MUTUAL, mediators
from contactline.coding.trigger import Trigger, after, is_a, objects, spread
from contactline.reading import actors, places
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor
from contactline.reading.language import Span, Token
from contactline.reading.placechoice import lies_in
from contactline.reading.places import Place

PROVINCE = 4
MODIFIERS = frozenset({"compound", "amod", "nmod", "poss"})
ARMED = frozenset({"battle", "remote", "civilians", "movement"})


def where_struck(trigger: Trigger) -> Sequence[Place | None]:
    """Return the places of an event: all that are named side by side, else the one that governs the word."""
    sentence, reading = trigger.sentence, trigger.reading
    named = places.places(sentence, reading)
    main = places.place_of(trigger.token, sentence, reading, met=trigger.group not in ARMED)
    if trigger.group not in ("remote", "battle", "civilians", "territory"):
        return [main]
    hit = {t.i for head in objects(trigger.token) for t in head.subtree if not between(head, t, "relcl")}
    own = [(span, place) for span, place in named if span.root.i in hit]
    each = [_finest(head, own) for head in trigger.objects]
    if own and len(set(each) - {None}) > 1:
        return list(dict.fromkeys(place for place in each if place is not None))
    if own:
        main = min((place for _, place in own), key=lambda place: place.precision or COUNTRY)
    anchor = next((span for span, place in named if place == main), None)
    if anchor is None:
        return [main]
    beside = {t.i for t in _beside(anchor.root)}
    together = [place for span, place in named if beside & set(range(span.start, span.end))]
    fine = [place for place in together if (place.precision or COUNTRY) < COUNTRY]
    return list(dict.fromkeys(fine or together)) or [main]


def _finest(head: Token, own: Sequence[tuple[Span, Place]]) -> Place | None:
    """Return the finest place that is named within one of the things struck."""
    inside = {t.i for t in head.subtree if not between(head, t, "conj") and not between(head, t, "relcl")}
    named = [place for span, place in own if span.root.i in inside and not between(head, span.root, "appos")]
    return min(named, key=lambda place: place.precision or COUNTRY, default=None)


def _beside(name: Token) -> Iterator[Token]:
    """Yield a place name and those beside it: "Bree and Archet", "the city of Bree and the town of Archet"."""
    root = name
    while root.dep_ == "conj" and root.head.pos_ in ("PROPN", "NOUN"):
        root = root.head
    yield from spread([root])
    yield from spread(_joined(root))
    holder = root.head.head if root.dep_ == "pobj" and root.head.lower_ == "of" else root
    while holder.dep_ == "conj" and holder.pos_ in ("PROPN", "NOUN"):
        holder = holder.head
    for noun in spread([holder]) if holder.i != root.i and is_a(holder, "ground") else ():
        yield noun
        yield from spread(after(noun, ("of",)))


def _joined(name: Token) -> list[Token]:
    """Return the names that a clause adds after its first: "in Bree and also in Archet", "Bree, as well as Archet"."""
    first = name.head if name.dep_ == "pobj" else name
    if first.head.pos_ not in ("VERB", "AUX"):
        return []
    later = [c for c in first.head.children if c.i > first.i]
    if not any(c.dep_ == "cc" for c in (*later, *first.children)):
        return []
    again = [c for c in (*later, *first.children) if c.dep_ in ("prep", "conj") and c.lower_ == first.lower_]
    added = [c for c in later if c.dep_ == "conj" and c.pos_ == "PROPN"]
    return [*added, *(g for c in again for g in c.children if g.dep_ == "pobj")]


def between(above: Token, below: Token, dependency: str) -> bool:
    """Say whether a dependency of that kind lies on the way from one word down to another."""
    node = below
    while node.i != above.i and node.head.i != node.i:
        if node.dep_ == dependency:
            return True
        node = node.head
    return False


def located(
    place: Place | None, named: bool, first: Actor | None, second: Actor | None, trigger: Trigger
) -> Place | None:
    """Return where it happened: not in the country of who strikes elsewhere, and a border in the country struck."""
    struck = home(first, second, trigger)
    if trigger.rule.country is not None:
        return whole(trigger.rule.country)
    if place is not None and place.precision == COUNTRY and place.country in {a.country for a in mediators(trigger)}:
        return None
    if place is None:
        return struck or (
            elsewhere(trigger, first.country) if first is not None and trigger.group == "movement" else None
        )
    if place.country is None and (place.precision or 0) > PROVINCE and trigger.group not in MUTUAL:
        return replace(place, country=struck.country if struck else across(place, first))
    if struck is not None and struck.country != place.country and elsewhere_told(place, trigger):
        return struck
    if trigger.group == "territory" and not named and struck is not None:
        return struck  # "took ten hills of Arnorian land"
    if place.precision != COUNTRY or trigger.group not in ARMED:
        return place
    if not named and (seat := strange(place, first, second)) is not None:
        return whole(seat)
    if named or first is None or first.country != place.country:
        return place
    return struck or elsewhere(trigger, place.country) or place


def named_here(trigger: Trigger) -> set[Place]:
    """Return the places that a sentence names; a state only as a place: "in Arnor", not "by Arnor", "Arnor's army"."""
    spans = places.places(trigger.sentence, trigger.reading)
    return {p for span, p in spans if p.precision != COUNTRY or not _named_as_doer(span.root)}


def _named_as_doer(name: Token) -> bool:
    return name.dep_ in MODIFIERS or (name.dep_ == "pobj" and name.head.lower_ in ("by", "with", "between"))


def elsewhere_told(place: Place, trigger: Trigger) -> bool:
    """Say whether a place is that of another deed: "pounded Bree after rocket attacks that killed six Gondorians"."""
    token = trigger.token
    if token.pos_ not in ("NOUN", "PROPN") or trigger.group != "remote" or not trigger.victims:
        return False
    spans = [span for span, found in places.places(trigger.sentence, trigger.reading) if found == place]
    return not any(token.i in {t.i for t in span.root.ancestors} for span in spans)


def strange(carried: Place, first: Actor | None, second: Actor | None) -> str | None:
    """Return where the armed group of an event sits, when a place carried over is in a state of neither side."""
    sides = [actor for actor in (first, second) if actor is not None]
    own = {actor.country for actor in sides} | {lies_in(actor.actor_id, actor.country) for actor in sides}
    seats = [lies_in(actor.actor_id, None) for actor in sides if actor.kind == "armed_group"]
    return next((seat for seat in seats if seat is not None and carried.country not in own), None)


def across(border: Place, first: Actor | None) -> str | None:
    """Return the state that a border is named after and that is not the one who acts."""
    named = [actors.country_of(word) for word in re.split(r"[-–]| border", border.name)]
    return next((c for c in named if c is not None and first is not None and c != first.country), None)


def home(first: Actor | None, second: Actor | None, trigger: Trigger) -> Place | None:
    """Return the country where it must have happened when no place is named: that of whoever was struck."""
    if trigger.group in MUTUAL:
        return None
    order = (first, second) if trigger.group in ("protest", "strategic") else (second,)
    return next((whole(actor.country) for actor in order if actor is not None and actor.country is not None), None)


def elsewhere(trigger: Trigger, country: str | None) -> Place | None:
    """Return the other place that the sentences before name, else the other country of the paragraph or the lead."""
    reading, sentence = trigger.reading, trigger.sentence
    for earlier in reversed(reading.sentences[max(0, sentence.number - 2) : sentence.number]):
        near = [p for _, p in places.places(earlier, reading) if p.country not in (None, country)]
        if near and earlier.paragraph == sentence.paragraph:
            return near[0]
    named = reading.named
    for paragraph in (named[sentence.paragraph], *named[:2]):
        for mention in paragraph:
            if (
                mention.form == "name"
                and mention.actor.kind == "state"
                and mention.actor.country not in (None, country)
            ):
                return whole(str(mention.actor.country))
    return None


def whole(country: str) -> Place:
    """Return a country as a place."""
    state = states().get(country)
    return Place(name=state.name if state else country, country=country, precision=COUNTRY)
