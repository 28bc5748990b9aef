"""Place names of an article to places of the gazetteer."""

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from itertools import takewhile
from typing import Any

import yaml

from contactline.reading import gazetteer
from contactline.reading.actorbook import country_of, forms, states
from contactline.reading.article import Reading
from contactline.reading.dates import clause
from contactline.reading.gazetteer import Entry
from contactline.reading.language import Sentence, Span, Token


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


def places(sentence: Sentence, reading: Reading) -> list[tuple[Span, Place]]:
    """Return the places that a sentence names, in order.

    States, and capitals that stand for a government, are places only where something happens there: "in Gondor",
    "an attack on Minas Tirith". What the text puts into a place but no gazetteer knows is returned unresolved.
    """
    return list(_places(sentence, reading))


def place_of(token: Token, sentence: Sentence, reading: Reading, *, carried: bool = True) -> Place | None:
    """Return the place of what a verb or an event noun tells.

    It is a place of the token's clause, else of its sentence; else, unless `carried` is False, the one that the
    paragraph or the lead set last, or the state that the article is about.
    """
    ranked = sorted(
        (*rank, number, place)
        for number, (span, place) in enumerate(_places(sentence, reading))
        if (rank := _rank(span, place, token)) is not None
    )
    if ranked and ranked[0][0] <= 1:
        nearest: Place = ranked[0][-1]
        return nearest
    if (country := _war_in(token)) is not None:
        return _state(country)
    if ranked:
        best: Place = ranked[0][-1]
        return best
    return _carried(sentence, reading) if carried else None


def _war_in(token: Token) -> str | None:
    """Return the state whose war a noun tells of: "the Syrian conflict"; "Syrian air strikes" may fall elsewhere."""
    if token.lemma_.lower() not in words()["wars"]:
        return None
    before = [t for t in token.lefts if t.dep_ in ("amod", "compound", "nmod", "poss")]
    named = {country for t in before if (country := country_of(t.text)) is not None}
    return named.pop() if len(named) == 1 else None


def _state(country: str) -> Place:
    """Return a state as a place."""
    state = states().get(country)
    listed = [e for e in gazetteer.entries(state.name) if e.kind == "country"] if state else []
    return _place(listed[0], listed[0].name) if listed else Place(country, country=country, precision=6)


# ---- words
@cache
def words() -> dict[str, Any]:
    """Return `rulebook/places/words.yml`."""
    source = resources.files("contactline") / "rulebook" / "places" / "words.yml"
    loaded: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return loaded


CAPITAL = r"(?:(?:al|el|ez|ash|as|ad|an|ar|at|az|Al|El|Ash|As|Ad|An|Ar|At)-)?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’]*(?:-[\w'’]+)*\.?"


@dataclass(frozen=True)
class _Cues:
    """The word lists as patterns over the text before and after a name."""

    name: re.Pattern[str]
    locative: re.Pattern[str]
    struck: re.Pattern[str]
    travel: re.Pattern[str]
    settlement: re.Pattern[str]
    division_before: re.Pattern[str]
    division: re.Pattern[str]
    settled: re.Pattern[str]
    direction: re.Pattern[str]
    within: re.Pattern[str]
    inside: re.Pattern[str]
    site: re.Pattern[str]
    site_cue: re.Pattern[str]
    border: re.Pattern[str]
    pair: re.Pattern[str]
    joins: re.Pattern[str]
    capital: re.Pattern[str]
    dateline: re.Pattern[str]


