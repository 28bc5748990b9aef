"""Statement mentions to statements: one position of one speaker, however many articles quote it."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contactline.records import when, words
from contactline.records.clusters import ONE, Apart, Group, groups
from contactline.records.params import Params
from contactline.records.sources import Row, Source, reported
from contactline.records.when import When


@dataclass(slots=True)
class Telling:
    """One position as one article reports it."""

    source: Source
    speaker: str
    speaker_country: str | None
    kind: str
    targets: str | None
    scope: str
    when: When
    mentions: tuple[int, ...]
    sentences: tuple[int, ...]

    @property
    def target_key(self) -> str:
        """The targets, in whatever order and spelling they are named."""
        return ";".join(
            sorted(words.side(t, None) or "" if len(t) != 3 else t for t in (self.targets or "").split(";"))
        )

    def block(self) -> tuple[str, ...]:
        """Statements are compared where speaker, kind and targets are the same."""
        return words.claimant(self.speaker, self.speaker_country), self.kind, self.target_key

    def undated(self) -> str:
        """An undated position is one statement within one article only."""
        return self.source.article_id

    def links(self) -> Sequence[str]:
        """The block holds all that must be shared."""
        return ONE

    def order(self, told: int = 0) -> tuple[object, ...]:
        """What the text dates firmly comes first."""
        return *when.firmness(self.when, told), self.source.published or 0, self.mentions[0]


def statements(
    told: Iterable[tuple[Source, Row]], params: Params, apart: Apart = frozenset()
) -> Iterator[Group[Telling]]:
    """Yield the statements that the mentions report.

    Args:
        told: each row of `statement_mentions` with its article.
        params: windows.
        apart: pairs of (article_id, sentence_start) that a person has told apart.
    """
    tellings = (_telling(source, row, params) for source, row in told)
    return groups(
        tellings, lambda a, b: agreement(a, b, params), lambda profile, _: profile, params.statement_days, apart
    )


def _telling(source: Source, row: Mapping[str, Any], params: Params) -> Telling:
    country, targets = row["speaker_country"], row["targets"]
    return Telling(
        source=source,
        speaker=str(row["speaker"]),
        speaker_country=None if country is None else str(country),
        kind=sys.intern(row["kind"]),
        targets=None if targets is None else str(targets),
        scope=sys.intern(row["scope"]),
        when=when.when(row, source, params),
        mentions=(row["number"],),
        sentences=(row["sentence_start"],),
    )


def agreement(a: Telling, b: Telling, params: Params) -> tuple[str, float] | None:
    """Return why and how well two reports of one speaker's position agree, or None where it was taken twice."""
    if a.source.article_id == b.source.article_id and a.when[:2] == b.when[:2]:
        return "same_article", 1.0
    date = when.agreement(a.when, b.when, params.statement_days, params)
    return None if date is None else ("same_position", 0.5 + 0.5 * date)


def row(statement: Group[Telling]) -> Row:
    """Return the row of a statement, without key."""
    tellings = list(statement.tellings())
    names = Counter(t.speaker for t in tellings)
    moment = min((t.when for t in tellings), key=when.firmness)
    return {
        "speaker": min(names, key=lambda name: (-len(name.split()), -names[name], name)),
        "speaker_country": statement.profile.speaker_country,
        "kind": statement.profile.kind,
        "targets": statement.profile.targets,
        "scope": "current" if any(t.scope == "current" for t in tellings) else "background",
        **moment.columns(),
        **reported(statement.sources()),
    }
