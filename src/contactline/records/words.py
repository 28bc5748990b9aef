"""Who and what a name means when two articles spell it differently; the words are in `rulebook/joining.yml`."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from contactline.records import listed


@cache
def _rulebook() -> dict[str, Any]:
    text = (files("contactline") / "rulebook" / "joining.yml").read_text(encoding="utf-8")
    book: dict[str, Any] = yaml.safe_load(text)
    return book


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(_rulebook()[name])


@cache
def _families(name: str) -> dict[str, int]:
    return {word: number for number, family in enumerate(_rulebook()[name]) for word in family}


@lru_cache(maxsize=50_000)
def folded(name: str) -> str:
    """Return `name` in lower case without accents, possessives, punctuation and articles."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"\w+", re.sub(r"['’]s?\b", "", plain))
    name = " ".join(_spelling(word) for word in words if word not in {"the", "a", "an"})
    for phrase, usual in _rulebook()["phrases"].items():
        name = name.replace(phrase, usual) if phrase in name else name
    return name


def _spelling(word: str) -> str:
    book = _rulebook()
    if word in book["spellings"]:
        return str(book["spellings"][word])
    for ending, usual in book["endings"].items():
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word.removesuffix(ending) + str(usual)
    return word


@lru_cache(maxsize=50_000)
def claimant(name: str | None, country: str | None) -> str:
    """Return the key under which all spellings of one claimant, speaker or participant fall.

    A body or office of a state is known by the state and the body's own words, a person by the surname, anyone else by
    the whole name. "" is the narrator.

    Examples:
        >>> claimant("Gondor's Defence Ministry", "GON") == claimant("the Ministry of Defense of Gondor", "GON")
        True
        >>> claimant("Prime Minister Denethor", "GON") == claimant("Denethor", "GON")
        True
    """
    if not name:
        return ""
    words = [word for word in folded(name).split() if word not in _list("fillers")]
    whose = next(filter(None, map(_entity, words)), country or "")
    words = [word for word in words if not _names_state(word, country)]
    bodies = [word for word in words if word in _list("bodies") or word in _list("titles")]
    surname = _surname(name, country) if country or not _list("titles").isdisjoint(bodies) else None
    if surname:
        return f"{whose}:{surname}"
    return f"{whose}:{' '.join(sorted(bodies) if bodies and country else words)}"


@lru_cache(maxsize=10_000)
def _entity(word: str) -> str | None:
    """Return the key of the unrecognised entity that a word names: its ministry is not that of the state behind it."""
    found = listed.by_name().get(word.capitalize())
    return found.actor_id if found and found.kind == "entity" else None


@lru_cache(maxsize=10_000)
def _names_state(word: str, country: str | None) -> bool:
    """Return whether a word is the name, adjective or capital of the state: Yerevan says what Armenia says."""
    found = listed.by_name().get(word.capitalize())
    return found is not None and found.kind == "state" and found.country == country


def names_person(name: str, country: str | None) -> bool:
    """Return whether a name is a person's, and not only that of an office or a body."""
    return _surname(name, country) is not None


@lru_cache(maxsize=50_000)
def _surname(name: str, country: str | None) -> str | None:
    """Return the person's surname; None where the name is a body's or an office's.

    "Prime Minister Denethor of Gondor" and "President of Gondor Denethor" name a person, "the Gondorian prime minister"
    and "the foreign minister of Gondor" an office, "Gondor's Defence Ministry" a body.
    """
    known = _list("bodies") | _list("titles")
    head, _, tail = (part.split() for part in folded(name).partition(" of "))
    titled = not _list("titles").isdisjoint(head)
    before = [word for word in head if _can_be_name(word, known, country)]
    after = [word for word in tail if _can_be_name(word, known, country)]
    if not titled and not known.isdisjoint(head + tail):
        return None
    if before and head[-1] not in known:
        return before[-1]
    state_told = any(_names_state(word, country) for word in tail)
    return after[-1] if titled and not before and len(after) > (0 if state_told else 1) else None


def _can_be_name(word: str, known: frozenset[str], country: str | None) -> bool:
    return word not in known and word not in _list("fillers") and not _entity(word) and not _names_state(word, country)


@cache
def heads(country: str) -> frozenset[str]:
    """Return the keys, as `claimant` makes them, of whom "the leader" of a state can be."""
    return frozenset(claimant(head, country) for head in _list("heads"))


@lru_cache(maxsize=50_000)
def side(name: str | None, country: str | None) -> str | None:
    """Return the key of a side: its state, else its name; None where it is not told who it is."""
    if country:
        return country
    if not name or all(word in _list("generic_actors") or word in _list("fillers") for word in folded(name).split()):
        return None
    return folded(name)


def is_state(key: str | None) -> bool:
    """Return whether the key of a side is a state's."""
    return key is not None and len(key) == 3 and key.isupper()


@lru_cache(maxsize=50_000)
def is_line(place_name: str) -> bool:
    """Return whether a place is a line between two states: a border or a front."""
    return not _list("lines").isdisjoint(folded(place_name).split())


def is_mutual(event_group: str) -> bool:
    """Return whether the order of an event's sides means nothing."""
    return event_group in _list("mutual_groups")


def is_signed(event_group: str) -> bool:
    """Return whether events of the group are signed: by two parties or more, in a place that says little of them."""
    return event_group in _list("signed_groups")


def is_fighting(event_group: str) -> bool:
    """Return whether events of the group are fights, which a war is made of."""
    return is_mutual(event_group) and is_deadly(event_group)


def is_deadly(event_group: str) -> bool:
    """Return whether events of the group kill."""
    return event_group in _list("deadly_groups")


def is_counted(event_group: str, event_type: str, harm: str) -> bool:
    """Return whether claims of the harm can count victims of events of the group and type."""
    if event_type in _list("bloodless_types"):
        return False
    return is_deadly(event_group) or (harm in ("captured", "missing") and event_group in _list("captive_groups"))


def type_family(event_type: str) -> int:
    """Return the family of an event type: reports take types of one family for one another.

    Raises:
        KeyError: the type is in no family of `rulebook/joining.yml`; a test holds the file to the code list.
    """
    return _families("type_families")[event_type]


def mode_family(mode: str) -> int:
    """Return the family of a mode of contact.

    Raises:
        KeyError: the mode is in no family of `rulebook/joining.yml`; a test holds the file to the code list.
    """
    return _families("mode_families")[mode]
