"""Codes the events of one article: each told event once, however often the article comes back to it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contactline.coding import rows
from contactline.coding.eventbook import words
from contactline.coding.trigger import SIDES, Trigger, is_side, objects, spread, subjects
from contactline.coding.triggers import triggers
from contactline.reading import actors, dates, places
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor
from contactline.reading.article import Reading
from contactline.reading.belligerents import main_pair, side
from contactline.reading.dates import Date
from contactline.reading.language import Token
from contactline.reading.places import Place
from contactline.reading.scope import by_date, modality_of, scope_of

OPENING = 4  # paragraphs in which an article tells its news
COUNTRY = 6  # where_precision of a country as a whole
PROVINCE = 4
REGION = 5
FRAMED = frozenset(
    {
        "scope-war-of",
        "scope-year-war",
        "scope-ago",
        "scope-last",
        "scope-recent",
        "scope-since",
        "scope-decade",
        "scope-famous",
        "scope-anniversary",
        "scope-earlier-attack",
        "scope-war",
    }
)
WEAK = frozenset({"scope-default", "scope-carried-date", "scope-past-perfect"})
STRIKES = frozenset({"remote", "civilians", "territory"})
ARMED = frozenset({"battle", "remote", "civilians", "movement", "territory"})
VIOLENT = frozenset({"battle", "remote", "civilians"})
MUTUAL = frozenset({"battle", "agreement"})


@dataclass(frozen=True, eq=False)
class Event:
    """One told event, put together from all the sentences that tell of it.

    Attributes:
        trigger: the first word that tells of it.
        placed: the place stands in a sentence that tells of it; otherwise it is carried over.
        soft: told only as an attack, so that its group is a guess.
    """

    trigger: Trigger
    group: str
    event_type: str
    modality: str
    scope: str
    scope_rule: str
    modality_rule: str
    actor1: Actor | None = None
    actor2: Actor | None = None
    place: Place | None = None
    date: Date | None = None
    placed: bool = False
    soft: bool = False


def mentions(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of `event_mentions` that one article supports, without their keys."""
    found: list[Event] = []
    for sentence in reading.sentences:
        for trigger in triggers(sentence, reading):
            for event in told(trigger):
                merge(event, found)
    found = settled(found)
    news = any(is_lead(event) for event in found)
    for event in found:
        if not news and event.scope_rule in WEAK and event.modality == "asserted":
            event = replace(event, scope="background", scope_rule="scope-no-lead")
        if event.place is not None or event.actor1 is not None or event.actor2 is not None:
            yield row(event)


def settled(found: Sequence[Event]) -> list[Event]:
    """Return the events with those that have no place of their own put where the article's placed ones are."""
    placed = [
        e.place for e in found if e.placed and e.place is not None and e.group in ARMED and e.modality == "asserted"
    ]
    countries = Counter(place.country for place in placed if place.country is not None)
    if not countries:
        return list(found)
    theatre = countries.most_common(1)[0][0]
    again: list[Event] = []
    for event in found:
        coarse = event.place is None or event.place.precision == COUNTRY
        struck = event.actor2.country if event.actor2 and event.group not in MUTUAL else None
        if coarse and not event.placed and struck is None and event.group in ARMED and not event.trigger.rule.country:
            event = replace(event, place=whole(theatre))
        merge(event, again)
    return again


def is_lead(event: Event) -> bool:
    """Say whether an event is what the article is about: without one, what it says of fighting is background."""
    return event.scope == "current" and event.modality == "asserted" and event.trigger.sentence.paragraph < OPENING


def row(event: Event) -> dict[str, Any]:
    """Return the columns of one event."""
    trigger = event.trigger
    rule_id = "+".join((trigger.rule.id, event.scope_rule, event.modality_rule))
    return {
        "event_group": event.group,
        "event_type": event.event_type,
        "plover_type": trigger.rule.plover,
        "actor1": event.actor1.name if event.actor1 else None,
        "actor1_country": event.actor1.country if event.actor1 else None,
        "actor2": event.actor2.name if event.actor2 else None,
        "actor2_country": event.actor2.country if event.actor2 else None,
        "scope": event.scope,
        "modality": event.modality,
        **rows.place(event.place),
        **rows.dates(event.date),
        **rows.evidence(trigger.sentence, trigger.first, trigger.last, rule_id),
    }


# ---- what one trigger tells
def told(trigger: Trigger) -> Iterator[Event]:
    """Yield what a trigger tells: one event for each place struck."""
    token, sentence, reading = trigger.token, trigger.sentence, trigger.reading
    date = dates.date_of(token, sentence, reading)
    scope, scope_rule = scope_of(token, sentence, reading, date)
    modality, modality_rule = modality_of(token, sentence)
    if trigger.group == "movement" and modality_rule == "modality-decided":
        modality = "asserted"  # forces ordered to move are news by the order
    if trigger.rule.id == "event-war" and scope_rule in WEAK:
        scope, scope_rule = "background", "scope-war"  # the news is of its battles
    if scope == "background" and scope_rule in FRAMED and date is not None:
        date = framed(date, trigger)
    first, second = sides(trigger)
    here = {place for _, place in places.places(sentence, reading)}
    for where in where_struck(trigger):
        yield Event(
            trigger=trigger,
            group=trigger.group,
            event_type=trigger.event_type,
            modality=modality,
            scope=scope,
            scope_rule=scope_rule,
            modality_rule=modality_rule,
            actor1=first,
            actor2=second,
            place=located(where, where in here, first, second, trigger),
            date=date,
            placed=where in here,
            soft=trigger.soft,
        )


