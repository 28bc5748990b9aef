"""The rulebook's actors: states, entities, organisations, armed groups and officials, looked up in running text."""

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True)
class Actor:
    """An actor as one article names it.

    Attributes:
        name: as fully as the article gives it.
        kind: a code of `actor_kind`.
        country: ISO3 of the state it stands for, None for organisations and groups of no state.
        actor_id: its key in `rulebook/actors`, None where it is not listed.
        office: office of a person, as written.
        in_term: whether a listed office-holder is named within a term; None for others, or where no date is known.
    """

    name: str
    kind: str
    country: str | None = None
    actor_id: str | None = None
    office: str | None = None
    in_term: bool | None = None


@dataclass(frozen=True)
class Mention:
    """Where a paragraph's text names an actor.

    Attributes:
        start: where the name begins in the paragraph's text.
        end: where it ends, exclusive.
        actor: who is named.
        form: name, demonym, seat, person, compound ("Gondor-backed"), or shared: of "North and South Gondor" the
            first, of "the Gondors" both.
    """

    start: int
    end: int
    actor: Actor
    form: str


@dataclass(frozen=True)
class Official:
    """An office-holder of the rulebook; `since` and `until` bound the term, None where open."""

    actor: Actor
    since: dt.date | None
    until: dt.date | None
    names: tuple[str, ...]
    alone: bool


Names = dict[str, list[tuple[str, Actor, str]]]
"""First word -> (whole name, actor, form), longest name first."""

