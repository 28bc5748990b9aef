"""Who acts: states, bodies, armed groups and officials, and the words that stand for them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """An actor as one article names it.

    Attributes:
        name: as fully as the article gives it.
        kind: a code of `actor_kind`.
        country: ISO3 of the state it stands for, None for organisations and groups of no state.
        actor_id: its key in `rulebook/actors`, None where it is not listed.
        office: office of a person, as written.
    """

    name: str
    kind: str
    country: str | None = None
    actor_id: str | None = None
    office: str | None = None
