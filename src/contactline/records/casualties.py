"""Casualty mentions to claims: who says how many, once each, tied to its event and to the claim it updates."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contactline.records import when, where, words
from contactline.records.clusters import ONE, Apart, Group, groups
from contactline.records.params import Params
from contactline.records.sources import Row, Source, reported
from contactline.records.when import When
from contactline.records.where import Where

COLUMNS = (
    "count_low", "count_high", "count_kind", "count_text", "victim_group", "victim_country", "victim_status",
    "claimant", "claimant_country", "attribution", "basis", "modality",
)  # fmt: skip


@dataclass(slots=True)
class Telling:
    """One claim as one article carries it."""

    source: Source
    harm: str
    victims: str
    status: str
    claimant: str
    said: tuple[object, ...]  # the claim's own columns, in the order of COLUMNS
    scope: str
    where: Where
    when: When
    large: int
    mentions: tuple[int, ...]
    sentences: tuple[int, ...]

    def __getitem__(self, column: str) -> object:
        return self.said[COLUMNS.index(column)]

    def block(self) -> tuple[object, ...]:
        """Claims are compared where harm, victims, claimant and figure are the same."""
        figure = (self["count_low"], self["count_high"], self["count_kind"])
        return self.harm, self.victims, self.claimant, *figure, self["modality"]

    def undated(self) -> str:
        """A large figure of the past is recognised by itself; a small one is one claim within one article only."""
        return "" if (figure(self) or 0) >= self.large else self.source.article_id

    def links(self) -> Sequence[str]:
        """The block holds all that must be shared."""
        return ONE

    def order(self, told: int = 0) -> tuple[object, ...]:
        """What the text dates firmly comes first, then what tells victims and place more closely."""
        return (
            *when.firmness(self.when, told),
            self.status == "unknown",
            where.fineness(self.where),
            self.source.published or 0,
            self.mentions[0],
        )

    @property
    def side(self) -> str:
        """Who stands behind the claim: a party speaks as a side, everyone else for themselves."""
        country = self["claimant_country"]
        return str(country) if country and self["attribution"] in ("own_side", "other_side") else self.claimant


def figure(telling: Telling) -> int | None:
    """Return the number that a claim names: its lower bound, or its upper where it has no lower."""
    low, high = telling["count_low"], telling["count_high"]
    number = low if low is not None else high
    return number if isinstance(number, int) else None


def claims(
    told: Iterable[tuple[Source, list[Row]]], params: Params, apart: Apart = frozenset()
) -> Iterator[Group[Telling]]:
    """Yield the claims that the mentions carry. No claim is lost: another claimant or figure is another claim.

    Args:
        told: each article with its rows of `casualty_mentions`.
        params: windows.
        apart: pairs of (article_id, sentence_start) that a person has told apart.
    """
    tellings = (telling for source, rows in told for telling in in_article(source, rows, params))
    return groups(tellings, lambda a, b: agreement(a, b, params), absorb, params.chain_days, apart)


def in_article(source: Source, rows: Iterable[Mapping[str, Any]], params: Params) -> list[Telling]:
    """Return the claims of one article. A headline's toll is of the days that the text below gives the same figure."""
    tellings = [_telling(source, row, params) for row in rows]
    for telling in tellings:
        if source.published is None or (figure(telling) or 0) < params.running_toll:
            continue
        if telling.when.end is None or telling.when.end < source.published - params.publication_lag:
            continue
        earlier = {
            t.when for t in tellings if _same_toll(t, telling) and (t.when.start or 0) < (telling.when.start or 0)
        }
        if len(earlier) == 1:
            telling.when = earlier.pop()
    return tellings


def _same_toll(a: Telling, b: Telling) -> bool:
    """Return whether two claims of one article give one figure of one side's victims, by the text's own dates."""
    same = (a.harm, a.victims, figure(a)) == (b.harm, b.victims, figure(b))
    return same and a.when.hold == when.FIRM and a.when.start is not None


def _telling(source: Source, row: Mapping[str, Any], params: Params) -> Telling:
    name, country = row["claimant"], row["claimant_country"]
    group, state = row["victim_group"], row["victim_country"]
    place = where.where(row)
    return Telling(
        source=source,
        harm=sys.intern(row["harm"]),
        victims=str(state or words.side(group, None) or ""),
        status=sys.intern(row["victim_status"]),
        claimant=words.claimant(name, country),
        said=tuple(sys.intern(v) if isinstance(v, str) else v for v in (row[column] for column in COLUMNS)),
        scope=sys.intern(row["scope"]),
        where=place,
        when=_days(when.when(row, source, params), row, source, place, params),
        large=params.undated_figure,
        mentions=(row["number"],),
        sentences=(row["sentence_start"],),
    )


def _days(moment: When, row: Mapping[str, Any], source: Source, place: Where, params: Params) -> When:
    """Return the days of a claim. A war's running total that is dated by the war's first day runs until it was told."""
    sums_up = row["basis"] == "cumulative" and row["scope"] == "background" and place.kind != where.POINT
    if not sums_up or moment.hold != when.FIRM or moment.length > params.short_days or source.published is None:
        return moment
    late = source.published - (moment.end or 0) > params.short_days
    return when.until(moment, source.published) if late and moment.length == 1 else moment