def framed(date: Date, trigger: Trigger) -> Date | None:
    """Return the date of what words put into the past: not the one carried over from the news."""
    reading = trigger.reading
    published = reading.article.published_date
    if published is None or by_date(date, published) == "background":
        return date
    given = [found for _, _, found in dates.find(trigger.sentence.tokens.text, published)]
    return next((found for found in given if by_date(found, published) == "background"), None)


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


# ---- who acts on whom
def sides(trigger: Trigger) -> tuple[Actor | None, Actor | None]:
    """Return who acts and who is acted upon; for what two do together, in order of mention."""
    doers = parties(trigger, trigger.subjects)
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
    others = [a for a in unique([*hit, *with_whom]) if first is None or side(a) != side(first)]
    if not others and first is not None and first.country is not None and trigger.group in STRIKES:
        others = [owner for owner in (attacked(trigger),) if owner is not None and owner.country != first.country]
    return first, (others[0] if others else None)


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


# ---- the same event told again
def merge(event: Event, found: list[Event]) -> None:
    """Put an event into the list: into the one it tells of again, which it completes, else at the end."""
    if is_again(event):
        again = [n for n, old in enumerate(found) if old.modality == event.modality and alike(event, old)]
        if again:
            return
    scored = [(agreement, -n) for n, old in enumerate(found) if (agreement := agreement_of(event, old)) is not None]
    if not scored:
        found.append(event)
        return
    number = -max(scored)[1]
    found[number] = completed(found[number], event)


def is_again(event: Event) -> bool:
    """Say whether a noun points back: "the attack", "that offensive", with no place or day of its own."""
    token = event.trigger.token
    pointed = any(c.lower_ in ("the", "this", "that", "these", "those", "its", "their") for c in token.lefts)
    own = any(c.dep_ in ("prep", "nmod", "relcl", "acl") and c.i > token.i for c in token.children)
    return token.pos_ == "NOUN" and pointed and not own


def alike(new: Event, old: Event) -> bool:
    """Say whether two tellings are of one group, or could be."""
    return new.group == old.group or ((new.soft or old.soft) and {new.group, old.group} <= VIOLENT)


def agreement_of(new: Event, old: Event) -> int | None:
    """Return on how much two tellings agree, None where they cannot be of one event."""
    if not alike(new, old) or new.modality != old.modality:
        return None
    if new.scope != old.scope and not {new.scope_rule, old.scope_rule} & WEAK:
        return None
    where = same_place(new.place, old.place) if new.placed and old.placed else 1
    parts = (where, same_days(new, old), same_sides(new, old))
    return None if None in parts else sum(p for p in parts if p is not None) + (new.event_type == old.event_type)


def same_place(a: Place | None, b: Place | None) -> int | None:
    """Return 2 for one place, 1 where one may hold the other or is not named, None for different places."""
    if a is None or b is None:
        return 1
    if (a.place_id and a.place_id == b.place_id) or a.name == b.name:
        return 2
    if a.country and b.country and a.country != b.country:
        return None
    if None in (a.precision, b.precision):
        return 1
    fine, coarse = sorted((a, b), key=lambda p: p.precision or 9)
    if coarse.precision in (REGION, COUNTRY) or coarse.country is None:
        return 1
    held = (coarse.precision or 0) >= PROVINCE and fine.admin1 is not None and fine.admin1 == coarse.admin1
    return 1 if held and fine.precision != coarse.precision else None


def same_days(a: Event, b: Event) -> int | None:
    """Return 2 for days that overlap, 1 where one has none of its own, None for different days."""
    if a.date is None or b.date is None or "document" in (a.date.basis, b.date.basis):
        return 1
    return 2 if a.date.start <= b.date.end and b.date.start <= a.date.end else None


def same_sides(a: Event, b: Event) -> int | None:
    """Return on how many sides two tellings agree, None where they name different ones."""
    ours = [side(x) if x else None for x in (a.actor1, a.actor2)]
    theirs = [side(x) if x else None for x in (b.actor1, b.actor2)]
    if a.group in MUTUAL:
        mine, other = {x for x in ours if x}, {x for x in theirs if x}
        return None if mine and other and not mine & other else len(mine & other)
    agree = 0
    for x, y in zip(ours, theirs, strict=True):
        if x and y and x != y:
            return None
        agree += bool(x and y)
    return agree


def completed(old: Event, new: Event) -> Event:
    """Return an event with what a second telling adds: a finer place, a stated day, a side."""
    finer = old.place is None or (new.place is not None and (new.place.precision or 9) < (old.place.precision or 9))
    stated = old.date is None or (old.date.basis == "document" and new.date is not None)
    current = "current" in (old.scope, new.scope) and old.scope != "current"
    firm = new if old.soft and not new.soft else old
    finer = (finer and old.placed <= new.placed) or (new.placed and not old.placed)
    return replace(
        old,
        trigger=firm.trigger if firm.group != old.group else old.trigger,
        group=firm.group,
        event_type=firm.event_type,
        soft=firm.soft,
        placed=old.placed or new.placed,
        place=new.place if finer and new.place else old.place,
        date=new.date if stated and new.date else old.date,
        actor1=old.actor1 or new.actor1,
        actor2=old.actor2
        or (new.actor2 if not old.actor1 or not new.actor2 or side(new.actor2) != side(old.actor1) else None),
        scope="current" if current else old.scope,
        scope_rule=new.scope_rule if current else old.scope_rule,
    )
