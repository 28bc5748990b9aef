"""Ties claims to the events whose victims they count."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contactline.records import when, where, words
from contactline.records.casualties import Telling, figure, published, size
from contactline.records.clusters import Group
from contactline.records.params import Params
from contactline.records.when import When
from contactline.records.where import Where


@dataclass(frozen=True, slots=True)
class Target:
    """An event as claims are tied to it."""

    number: int
    group: str
    sides: tuple[str | None, ...]
    when: When
    where: Where
    articles: int


ToldIn = dict[str, list[tuple[Target, tuple[int, ...]]]]  # article_id -> its events, each with its sentences' starts


def link(
    found: Sequence[Group[Telling]], earlier: Sequence[int | None], told_in: ToldIn, params: Params
) -> list[int | None]:
    """Return, for each claim, the number of the event whose toll it states.

    A claim belongs to an event that the same article tells, best in the same sentence; where the article tells none,
    to the one event of the same sides, days and place that other articles tell. The claims of one chain, and equal
    figures of the same victims in the same days, belong to one event together: the one most of them point at, of
    equals the wider, and none that began after the first of them was published.

    Args:
        found: the claims.
        earlier: for each claim, the claim it updates.
        told_in: article_id -> its events, each with the starts of the sentences that tell it.
        params: windows.
    """
    tolls = _tolls(found, earlier, params)
    votes: dict[int, Counter[Target]] = defaultdict(Counter)
    for number, claim in enumerate(found):
        for telling in claim.tellings():
            target = _in_article(telling, told_in.get(telling.source.article_id, ()), params)
            if target is not None:
                votes[tolls[number]][target] += 1
    elsewhere = _Elsewhere(told_in, params)
    for number, claim in enumerate(found):
        target = None if tolls[number] in votes else elsewhere.only(claim.profile)
        if target is not None:
            votes[tolls[number]][target] += 1
    first = _first_published(found, tolls)
    chosen = {toll: _elected(counts, first.get(toll)) for toll, counts in votes.items()}
    return [chosen.get(toll) for toll in tolls]


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
    if not words.is_counted(target.group, telling.harm):
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
    gap = max(telling.when.start - (target.when.end or 0), target.when.start - (telling.when.end or 0), 0)
    return gap <= (params.news_days if when.NEWS in (telling.when.hold, target.when.hold) else params.publication_lag)


class _Elsewhere:
    """The events that a claim can be tied to whose own article tells no event that fits."""

    def __init__(self, told_in: ToldIn, params: Params) -> None:
        self.params = params
        self._short: dict[tuple[str, int], list[Target]] = defaultdict(list)
        self._long: dict[str, list[Target]] = defaultdict(list)
        targets = {target.number: target for told in told_in.values() for target, _ in told}
        for target in targets.values():
            if not words.is_deadly(target.group) or target.when.hold != when.FIRM:
                continue
            for side in {side for side in target.sides if side}:
                if target.when.length > params.short_days:
                    self._long[side].append(target)
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
        fits = [t for t in near.values() if self._fits(telling, t)]
        return fits[0] if len(fits) == 1 else None

    def _fits(self, telling: Telling, target: Target) -> bool:
        if fit(telling, target, self.params) is None:
            return False
        if where.POINT in (telling.where.kind, target.where.kind):
            return telling.where.key == target.where.key
        return where.agreement(telling.where, target.where) is not None


def _holds(target: Target, telling: Telling) -> bool:
    """Return whether a war between two sides holds all days of a running total."""
    start, end = target.when.start or 0, target.when.end or 0
    inside = start <= (telling.when.start or 0) and (telling.when.end or 0) <= end
    return target.group == "battle" and None not in target.sides and inside


def _shortest(targets: Iterable[Target]) -> Target | None:
    return min(targets, key=lambda t: (t.when.length, -t.articles, t.number), default=None)
