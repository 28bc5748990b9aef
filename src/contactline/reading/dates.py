"""Which date governs a word: that of its clause, its sentence, its paragraph, the lead or the document."""

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from contactline.reading.article import Reading
from contactline.reading.dateexpressions import find, fragments, read
from contactline.reading.dateforms import number
from contactline.reading.days import Date, apart_by, spanning
from contactline.reading.language import Sentence, Token
from contactline.reading.rulebook import load

__all__ = ["Date", "clause", "date_of", "dated", "find"]


def date_of(token: Token, sentence: Sentence, reading: Reading, near: Token | None = None) -> Date | None:
    """Return the date of what a verb or an event noun tells; of several alike the nearest, one below `near` first.

    It is the date of the token's own clause, else one of its sentence, else the one that its paragraph set last, else
    the days that the lead names, from the first to the last; news told without any date gets the publication date and
    the day before it, with the basis `document`.
    What the clause puts into the future, or tells as long past, gets no date but its own.
    """
    own = {t.i for t in near.subtree} if near is not None else ()
    ranked = sorted(
        (rank, root.i not in own, abs(root.i - token.i), number, _meant(root, date, token, reading))
        for number, (root, date) in enumerate(dated(sentence, reading))
        if (rank := _rank(root, token)) is not None
    )
    date = ranked[0][-1] if ranked else None
    if date is not None and ranked[0][0] == REPORTED:
        date = _told(date)
    if (apart := _apart_from(token, sentence)) is not None:
        main = date or _carried(token, sentence, reading)
        return apart(main) if main else None
    if date is not None:
        return date
    if _is_elsewhen(token):
        return None
    return _carried(token, sentence, reading)


def _meant(root: Token, date: Date, token: Token, reading: Reading) -> Date:
    """Return the date itself for what it is the date of: the war of "since the war of 2020" is of 2020 alone."""
    host = _host(root)
    own = host.i == token.i or _tells_of(clause(token), root, host)
    if not own or host.pos_ not in ("NOUN", "PROPN") or not _is_since(root, None):
        return date
    alone = find(root.doc[root.left_edge.i : root.right_edge.i + 1].text, reading.article.published_date)
    return alone[0][-1] if alone else date


def _tells_of(verb: Token, root: Token, host: Token) -> bool:
    """Say whether a relative clause tells of what a date dates: "the war of 1990, in which ten died"."""
    above = verb.head
    return verb.dep_ in ("relcl", "acl") and (above.i == host.i or above.i in {t.i for t in root.subtree})


def _apart_from(token: Token, sentence: Sentence) -> Callable[[Date], Date] | None:
    """Return how far a clause lies from the main one: "a day after Arnor attacked" puts the attack a day before."""
    text, at = sentence.tokens.text, token.idx - sentence.tokens.start_char
    found = next((m for m in _distance().finditer(text, 0, at) if not CLAUSE_END.search(text, m.end(), at)), None)
    verb = clause(token)
    if found is None or verb.idx - sentence.tokens.start_char < found.end():
        return None
    count, vague = number(found)
    step = count if found["side"] == "before" else -count
    if vague or found["unit"] in ("hour", "minute"):
        return None
    return lambda main: apart_by(main.end, step, found["unit"], vague=False) if main.precision <= 2 else main


CLAUSE_END = re.compile(r"[,;:]|\band\b|\bwho\b|\bwhich\b")


@cache
def _distance() -> re.Pattern[str]:
    pattern: str = load("dates")["distance"].replace("{n}", fragments()["n"])
    return re.compile(pattern)


# ---- which date governs a word
OWN, CLAUSE, JOINED, SENTENCE, REPORTED = range(5)
NESTED = ("relcl", "acl", "advcl", "ccomp", "pcomp", "csubj", "parataxis", "ROOT", "conj")
LINKS = (
    "prep",
    "pobj",
    "pcomp",
    "npadvmod",
    "advmod",
    "nummod",
    "amod",
    "compound",
    "nmod",
    "poss",
    "appos",
    "det",
    "punct",
)


@lru_cache(maxsize=8)
def _given(reading: Reading) -> list[list[tuple[int, int, Date]]]:
    """Return the dates of each paragraph, offsets into its text; read from text alone, so that no parse matters."""
    given: list[list[tuple[int, int, Date]]] = []
    context: Date | None = None
    for paragraph in reading.paragraphs:
        given.append(read(paragraph.text, reading.article.published_date, context))
        context = given[-1][-1][2] if given[-1] else context
    return given


def dated(sentence: Sentence, reading: Reading) -> list[tuple[Token, Date]]:
    """Return the dates of a sentence, each with the token that ties it to the rest."""
    tied = []
    for start, end, date in _given(reading)[sentence.paragraph]:
        inside = [t for t in sentence.tokens if t.idx < end and t.idx + len(t.text) > start]
        roots = [t for t in inside if t.head not in inside or t.head.i == t.i]
        if roots:
            tied.append((roots[-1], date))
    return tied


