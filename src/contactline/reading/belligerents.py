"""Who an article is about: the sides that it names most."""

from collections import Counter
from functools import lru_cache

from contactline.reading import rulebook
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor
from contactline.reading.article import Reading

LEAD = 1.5  # how much oftener than the third side the two sides of an article are named
SIDED = ("state", "entity", "armed_group", "person")


def side(actor: Actor) -> str:
    """Return what tells one side from another: the country, else the name."""
    return actor.country or actor.name.lower().removeprefix("the ")


@lru_cache(maxsize=8)
def main_pair(reading: Reading) -> list[Actor]:
    """Return the two states or armed groups that an article names most, where they stand out from the rest."""
    named = [m.actor for paragraph in reading.named for m in paragraph if m.form != "compound"]
    counts = Counter(side(a) for a in named if a.kind in SIDED and (a.country or a.kind == "armed_group"))
    ranked = counts.most_common(3)
    if len(ranked) < 2 or (len(ranked) == 3 and ranked[1][1] < LEAD * ranked[2][1]):
        return []
    return [
        next(a if a.kind != "person" else states().get(a.country or "", a) for a in named if side(a) == key)
        for key, _ in ranked[:2]
    ]


@lru_cache(maxsize=8)
def opponents(reading: Reading) -> tuple[str, ...]:
    """Return the states that an article is mostly about, the most named first."""
    named = Counter(m.actor.country for ms in reading.named for m in ms if m.actor.country)
    top = named.most_common(3)
    share = rulebook.load("claims")["opponent_share"]
    return tuple(str(country) for country, times in top if times >= share * top[0][1])


def last_group(paragraph: int, before: int, reading: Reading) -> Actor | None:
    """Return the armed group named last before a place in the text: offset `before` of a paragraph."""
    marks = [m for named in reading.named[:paragraph] for m in named]
    marks += [m for m in reading.named[paragraph] if m.start < before]
    return next((m.actor for m in reversed(marks) if m.actor.kind == "armed_group" and m.form != "compound"), None)
