"""Where what a word tells of happened: the places struck, and the country where nobody names one."""

import re
from collections.abc import Sequence
from dataclasses import replace

from contactline.coding.roles import MUTUAL, mediators
from contactline.coding.trigger import Trigger, objects, spread
from contactline.reading import actors, places
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor
from contactline.reading.language import Token
from contactline.reading.places import Place

COUNTRY = 6  # where_precision of a country as a whole
PROVINCE = 4


def where_struck(trigger: Trigger) -> Sequence[Place | None]:
    """Return the places of an event: all that are named side by side, else the one that governs the word."""
    sentence, reading = trigger.sentence, trigger.reading
    named = places.places(sentence, reading)
    main = places.place_of(trigger.token, sentence, reading)
    if trigger.group not in ("remote", "battle", "civilians", "territory"):
        return [main]
    hit = {t.i for head in objects(trigger.token) for t in head.subtree if not between(head, t, "relcl")}
    own = [(span, place) for span, place in named if span.root.i in hit]
    if own:
        main = min((place for _, place in own), key=lambda place: place.precision or COUNTRY)
    anchor = next((span for span, place in named if place == main), None)
    if anchor is None:
        return [main]
    root = anchor.root
    while root.dep_ == "conj" and root.pos_ in ("PROPN", "NOUN"):
        root = root.head
    beside = {t.i for t in spread([root])}
    together = [place for span, place in named if span.root.i in beside]
    fine = [place for place in together if (place.precision or COUNTRY) < COUNTRY]
    return list(dict.fromkeys(fine or together)) or [main]


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
    away = (
        first is not None
        and first.country == place.country
        and trigger.group in ("remote", "battle", "movement", "civilians")
    )
    if not named and away and place.precision == COUNTRY:
        return struck or elsewhere(trigger, place.country) or place
    return place


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
