"""Ties claims to the events whose victims they count, and finds the events that claims show to be one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from contactline.records import events, when, where, words
from contactline.records.casualties import Telling, figure, published, size
from contactline.records.clusters import Group
from contactline.records.params import Params
from contactline.records.when import When
from contactline.records.where import Where


class Target(NamedTuple):
    """An event as claims are tied to it."""

    number: int
    group: str
    type: str
    sides: tuple[str | None, ...]
    when: When
    where: Where
    articles: int


ToldIn = dict[str, list[tuple[Target, tuple[int, ...]]]]  # article_id -> its events, each with its sentences' starts
FAR_MORE = 2  # times as many articles: the fighting that a large toll without a word of where is of
Votes = dict[int, Counter[Target]]  # toll -> how many of its reports point at an event


class Linked(NamedTuple):
    """What the claims say of the events.

    Attributes:
        events: for each claim, the number of the event whose toll it states; None where there is none.
        same: number of an event -> number of the event that it is a part of, and how well they agree.
    """

    events: list[int | None]
    same: dict[int, tuple[int, float]]


def targets(found: Sequence[Group[events.Telling]]) -> ToldIn:
    """Return the events that each article tells."""
    told_in: ToldIn = defaultdict(list)
    for number, event in enumerate(found):
        p = event.profile
        target = Target(number, p.group, p.type, p.sides, p.when, p.where, len(event.sources()))
        for telling in event.tellings():
            told_in[telling.source.article_id].append((target, telling.sentences))
    return told_in


def link(
    claims: Sequence[Group[Telling]],
    earlier: Sequence[int | None],
    told: Sequence[Group[events.Telling]],
    params: Params,
) -> Linked:
    """Tie claims to events.

    A claim belongs to an event that the same article tells, best in the same sentence; where the article tells none,
    to the one event of the same sides, days and place that other articles tell; a running total of a war belongs to
    the war. The claims of one chain, and equal figures of the same victims in the same days, belong to one event
    together: the one most of them point at, of equals the wider, and none that began after the first of them was
    published. Events that one toll points at are one where nothing but their places differs. A sentence that gives two
    totals of the same victims and years speaks of two wars, nobody can tell which of which: it ties neither.

    Args:
        claims: the claims.
        earlier: for each claim, the claim it updates.
        told: the events.
        params: windows.
    """
    told_in = targets(told)
    tolls, elsewhere = _tolls(claims, earlier, params), _Elsewhere(told_in, params)
    votes: Votes = defaultdict(Counter)
    mixed = _two_wars(claims, params)
    for toll, claim in zip(tolls, claims, strict=True):
        for telling in claim.tellings():
            if _breath(telling) in mixed:
                continue
            target = elsewhere.war(telling) or _in_article(telling, told_in.get(telling.source.article_id, ()), params)
            if target is not None:
                votes[toll][target] += 1
    same = _same(votes, _largest(claims, tolls), told, params)
    for toll, claim in zip(tolls, claims, strict=True):
        target = None if toll in votes or _breath(claim.profile) in mixed else elsewhere.only(claim.profile)
        if target is not None:
            votes[toll][target] += 1
    first = _first_published(claims, tolls)
    chosen = {toll: _elected(_moved(counts, same), first.get(toll)) for toll, counts in votes.items()}
    numbers = [chosen.get(toll) for toll in tolls]
    return Linked([None if n is None else same[n][0] if n in same else n for n in numbers], same)


def _two_wars(claims: Sequence[Group[Telling]], params: Params) -> set[tuple[object, ...]]:
    """Return, as `_breath` has them, the sentences that give two totals of wars for the same victims and years."""
    totals: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for claim in claims:
        for telling in claim.tellings():
            if telling.when.length > params.short_days and size(claim) >= params.undated_figure:
                totals[_breath(telling)].add(size(claim))
    return {breath for breath, figures in totals.items() if len(figures) > 1}


def _breath(telling: Telling) -> tuple[object, ...]:
    return telling.source.article_id, telling.sentences[0], telling.harm, telling.victims, telling.status, telling.when


def _largest(claims: Sequence[Group[Telling]], tolls: Sequence[int]) -> dict[int, int]:
    """Return, by toll, the largest number of victims in it."""
    largest: dict[int, int] = defaultdict(int)
    for toll, claim in zip(tolls, claims, strict=True):
        largest[toll] = max(largest[toll], size(claim))
    return largest


def _same(
    votes: Votes, largest: Mapping[int, int], told: Sequence[Group[events.Telling]], params: Params
) -> dict[int, tuple[int, float]]:
    """Return which events are part of another: the reports of one toll point at both.

    Each is compared with the event that most articles tell, so that likeness does not creep from one to the next. What
    at least half of its articles tell beside the other stays another.
    """
    pairs = []
    for toll, counts in votes.items():
        first = min(counts, key=lambda t: (-t.articles, t.number))
        pairs += [(-first.articles, first.number, other.number, largest[toll]) for other in counts if other != first]
    same: dict[int, tuple[int, float]] = {}
    spans: dict[int, list[When]] = {}  # of an event that has parts, all days that reports give it
    for _, number, other, victims in sorted(pairs) * 2:  # what joins the second time lies in days that a part added
        hub = same[number][0] if number in same else number
        if other in same or other in spans or other == hub or _told_apart(told[hub], told[other]):
            continue
        days = spans.get(hub) or [t.when for t in told[hub].tellings()]
        score = events.toll_agreement(told[hub].profile, told[other].profile, days, victims, params)
        if score is not None:
            same[other] = hub, round(score, 3)
            spans[hub] = days + [t.when for t in told[other].tellings()]
    return same


def _told_apart(a: Group[events.Telling], b: Group[events.Telling]) -> bool:
    mine, theirs = ({source.article_id for source in group.sources()} for group in (a, b))
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _moved(votes: Counter[Target], same: Mapping[int, tuple[int, float]]) -> Counter[Target]:
    """Return the votes with those for a part of an event given to the event, where that is among them."""
    by_number = {target.number: target for target in votes}
    moved: Counter[Target] = Counter()
    for target, count in votes.items():
        whole = same[target.number][0] if target.number in same else target.number
        moved[by_number.get(whole, target)] += count
    return moved


def _first_published(found: Sequence[Group[Telling]], tolls: Sequence[int]) -> dict[int, int]:
    """Return, by toll, the day on which the first of its claims was published."""
    first: dict[int, int] = {}
    for toll, claim in zip(tolls, found, strict=True):
        day = published(claim)
        if day is not None:
            first[toll] = min(day, first.get(toll, day))
    return first


def _elected(votes: Counter[Target], first: int | None) -> int:
    """Return the event that most claims of a toll point at; one that began after its victims were reported is none."""
    known = [t for t in votes if first is None or t.when.start is None or t.when.start <= first] or list(votes)
    return min(known, key=lambda t: (-votes[t], -t.where.kind, -t.articles, t.number)).number


def _tolls(found: Sequence[Group[Telling]], earlier: Sequence[int | None], params: Params) -> list[int]:
    """Return, for each claim, the number of the first claim of its chain or of its equals."""
    root = list(range(len(found)))

    def top(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for number, before in enumerate(earlier):
        if before is not None:
            root[top(number)] = top(before)
    equal: dict[tuple[object, ...], int] = {}
    for number, claim in enumerate(found):
        p = claim.profile
        if (
            figure(p) is None
            or size(claim) < params.small_figure
            or p.when.start is None
            or p.when.length > params.short_days
        ):
            continue  # ones and twos recur; without a figure or a day there is nothing to recognise
        for each in p.when.days():
            same = equal.setdefault(
                (p.harm, p.victims, figure(p), p.where.key if p.where.kind == where.POINT else "", each), number
            )
            if same != number:
                root[top(number)] = top(same)
    return [top(number) for number in range(len(found))]


def _in_article(telling: Telling, told: Sequence[tuple[Target, tuple[int, ...]]], params: Params) -> Target | None:
    """Return the event of the claim's own article that fits it best: of equals the wider, then the nearest."""
    best: tuple[int, int, int, int] | None = None
    choice: Target | None = None
    for target, sentences in told:
        fits = fit(telling, target, params)
        if fits is None:
            continue
        nearest = min(abs(telling.sentences[0] - start) for start in sentences)
        score = (fits + 3 * (nearest == 0), target.where.kind, -nearest, -target.number)
        if best is None or score > best:
            best, choice = score, target
    return choice


