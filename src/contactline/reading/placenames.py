"""The names of places in the text of an article, read without its parse."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import combinations

from contactline.reading import gazetteer
from contactline.reading.actorbook import country_of, forms, states
from contactline.reading.article import Reading
from contactline.reading.gazetteer import Entry
from contactline.reading.placechoice import (
    Found,
    Place,
    alone,
    container,
    countries,
    listed_place,
    owner,
    resolved,
)
from contactline.reading.placewords import cues, never, words


@lru_cache(maxsize=8)
def named(reading: Reading) -> list[list[Found]]:
    """Return the possible places of each paragraph, read from its text alone."""
    return [list(_in_text(number, reading)) for number in range(len(reading.paragraphs))]


def _in_text(number: int, reading: Reading) -> Iterator[Found]:
    text = reading.paragraphs[number].text
    taken = [
        (m.start, m.end)
        for m in reading.named[number]
        if m.form == "person"
        and not cues().division.match(text[m.end : m.end + 40])
        and not (" " not in text[m.start : m.end] and cues().inside.search(text[max(0, m.start - 12) : m.start]))
    ]
    end = 0
    stated = [*_borders(number, reading), *_capitals(number, reading)]
    taken += [(found.start, found.end) for found in stated]
    if line := cues().dateline.match(text):
        taken.append(line.span())
    for start, stop, listed in sorted([*_states_in(number, reading), *_sequences(text), *_phrases(text)], key=_longest):
        if start < end or any(a < stop and start < b for a, b in taken):
            continue
        found = resolved(text, start, stop, listed, reading)
        if found is not None:
            last = stated[-1] if stated else None
            if last and last.cued and not found.cued and text[last.end : start] in LISTED:
                found = replace(found, cued=True)
            stated.append(found)
            end = found.end
    stated = _plural(text, stated)
    stated += list(_settlements(text, stated, taken, reading))
    sites = list(_sites(text, stated, taken, reading))
    outside = [f for f in stated if not any(s.start <= f.start and f.end <= s.end for s in sites)]
    yield from sorted([*outside, *sites], key=lambda found: found.start)


def _plural(text: str, found: Sequence[Found]) -> list[Found]:
    """Make divisions of all the names before "districts": "the Sotk, Bree and Tegh districts"."""
    plain = list(found)
    for number in range(len(plain) - 1, 0, -1):
        last, first = plain[number], plain[number - 1]
        listed = text[first.end : last.start] in LISTED
        plural = text[last.start : last.end].endswith("s") and cues().division.search(" " + text[last.start : last.end])
        if listed and (plural or last.place.precision == 4) and last.told and first.place.precision == 1:
            plain[number - 1] = replace(first, place=replace(first.place, precision=4), told=True)
    return plain


def _settlements(
    text: str, known: Sequence[Found], taken: Sequence[tuple[int, int]], reading: Reading
) -> Iterator[Found]:
    """Yield what "village of" tells to be a place though no gazetteer knows it; it has the state of what it lies in."""
    spans = [*taken, *((f.start, f.end) for f in known)]
    for match in cues().settled_name.finditer(text):
        (start, end), name = match.span("name"), match["name"].removesuffix("'s").rstrip(".")
        if any(a < end and start < b for a, b in spans) or country_of(name) or gazetteer.folded(name) in never():
            continue
        inside = container(text, end, reading) or owner(text[max(0, start - 70) : start])
        country = inside.country if inside else alone(reading)
        place = Place(name, country=country, admin1=inside.admin1 if inside else None)
        yield Found(start, start + len(name), place, cued=True, actor=False, told=True)


def _sites(text: str, known: Sequence[Found], taken: Sequence[tuple[int, int]], reading: Reading) -> Iterator[Found]:
    """Yield what a noun tells to be a place though no gazetteer knows it: "the Bree Hotel", "Bree district".

    It lies in the place that the words after it name, or in the one named just before, and has its coordinates.
    """
    for match in cues().site.finditer(text):
        name = match["name"] or match["bare"]
        start, end = match.start(), match.start() + len(name)
        crossed = match["bare"] and any(f.start < end and start + name.rfind("'s ") + 1 < f.end for f in known)
        if crossed or any(a < end and start < b for a, b in taken) or country_of(name):
            continue
        if not cues().site_cue.search(text[max(0, start - 70) : start]):
            continue
        name = name.rpartition("'s ")[2]
        start = end - len(name)
        town = next((f.place for f in known if f.start == start and f.place.precision in TOWNS), None)
        after = next((f.place for f in known if f.start >= end and cues().within.match(text[end : f.start])), None)
        before = [f.place for f in known if f.end <= start and f.place.precision in TOWNS]
        inside = town or after or (before[-1] if before else None)
        yield Found(start, match.end(), _site(name, inside, reading), cued=True, actor=False)


def _site(name: str, inside: Place | None, reading: Reading) -> Place:
    """Return a site with the coordinates of the town it lies in; of a larger place it has only the state."""
    if inside is None:
        return Place(name, country=alone(reading))
    if inside.precision not in TOWNS:
        return Place(name, country=inside.country, admin1=inside.admin1)
    return replace(inside, name=name if inside.name in name else f"{name}, {inside.name}", precision=2)


TOWNS = (1, 2)
"""Precision of what is a point on the map; what lies in it has its coordinates."""

LISTED = (", ", " and ", ", and ", " or ", " & ", " as well as ")


def _borders(number: int, reading: Reading) -> Iterator[Found]:
    """Yield the borders that a paragraph names: "the border with Gondor", "the Arnor-Gondor border", "their border"."""
    text, mentions = reading.paragraphs[number].text, reading.named[number]
    for match in cues().border.finditer(text):
        near = [m for m in mentions if match.start() - 30 <= m.start and m.end <= match.end() + 40]
        sides: list[str] = []
        start, end = match.span()
        if cues().own_borders.search(text[max(0, start - 60) : start]):
            continue
        pair = cues().pair.search(text[max(0, start - 40) : start])
        if pair and all(country_of(side) for side in pair.groups()):
            sides = [country for side in pair.groups() if (country := country_of(side))]
            start -= pair.end() - pair.start()
        for m in reversed([m for m in near if m.end <= start]):
            if m.actor.country and text[m.end : start] in (" ", "-", "–", "'s ") and m.form != "person":
                sides.insert(0, m.actor.country)
                start = m.start
        for m in [m for m in near if m.start >= match.end()]:
            if m.actor.country and cues().joins.fullmatch(text[end : m.start]) and m.form != "person":
                sides.append(m.actor.country)
                end = m.end
        place = _border(sides, reading)
        if place is not None:
            yield Found(
                start, end, place, bool(cues().locative.search(text[max(0, start - 40) : start])) or True, False
            )


def _border(sides: list[str], reading: Reading) -> Place | None:
    """Return the border between two states; of one that is named, with the neighbour that the article is about."""
    both = list(dict.fromkeys(sides))[:2]
    counted, beside = countries(reading), gazetteer.neighbours()
    about = sorted(counted, key=lambda country: (-counted[country], country))
    if not both:
        pairs = [[one, other] for one, other in combinations(about, 2) if other in beside.get(one, ())]
        listed = [pair for pair in pairs if set(pair) <= set(about[:SIDES]) and _listed_border(pair)]
        both = max(listed or pairs, key=lambda pair: counted[pair[0]] * counted[pair[1]], default=about[:1])
    elif len(both) == 1:
        both += [country for country in about if country in beside.get(both[0], ())][:1]
    if not both or not set(both) <= set(states()):
        return None
    if len(both) < 2:
        return Place(f"{states()[both[0]].name} border", country=both[0], precision=5)
    if (line := _listed_border(both)) is not None:
        return listed_place(line, line.name)
    nearer, farther = sorted(both[:2], key=lambda country: -counted[country])
    inside = nearer if counted[nearer] >= 2 * counted[farther] else None  # the side of it that the article tells of
    return Place(_border_name(both), country=inside, precision=5)


SIDES = 4
"""How many of the states that an article names most may be the sides of a border that it leaves unnamed."""


def _border_name(both: Sequence[str]) -> str:
    return "-".join(states()[country].name for country in sorted(both)) + " border"


def _listed_border(both: Sequence[str]) -> Entry | None:
    if not set(both) <= set(states()):
        return None
    return next((e for e in gazetteer.entries(_border_name(both)) if e.kind == "border"), None)


def _capitals(number: int, reading: Reading) -> Iterator[Found]:
    """Yield the capitals that are not named: "in the Gondorian capital"."""
    text, mentions = reading.paragraphs[number].text, reading.named[number]
    for match in cues().capital.finditer(text):
        owner = next((m for m in mentions if text[m.end : match.start()] in (" ", "'s ")), None)
        country = owner.actor.country if owner else None
        seat = _seats().get(country or "")
        listed = [e for e in gazetteer.entries(seat) if e.country == country and e.kind == "city"] if seat else []
        if listed:
            yield Found(match.start(), match.end(), listed_place(listed[0], seat or ""), True, False)


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
    for run in cues().name.finditer(text):
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
                    gazetteer.folded(name) in never()
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
def _phrase() -> re.Pattern[str]:
    """Return the curated names that begin in lower case or hold words that do: "southern Israel", "line of contact"."""
    names = sorted((n for n in gazetteer.spellings() if not n.istitle() and " " in n), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def _phrases(text: str) -> Iterator[tuple[int, int, Sequence[Entry]]]:
    for match in _phrase().finditer(text):
        the = len(match.group()) - len(match.group().removeprefix("the "))
        yield match.start() + the, match.end(), gazetteer.entries(match.group())