@cache
def _cues() -> _Cues:
    book = words()
    between = "|".join(book[key] for key in ("between", "direction_adjectives", "settlement"))
    filler = rf"(?:(?:{between}|(?-i:[A-Z]\w+(?:n|i|sh|ese|s'|'s))) )*"  # "near the besieged Gondorian town of"
    i = re.IGNORECASE
    return _Cues(
        name=re.compile(
            rf"(?<![\w'’-]){CAPITAL}(?: (?:(?:de|da|do|du|la|le|of|of the|al|el|the|e|y) )?{CAPITAL}){{0,4}}"
        ),
        locative=re.compile(rf"\b(?:{book['locative']}) (?:{filler})$", i),
        struck=re.compile(rf"\b(?:{book['struck']}) (?:of|on|against|for|in|at|into|over) (?:{filler})$", i),
        travel=re.compile(
            rf"\b(?:{book['travel']})(?: \w+){{0,2}} (?:to|from|for|between|via) (?:{filler})$"
            rf"|\b(?:{book['withdraw']})(?: [\w,]+){{0,5}} (?:to|from|out of) (?:{filler})$"
            rf"|\b(?:{book['visit']}) (?:{filler})$",
            i,
        ),
        settlement=re.compile(rf"\b(?:{book['settlement']}) (?:of|in|near|called) (?:the )?$", i),
        division_before=re.compile(rf"\b(?:{book['division']}) of (?:the )?$", i),
        division=re.compile(rf"^(?:'s)? (?:{book['direction_adjectives']} )?(?P<word>{book['division']})\b", i),
        settled=re.compile(r"^(?:'s)? (?:city|town|village|settlement|airport|international airport)\b"),
        direction=re.compile(rf"\b(?P<direction>{book['direction_adjectives']})(?: part of| parts of)? (?:the )?$", i),
        inside=re.compile(r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Aa]cross|[Ii]nside|heart of|city of|town of) $"),
        site=re.compile(
            rf"(?P<name>(?:{CAPITAL} ){{1,4}}(?:{'|'.join(book['site_nouns'])}))(?![\w-])"
            rf"|(?P<bare>{CAPITAL}(?: {CAPITAL}){{0,3}}) (?:{book['quarters']})(?![\w-])"
        ),
        site_cue=re.compile(rf"\b(?:{book['locative']}|{book['assailed']}) (?:{filler})(?:\w+ )?$", i),
        border=re.compile(rf"(?<![\w-])(?:{book['borders']})\b(?! (?:{book['not_the_border']}))"),
        pair=re.compile(r"(\w+)[-–](\w+) $"),
        joins=re.compile(r"(?: (?:between|with|of|to|from))? (?:the )?| and (?:the )?"),
        capital=re.compile(
            r"(?<![\w-])capital(?: city)?\b(?!,? [A-Z])(?! (?:of|punishment|letters|gains|market|control))"
        ),
        dateline=re.compile(
            r"(?:[A-Z][A-Z.'-]+[ ,/]{0,2}){1,5}(?:,? [A-Z][a-z.]+(?: \d+)?)?(?: ?\([^)]{1,30}\))? ?[—–-]{1,2} "
        ),
        within=re.compile(
            r"^(?:'s)?(?: (?:village|town|city|district|area))?(?:, (?:a \w+ )?|,? (?:in|of)(?: the| \w+ern| \w+'s)* )$"
        ),
    )


# ---- what an article is about
@lru_cache(maxsize=8)
def countries(reading: Reading) -> Counter[str]:
    """Return how often an article names each state, by its name, people, capital or places; from its text."""
    named: Counter[str] = Counter()
    for paragraph, mentions in zip(reading.paragraphs, reading.named, strict=True):
        for mention in mentions:
            if country := _lies_in(mention.actor.actor_id, mention.actor.country):
                cued = _cues().locative.search(paragraph.text[max(0, mention.start - 40) : mention.start])
                named[country] += 2 if cued else 1
    return named


@cache
def _entities() -> dict[str, str]:
    """Return the keys of what governs itself unrecognised -> ISO3 of the state it lies in."""
    source = resources.files("contactline") / "rulebook" / "actors" / "bodies.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return {row["actor_id"]: row["place_country"] for row in rows if row.get("place_country")}


def _lies_in(actor_id: str | None, country: str | None) -> str | None:
    return _entities().get(actor_id or "", country or "") or None


def _home(reading: Reading) -> str | None:
    counted = countries(reading)
    return max(counted, key=lambda c: (counted[c], c)) if counted else None


# ---- names in text
@dataclass(frozen=True)
class _Found:
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


@lru_cache(maxsize=8)
def _named(reading: Reading) -> list[list[_Found]]:
    """Return the possible places of each paragraph, read from its text alone."""
    return [list(_in_text(number, reading)) for number in range(len(reading.paragraphs))]


