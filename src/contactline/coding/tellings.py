"""One contact told several times: what the tellings have in common and what each adds."""

from dataclasses import dataclass, field
from typing import Any

from contactline.coding.sides import Party, distinct, is_named, like, sides
from contactline.reading.actors import Actor
from contactline.reading.dates import Date
from contactline.reading.language import Sentence, Token
from contactline.reading.places import Place

IN_PERSON = ("meeting", "visit", "talks")
REMOTE = ("call", "letter")
DONE = ("held", "planned")


@dataclass
class Contact:
    """One contact as one sentence tells it."""

    rule: dict[str, Any]
    token: Token
    sentence: Sentence
    parties: list[Party]
    status: str
    date: Date | None = None
    scope: str = "current"
    definite: bool = False
    event: str | None = None
    place: Place | None = None
    own_date: bool = False
    in_person: bool = False
    remote: bool = False
    unnamed: bool = False
    mediators: list[Actor] = field(default_factory=list)

    @property
    def mode(self) -> str:
        """The code of its mode; who speaks where both are is not on the telephone, who meets by video is on a call."""
        if self.remote and self.rule["mode"] in ("meeting", "talks"):
            return "call"
        return "meeting" if self.in_person else str(self.rule["mode"])


def merge(told: list[Contact], new: Contact) -> None:
    """Add a contact, or let it add to the one already told that it tells again."""
    for old in told:
        if old.event and old.event == new.event:
            old.parties = distinct((*old.parties, *new.parties))
            return
        if _same(old, new):
            if _fullness(new) > _fullness(old) or (old.mode == "visit" and new.mode != "visit"):
                old.parties = new.parties
            old.place = old.place or new.place
            if (old.status, new.status) == ("planned", "held") and not new.definite:
                old.status = "held"
            if new.own_date and (not old.own_date or (old.definite and not new.definite)):
                old.date, old.scope, old.own_date = new.date, new.scope, True
            if (old.definite and not new.definite) or (old.rule.get("soft") and not new.rule.get("soft")):
                old.rule, old.token, old.sentence, old.status = new.rule, new.token, new.sentence, new.status
                old.definite = False
            return
    if not (new.unnamed and (new.rule.get("soft") or new.token.pos_ in ("NOUN", "PROPN"))):
        told.append(new)


def _fullness(contact: Contact) -> tuple[int, int]:
    """Return how many parties a telling names, and how many of them in person."""
    return len(contact.parties), sum(a.kind == "person" and is_named(a) for _, a in contact.parties)


def _said(contact: Contact) -> Date | None:
    """Return a date that the telling's own sentence gives, not one carried over from elsewhere."""
    return contact.date if contact.own_date else None


def _same(old: Contact, new: Contact) -> bool:
    """Say whether two tellings are of one contact."""
    soft = old.rule.get("soft") or new.rule.get("soft")
    if old.mode != new.mode and not soft and not {old.mode, new.mode} <= set(IN_PERSON):
        return False
    if old.mode != new.mode and "visit" in (old.mode, new.mode) and not is_meeting(old if old.mode == "visit" else new):
        return False
    if (old.status in DONE) != (new.status in DONE):
        return False
    loose = old.definite or new.definite
    if (old.status, new.status) == ("planned", "held") and len(new.parties) > len(old.parties):
        return False
    one, other = _said(old) or (old.date if new.own_date and not new.definite else None), _said(new)
    exact = one and other and one.precision == other.precision == 1
    if one and other and (exact or not loose) and not (one.start <= other.end and other.start <= one.end):
        return False
    before, after = sides(old.parties), sides(new.parties)
    if after - before and (old.status != new.status or (not old.definite and not soft and len(after) > 2)):
        return False
    if len(before) > 2 and after < before and not new.definite:
        return False
    small, large = sorted(([a for _, a in c.parties] for c in (old, new)), key=len)
    return all(any(like(a, b) for b in large) for a in small)


def is_meeting(visit: Contact) -> bool:
    """Say whether a visit names whom the guest met, so that it is as much a meeting."""
    return any(role == "host" and actor.kind == "person" for role, actor in visit.parties)
