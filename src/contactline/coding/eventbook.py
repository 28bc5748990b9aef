"""The event part of the rulebook: what words tell of which event, and the lists of words they are checked against."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from contactline.reading import rulebook


@dataclass(frozen=True)
class Rule:
    """One entry of the rulebook."""

    id: str
    event_type: str
    plover: str
    pattern: re.Pattern[str]
    stems: frozenset[str]
    pos: frozenset[str]
    needs: tuple[str, ...]
    unless: re.Pattern[str] | None
    gate: bool
    soft: bool
    country: str | None


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in order of precedence."""
    return tuple(
        Rule(
            id=entry["id"],
            event_type=entry["event_type"],
            plover=entry["plover"],
            pattern=re.compile(rf"\b(?:{entry['pattern']})(?!\w)", re.IGNORECASE),
            stems=frozenset(str(stem) for stem in entry["stems"]),
            pos=frozenset(entry.get("pos", ())),
            needs=tuple(entry.get("needs", ())),
            unless=re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
            gate=entry.get("gate", True),
            soft=entry.get("soft", False),
            country=entry.get("country"),
        )
        for entry in rulebook.load("events")["rules"]
    )


@cache
def words(kind: str) -> frozenset[str]:
    """Return a list of `words` in the rulebook."""
    return frozenset(rulebook.load("events")["words"][kind])


@cache
def weapons() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what weapon makes an attack of which type: (event type, pattern)."""
    entries = rulebook.load("events")["weapons"]
    return tuple((entry["event_type"], re.compile(entry["pattern"], re.IGNORECASE)) for entry in entries)


@cache
def groups() -> dict[str, str]:
    """Return event type -> event group, from the codebook."""
    text = (resources.files("contactline") / "codebook" / "codes" / "event_type.csv").read_text(encoding="utf-8")
    return {row["code"]: row["event_group"] for row in csv.DictReader(text.splitlines())}