def fit(telling: Telling, target: Target, params: Params) -> int | None:
    """Return how well an event can be what the claim counts; None where it cannot."""
    if not words.is_counted(target.group, target.type, telling.harm):
        return None
    if where.POINT == telling.where.kind == target.where.kind and telling.where.key != target.where.key:
        return None
    known = [side for side in target.sides if side]
    if telling.victims and len(known) == 2 and telling.victims not in known and target.where.country != telling.victims:
        return None
    if not _times_fit(telling, target, params):
        return None
    if telling["basis"] == "cumulative" and target.where.kind == where.POINT and telling.where.kind != where.POINT:
        return None
    same_place = telling.where.key == target.where.key and telling.where.kind != where.NOWHERE
    same_days = telling.when[:2] == target.when[:2]
    violent = target.group in ("battle", "remote", "civilians")
    return 2 * same_place + 2 * same_days + (telling.victims in known) + violent


def _times_fit(telling: Telling, target: Target, params: Params) -> bool:
    """Return whether the claim's days can be the event's; a war's total is no incident's, and the other way round."""
    if telling.when.start is None or target.when.start is None:
        both_untold = telling.when.start is None and target.when.start is None
        return both_untold and telling["basis"] != "cumulative" and telling.scope == "current"
    lengths = (telling.when.length, target.when.length)
    if (max(lengths) > params.short_days) != (min(lengths) > params.short_days):
        return False
    most = params.news_days if when.NEWS in (telling.when.hold, target.when.hold) else params.publication_lag
    return when.gap(telling.when, target.when) <= most