def _in_text(number: int, reading: Reading) -> Iterator[_Found]:
    text = reading.paragraphs[number].text
    taken = [
        (m.start, m.end)
        for m in reading.named[number]
        if m.form == "person"
        and not _cues().division.match(text[m.end : m.end + 40])
        and not (" " not in text[m.start : m.end] and _cues().inside.search(text[max(0, m.start - 12) : m.start]))
    ]
    end = 0
    stated = [*_borders(number, reading), *_capitals(number, reading)]
    taken += [(found.start, found.end) for found in stated]
    if line := _cues().dateline.match(text):
        taken.append(line.span())
    for start, stop, listed in sorted([*_states_in(number, reading), *_sequences(text), *_phrases(text)], key=_longest):
        if start < end or any(a < stop and start < b for a, b in taken):
            continue
        found = _resolved(text, start, stop, listed, reading)
        if found is not None:
            last = stated[-1] if stated else None
            if last and last.cued and not found.cued and text[last.end : start] in LISTED:
                found = replace(found, cued=True)
            stated.append(found)
            end = found.end
    stated = _plural(text, stated)
    sites = list(_sites(text, stated, taken, reading))
    outside = [f for f in stated if not any(s.start <= f.start and f.end <= s.end for s in sites)]
    yield from sorted([*outside, *sites], key=lambda found: found.start)


def _plural(text: str, found: Sequence[_Found]) -> list[_Found]:
    """Make divisions of all the names before "districts": "the Sotk, Bree and Tegh districts"."""
    plain = list(found)
    for number in range(len(plain) - 1, 0, -1):
        last, first = plain[number], plain[number - 1]
        listed = text[first.end : last.start] in LISTED
        plural = text[last.start : last.end].endswith("s") and _cues().division.search(
            " " + text[last.start : last.end]
        )
        if listed and (plural or last.place.precision == 4) and last.told and first.place.precision == 1:
            plain[number - 1] = replace(first, place=replace(first.place, precision=4), told=True)
    return plain


def _sites(text: str, known: Sequence[_Found], taken: Sequence[tuple[int, int]], reading: Reading) -> Iterator[_Found]:
    """Yield what a noun tells to be a place though no gazetteer knows it: "the Bree Hotel", "Bree district".

    It lies in the place that the words after it name, or in the one named just before, and has its coordinates.
    """
    for match in _cues().site.finditer(text):
        name = match["name"] or match["bare"]
        start, end = match.start(), match.start() + len(name)
        crossed = match["bare"] and any(f.start < end and start + name.rfind("'s ") + 1 < f.end for f in known)
        if crossed or any(a < end and start < b for a, b in taken) or country_of(name):
            continue
        if not _cues().site_cue.search(text[max(0, start - 70) : start]):
            continue
        name = name.rpartition("'s ")[2]
        start = end - len(name)
        town = next((f.place for f in known if f.start == start and f.place.precision in TOWNS), None)
        after = next((f.place for f in known if f.start >= end and _cues().within.match(text[end : f.start])), None)
        before = [f.place for f in known if f.end <= start and f.place.precision in TOWNS]
        inside = town or after or (before[-1] if before else None)
        yield _Found(start, match.end(), _site(name, inside, reading), cued=True, actor=False)


def _site(name: str, inside: Place | None, reading: Reading) -> Place:
    """Return a site with the coordinates of the town it lies in; of a larger place it has only the state."""
    if inside is None:
        return Place(name, country=_alone(reading))
    if inside.precision not in TOWNS:
        return Place(name, country=inside.country, admin1=inside.admin1)
    return replace(inside, name=name if inside.name in name else f"{name}, {inside.name}", precision=2)


def _alone(reading: Reading) -> str | None:
    """Return the state that an article is about where it is about one alone."""
    counted, home = countries(reading), _home(reading)
    return home if home and counted[home] > 0.6 * counted.total() else None


TOWNS = (1, 2)
"""Precision of what is a point on the map; what lies in it has its coordinates."""

