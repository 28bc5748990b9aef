"""One figure from many claims, by a rule that the user picks.

Every fold reads the figures of one kind of victims first (a side's soldiers, a side's civilians, ...), and then adds
up: a total over several kinds counts only by what it exceeds their sum, so that nobody is counted twice and no total
is lost. A fold never changes a claim.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

DEFAULT = "ucdp"
VOICES = {"own_side": 0, "third_party": 1, "narrator": 2, "other_side": 3}  # the most credible first


class Claim(NamedTuple):
    """A claim as the folds see it.

    Attributes:
        harm: killed | wounded; other harms are not folded.
        low: fewest victims; None where the claim gives no lower bound.
        high: most victims; None where the claim gives no upper bound.
        victims: state or group of the victims; None where the claim names none or several.
        status: military | civilian | unknown.
        attribution: own_side | other_side | third_party | narrator.
        reported: day of publication as an ordinal; None where it is not known.
        publishers: who published it.
    """

    harm: str
    low: int | None
    high: int | None
    victims: str | None
    status: str
    attribution: str
    reported: int | None = None
    publishers: frozenset[str] = frozenset()


class Figure(NamedTuple):
    """Low, best and high of one kind of victims; None where no claim gives it."""

    low: int | None = None
    best: int | None = None
    high: int | None = None


Read = Callable[[Sequence[Claim]], Figure]


def ucdp(claims: Sequence[Claim]) -> Figure:
    """Keep the bounds and take the best figure from the most credible voice.

    Credible is, in this order: a side on its own losses, a third party, the article's own voice, the adversary. Of one
    voice the latest figures count, of one day the largest. low is the lowest of what all but the adversary gave last
    (the adversary where nobody else speaks); high is the highest figure that anyone gave at any time, "up to 30"
    included. An open bound ("at least 49") counts by the number it names.
    """
    counted = _last(claims)
    highs = [n for c in claims for n in (c.low, c.high) if n is not None]
    if not counted:
        return Figure(high=max(highs, default=None))
    best = min(counted, key=lambda c: (VOICES[c.attribution], -(c.reported or 0), -(c.low or 0)))
    trusted = [c.low for c in counted if c.attribution != "other_side" and c.low is not None]
    low = min(trusted) if trusted else min(c.low for c in counted if c.low is not None)
    return Figure(low, best.low, max(highs))


def acled(claims: Sequence[Claim]) -> Figure:
    """Take one conservative figure: the lowest of what each voice gave last. Vague words and "up to 30" give none."""
    lows = [c.low for c in _last(claims) if c.low is not None]
    figure = min(lows, default=None)
    return Figure(figure, figure, figure)


def ibc(claims: Sequence[Claim]) -> Figure:
    """Take what two independent publishers report; else the figure is provisional: only high is given.

    best is the largest number of victims that at least two publishers support, each by a figure no smaller. low is the
    lowest and high the highest figure reported.
    """
    highs = [n for c in claims for n in (c.low, c.high) if n is not None]
    by_publisher: dict[str, int] = {}
    for claim in claims:
        for publisher in claim.publishers:
            if claim.low is not None:
                by_publisher[publisher] = max(claim.low, by_publisher.get(publisher, 0))
    if len(by_publisher) < 2:
        return Figure(high=max(highs, default=None))
    lows = [c.low for c in claims if c.low is not None]
    return Figure(min(lows), sorted(by_publisher.values())[-2], max(highs))


def _last(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims with a lower bound that each voice made on the last day it made any."""
    counted = [c for c in claims if c.low is not None]
    days = {voice: max((c.reported or 0 for c in counted if c.attribution == voice), default=0) for voice in VOICES}
    return [c for c in counted if (c.reported or 0) == days[c.attribution]]


FOLDS: Mapping[str, Read] = {"ucdp": ucdp, "acled": acled, "ibc": ibc}