WORD = re.compile(r"[^\W\d_][\w.]*(?:['’-](?!s\b)[\w.]+)*|\d\w*")
BOOK = resources.files("contactline") / "rulebook" / "actors"
COMPASS = frozenset({"North", "South", "East", "West"})
HALF = re.compile(r"\b[Tt]he (North|South)(?:(?=['’]s )|(?= (?!of |and (?:North|South) [A-Z])[a-z])|(?=[,.;:?!\"”]))")
LED = re.compile(r"-(?:[a-z]+ed|led|run|born|held|made|educated|wide|based)\b")
AMBIGUOUS = frozenset(
    {"us", "male", "chad", "car", "is", "au", "turkey", "jordan", "who", "let", "congress", "wagner", "seoul"}
)
"""In text that was all capitals these are words more often than names."""


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (BOOK / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def words() -> dict[str, Any]:
    """Return the word lists of `rulebook/actors/words.yml`."""
    text = (BOOK / "words.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def states() -> dict[str, Actor]:
    """Return ISO3 -> state."""
    return {
        row["iso3"]: Actor(row["name"], "state", row["iso3"], f"state:{row['iso3']}") for row in _rows("states.csv")
    }


@cache
def forms() -> dict[str, tuple[Actor, str]]:
    """Return every listed name of a state or body -> (actor, form)."""
    found: dict[str, tuple[Actor, str]] = {}
    for row in _rows("states.csv"):
        for form, column in (("name", "names"), ("demonym", "demonyms"), ("seat", "seats")):
            for name in filter(None, row[column].split("|")):
                found.setdefault(name, (states()[row["iso3"]], form))
    for row in _rows("bodies.csv"):
        actor = Actor(row["name"], row["kind"], row["country"] or None, row["actor_id"])
        for name in row["names"].split("|"):
            found[name.replace("’", "'")] = (actor, "name")
    return found


@cache
def officials() -> dict[str, list[Official]]:
    """Return folded full name -> the offices that one person held, in order of term."""
    found: dict[str, list[Official]] = {}
    for row in _rows("officials.csv"):
        actor = Actor(row["name"], "person", row["country"] or None, row["actor_id"], row["office"])
        since, until = _day(row["from"], "-01-01"), _day(row["to"], "-12-31")
        names = (row["name"], *filter(None, row["names"].split("|")))
        for name in names:
            found.setdefault(fold(name), []).append(Official(actor, since, until, names, row["alone"] == "yes"))
    return found


def _day(written: str, missing: str) -> dt.date | None:
    """Return a date of a term; of one known to the year or month the outermost day."""
    if not written:
        return None
    if len(written) == 7 and missing == "-12-31":
        year, month = map(int, written.split("-"))
        return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    return dt.date.fromisoformat(written + missing[len(written) - 4 :])


def country_of(word: str) -> str | None:
    """Return the ISO3 of the state that a name, adjective, capital or seat of power stands for, or None."""
    word = word.strip().removeprefix("the ").removeprefix("The ").removesuffix("'s").removesuffix("’s")
    found = forms().get(word)
    return found[0].country if found else None


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """Return a key under which the spellings of one name meet: Pashinyan, Pashinian; Aliyev, Əliyev."""
    name = name.replace("Ə", "A").replace("ə", "a").replace("ı", "i")
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    plain = re.sub(r"[^a-z ]+", " ", plain)
    for old, new in (
        ("ian", "yan"),
        ("ij", "y"),
        ("iy", "y"),
        ("yy", "y"),
        ("ie", "y"),
        ("kh", "h"),
        ("gh", "g"),
        ("ou", "u"),
        ("oo", "u"),
        ("ph", "f"),
        ("dj", "j"),
        ("zh", "j"),
        ("ey", "y"),
        ("ei", "y"),
        ("oy", "oi"),
        ("sh", "s"),
    ):
        plain = plain.replace(old, new)
    return " ".join(re.sub(r"(.)\1", r"\1", word) for word in plain.split())


def index(entries: Iterable[tuple[str, Actor, str]]) -> Names:
    """Return names by their first word, the longest first."""
    names: Names = {}
    for name, actor, form in entries:
        first = WORD.match(name)
        names.setdefault(first.group() if first else name, []).append((name, actor, form))
    for listed in names.values():
        listed.sort(key=lambda entry: -len(entry[0]))
    return names


@cache
def book() -> Names:
    """Return the index of states and bodies."""
    return index((name, actor, form) for name, (actor, form) in forms().items())


@cache
def _lower_book() -> Names:
    return index(
        (name.lower(), actor, form) for name, (actor, form) in forms().items() if name.lower() not in AMBIGUOUS
    )


def find(text: str, extra: Names | None = None, upper: bool = False) -> list[Mention]:
    """Return the actors that a paragraph's text names, in order, the longest name where several fit.

    Args:
        text: a paragraph as the parser gets it.
        extra: further names, such as the article's own people; they win over the book's on equal length.
        upper: the text was in capitals, so case says nothing.
    """
    return _found(text, extra, upper) if extra else list(_by_the_book(text, upper))


@cache
def _shared() -> re.Pattern[str]:
    """Match two names with one last word, "North and South Korea", and plurals that name both, "the Koreas"."""
    pairs = [name.rsplit(" ", 1) for name, (_, form) in forms().items() if form in ("name", "demonym") and " " in name]
    lasts = sorted({last for first, last in pairs if first in COMPASS})
    firsts = "|".join(sorted(COMPASS))
    plurals = "|".join(words()["plural_names"])
    return re.compile(
        rf"\b(?:(?P<first>{firsts}) and (?:the )?(?:{firsts}) (?P<last>{'|'.join(lasts)})|(?P<plural>{plurals}))\b"
    )


def _sharing(text: str) -> Iterator[Mention]:
    """Yield the first of two states whose names share their last word, and both where one plural names them."""
    for match in _shared().finditer(text):
        if match["plural"]:
            for iso in words()["plural_names"][match["plural"]]:
                yield Mention(match.start(), match.end(), states()[iso], "shared")
        elif whole := forms().get(f"{match['first']} {match['last']}"):
            yield Mention(match.start("first"), match.end("first"), whole[0], "shared")


# An article's paragraphs are asked for once for its cast, once for its home, once for each title.
@lru_cache(maxsize=512)
def _by_the_book(text: str, upper: bool) -> tuple[Mention, ...]:
    return tuple(_found(text, None, upper))


def _found(text: str, extra: Names | None, upper: bool) -> list[Mention]:
    tables = [table for table in (extra, _lower_book() if upper else book()) if table]
    found: list[Mention] = []
    end = 0
    for start, word in _words_of(text):
        if start < end or not (upper or word[0].isupper() or word[:3] in ("al-", "ant", "pro")):
            continue
        best = _longest(text, start, word, tables)
        if best and not (word == "Soviet" and text[:start].endswith("former ")):
            found.append(best)
            end = best.end
    return sorted([*found, *_sharing(text)], key=lambda m: m.start)


def halves(text: str) -> list[Mention]:
    """Return where a text calls the states of a divided land by their side alone: "the North", "the South's army"."""
    sides = words()["halves"]
    return [Mention(m.start(1), m.end(1), states()[sides[m[1]]], "name") for m in HALF.finditer(text)]


def _words_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a text, those joined by a hyphen also one by one: "Gondor-Arnor"."""
    for match in WORD.finditer(text):
        start, word = match.start(), match.group()
        yield start, word
        at = word.find("-") + 1
        while at:
            yield start + at, word[at:]
            at = word.find("-", at) + 1


def _longest(text: str, start: int, word: str, tables: Iterable[Names]) -> Mention | None:
    """Return the longest name that begins with `word` at `start`."""
    best: Mention | None = None
    for table in tables:
        for key in _keys(word):
            for name, actor, form in table.get(key, ()):
                stop = start + len(name)
                if text.startswith(name, start) and not text[stop : stop + 1].isalnum():
                    if best is None or stop > best.end:
                        best = Mention(start, stop, actor, "compound" if LED.match(text, stop) else form)
                    break
    return best


def _keys(word: str) -> tuple[str, ...]:
    """Return the first words under which a name may be listed: "U.S.-led" stands under "U.S."."""
    if "-" in word:
        return (word, word.split("-")[0])
    return (word, word[:-1]) if word.endswith(".") else (word,)