LISTED = (", ", " and ", ", and ", " or ", " & ", " as well as ")


def _borders(number: int, reading: Reading) -> Iterator[_Found]:
    """Yield the borders that a paragraph names: "the border with Gondor", "the Arnor-Gondor border", "their border"."""
    text, mentions = reading.paragraphs[number].text, reading.named[number]
    for match in _cues().border.finditer(text):
        near = [m for m in mentions if match.start() - 30 <= m.start and m.end <= match.end() + 40]
        sides: list[str] = []
        start, end = match.span()
        if pair := _cues().pair.search(text[max(0, start - 40) : start]):
            sides = [country for side in pair.groups() if (country := country_of(side))]
            start -= pair.end() - pair.start()
        for m in reversed([m for m in near if m.end <= start]):
            if m.actor.country and text[m.end : start] in (" ", "-", "–", "'s ") and m.form != "person":
                sides.insert(0, m.actor.country)
                start = m.start
        for m in [m for m in near if m.start >= match.end()]:
            if m.actor.country and _cues().joins.fullmatch(text[end : m.start]) and m.form != "person":
                sides.append(m.actor.country)
                end = m.end
        place = _border(sides, reading)
        if place is not None:
            yield _Found(
                start, end, place, bool(_cues().locative.search(text[max(0, start - 40) : start])) or True, False
            )


def _border(sides: list[str], reading: Reading) -> Place | None:
    """Return the border between two states; of one that is named, with the other state that the article is about."""
    both = list(dict.fromkeys(sides))[:2]
    for country, _ in sorted(countries(reading).items(), key=lambda item: (-item[1], item[0])):
        if len(both) < 2 and country not in both:
            both.append(country)
    if not both or not set(both) <= set(states()):
        return None
    if len(both) < 2:
        return Place(f"{states()[both[0]].name} border", country=both[0], precision=5)
    first, second = (states()[country].name for country in sorted(both))
    listed = [e for e in gazetteer.entries(f"{first}-{second} border") if e.kind == "border"]
    if listed:
        return _place(listed[0], listed[0].name)
    counted = countries(reading)
    nearer, farther = sorted(both[:2], key=lambda country: -counted[country])
    inside = nearer if counted[nearer] >= 2 * counted[farther] else None  # the side of it that the article tells of
    return Place(f"{first}-{second} border", country=inside, precision=5)


def _capitals(number: int, reading: Reading) -> Iterator[_Found]:
    """Yield the capitals that are not named: "in the Gondorian capital"."""
    text, mentions = reading.paragraphs[number].text, reading.named[number]
    for match in _cues().capital.finditer(text):
        owner = next((m for m in mentions if text[m.end : match.start()] in (" ", "'s ")), None)
        country = owner.actor.country if owner else None
        seat = _seats().get(country or "")
        listed = [e for e in gazetteer.entries(seat) if e.country == country and e.kind == "city"] if seat else []
        if listed:
            yield _Found(match.start(), match.end(), _place(listed[0], seat or ""), True, False)


@cache
def _seats() -> dict[str, str]:
    """Return ISO3 -> capital."""
    seats: dict[str, str] = {}
    for name, (actor, form) in forms().items():
        if form == "seat" and actor.country and any(e.kind == "city" for e in gazetteer.entries(name)):
            seats.setdefault(actor.country, name)
    return seats


def _longest(item: tuple[int, int, Sequence[Entry]]) -> tuple[int, int]:
    return item[0], -item[1]


def _states_in(number: int, reading: Reading) -> Iterator[tuple[int, int, Sequence[Entry]]]:
    for mention in reading.named[number]:
        if mention.form == "name" and mention.actor.kind == "state":
            name = reading.paragraphs[number].text[mention.start : mention.end]
            listed = [e for e in gazetteer.entries(name) if e.kind == "country" and e.country == mention.actor.country]
            if listed:
                yield mention.start, mention.end, listed