def rule(name: str) -> Read:
    """Return the fold called `name`.

    Raises:
        ValueError: there is no such fold.
    """
    if name not in FOLDS:
        raise ValueError(f"no fold {name!r}; the folds are {', '.join(FOLDS)}")
    return FOLDS[name]


def figures(
    claims: Iterable[Claim], side_a: str | None, side_b: str | None, fold: str = DEFAULT
) -> dict[str, int | None]:
    """Return the deaths_* and wounded_* columns of one event.

    Args:
        claims: the event's standing claims: asserted, and updated by none.
        side_a: state or group of side a, as claims name victims.
        side_b: state or group of side b.
        fold: ucdp | acled | ibc.
    """
    read = rule(fold)
    killed, wounded = [], []
    for claim in claims:
        if claim.harm == "killed":
            killed.append(claim)
        elif claim.harm == "wounded":
            wounded.append(claim)
    soldiers, civilians, dead = _tree(killed, read)
    a = soldiers.get(side_a, Figure()) if side_a else Figure()
    b = soldiers.get(side_b, Figure()) if side_b and side_b != side_a else Figure()
    parts = (a.best, b.best, civilians.best)
    rest = (dead.best or 0) - sum(part or 0 for part in parts)
    # ACLED codes no wounded.
    hurt = Figure() if fold == "acled" else _tree(wounded, read)[2]
    return {
        "deaths_a": a.best,
        "deaths_b": b.best,
        "deaths_civilians": civilians.best,
        "deaths_unknown": rest if dead.best is not None and (rest or all(part is None for part in parts)) else None,
        "deaths_low": dead.low,
        "deaths_best": dead.best,
        "deaths_high": dead.high,
        "wounded_low": hurt.low,
        "wounded_best": hurt.best,
        "wounded_high": hurt.high,
    }


def _tree(claims: Sequence[Claim], read: Read) -> tuple[dict[str | None, Figure], Figure, Figure]:
    """Return soldiers by side, all civilians, and everyone, of the claims of one harm."""
    leaves: dict[tuple[str | None, str], list[Claim]] = {}
    for claim in claims:
        leaves.setdefault((claim.victims, claim.status), []).append(claim)
    if len(leaves) <= 1:  # most events: nothing to add up
        return _leaf(*next(iter(leaves), (None, "unknown")), read(claims) if claims else Figure())
    known = {leaf: read(of) for leaf, of in leaves.items()}
    sides = sorted({side for side, _ in known if side is not None})
    soldiers: dict[str | None, Figure] = {
        side: known[side, "military"] for side in sides if (side, "military") in known
    }
    civil = [known[side, "civilian"] for side in sides if (side, "civilian") in known]
    civilians = _at_least(_sum(civil), known.get((None, "civilian")))
    armed = _at_least(_sum(list(soldiers.values())), known.get((None, "military")))
    of_sides = [
        _at_least(
            _sum([known.get((side, s), Figure()) for s in ("military", "civilian")]), known.get((side, "unknown"))
        )
        for side in sides
    ]
    everyone = _at_least(_sum([armed, civilians]), _sum(of_sides))
    return soldiers, civilians, _at_least(everyone, known.get((None, "unknown")))


def _leaf(side: str | None, status: str, figure: Figure) -> tuple[dict[str | None, Figure], Figure, Figure]:
    soldiers: dict[str | None, Figure] = {side: figure} if side and status == "military" else {}
    return soldiers, figure if status == "civilian" else Figure(), figure


def _sum(parts: Sequence[Figure]) -> Figure:
    total: list[int | None] = [None, None, None]
    for part in parts:
        for place, number in enumerate(part):
            if number is not None:
                total[place] = number + (total[place] or 0)
    return Figure(*total)


def _at_least(parts: Figure, total: Figure | None) -> Figure:
    """Return the parts' sum, raised to what a claim about all of them together gives."""
    if total is None:
        return parts
    return Figure(*(b if a is None else a if b is None else max(a, b) for a, b in zip(parts, total, strict=True)))
