"""Event mentions to events: one event however many articles tell of it."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from contactline.records import when, where, words
from contactline.records.clusters import ONE, Apart, Group, groups
from contactline.records.params import Params
from contactline.records.sources import Row, Source, reported
from contactline.records.when import When
from contactline.records.where import Where

NAMED_BESIDE = 0.3  # share: places that differ and need not be where it happened, as little as no place
TIE = 0.001  # share: less than any weight tells apart

Sides = tuple[str | None, str | None]
Name = tuple[str | None, str | None]  # as written, ISO3
Names = tuple[Name, Name]
Side = tuple[str | None, Name]


@dataclass(slots=True)
class Telling:
    """One event as one article tells it.

    Attributes:
        sides: keys of actor1 and actor2, None where it is not told who it was; sorted where their order means nothing.
        names: name and country of the two, in the same order.
    """

    source: Source
    group: str
    type: str
    sides: Sides
    names: Names
    where: Where
    when: When
    scope: str
    mentions: tuple[int, ...]
    sentences: tuple[int, ...]

    def block(self) -> tuple[str, str, str]:
        """Points are compared at one point; areas where the sides are the same, or else the area.

        What is signed is known by its day and parties: it is signed in one place, for another. A war is known by its
        parties and years, whatever place is named beside it.
        """
        if words.is_signed(self.group):
            return self.group, "signed", ""
        if self.is_war:
            return self.group, "war between", " ".join(sorted(filter(None, self.sides)))
        if self.where.kind == where.POINT:
            return self.group, "at", self.where.key
        if None not in self.sides:
            return self.group, "between", " ".join(sorted(filter(None, self.sides)))
        if self.where.kind == where.AREA:
            return self.group, "in", self.where.key
        return self.group, "told by", self.source.article_id

    @property
    def is_war(self) -> bool:
        """Whether it is fighting of more than a month between two that are named."""
        return words.is_fighting(self.group) and None not in self.sides and self.when.length > when.LONG

    def undated(self) -> str:
        """Undated background is one event within one article only."""
        return self.source.article_id

    def links(self) -> Sequence[str]:
        """What is signed is compared where a party or the place is the same."""
        if not words.is_signed(self.group):
            return ONE
        return sorted({side for side in self.sides if side} | {f"at {self.where.key}"})

    def order(self, told: int = 0) -> tuple[object, ...]:
        """What names a place comes first, but in wars, then what the text dates firmly and what names both sides."""
        return (
            where.AREA if self.is_war else self.where.kind,
            *when.firmness(self.when, told),
            self.sides.count(None),
            where.fineness(self.where),
            self.source.published or 0,
            self.mentions[0],
        )


def events(
    told: Iterable[tuple[Source, list[Row]]], params: Params, apart: Apart = frozenset()
) -> Iterator[Group[Telling]]:
    """Yield the events that the mentions tell of; what is denied, feared or planned is no event.

    Args:
        told: each article with its rows of `event_mentions`.
        params: windows and weights.
        apart: pairs of (article_id, sentence_start) that a person has told apart.
    """
    tellings = (telling for source, rows in told for telling in in_article(source, rows, params))
    margin = max(*params.days_apart.values(), params.publication_lag)
    return groups(tellings, lambda a, b: agreement(a, b, params), absorb, margin, apart)


def in_article(source: Source, rows: Iterable[Mapping[str, Any]], params: Params) -> list[Telling]:
    """Return the events that one article tells, each once.

    A mention that says less (no place, no date, no sides) is the event that says more, if only one fits; if several
    do, it is the whole of them and stands by itself.
    """
    mentions = [_telling(source, row, params) for row in rows if row["modality"] == "asserted"]
    found: list[Telling] = []
    for mention in sorted(mentions, key=_detail):
        fits = [n for n, telling in enumerate(found) if _same_in_article(telling, mention)]
        alike = [n for n in fits if found[n].where.key == mention.where.key]
        choice = fits if len(fits) == 1 else alike
        if len(choice) == 1:
            found[choice[0]] = _add(found[choice[0]], mention)
        else:
            found.append(mention)
    return found


def _telling(source: Source, row: Mapping[str, Any], params: Params) -> Telling:
    group = sys.intern(row["event_group"])
    first, second = (row["actor1"], row["actor1_country"]), (row["actor2"], row["actor2_country"])
    sides, names = _sides(first, second, words.is_mutual(group))
    return Telling(
        source=source,
        group=group,
        type=sys.intern(row["event_type"]),
        sides=sides,
        names=names,
        where=where.where(row),
        when=when.when(row, source, params),
        scope=sys.intern(row["scope"]),
        mentions=(row["number"],),
        sentences=(row["sentence_start"],),
    )


@lru_cache(maxsize=20_000)
def _sides(first: Name, second: Name, mutual: bool) -> tuple[Sides, Names]:
    names, sides = (first, second), (words.side(*first), words.side(*second))
    if mutual and _rank(sides[1]) < _rank(sides[0]):
        return (sides[1], sides[0]), (second, first)
    return sides, names


def _rank(side: str | None) -> tuple[bool, bool, str]:
    """Return the order of sides where it means nothing: states first, the unknown last, else by name."""
    return side is None, not words.is_state(side), side or ""


def _detail(mention: Telling) -> tuple[object, ...]:
    return (
        *where.fineness(mention.where)[:1],
        *when.firmness(mention.when),
        mention.sides.count(None),
        mention.mentions[0],
    )


def _same_in_article(a: Telling, b: Telling) -> bool:
    """Return whether two mentions of one article can be of one event: nothing that both tell differs."""
    if a.group != b.group or words.type_family(a.type) != words.type_family(b.type):
        return False
    sides = sides_agreement(a.sides, b.sides, words.is_mutual(a.group))
    if sides is None:
        return False
    if a.scope != b.scope and (a.when.hold != when.FIRM or a.when[:2] != b.when[:2]):
        return False
    if when.FIRM in (a.when.hold, b.when.hold):
        firm = [m for m in (a.when, b.when) if m.hold == when.FIRM]
        if len(firm) == 2 and firm[0][:2] != firm[1][:2]:
            return False
    if words.is_signed(a.group) and sides == 1.0 and not a.where.kind == b.where.kind == where.POINT:
        return True
    return (
        where.NOWHERE in (a.where.kind, b.where.kind)
        or a.where.key == b.where.key
        or (where.contains(a.where, b.where) or where.contains(b.where, a.where))
    )


def _add(telling: Telling, mention: Telling) -> Telling:
    grown = absorb(telling, mention)
    firmer, finer = (
        min(telling.when, mention.when, key=when.firmness),
        min(telling.where, mention.where, key=where.fineness),
    )
    return replace(
        grown,
        when=firmer,
        where=finer,
        mentions=telling.mentions + mention.mentions,
        sentences=telling.sentences + mention.sentences,
    )


def absorb(profile: Telling, telling: Telling) -> Telling:
    """Return the profile with the sides and the firm date that it lacked and `telling` gives; its place stays."""
    if telling.when.hold < profile.when.hold:
        profile = replace(profile, when=telling.when)
    if None not in profile.sides:
        return profile
    known: list[Side] = [(s, n) for s, n in zip(profile.sides, profile.names, strict=True) if s]
    new: list[Side] = [(s, n) for s, n in zip(telling.sides, telling.names, strict=True) if s and s not in dict(known)]
    if not new:
        return profile
    if words.is_mutual(profile.group):
        pairs = sorted([*known, *new], key=lambda pair: _rank(pair[0]))[:2]
        pairs += [(None, (None, None))] * (2 - len(pairs))
    else:
        mine, theirs = zip(profile.sides, profile.names, strict=True), zip(telling.sides, telling.names, strict=True)
        pairs = [a if a[0] else b for a, b in zip(mine, theirs, strict=True)]
    (first, first_name), (second, second_name) = pairs
    return replace(profile, sides=(first, second), names=(first_name, second_name))


def agreement(a: Telling, b: Telling, params: Params) -> tuple[str, float] | None:
    """Return why and how well two tellings agree, or None where they are two events.

    The score is the weighted agreement of place, date, sides and type; what is not told adds nothing, and what
    contradicts (another town, another day, other sides) ends it. Of two events as good it is the one that leaves
    the same side open.
    """
    if words.type_family(a.type) != words.type_family(b.type):
        return None
    date = when.agreement(a.when, b.when, params.days_apart[a.group], params)
    if date is None:
        return None
    place = where.agreement(a.where, b.where)
    sides = sides_agreement(a.sides, b.sides, words.is_mutual(a.group))
    if words.is_signed(a.group):
        place, sides = _signed(a, b, place, sides)
    elif place is None and a.is_war and b.is_war:
        place = NAMED_BESIDE
    if place is None or sides is None:
        return None
    score = (
        params.weight_place * place + params.weight_date * date + params.weight_sides * sides
        + params.weight_type * float(a.type == b.type)
    )  # fmt: skip
    if score < params.event_threshold:
        return None
    why = "same_place" if where.POINT == a.where.kind == b.where.kind else "same_sides"
    return why, min(score + TIE * (a.sides == b.sides), 1.0)


def _signed(a: Telling, b: Telling, place: float | None, sides: float | None) -> tuple[float | None, float | None]:
    """Return how well place and parties of two agreements agree, given what they would be worth of other events.

    The same two parties may sign in a city what holds in a region. An agreement of three is told as one of any two:
    they share one party and the place.
    """
    if sides == 1.0 and place is None and not a.where.kind == b.where.kind == where.POINT:
        return NAMED_BESIDE, sides
    mine, theirs = {side for side in a.sides if side}, {side for side in b.sides if side}
    if sides is None and mine & theirs and a.where.key == b.where.key != "":
        return place, 0.5
    return place, sides


def toll_agreement(a: Telling, b: Telling, spans: Iterable[When], figure: int, params: Params) -> float | None:
    """Return how well two events agree in all but place, where claims of one toll count the victims of both; or None.

    A toll is as good as a name where it is large; a small one needs areas that can hold each other. Two points stay
    two, and so do days further apart than those of one event, unless a report of a few days holds both.

    Args:
        a: what the event that more articles tell is known by.
        b: what the other is known by.
        spans: the days that reports give the first.
        figure: the largest number of victims in the toll.
        params: windows.
    """
    if a.group != b.group or words.type_family(a.type) != words.type_family(b.type):
        return None
    sides = sides_agreement(a.sides, b.sides, words.is_mutual(a.group))
    if not sides or max(a.when.length, b.when.length) > params.short_days:
        return None
    if where.POINT == a.where.kind == b.where.kind and a.where.key != b.where.key:
        return None
    if figure < params.small_figure or (figure < params.running_toll and not where.can_hold(a.where, b.where)):
        return None
    held = [span for span in spans if span.hold == when.FIRM and 1 < span.length <= params.short_days]
    dates = [when.agreement(moment, b.when, params.days_apart[a.group], params) for moment in (a.when, *held)]
    date = max((date for date in dates if date is not None), default=None)
    if date is None:
        return None
    return params.weight_date * date + params.weight_sides * sides + params.weight_type * float(a.type == b.type)


def sides_agreement(a: Sides, b: Sides, mutual: bool) -> float | None:
    """Return 1 where both sides are the same, 0.5 where one is, 0 where too little is told, None where they differ."""
    if mutual:
        mine, theirs = {s for s in a if s}, {s for s in b if s}
        shared = len(mine & theirs)
        if len(mine | theirs) > 2 or (mine and theirs and not shared):
            return None
        return shared / 2
    if None not in a and None not in b and a == b[::-1] and a[0] != a[1]:
        return None
    actors = _one_side(a[0], b[0])
    # The one acted upon is named by any word: "a bus", "residents"; only two states are told apart there.
    targets = 0.0 if a[1] != b[1] and not (words.is_state(a[1]) and words.is_state(b[1])) else _one_side(a[1], b[1])
    return None if actors is None or targets is None else actors + targets


def _one_side(a: str | None, b: str | None) -> float | None:
    if a is None or b is None:
        return 0.0
    return 0.5 if a == b else None


def row(event: Group[Telling]) -> Row:
    """Return the row of an event, without key, status and figures."""
    profile = event.profile
    moment, place = _moment(event.own()), _place(event.own())
    (side_a, country_a), (side_b, country_b) = (_name(event, position) for position in (0, 1))
    clear = moment.hold == when.FIRM and moment.length <= 2 and place.kind == where.POINT and any(profile.sides)
    return {
        "type_of_violence": _violence(profile.group, profile.sides),
        "event_group": profile.group,
        "event_type": _commonest(t.type for t in event.tellings()),
        "side_a": side_a,
        "side_a_country": country_a,
        "side_b": side_b,
        "side_b_country": country_b,
        **moment.columns(),
        **place.columns(),
        "event_clarity": 1 if clear else 2,
        **reported(event.sources()),
    }


def _moment(tellings: Sequence[Telling]) -> When:
    """Return the firmest and shortest time; of equals the one most tellings give, then the earliest."""
    finest = min(when.firmness(t.when)[:2] for t in tellings)
    counts = Counter(t.when for t in tellings if when.firmness(t.when)[:2] == finest)
    return min(counts, key=lambda moment: (-counts[moment], moment.start or 0, str(moment)))


def _place(tellings: Sequence[Telling]) -> Where:
    """Return the finest place, of equals the commonest; of a war, and of several that are as fine, the commonest."""
    finest = min(where.fineness(t.where) for t in tellings)
    counts = Counter(t.where for t in tellings)
    finer = {place: count for place, count in counts.items() if where.fineness(place) == finest}
    if tellings[0].is_war or len({place.key for place in finer}) > 1:
        finer = counts
    return min(finer, key=lambda place: (-finer[place], where.fineness(place), tuple(str(part) for part in place)))


def _name(event: Group[Telling], position: int) -> tuple[str | None, str | None]:
    """Return name and country that most tellings give the side; the longer name where they are as many."""
    side, anywhere = event.profile.sides[position], words.is_mutual(event.profile.group)
    counts = Counter(
        name
        for t in event.tellings()
        for place, (key, name) in enumerate(zip(t.sides, t.names, strict=True))
        if key == side and (place == position or (anywhere and side))
    )
    if not counts:
        return None, None
    return min(counts, key=lambda n: (-counts[n], -len(n[0] or ""), str(n)))


def _commonest(values: Iterable[str]) -> str:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))


def _violence(group: str, sides: Sides) -> int | None:
    if group == "civilians":
        return 3
    if group not in ("battle", "remote") or (None in sides and not any(words.is_state(side) for side in sides)):
        return None
    return 1 if any(words.is_state(side) for side in sides) else 2