def _sequences(text: str) -> Iterator[tuple[int, int, Sequence[Entry]]]:
    """Yield the longest runs of capitalised words that are names of the gazetteer."""
    never = _never()
    for run in _cues().name.finditer(text):
        ends = [m.end() for m in re.finditer(r"[\w'’.-]+", run.group())]
        starts = [m.start() for m in re.finditer(r"[\w'’.-]+", run.group())]
        first = 0
        while first < len(starts):
            for last in range(len(ends) - 1, first - 1, -1):
                name = run.group()[starts[first] : ends[last]]
                name = (
                    name.removesuffix("'s").removesuffix("’s").rstrip(".'’") if name not in ("U.S.", "U.K.") else name
                )
                if (
                    gazetteer.folded(name) in never
                    or _is_people(name)
                    or (name.isupper() and len(name) < 6 and not gazetteer.is_curated(name))
                ):
                    continue
                if (listed := gazetteer.entries(name)) and not _is_part(
                    run.group(), starts[first], starts[first] + len(name)
                ):
                    at = run.start() + starts[first]
                    yield at, at + len(name), listed
                    first = last
                    break
            first += 1


def _is_part(run: str, start: int, end: int) -> bool:
    """Say whether a name stands inside a longer one that is no place: "Andrew" of "Andrew Schofer"."""
    before, after = run[:start].rstrip(" ").rpartition(" ")[2], run[end:].strip(" ").partition(" ")[0]
    if before and not (
        before.endswith(("'s", ",", ".", "-held", "-controlled")) or country_of(before) or before in _nouns()
    ):
        return True
    return bool(after) and after[0] not in "'." and after.rstrip(".") not in _nouns() and country_of(after) is None


@cache
def _nouns() -> frozenset[str]:
    """Return the capitalised words that may stand beside the name of a place: "Sotk Province", "Kabul Airport"."""
    book = words()
    nouns = "|".join(book[key] for key in ("settlement", "division", "direction_adjectives", "direction_titles")).split(
        "|"
    )
    return frozenset({*(n.title() for n in nouns), *book["site_nouns"], *book["beside"]}) - {"Street"}


def _is_people(name: str) -> bool:
    form = forms().get(name)
    return form is not None and form[1] == "demonym"


@cache
def _never() -> frozenset[str]:
    return frozenset(map(str, words()["never"]))