def agreement(a: Telling, b: Telling, params: Params) -> tuple[str, float] | None:
    """Return how well two tellings of one figure by one claimant agree, or None where they speak of two things."""
    if a.status != b.status and "unknown" not in (a.status, b.status):
        return None
    if where.POINT == a.where.kind == b.where.kind and a.where.key != b.where.key:
        return None
    if a.source.article_id == b.source.article_id and a.when[:2] == b.when[:2]:
        return "same_article", 1.0
    if not a.claimant and (figure(a) or 0) < params.small_figure and not _recognised(a, b):
        return None
    date = when.agreement(a.when, b.when, params.days_apart["battle"], params)
    if date is None and a.when.start is None and b.when.start is None:
        date = 0.3  # only a large figure or the same article brings two undated claims together
    if date is None:
        return None
    place = 1.0 if a.where.key == b.where.key else 0.5
    return "same_claim", 0.4 + 0.3 * date + 0.2 * place + 0.1 * float(a.status == b.status)


def _recognised(a: Telling, b: Telling) -> bool:
    """Return whether two articles' reports of a victim or two, or of no figure, are surely of the same people."""
    groups = {words.folded(str(t["victim_group"])) for t in (a, b) if t["victim_group"]}
    return a.where.key == b.where.key != "" and a.status == b.status and len(groups) <= 1


def absorb(profile: Telling, telling: Telling) -> Telling:
    """Return the profile, with the victims' status where only `telling` knows it."""
    if profile.status == "unknown" and telling.status != "unknown":
        profile.status = telling.status
    return profile


def row(claim: Group[Telling]) -> Row:
    """Return the row of a claim, without key, event and the claim it updates."""
    profile, tellings = claim.profile, list(claim.tellings())
    moment = min((t.when for t in tellings), key=when.firmness)
    place = min((t.where for t in tellings), key=lambda p: (where.fineness(p), str(p)))
    told = reported(claim.sources())
    columns = {column: _commonest(t[column] for t in tellings) for column in COLUMNS}
    return {
        "harm": profile.harm,
        **columns,
        "victim_status": profile.status,
        **moment.columns(),
        **place.columns(),
        "scope": "current" if any(t.scope == "current" for t in tellings) else "background",
        **told,
        "reported_date": told["first_reported"],
    }


def _commonest(values: Iterable[object]) -> object:
    """Return the value that most tellings give; a stated one before none, the longer one where they are as many."""
    counts = Counter(values)
    return min(counts, key=lambda v: (v is None, -counts[v], -len(str(v)), str(v)))


def chains(found: Sequence[Group[Telling]], params: Params) -> list[int | None]:
    """Return, for each claim, the number of the earlier claim of the same claimant that it updates.

    A toll is updated by a figure of the same harm, victims and side that was published later, for the same days
    and place, within `chain_days` of it. A running toll does not fall: a lower figure updates only what is dated to
    the same day at the same point, where the claimant corrects it.
    """
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, claim in enumerate(found):
        p = claim.profile
        if p["modality"] == "asserted" and figure(p) is not None and published(claim) is not None:
            voices = _voices(claim)
            for voice in voices:
                blocks[p.harm, p.victims, voice].append(number)
    earlier: list[int | None] = [None] * len(found)
    for block in blocks.values():
        block.sort(key=lambda n: (published(found[n]) or 0, size(found[n]), found[n].profile.order()))
        for place, number in enumerate(block):
            for candidate in reversed(block[:place]):
                if (published(found[number]) or 0) - (published(found[candidate]) or 0) > params.chain_days:
                    break
                if earlier[number] is None and updates(found[candidate], found[number], params):
                    earlier[number] = candidate
                    break
    return earlier


def _voices(claim: Group[Telling]) -> list[str]:
    """Return who speaks: the claimant's side, or, for the narrator, each publisher."""
    if claim.profile.side:
        return [claim.profile.side]
    return sorted({f"narrator of {t.source.publisher}" for t in claim.tellings() if t.source.publisher})


def published(claim: Group[Telling]) -> int | None:
    """Return the day on which the claim was first published, as an ordinal."""
    return min((t.source.published for t in claim.tellings() if t.source.published is not None), default=None)


def size(claim: Group[Telling]) -> int:
    """Return the number that the claim names, 0 where it names none."""
    return figure(claim.profile) or 0


def updates(earlier: Group[Telling], later: Group[Telling], params: Params) -> bool:
    """Return whether `later` is the newer figure of what `earlier` counts; both are of one voice, harm and victims."""
    a, b = earlier.profile, later.profile
    before, after = published(earlier), published(later)
    if before is None or after is None or before > after:
        return False
    if (a.status == "civilian") != (b.status == "civilian"):
        return False
    at_point = where.POINT in (a.where.kind, b.where.kind)
    if where.POINT == a.where.kind == b.where.kind and a.where.key != b.where.key:
        return False
    if max(a.when.length, b.when.length) > params.short_days and a["basis"] != b["basis"]:
        return False
    same_day = a.when.hold == b.when.hold == when.FIRM and a.when[:2] == b.when[:2]
    if before == after:
        return False  # two figures of one day stand side by side: nothing tells which came later
    if size(later) < size(earlier):
        return same_day and at_point and a.where.key == b.where.key
    if size(later) == size(earlier):
        return False
    both_firm = a.when.hold == b.when.hold == when.FIRM
    overlap = min(a.when.end or 0, b.when.end or 0) - max(a.when.start or 0, b.when.start or 0)
    return (both_firm and overlap >= 0) or _running(earlier, later, params)


def _running(earlier: Group[Telling], later: Group[Telling], params: Params) -> bool:
    """Return whether two growing figures of different or inferred days are one running toll.

    The daily losses of a long war look the same; what tells a toll is that the first figure was open, summed up
    itself, or was larger than what a ministry gives for a day. Often the day is that of the saying.
    """
    a, b = earlier.profile, later.profile
    if a.scope != "current" or a.when.start is None or b.when.start is None:
        return False
    sums_up = a["count_kind"] in ("at_least", "more_than") or a["basis"] == "cumulative"
    if not sums_up and size(earlier) < params.running_toll:
        return False
    return b.when.start - (a.when.end or 0) <= params.news_days