def _host(root: Token) -> Token:
    """Return the verb or the noun that a date belongs to: "Friday's attack", "attacked late on Friday"."""
    token = root
    while token.dep_ in LINKS and token.head.i != token.i:
        linked, token = token, token.head
        if token.pos_ in ("VERB", "AUX") or (token.pos_ in ("NOUN", "PROPN") and linked.dep_ != "pobj"):
            return token
    return token.head if token.i == root.i else token


def clause(token: Token) -> Token:
    """Return the verb that heads a token's clause; "began shelling" is one clause."""
    while token.head.i != token.i:
        if token.pos_ in ("VERB", "AUX") and token.dep_ in NESTED:
            return token
        token = token.head
    return token


def _rank(root: Token, token: Token) -> int | None:
    """Return how closely a date is tied to a token, 0 the closest; None where it dates something else."""
    host = _host(root)
    book = load("dates")
    mine, other = clause(token), clause(host)
    if _tells_of(mine, root, host):
        return CLAUSE
    since = mine.i != other.i and any(t.dep_ == "mark" and t.lower_ == "since" for t in other.lefts)
    if (since or _is_since(root, host)) and not (_is_perfect(other) or _is_perfect(mine)):
        return None
    if host.i == token.i:
        return OWN
    if host.pos_ in ("NOUN", "PROPN") and (host.lemma_.lower() in book["undated"] or _bounds(host, book)):
        return None
    over = other.dep_ == "relcl" and other.lemma_ in book["ending"] and clause(other.head).i == mine.i
    if over or mine.i == other.i or (other.dep_ in ("relcl", "acl") and other.head.i == token.i):
        return CLAUSE
    if (mine.dep_ == "conj" and clause(mine.head).i == other.i) or (
        other.dep_ == "conj" and clause(other.head).i == mine.i
    ):
        return JOINED
    return REPORTED if other.lemma_ in book["report"] else SENTENCE


def _is_since(root: Token, host: Token | None) -> bool:
    """Say whether a date only tells since when: "since May"; looked for up to `host`, else up to the verb."""
    token = root
    while (host is None or token.i != host.i) and token.head.i != token.i and token.pos_ not in ("VERB", "AUX"):
        if token.lower_ == "since":
            return True
        token = token.head
    return False


def _is_perfect(verb: Token) -> bool:
    """Say whether a clause tells what goes on until now: "has shelled the ford since May", not "the first since".

    "Has not seen such shelling since May" tells of the one day again.
    """
    if any(t.dep_ == "neg" or t.lower_ == "never" for t in verb.children):
        return False
    helpers = [t for t in verb.children if t.dep_ in ("aux", "auxpass")]
    helpers += [t for helper in helpers for t in helper.children if t.dep_ == "aux"]  # "has kept blocked"
    return any(t.lemma_ in ("have", "'ve") for t in helpers)


def _bounds(host: Token, book: dict[str, Any]) -> bool:
    """Say whether a dated noun only bounds what the sentence tells: "after Friday's attack"."""
    return host.dep_ == "pobj" and host.head.lower_ in book["bounding"]


def _told(date: Date) -> Date:
    """Return when a thing happened that was told on a day: that day or the one before."""
    return date if date.precision > 1 else spanning(date.start - dt.timedelta(1), date.end, date.basis)


def _is_elsewhen(token: Token) -> bool:
    """Say whether a clause is about the future or a remote past, for which nothing but its own date will do."""
    head = clause(token)
    auxiliaries = {t.lower_ for t in head.children if t.dep_ in ("aux", "auxpass")}
    if auxiliaries & {"will", "would", "may", "might", "could", "should", "must", "shall", "'ll", "can"}:
        return True
    return "had" in auxiliaries and head.dep_ not in ("ccomp", "relcl", "advcl")


def _carried(token: Token, sentence: Sentence, reading: Reading) -> Date | None:
    """Return the date that stands over a sentence without one: its paragraph's, the lead's, the document's."""
    given, published = _given(reading), reading.article.published_date
    before = [date for _, end, date in given[sentence.paragraph] if end <= sentence.tokens.start_char]
    before = [date for date in before if published is None or (date.start <= published and not _runs(date, published))]
    if before:
        return before[-1]
    lead = [date for paragraph in given[:LEAD] for _, _, date in paragraph if date.precision <= 2]
    if published is None:
        return lead[0] if lead else None
    recent = [date for date in lead if dt.timedelta(0) <= published - date.end <= dt.timedelta(3)]
    if recent:
        first, last = min(date.start for date in recent), max(date.end for date in recent)
        return spanning(first, last, recent[0].basis)
    return spanning(published - dt.timedelta(1), published, "document")


def _runs(date: Date, published: dt.date) -> bool:
    """Say whether a date only tells since when something goes on, so that nothing after it happened then."""
    return date.end == published and date.precision > WEEK


WEEK = 3  # date_precision
LEAD = 4  # paragraphs, the headline and the dateline among them
