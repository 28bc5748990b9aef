"""Codes the events of one article: each told event once, however often the article comes back to it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from contactline.coding import rows
from contactline.coding.retold import WEAK, Event, merge
from contactline.coding.roles import COUNTRY, MUTUAL, STRIKES, sides
from contactline.coding.trigger import Trigger
from contactline.coding.triggers import triggers
from contactline.coding.whereabouts import located, named_here, where_struck, whole
from contactline.reading import dates
from contactline.reading.article import Reading
from contactline.reading.dates import Date
from contactline.reading.scope import by_date, modality_of, scope_of

ANNOUNCED = frozenset({"modality-decided", "modality-future"})
UNDATED = frozenset({"scope-default", "scope-past-perfect"})  # neither its words nor those before it give a day
OPENING = 4  # paragraphs in which an article tells its news
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
ARMED = frozenset({"battle", "remote", "civilians", "movement", "territory"})


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
        if not news and event.scope_rule in UNDATED and event.modality == "asserted":
            event = replace(event, scope="background", scope_rule="scope-no-lead")
        if event.place is not None or event.actor1 is not None or event.actor2 is not None:
            yield row(event)


def settled(found: Sequence[Event]) -> list[Event]:
    """Return the events with those that have no place of their own put where the article's placed ones are."""
    placed = [
        e.place for e in found if e.placed and e.place is not None and e.group in ARMED and e.modality == "asserted"
    ]
    struck = [e.actor2.country for e in found if e.actor2 and e.group in STRIKES and e.modality == "asserted"]
    countries = Counter(p.country for p in placed if p.country) or Counter(c for c in struck if c)
    if not countries:
        return list(found)
    theatre = countries.most_common(1)[0][0]
    again: list[Event] = []
    for event in found:
        coarse = event.place is None or event.place.precision == COUNTRY
        sides = {actor.country for actor in (event.actor1, event.actor2) if actor is not None}
        hit = event.actor2.country if event.actor2 and event.group not in MUTUAL else None
        afar = hit is None or theatre not in sides  # soldiers die in somebody else's war too
        if coarse and afar and not event.placed and event.group in ARMED and not event.trigger.rule.country:
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
    if trigger.group == "movement" and modality_rule in ANNOUNCED:
        modality = "asserted"  # forces ordered to move are news by the order
    if trigger.rule.id == "event-war" and scope_rule in WEAK:
        scope, scope_rule = "background", "scope-war"  # the news is of its battles
    if scope == "background" and scope_rule in FRAMED and date is not None:
        date = framed(date, trigger)
    first, second = sides(trigger)
    here = named_here(trigger)
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
