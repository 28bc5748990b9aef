"""Contact mentions to contacts: both sides' readouts are one contact, and a plan and its holding too."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from contactline.records import when, where, words
from contactline.records.clusters import ONE, Apart, Group, groups
from contactline.records.params import Params
from contactline.records.sources import Row, Source, reported
from contactline.records.when import When
from contactline.records.where import Where

# Which status stands where several were reported first on one day; `held` stands whenever it was reported at all.
STANDING = ("held", "cancelled", "refused", "planned", "proposed")
ROLES = ("mediator", "host", "guest", "initiator", "recipient", "participant")  # the telling ones first

OPPOSITES = ({"host", "guest"}, {"initiator", "recipient"})  # each side's readout may say that the other called


class Party(NamedTuple):
    """One participant as one article names it."""

    role: str
    name: str
    office: str | None
    actor_id: str | None
    country: str | None

    @property
    def key(self) -> str:
        """The state it stands for, else its name."""
        return self.country or words.folded(self.name)

    @property
    def called(self) -> set[str]:
        """Name and office in one spelling each, by which one who stands for no state is known."""
        return {words.folded(name) for name in (self.name, self.office) if name}

    @property
    def person(self) -> str | None:
        """Key of the person or office; None where only a state or a body of states is named."""
        if self.country is None or (self.actor_id or "").startswith(("state:", "entity:")):
            return None
        return words.claimant(self.name, self.country)

    @property
    def offices(self) -> set[str]:
        """Keys of the person and the office; "the leader" of a state holds any of its first offices."""
        if not self.country:
            return set()
        keys = {words.claimant(name, self.country) for name in (self.name, self.office) if name}
        leader = words.claimant("leader", self.country)
        return keys | words.heads(self.country) if words.claimant(self.name, self.country) == leader else keys


@dataclass(slots=True)
class Telling:
    """One contact as one article tells it."""

    source: Source
    mode: str
    status: str
    parties: tuple[Party, ...]
    where: Where
    when: When
    scope: str
    mentions: tuple[int, ...]
    sentences: tuple[int, ...]

    def block(self) -> tuple[object, ...]:
        """Contacts are compared where the states in touch are the same, whoever hosts or mediates."""
        states = {p.key for p in self.parties if p.country and p.role not in ("mediator", "host")}
        if len(states) < 2:
            states = {p.key for p in self.parties if p.role != "mediator"}
        return words.mode_family(self.mode), *sorted(states)

    def undated(self) -> str:
        """Undated background is one contact within one article only."""
        return self.source.article_id

    def links(self) -> Sequence[str]:
        """The block holds all that must be shared."""
        return ONE

    def order(self, told: int = 0) -> tuple[object, ...]:
        """What the text dates firmly comes first, then what was held, then what names the persons."""
        return (
            *when.firmness(self.when, told),
            STANDING.index(self.status),
            -sum(party.person is not None for party in self.parties),
            -len(self.parties),
            self.source.published or 0,
            self.mentions[0],
        )


def contacts(
    told: Iterable[tuple[Source, Row]],
    participants: Mapping[str, Sequence[Mapping[str, Any]]],
    params: Params,
    apart: Apart = frozenset(),
) -> Iterator[Group[Telling]]:
    """Yield the contacts that the mentions tell of.

    Args:
        told: each row of `contact_mentions` with its article.
        participants: mention_id -> its rows of `contact_participants`, in order of position.
        params: windows.
        apart: pairs of (article_id, sentence_start) that a person has told apart.
    """
    tellings = (_telling(source, row, participants, params) for source, row in told)
    margin = max(params.contact_days, params.publication_lag)
    return groups(tellings, lambda a, b: agreement(a, b, params), absorb, margin, apart)


def _telling(
    source: Source,
    row: Mapping[str, Any],
    participants: Mapping[str, Sequence[Mapping[str, Any]]],
    params: Params,
) -> Telling:
    parties = participants.get(str(row["mention_id"]), ())
    status = sys.intern(row["status"])
    return Telling(
        source=source,
        mode=sys.intern(row["mode"]),
        status=status,
        parties=tuple(Party(*(party[column] for column in Party._fields)) for party in parties),
        where=where.where(row),
        when=_days(when.when(row, source, params), status, source, params),
        scope=sys.intern(row["scope"]),
        mentions=(row["number"],),
        sentences=(row["sentence_start"],),
    )


def _days(moment: When, status: str, source: Source, params: Params) -> When:
    """Return the days of a contact: what is yet to come and undated falls in the days after publication."""
    if moment.hold != when.NEWS or status == "held" or source.published is None:
        return moment
    first = source.published if status in ("planned", "proposed") else source.published - params.news_days
    return When(first, source.published + params.planned_days, when.NEWS)


def agreement(a: Telling, b: Telling, params: Params) -> tuple[str, float] | None:
    """Return why and how well two tellings agree, or None where they are two contacts."""
    parties = parties_agreement(a.parties, b.parties, a.mode in ("call", "letter"))
    date = when.agreement(a.when, b.when, params.contact_days, params)
    if parties is None or date is None:
        return None
    if where.POINT == a.where.kind == b.where.kind and a.where.key != b.where.key:
        return None
    place = 1.0 if a.where.key == b.where.key and a.where.kind != where.NOWHERE else 0.5
    score = 0.4 * parties + 0.4 * date + 0.1 * place + 0.1 * float(a.mode == b.mode)
    if score < params.contact_threshold:
        return None
    return ("same_parties" if a.status == b.status else "changed_status"), score


def parties_agreement(a: Sequence[Party], b: Sequence[Party], exactly: bool) -> float | None:
    """Return how well two lists of parties agree, from 0.5 (the same states) to 1 (the same persons), or None.

    Args:
        a: parties of one telling.
        b: parties of the other.
        exactly: whether nobody may be in one list only, as in a call; in a meeting one may leave out host and mediator.
    """
    mine, theirs = {p.key for p in a}, {p.key for p in b}
    extra = [p for p in (*a, *b) if p.key in mine ^ theirs]
    if extra and (exactly or any(p.country and p.role not in ("mediator", "host") for p in extra)):
        return None
    if len(mine & theirs) < min(2, len(mine), len(theirs)):
        return None
    scores = [_persons([p for p in a if p.key == key], [p for p in b if p.key == key]) for key in sorted(mine & theirs)]
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known and len(known) == len(scores) else None


def _persons(a: Sequence[Party], b: Sequence[Party]) -> float | None:
    """Compare who stands for one party: 1 for the same person or office, 0.5 where one names nobody, else None."""
    named_a, named_b = [p for p in a if p.person], [p for p in b if p.person]
    if not named_a and not named_b and a[0].country is None:
        return 1.0
    if not named_a or not named_b:
        return 0.5
    return 1.0 if any(p.offices & q.offices for p in named_a for q in named_b) else None


def absorb(profile: Telling, telling: Telling) -> Telling:
    """Return the profile with the persons and parties that it lacked and `telling` names."""
    return replace(profile, parties=_merged([profile.parties, telling.parties]))


def _merged(lists: Iterable[Sequence[Party]]) -> tuple[Party, ...]:
    """Return each party once: by name where a name was given, with office and the most telling role."""
    slots: list[list[Party]] = []
    for parties in lists:
        for party in parties:
            slot = next((s for s in slots if _same_party(s, party)), None)
            if slot is None:
                slots.append([party])
            else:
                slot.append(party)
    return tuple(_fullest(slot) for slot in slots)


def _same_party(slot: Sequence[Party], party: Party) -> bool:
    if party.country is None:
        return any(p.country is None and p.called & party.called for p in slot)
    if slot[0].key != party.key:
        return False
    return party.person is None or any(p.person is None or p.offices & party.offices for p in slot)


def _fullest(slot: Sequence[Party]) -> Party:
    persons = [p for p in slot if p.person] or list(slot)
    counts = Counter(p.name for p in persons)
    best = min(
        persons,
        key=lambda p: (
            not words.names_person(p.name, p.country),
            p.office is None,
            -len(p.name.split()),
            -counts[p.name],
            p.name,
            str(p),
        ),
    )
    offices = sorted({p.office for p in slot if p.office}, key=lambda office: (-len(office), office))
    ids = sorted({p.actor_id for p in persons if p.actor_id})
    return best._replace(
        role=_role([p.role for p in slot]),
        office=best.office or next(iter(offices), None),
        actor_id=best.actor_id or next(iter(ids), None),
    )


def _role(roles: Sequence[str]) -> str:
    """Return the most telling role of a party; of opposites the one that more articles give, of two as many neither."""
    counts = Counter(roles)
    for pair in OPPOSITES:
        if pair <= set(counts):
            most = max(counts[role] for role in pair)
            chosen = [role for role in pair if counts[role] == most]
            return chosen[0] if len(chosen) == 1 else "participant"
    return min(counts, key=ROLES.index)


def statuses(contact: Group[Telling]) -> list[Row]:
    """Return the rows of `contact_statuses` of a contact, without its key."""
    by_status: dict[str, list[Telling]] = {}
    for telling in contact.tellings():
        by_status.setdefault(telling.status, []).append(telling)
    return [
        {
            "status": status,
            **min((t.when for t in by_status[status]), key=when.firmness).columns(),
            **reported(t.source for t in by_status[status]),
        }
        for status in sorted(by_status)
    ]


def standing(reports: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the status that stands among rows of `contact_statuses` of one contact.

    What was reported held was held; else the status that was last to be reported for the first time stands.
    """
    known = sorted(reports, key=lambda report: STANDING.index(str(report["status"])))
    if known[0]["status"] == "held":
        return known[0]
    return max(
        reversed(known),
        key=lambda report: (
            report["first_reported"] is not None,
            str(report["first_reported"]),
            -STANDING.index(str(report["status"])),
        ),
    )


def row(contact: Group[Telling]) -> tuple[Row, list[Row], list[Row]]:
    """Return the row of a contact, its participants and its statuses, all without its key."""
    reports = statuses(contact)
    stands = standing(reports)
    tellings = list(contact.tellings())
    told = [t for t in tellings if t.status == stands["status"]]
    modes = Counter(t.mode for t in told)
    places = Counter(t.where for t in told)
    finest = min(where.fineness(place) for place in places)
    place = min((p for p in places if where.fineness(p) == finest), key=lambda p: (-places[p], str(p)))
    parties = _merged(t.parties for t in tellings)
    dates = stands if stands["date_start"] is not None else min((t.when for t in tellings), key=when.firmness).columns()
    return (
        {
            "mode": min(modes, key=lambda mode: (-modes[mode], mode)),
            "status": stands["status"],
            **{column: dates[column] for column in ("date_start", "date_end", "date_precision", "date_basis")},
            **place.columns(),
            "scope": "current" if any(t.scope == "current" for t in tellings) else "background",
            "parties": ";".join(sorted({party.country or party.name for party in parties})),
            **reported(contact.sources()),
        },
        [{"position": number, **party._asdict()} for number, party in enumerate(parties, start=1)],
        reports,
    )