class _Elsewhere:
    """The events that a claim can be tied to whose own article tells no event that fits."""

    def __init__(self, told_in: ToldIn, params: Params) -> None:
        self.params = params
        self._short: dict[tuple[str, int], list[Target]] = defaultdict(list)
        self._long: dict[str, list[Target]] = defaultdict(list)
        self._wars: dict[str, list[Target]] = defaultdict(list)
        targets = {target.number: target for told in told_in.values() for target, _ in told}
        for target in targets.values():
            if not words.is_deadly(target.group) or target.when.hold != when.FIRM:
                continue
            for side in {side for side in target.sides if side}:
                if target.when.length > params.short_days:
                    self._long[side].append(target)
                if when.is_war(target.when) and target.articles > 1:
                    self._wars[side].append(target)
                for day in target.when.days() if target.when.length <= params.short_days else ():
                    self._short[side, day].append(target)

    def only(self, telling: Telling) -> Target | None:
        """Return the one incident of the claim's day, sides and place, or the shortest war that holds its days."""
        moment = telling.when
        if moment.hold != when.FIRM or moment.start is None or not telling.victims or figure(telling) is None:
            return None
        if moment.length > self.params.short_days:
            return _shortest(t for t in self._long[telling.victims] if _holds(t, telling))
        near = {t.number: t for day in moment.days() for t in self._short[telling.victims, day]}
        return self._main([t for t in near.values() if self._fits(telling, t)], telling)

    def war(self, telling: Telling) -> Target | None:
        """Return the war whose running total a large sum in or soon after it must be: no day has so many victims."""
        large = (figure(telling) or 0) >= self.params.undated_figure and telling.when.start is not None
        if telling["basis"] != "cumulative" or not large or telling.where.kind == where.POINT:
            return None
        wars = self._wars.get(telling.victims, ())
        return _shortest(t for t in wars if _holds(t, telling, self.params.summed_up))

    def _main(self, fits: list[Target], telling: Telling) -> Target | None:
        """Return the only event that fits; of several, for a large toll, the one that by far the most articles tell."""
        ranked = sorted(fits, key=lambda t: (-t.articles, t.number))
        if len(ranked) > 1:
            large = (figure(telling) or 0) >= self.params.running_toll
            clear = ranked[0].articles >= FAR_MORE * ranked[1].articles
            return ranked[0] if large and clear else None
        return ranked[0] if ranked else None

    def _fits(self, telling: Telling, target: Target) -> bool:
        if fit(telling, target, self.params) is None:
            return False
        if where.POINT in (telling.where.kind, target.where.kind):
            return telling.where.key == target.where.key
        return where.agreement(telling.where, target.where) is not None


def _holds(target: Target, telling: Telling, after: int = 0) -> bool:
    """Return whether a war between two sides holds all days of a running total, or did at most `after` days before."""
    start, end = target.when.start or 0, (target.when.end or 0) + after
    inside = start <= (telling.when.start or 0) and (telling.when.end or 0) <= end
    return target.group == "battle" and None not in target.sides and inside


def _shortest(targets: Iterable[Target]) -> Target | None:
    return min(targets, key=lambda t: (t.when.length, -t.articles, t.number), default=None)
