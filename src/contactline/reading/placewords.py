"""The words by which a name is told to be a place, as patterns over the text before and after it."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from contactline.reading.rulebook import load


@cache
def words() -> dict[str, Any]:
    """Return `rulebook/places/words.yml`."""
    loaded: dict[str, Any] = load("places/words")
    return loaded


@cache
def never() -> frozenset[str]:
    """Return the names that are other things in news far more often."""
    return frozenset(map(str, words()["never"]))


CAPITAL = r"(?:(?:al|el|ez|ash|as|ad|an|ar|at|az|Al|El|Ash|As|Ad|An|Ar|At)-)?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’]*(?:-[\w'’]+)*\.?"


@dataclass(frozen=True)
class Cues:
    """The word lists as patterns over the text before and after a name."""

    name: re.Pattern[str]
    locative: re.Pattern[str]
    struck: re.Pattern[str]
    travel: re.Pattern[str]
    settlement: re.Pattern[str]
    division_before: re.Pattern[str]
    division: re.Pattern[str]
    settled: re.Pattern[str]
    direction: re.Pattern[str]
    within: re.Pattern[str]
    owned: re.Pattern[str]
    thing: re.Pattern[str]
    inside: re.Pattern[str]
    settled_name: re.Pattern[str]
    site: re.Pattern[str]
    site_cue: re.Pattern[str]
    border: re.Pattern[str]
    own_borders: re.Pattern[str]
    pair: re.Pattern[str]
    joins: re.Pattern[str]
    capital: re.Pattern[str]
    dateline: re.Pattern[str]


@cache
def cues() -> Cues:
    """Return the patterns, made of `rulebook/places/words.yml`."""
    book = words()
    between = "|".join(book[key] for key in ("between", "direction_adjectives", "settlement"))
    between += "|" + book["parts_of"]
    filler = rf"(?:(?:{between}|(?-i:[A-Z]\w+(?:n|i|sh|ese|s'|'s))) )*"  # "near the besieged Gondorian town of"
    i = re.IGNORECASE
    return Cues(
        name=re.compile(
            rf"(?<![\w'’-]){CAPITAL}(?: (?:(?:de|da|do|du|la|le|of|of the|al|el|the|e|y) )?{CAPITAL}){{0,4}}"
        ),
        locative=re.compile(rf"\b(?:{book['locative']}) (?:{filler})$", i),
        struck=re.compile(rf"\b(?:{book['struck']}) (?:of|on|against|for|in|at|into|over) (?:{filler})$", i),
        travel=re.compile(
            rf"\b(?:{book['travel']})(?: \w+){{0,2}} (?:to|from|for|between|via) (?:{filler})$"
            rf"|\b(?:{book['withdraw']})(?: [\w,]+){{0,5}} (?:to|from|out of) (?:{filler})$"
            rf"|\b(?:{book['visit']}) (?:{filler})$",
            i,
        ),
        settlement=re.compile(
            rf"\b(?:{book['settlement']}) (?:of|in|near|called) (?:the )?$|\b(?:{book['introduces']}),? $", i
        ),
        division_before=re.compile(rf"\b(?:{book['division']}) of (?:the )?$", i),
        division=re.compile(rf"^(?:'s)? (?:{book['direction_adjectives']} )?(?P<word>{book['division']})\b", i),
        settled=re.compile(r"^(?:'s)? (?:city|town|village|settlement|airport|international airport)\b"),
        direction=re.compile(rf"\b(?P<direction>{book['direction_adjectives']})(?: part of| parts of)? (?:the )?$", i),
        inside=re.compile(r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Aa]cross|[Ii]nside|heart of|city of|town of) $"),
        settled_name=re.compile(
            rf"\b(?:{book['settles']}) (?:of|called|named) (?:the )?(?P<name>{CAPITAL}(?: {CAPITAL}){{0,2}})"
        ),
        site=re.compile(
            rf"(?P<name>(?:{CAPITAL} ){{1,4}}(?:{'|'.join(book['site_nouns'])}))(?![\w-])"
            rf"|(?P<bare>{CAPITAL}(?: {CAPITAL}){{0,3}}) (?:{book['quarters']})(?![\w-])"
        ),
        site_cue=re.compile(rf"\b(?:{book['locative']}|{book['assailed']}) (?:{filler})(?:\w+ )?$", i),
        border=re.compile(rf"(?<![\w-])(?:{book['borders']})\b(?! (?:{book['not_the_border']}))"),
        own_borders=re.compile(rf"\b(?:{book['own_borders']}) (?:[\w-]+ ){{0,3}}$", i),
        pair=re.compile(r"(\w+)[-–](\w+) $"),
        joins=re.compile(r"(?: (?:between|with|of|to|from))? (?:the )?| and (?:the )?"),
        owned=re.compile(
            rf"(?P<owner>[A-Z][\w-]+)(?:'s)? (?:[a-z-]+ ){{0,4}}"
            rf"(?:{book['settlement']}|{book['division']}) of (?:the )?$"
            rf"|(?P<holder>[A-Z][\w-]+)'s (?:(?:{between}) )*$"
        ),
        thing=re.compile(rf"^ (?:{book['things']})\b(?! (?:{book['struck']})\b)"),
        capital=re.compile(
            r"(?<![\w-])capital(?: city)?\b(?!,? [A-Z])(?! (?:of|punishment|letters|gains|market|control))"
        ),
        dateline=re.compile(
            r"(?:[A-Z][A-Z.'-]+[ ,/]{0,2}){1,5}(?:,? [A-Z][a-z.]+(?: \d+)?)?(?: ?\([^)]{1,30}\))? ?[—–-]{1,2} "
        ),
        within=re.compile(
            r"^(?:'s)?(?: (?:village|town|city|district|area))?(?:, (?:a \w+ )?|,? (?:in|of)(?: the| \w+ern| \w+'s)* )$"
        ),
    )
