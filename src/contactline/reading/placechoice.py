"""Which place of the gazetteer a name means: containment, cue words, the article's states, size."""

import csv
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources

from contactline.reading import gazetteer
from contactline.reading.actorbook import country_of, forms, states
from contactline.reading.article import Reading
from contactline.reading.gazetteer import Entry
from contactline.reading.placewords import cues, words


@dataclass(frozen=True)
class Place:
    """A place, resolved or only named.

    Attributes:
        name: as the text names it.
        place_id: GeoNames id or `curated:` key, None where unresolved.
        country: ISO3 of the recognised state, None where unknown.
        admin1: first-order division.
        latitude: WGS 84 degrees.
        longitude: WGS 84 degrees.
        precision: a code of `where_precision` (UCDP 1-7), None where unresolved.
    """

    name: str
    place_id: str | None = None
    country: str | None = None
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: int | None = None


def state_as_place(country: str) -> Place:
    """Return a state as a place."""
    state = states().get(country)
    listed = [e for e in gazetteer.entries(state.name) if e.kind == "country"] if state else []
    return listed_place(listed[0], listed[0].name) if listed else Place(country, country=country, precision=6)


def listed_place(entry: Entry, name: str) -> Place:
    """Return a place of the gazetteer under the name that the text gives it."""
    country = states().get(entry.country or "")
    shown = country.name if entry.kind == "country" and country else name
    if entry.place_id.startswith("curated:") and entry.kind not in ("city", "admin1", "admin2", "country"):
        shown = entry.name  # "the Crimean peninsula" is Crimea; towns keep the name that the text takes sides with
    precision = gazetteer.PRECISION[entry.kind]
    return Place(shown, entry.place_id, entry.country, entry.admin1, entry.latitude, entry.longitude, precision)


# ---- what an article is about
@lru_cache(maxsize=8)
def countries(reading: Reading) -> Counter[str]:
    """Return how often an article names each state, by its name, people, capital or places; from its text."""
    named: Counter[str] = Counter()
    for paragraph, mentions in zip(reading.paragraphs, reading.named, strict=True):
        for mention in mentions:
            if country := lies_in(mention.actor.actor_id, mention.actor.country):
                cued = cues().locative.search(paragraph.text[max(0, mention.start - 40) : mention.start])
                named[country] += 2 if cued else 1
    return named


@cache
def _entities() -> dict[str, str]:
    """Return the keys of what governs itself unrecognised -> ISO3 of the state it lies in."""
    source = resources.files("contactline") / "rulebook" / "actors" / "bodies.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return {row["actor_id"]: row["place_country"] for row in rows if row.get("place_country")}


def lies_in(actor_id: str | None, country: str | None) -> str | None:
    """Return the recognised state that an actor lies in: "Artsakh" lies in Azerbaijan."""
    return _entities().get(actor_id or "", country or "") or None


def _home(reading: Reading) -> str | None:
    counted = countries(reading)
    return max(counted, key=lambda c: (counted[c], c)) if counted else None


def alone(reading: Reading) -> str | None:
    """Return the state that an article is about where it is about one alone."""
    counted, home = countries(reading), _home(reading)
    return home if home and counted[home] > 0.6 * counted.total() else None


# ---- resolution
@dataclass(frozen=True)
class Found:
    """A name in a paragraph's text and what it may stand for.

    Attributes:
        start: offset of its first character.
        end: offset past its last.
        place: the place it may be.
        cued: the words around put something there.
        actor: it is a state or a seat of power, which act as well.
        known: big or rare enough to be told by its name alone.
        told: a noun beside the name says that it is a place: "village of", "district".
    """

    start: int
    end: int
    place: Place
    cued: bool
    actor: bool
    known: bool = True
    told: bool = False


