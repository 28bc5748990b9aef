"""Joins what agrees: each telling goes to the group it agrees with best, or begins its own.

What agrees with two groups as well is told apart from both: a wrong merge destroys data, a missed one does not.
A telling is compared with a group's profile, which starts as its firmest telling, not with every member: agreement does
not creep from day to day or from place to place, and the cost grows with the number of groups on a day.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from contactline.records.sources import Source
from contactline.records.when import LONG, When

ONE = ("",)  # the links of a telling whose block says it all
SAME_TOLL = "same_toll"  # why a telling joined that its claims alone tell of


class Telling(Protocol):
    """What one article says of one thing."""

    source: Source
    when: When
    mentions: tuple[int, ...]  # their numbers, the telling one first
    sentences: tuple[int, ...]  # where their sentences start

    def block(self) -> Hashable:
        """What another telling must share to be compared at all."""

    def undated(self) -> Hashable:
        """What another telling must share to be compared where neither can be dated."""

    def links(self) -> Sequence[Hashable]:
        """Of which another telling of the block must share one to be compared."""

    def order(self, told: int = 0) -> tuple[object, ...]:
        """Sort key: the firmest telling first, never by anything that depends on the order of the input.

        Args:
            told: how many tellings of the block give days that overlap with this one's.
        """


T = TypeVar("T", bound=Telling)


@dataclass(slots=True)
class Group(Generic[T]):
    """Tellings of one thing, the firmest first.

    Attributes:
        profile: what the next telling is compared with.
        first: the telling it began with.
        joined: the others: telling, why it joined, and how well it agreed.
    """

    profile: T
    first: T
    joined: list[tuple[T, str, float]] = field(default_factory=list)

    def tellings(self) -> Iterator[T]:
        """Yield the tellings, the first first."""
        yield self.first
        for telling, _, _ in self.joined:
            yield telling

    def anchors(self) -> tuple[tuple[str, int], ...]:
        """Return article_id and start of each sentence behind the group, sorted."""
        return tuple(sorted({(t.source.article_id, start) for t in self.tellings() for start in t.sentences}))

    def own(self) -> list[T]:
        """Return the tellings that agreed with the profile; not those that only carry the same toll."""
        return [self.first, *(telling for telling, why, _ in self.joined if why != SAME_TOLL)]

    def sources(self) -> list[Source]:
        """Return the articles behind the group, once each, in order of key."""
        return [s for _, s in sorted({t.source.article_id: t.source for t in self.tellings()}.items())]


# How well a telling agrees with a profile: (why, score), or None where it is another thing.
Agree = Callable[[T, T], tuple[str, float] | None]
Absorb = Callable[[T, T], T]
Apart = frozenset[frozenset[tuple[str, int]]]


def groups(
    tellings: Iterable[T], agree: Agree[T], absorb: Absorb[T], margin: int, apart: Apart = frozenset()
) -> Iterator[Group[T]]:
    """Yield the groups that `tellings` fall into.

    Args:
        tellings: in any order; the result does not depend on it.
        agree: compares a group's profile with a telling.
        absorb: the profile after a telling has joined.
        margin: days around a telling in which the groups it can agree with lie.
        apart: pairs of (article_id, sentence_start) that a person has told apart.
    """
    blocks: dict[Hashable, list[T]] = defaultdict(list)
    for telling in tellings:
        blocks[telling.block()].append(telling)
    while blocks:
        _, block = blocks.popitem()
        told = _Told(block)
        yield from _block(sorted(block, key=lambda t: t.order(told.days_of(t))), agree, absorb, margin, apart)


class _Told:
    """How many tellings of a block give the same days, so that the day most agree on comes before its neighbours."""

    def __init__(self, block: Iterable[T]) -> None:
        dated = [t.when for t in block if t.when.start is not None and t.when.length <= LONG]
        self.starts = sorted(moment.start or 0 for moment in dated)
        self.ends = sorted(moment.end or 0 for moment in dated)

    def days_of(self, telling: Telling) -> int:
        moment = telling.when
        if moment.start is None or moment.length > LONG:
            return 0  # of wars the closest dates come first, whoever gives them
        return bisect_right(self.starts, moment.end or 0) - bisect_left(self.ends, moment.start)


def _block(block: list[T], agree: Agree[T], absorb: Absorb[T], margin: int, apart: Apart) -> list[Group[T]]:
    found: list[Group[T]] = []
    filed: dict[Hashable, list[int]] = defaultdict(list)
    for telling in block:
        near = sorted({n for shelf in _shelves(telling, margin) for n in filed.get(shelf, ())})
        best = _best([found[n] for n in near], telling, agree, apart)
        if best:
            group, why, score = best
            group.joined.append((telling, why, round(score, 3)))
            group.profile = absorb(group.profile, telling)
        else:
            found.append(Group(telling, telling))
            for shelf in _shelves(telling, 0):
                filed[shelf].append(len(found) - 1)
    return found


def _best(near: Iterable[Group[T]], telling: T, agree: Agree[T], apart: Apart) -> tuple[Group[T], str, float] | None:
    """Return the group that `telling` agrees with best; None where there is none, or two that fit it as well."""
    fits = [
        (agreed[1], group, agreed[0])
        for group in near
        if (agreed := agree(group.profile, telling)) and not _kept_apart(group, telling, apart)
    ]
    if not fits:
        return None
    top = max(score for score, _, _ in fits)
    best = [(group, why, score) for score, group, why in fits if score == top]
    return best[0] if len(best) == 1 else None


def _shelves(telling: Telling, margin: int) -> list[Hashable]:
    """Return where a telling is filed, under each of its links."""
    return [(link, time) for link in telling.links() for time in _times(telling, margin)]


def _times(telling: Telling, margin: int) -> Sequence[Hashable]:
    """Return each day of a telling, the years of a war's span, or what the undated share."""
    start, end = telling.when.start, telling.when.end
    if start is None or end is None:
        return [("undated", telling.undated())]
    if telling.when.length > LONG:
        return [("year", year) for year in range(start // 366, end // 365 + 1)]
    return range(start - margin, end + margin + 1)


def _kept_apart(group: Group[T], telling: T, apart: Apart) -> bool:
    if not apart:
        return False
    anchors = {(telling.source.article_id, start) for start in telling.sentences}
    members = set(group.anchors())
    return any(pair <= anchors | members and pair & anchors and pair & members for pair in apart)