@cache
def _phrase() -> re.Pattern[str]:
    """Return the curated names that begin in lower case or hold words that do: "southern Israel", "line of contact"."""
    names = sorted((n for n in gazetteer.spellings() if not n.istitle() and " " in n), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def _phrases(text: str) -> Iterator[tuple[int, int, Sequence[Entry]]]:
    for match in _phrase().finditer(text):
        the = len(match.group()) - len(match.group().removeprefix("the "))
        yield match.start() + the, match.end(), gazetteer.entries(match.group())


# ---- resolution
def _resolved(text: str, start: int, end: int, listed: Sequence[Entry], reading: Reading) -> _Found | None:
    cues, before, after = _cues(), text[max(0, start - 70) : start], text[end : end + 60]
    name = text[start:end]
    division = cues.division.match(after) or cues.division_before.search(before)
    settled = cues.settlement.search(before) or cues.settled.match(after)
    inside = _container(text, end, reading)
    ranked = sorted(
        (
            (_score(e, name, reading, bool(division), bool(settled), inside), -number, e)
            for number, e in enumerate(listed)
        ),
        key=lambda item: item[:2],
        reverse=True,
    )
    score, _, best = ranked[0]
    if score + ALONE * (len({e.country for e in listed}) == 1) < LEAST:
        return None
    stop = end
    if match := cues.division.match(after):
        stop = end + match.end() if not match.group().startswith("'") else end
    form = forms().get(name)
    actor = best.kind == "country" or (form is not None and form[1] == "seat")
    cued = bool(
        cues.locative.search(before)
        or cues.struck.search(before)
        or cues.travel.search(before)
        or settled
        or (not actor and division)
    )
    place = _place(best, name)
    if cues.division.match(after) and best.kind == "city":
        place = replace(place, precision=4)  # the division named after the town, which no list has
    direction = cues.direction.search(before)
    if direction and best.kind in ("country", "admin1", "region"):
        start -= len(before) - direction.start("direction")
        place = replace(place, name=text[start:end], precision=5)
    common = best.country in words()["common_names"] or name.isupper()
    known = best.place_id.startswith("curated:") or best.population >= KNOWN or not common
    return _Found(start, stop, place, cued, actor, known, bool(settled or division))


KNOWN = 100_000
"""Inhabitants from which a name is a place without further cues, in states whose towns bear everybody's names."""

ALONE = 0.6
"""What it adds to a name's score that one state alone has places of that name."""

UNCOUNTED = 1000
"""Inhabitants assumed of a place that GeoNames gives none."""

LEAST = 1.6
"""Score below which a name is none of the places that bear it: a small town of a state the article does not name."""


def _score(entry: Entry, name: str, reading: Reading, division: bool, settled: bool, inside: Place | None) -> float:
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


def _container(text: str, end: int, reading: Reading) -> Place | None:
    """Return what the words after a name put it into: "Sotk, in the Gegharkunik region", "Paris, Texas"."""
    cues = _cues()
    following = cues.name.search(text, end, end + 80)
    if following is None or not cues.within.match(text[end : following.start()]):
        return None
    name = following.group().removesuffix("'s")
    for words_ in (name, name.split(" ")[0]):
        listed = [e for e in gazetteer.entries(words_) if e.kind in ("country", "admin1", "region")]
        if listed:
            counted = countries(reading)
            return _place(max(listed, key=lambda e: (counted[e.country or ""], e.population)), words_)
    return None


def _place(entry: Entry, name: str) -> Place:
    country = states().get(entry.country or "")
    shown = country.name if entry.kind == "country" and country else name
    if entry.place_id.startswith("curated:") and entry.kind not in ("city", "admin1", "admin2", "country"):
        shown = entry.name  # "the Crimean peninsula" is Crimea; towns keep the name that the text takes sides with
    precision = gazetteer.PRECISION[entry.kind]
    return Place(shown, entry.place_id, entry.country, entry.admin1, entry.latitude, entry.longitude, precision)


# ---- places of a parsed sentence
@lru_cache(maxsize=2048)
def _places(sentence: Sentence, reading: Reading) -> tuple[tuple[Span, Place], ...]:
    low, high = sentence.tokens.start_char, sentence.tokens.end_char
    found = list(_spans(_named(reading)[sentence.paragraph], sentence.tokens.doc, low, high))
    text = reading.paragraphs[sentence.paragraph].text
    for span in _unresolved(sentence, found):
        inside = _container(text, span.end_char, reading)
        name = span.text.removeprefix("the ").removesuffix("'s").removesuffix(" on")
        state = inside.country if inside else _alone(reading)
        found.append((span, Place(name, country=state, admin1=inside.admin1 if inside else None)))
    return tuple(sorted(found, key=lambda item: item[0].start))


def _spans(hits: Sequence[_Found], doc: Any, low: int, high: int) -> Iterator[tuple[Span, Place]]:
    """Yield the names between two offsets of a parsed paragraph that are places there."""
    for hit in hits:
        if low <= hit.start < high:
            span = doc.char_span(hit.start, min(hit.end, high), alignment_mode="expand")
            if span is not None and _is_place(span, hit):
                yield span, hit.place


def _is_place(span: Span, hit: _Found) -> bool:
    """Say whether a name of the gazetteer is a place here, not a person, a company or the government seated there."""
    root = span.root
    labels = {t.ent_type_ for t in span if t.ent_type_}
    if root.dep_ in ("dobj", "nsubjpass") and root.head.lemma_ in words()["strike_verbs"]:
        return "PERSON" not in labels or root.head.lemma_ in words()["only_places"]
    if hit.cued:
        return labels != {"PERSON"} or hit.told or hit.place.precision != 1 or _in_entity(span)
    if hit.actor:
        return root.dep_ in ("compound", "nmod") and root.head.lemma_ in (
            "attack",
            "bombing",
            "blast",
            "summit",
            "talks",
        )
    if hit.place.precision in (5, 7) and len(span) > 1:
        return True
    if root.dep_ in ("compound", "nmod", "poss") and root.head.lower_ in words()["beside_lower"]:
        return True
    return hit.known and bool(labels) and labels <= {"GPE", "LOC", "FAC"}


def _in_entity(span: Span) -> bool:
    entity = next((e for e in span.doc.ents if e.start <= span.start < e.end), None)
    return entity is not None and entity.text == span.text


def _unresolved(sentence: Sentence, found: list[tuple[Span, Place]]) -> Iterator[Span]:
    """Yield the names that the language model takes for places and a preposition puts something into."""
    taken = {t.i for span, _ in found for t in span}
    for entity in sentence.tokens.ents:
        if entity.label_ not in ("GPE", "LOC", "FAC") or taken & {t.i for t in entity}:
            continue
        if entity.root.dep_ == "pobj" and entity.root.head.lower_ in words()["locative"].split("|"):
            text = entity.text.removeprefix("the ").removesuffix("'s")
            if country_of(text) is None and text[:1].isupper() and gazetteer.folded(text) not in _never():
                yield entity


# ---- which place governs a word
def _rank(span: Span, place: Place, token: Token) -> tuple[int, int] | None:
    """Return how closely a place is tied to a token, 0 the closest, and how coarse it is; None where someone speaks."""
    root = span.root
    chain = list(_chain(root))
    host = chain[-1]
    finer = FINEST.get(place.precision or 1, place.precision or 1)
    if _recalled(chain, token):
        return None
    if any(t.i == token.i for t in chain):
        origin = any(t.lower_ == "from" for t in chain)
        return int(origin), finer
    mine, other = clause(token), clause(host)
    if other.lemma_ in words()["said"] and mine.i != other.i:
        return None
    if mine.i == other.i or other.head.i == token.i or mine.head.i == host.i:
        return 1, finer
    return 2, finer


def _recalled(chain: Sequence[Token], token: Token) -> bool:
    """Say whether a place is only where an earlier war was: "the worst fighting since the war over Gondor"."""
    below = list(takewhile(lambda t: t.i != token.i, chain))
    return any(t.lower_ == "since" for t in below) and any(t.lemma_.lower() in words()["wars"] for t in below)


def _chain(root: Token) -> Iterator[Token]:
    """Yield the tokens from a place name up to the verb it hangs on."""
    token = root
    yield token
    while token.head.i != token.i:
        token = token.head
        yield token
        if token.pos_ in ("VERB", "AUX"):
            return


def _carried(sentence: Sentence, reading: Reading) -> Place | None:
    """Return the place that stands over a sentence without one: its paragraph's, the lead's, the article's state."""
    named, scene = _named(reading), _scene(reading)
    low, high = sentence.tokens.start_char, sentence.tokens.end_char
    own = [m for m in reading.named[sentence.paragraph] if low <= m.start < high and m.form != "person"]
    about = {c for m in own if (c := _lies_in(m.actor.actor_id, m.actor.country))}
    before = [place for _, place in _spans(named[sentence.paragraph], sentence.tokens.doc, 0, low)]
    points = [place for place in before if place.precision != 6]
    lead = [hit.place for hits in named[:LEAD] for hit in hits if hit.place.precision != 6 and hit.cued]
    home = max(scene, key=lambda c: (scene[c], c)) if scene else None
    for place in [*reversed(points), *reversed(before)]:
        if not about or place.country in about:
            return place
    for place in lead:
        if place.country in about or (not about and place.country == home):
            return place
    country = max(about, key=lambda c: (scene[c], c)) if about else home
    if country is None:
        return None
    return _state(country)


@lru_cache(maxsize=8)
def _scene(reading: Reading) -> Counter[str]:
    """Return how much of an article plays in each state: what is told to be in it counts, its officials hardly do."""
    scene: Counter[str] = Counter()
    for hits in _named(reading):
        for hit in hits:
            if hit.place.country and hit.cued:
                scene[hit.place.country] += 2 if hit.actor else 6
            elif hit.place.country and not hit.actor:
                scene[hit.place.country] += 2
    for country, count in countries(reading).items():
        scene[country] += count
    return scene


LEAD = 3  # paragraphs
FINEST = {2: 0}  # a site or a quarter of a town says more than the town