def resolved(text: str, start: int, end: int, listed: Sequence[Entry], reading: Reading) -> Found | None:
    """Return a name with the place that it most likely means; None where that is none of those that bear it."""
    told, before, after = cues(), text[max(0, start - 70) : start], text[end : end + 60]
    name = text[start:end]
    division = told.division.match(after) or told.division_before.search(before)
    settled = told.settlement.search(before) or told.settled.match(after)
    if told.thing.match(after):
        return None
    inside = container(text, end, reading) or owner(before)
    ranked = sorted(
        (
            (score_of(e, name, reading, bool(division), bool(settled), inside), -number, e)
            for number, e in enumerate(listed)
        ),
        key=lambda item: item[:2],
        reverse=True,
    )
    score, _, best = ranked[0]
    if score + ALONE * (len({e.country for e in listed}) == 1) < LEAST:
        return None
    stop = end
    if match := told.division.match(after):
        stop = end + match.end() if not match.group().startswith("'") else end
    form = forms().get(name)
    actor = best.kind == "country" or (form is not None and form[1] == "seat")
    cued = bool(
        told.locative.search(before)
        or told.struck.search(before)
        or told.travel.search(before)
        or settled
        or (not actor and division)
    )
    place = listed_place(best, name)
    if told.division.match(after) and best.kind == "city":
        place = replace(place, precision=4)  # the division named after the town, which no list has
    direction = told.direction.search(before) if stop == end else None
    if direction and best.kind in ("country", "admin1", "region"):
        start -= len(before) - direction.start("direction")
        place = replace(place, name=text[start:end], precision=5)
    common = best.country in words()["common_names"] or name.isupper()
    known = best.place_id.startswith("curated:") or best.population >= KNOWN or not common
    return Found(start, stop, place, cued, actor, known, bool(settled or division))


KNOWN = 100_000
"""Inhabitants from which a name is a place without further cues, in states whose towns bear everybody's names."""

ALONE = 0.6
"""What it adds to a name's score that one state alone has places of that name."""

UNCOUNTED = 1000
"""Inhabitants assumed of a place that GeoNames gives none."""

LEAST = 1.6
"""Score below which a name is none of the places that bear it: a small town of a state the article does not name."""


def score_of(entry: Entry, name: str, reading: Reading, division: bool, settled: bool, inside: Place | None) -> float:
    """Return how likely a name means an entry: containment, cue words, the article's states, size."""
    counted = countries(reading)
    score = math.log10(entry.population or UNCOUNTED) / 3
    if entry.country in counted:
        score += 0.8 + min(1.0, 4 * counted[entry.country or ""] / counted.total())
    if entry.place_id.startswith("curated:") or entry.kind == "country":
        score += 1.5 if entry.kind in ("city", "admin1", "admin2", "country") else 2.5
    if entry.kind == "city" and country_of(name) == entry.country:
        score += 1.5
    if entry.kind in ("admin1", "admin2"):
        score += 1.0 if division else -0.6 if entry.kind == "admin2" else -0.3
    elif division and entry.kind == "city":
        score -= 1.0
    if settled and entry.kind in ("city", "site"):
        score += 0.5
    if inside is not None:
        same = entry.country == inside.country
        near = same and inside.admin1 is not None and inside.admin1 == entry.admin1
        score += 2.0 * near + 1.0 * same - 1.0 * (not same)
    return score


def owner(before: str) -> Place | None:
    """Return the state that the words before a name put it into: "Mali's central Mopti", "the Libyan city of Sirte"."""
    if (match := cues().owned.search(before)) is None:
        return None
    country = country_of(match["owner"] or match["holder"])
    return Place(country, country=country, precision=6) if country is not None else None


def container(text: str, end: int, reading: Reading) -> Place | None:
    """Return what the words after a name put it into: "Sotk, in the Gegharkunik region", "Paris, Texas"."""
    following = cues().name.search(text, end, end + 80)
    if following is None or not cues().within.match(text[end : following.start()]):
        return None
    name = following.group().removesuffix("'s")
    for words_ in (name, name.split(" ")[0]):
        listed = [e for e in gazetteer.entries(words_) if e.kind in ("country", "admin1", "region")]
        if listed:
            counted = countries(reading)
            return listed_place(max(listed, key=lambda e: (counted[e.country or ""], e.population)), words_)
    return None
