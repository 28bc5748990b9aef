"""Whether a word tells this article's news or its background, and whether the article asserts it."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from contactline.reading import dates
from contactline.reading.article import Reading
from contactline.reading.dates import Date
from contactline.reading.language import Sentence, Token
from contactline.reading.rulebook import load

OPENING = 3  # paragraphs in which an undated article may date its own news
LONGEST_NEWS = 31  # days; a span that is longer is a running state or a total
MONTH = 4  # date_precision of what is known to the month
CLAUSES = {"relcl", "advcl", "ccomp", "acl", "parataxis"}


@dataclass(frozen=True)
class Frame:
    """One entry of the modality part of `rulebook/scope.yml`."""

    id: str
    modality: str
    governs: frozenset[str] = frozenset()
    complement: str = ""
    auxiliaries: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    present_only: bool = False


def rulebook() -> dict[str, Any]:
    """Return `rulebook/scope.yml`."""
    book: dict[str, Any] = load("scope")
    return book


@cache
def cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the background cues: (rule id, pattern)."""
    return tuple((entry["id"], re.compile(entry["pattern"], re.I)) for entry in rulebook()["scope"])


@cache
def though_dated() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the cues that hold even where the date they give is near enough to be news."""
    chosen = {entry["id"] for entry in rulebook()["scope"] if entry.get("though_dated")}
    return tuple(cue for cue in cues() if cue[0] in chosen)


@cache
def frames() -> tuple[Frame, ...]:
    """Return the frames that take a word out of what is asserted."""
    names = ("governs", "auxiliaries", "marks", "negations")
    return tuple(
        Frame(
            id=entry["id"],
            modality=entry["modality"],
            complement=entry.get("complement", ""),
            pattern=re.compile(entry["pattern"], re.I) if "pattern" in entry else None,
            present_only=entry.get("present_only", False),
            **{name: frozenset(entry.get(name, ())) for name in names},
        )
        for entry in rulebook()["modality"]
    )


@cache
def verbs(kind: str) -> frozenset[str]:
    """Return a list of `verbs` in the rulebook."""
    return frozenset(rulebook()["verbs"][kind])


# ---- scope
def scope_of(token: Token, sentence: Sentence, reading: Reading, date: Date | None) -> tuple[str, str]:
    """Return whether what `token` tells is the article's news, and the rule that says so.

    Args:
        token: the verb or event noun.
        sentence: its sentence.
        reading: its article.
        date: the date that governs `token`, where one does.

    Returns:
        A code of `scope` and a rule id.
    """
    named = _named_past(token)
    if named is not None:
        return "background", named
    stated = date is not None and date.basis != "document"
    if date is not None and stated and _said_here(date, sentence, reading):
        code, rule_id = _by_date(date, sentence, reading)
        cue = _cue(token, though_dated(), told=False) if code == "current" else None
        return ("background", cue) if cue is not None else (code, rule_id)
    cue = _cue(token, cues())
    if cue is not None:
        return "background", cue
    if date is not None and stated and _by_date(date, sentence, reading)[0] == "background":
        return _by_date(date, sentence, reading)
    if reading.article.published_date is None and _dated_apart(token, reading):
        return "background", "scope-undated-month"
    if _pluperfect(token):
        return "background", "scope-past-perfect"
    return "current", "scope-carried-date" if stated else "scope-default"


def _said_here(date: Date, sentence: Sentence, reading: Reading) -> bool:
    """Say whether the sentence itself gives the date, not one before it."""
    return any(date == given for _, given in dates.dated(sentence, reading))


def _by_date(date: Date, sentence: Sentence, reading: Reading) -> tuple[str, str]:
    published = reading.article.published_date
    if published is None:
        latest = _latest_year(reading)
        old = latest is not None and date.end.year <= latest - rulebook()["undated_years"]
        old = old or (sentence.paragraph >= OPENING and _undated()[1].search(reading.article.text) is not None)
        return ("background", "scope-older-year") if old else ("current", "scope-date")
    if by_date(date, published) == "current":
        return "current", "scope-date"
    return "background", "scope-long-span" if date.end >= published else "scope-older-date"


def _dated_apart(token: Token, reading: Reading) -> bool:
    """Say whether a clause goes by a month in an undated article that tells its own news by weekdays."""
    month, weekday = _undated()
    return weekday.search(reading.article.text) is not None and month.search(_words(token)) is not None


@cache
def _undated() -> tuple[re.Pattern[str], re.Pattern[str]]:
    book = load("dates")
    months = "|".join([*book["months"], *book["month_abbreviations"]])
    return (
        re.compile(rf"\b(?:{rulebook()['month_cues']}) (?:{months})\b|\b(?:{months})\.? \d{{1,2}}\b"),
        re.compile(rf"\b(?:{'|'.join(book['weekdays'])})\b"),
    )


def by_date(date: Date, published: dt.date) -> str:
    """Return whether what happened then is news on the day of publication: a code of `scope`."""
    recent = published - dt.timedelta(days=rulebook()["current_days"])
    older = date.end < recent or (date.precision >= MONTH and date.end < published and date.start < recent)
    running = (date.end - date.start).days > LONGEST_NEWS and date.start < published
    return "background" if older or running else "current"


@lru_cache(maxsize=64)
def _latest_year(reading: Reading) -> int | None:
    years = [int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", reading.article.text)]
    return max(years, default=None)


def _named_past(token: Token) -> str | None:
    """Return the rule by which the noun itself is past: "the 2020 war"."""
    if any(node.lemma_ in verbs("memories") for node in token.ancestors if node.pos_ == "NOUN"):
        return "scope-anniversary"
    if _is_charge(token):
        return "scope-charge"
    if _is_known_for(token):
        return "scope-known-for"
    if token.pos_ not in ("NOUN", "PROPN"):
        return None
    pattern = dict(cues())["scope-year-war"]
    for child in token.lefts:
        if child.dep_ in ("nummod", "compound", "nmod", "amod") and re.fullmatch(
            r"(?:1[5-9]|20)\d\d(?:[-–]\d+)?", child.text
        ):
            words = " ".join(t.text for t in token.doc[child.i : token.i + 1])
            return "scope-year-war" if pattern.match(words) else None
    return None


def _is_charge(token: Token) -> bool:
    """Say whether a deed is what somebody is tried or wanted for: "convicted of bombing the bridge"."""
    above = itertools.pairwise((token, *token.ancestors))
    return any(
        node.pos_ == "ADP" and node.lower_ in ("for", "of", "with", "over") and head.lemma_.lower() in verbs("justice")
        for node, head in above
    )


def _is_known_for(token: Token) -> bool:
    """Say whether a clause only says what a body is known for: "the group, which has killed thousands"."""
    verb = verb_of(token)
    while verb.dep_ == "conj" and not _has(verb, ("nsubj", "nsubjpass")):
        verb = verb.head
    perfect = any(c.dep_ == "aux" and c.lemma_ in ("have", "'ve") and c.tag_ in ("VBZ", "VBP") for c in verb.lefts)
    return verb.dep_ == "relcl" and perfect and verb.head.lemma_.lower() in verbs("bodies")


def _cue(token: Token, among: Sequence[tuple[str, re.Pattern[str]]], *, told: bool = True) -> str | None:
    """Return the first cue among the words of a clause; `told`: with those of the clause that reports it."""
    words = _words(token, told=told)
    return next((rule_id for rule_id, pattern in among if pattern.search(words)), None)


def _words(token: Token, *, told: bool = True) -> str:
    """Return the words among which the cues for a word are looked for."""
    beside = [*modified(token), *clause(token, told=told), *_told_of(token)]
    compared = _compared(beside)
    return " ".join(t.text for t in beside if t.i not in compared)


def _compared(tokens: Sequence[Token]) -> set[int]:
    """Return the words that only say how long there was nothing like it: "the worst attack in years"."""
    first = next((t.i for t in tokens if t.tag_ in ("JJS", "RBS") or t.lower_ in verbs("firsts")), None)
    if first is None:
        return set()
    reaches = [t for t in tokens if t.i > first and t.pos_ in ("ADP", "SCONJ") and t.lower_ in verbs("reaching")]
    return {t.i for reach in reaches for t in (reach.head if reach.dep_ == "mark" else reach).subtree if t.i > first}


def modified(token: Token) -> list[Token]:
    """Return the noun phrase, with its preposition, that the relative clause of `token` is about: "in a war that"."""
    verb = verb_of(token)
    while verb.dep_ == "conj":
        verb = verb.head
    if verb.dep_ not in ("relcl", "acl"):
        return []
    noun = verb.head
    kept = [t for child in noun.children if child.i != verb.i for t in child.subtree if t.i < verb.left_edge.i]
    return sorted({noun, *kept, *([noun.head] if noun.head.pos_ == "ADP" else [])}, key=lambda t: t.i)


def _told_of(token: Token) -> list[Token]:
    """Return when the clause happened that a relative clause hangs below: "was hit last week in a raid that"."""
    verb = verb_of(token)
    if verb.dep_ not in ("relcl", "acl"):
        return []
    above = verb_of(verb.head)
    adjuncts = [c for c in above.children if c.dep_ in ("npadvmod", "advmod") and c.i < verb.i]
    return [t for child in adjuncts for t in child.subtree]


def clause(token: Token, *, told: bool = True) -> list[Token]:
    """Return the words of the clause of `token`: its verb's, without the clauses that hang below other verbs.

    With `told` also those that say when the clause above it was, which reports it or which it goes on from.
    """
    verb = verb_of(token)
    inside = _inside(verb, keep={t.i for t in (token, *token.ancestors)})
    while _goes_on(verb) and (told or verb.dep_ != "ccomp"):
        verb = verb.head
        inside += [t for child in verb.children if child.dep_ in ("prep", "npadvmod", "advmod") for t in child.subtree]
    return sorted(set(inside), key=lambda t: t.i)


def _goes_on(verb: Token) -> bool:
    """Say whether a clause happened when the one above it did: "attacked the ford in May, killing ten"."""
    if verb.head.i == verb.i:
        return False
    return verb.dep_ in ("xcomp", "ccomp", "conj", "pcomp") or (verb.dep_ == "advcl" and verb.tag_ == "VBG")


def _inside(top: Token, keep: set[int]) -> list[Token]:
    found = [top]
    for child in top.children:
        since = child.dep_ == "advcl" and any(c.lower_ == "since" for c in child.lefts)
        own = (child.dep_ in CLAUSES and not since) or (child.dep_ == "conj" and child.pos_ in ("VERB", "AUX"))
        if not own or child.i in keep:
            found += _inside(child, keep)
    return found


def verb_of(token: Token) -> Token:
    """Return the verb that tells what `token` tells: itself, or the nearest one above."""
    for node in (token, *token.ancestors):
        if node.pos_ in ("VERB", "AUX") and node.dep_ not in ("amod", "aux", "auxpass", "compound"):
            return node
    return token.sent.root


def _pluperfect(token: Token) -> bool:
    verb = verb_of(token)
    for node in (verb, verb.head if verb.dep_ in ("xcomp", "conj", "pcomp") else verb):
        if any(c.lower_ in ("had", "'d") and c.dep_ in ("aux", "auxpass") and c.tag_ == "VBD" for c in node.children):
            return not _reported(verb) and not _leads_up(verb)
    return False


def _leads_up(verb: Token) -> bool:
    """Say whether a past perfect only comes first of two things told together: "fled after Arnor had shelled it"."""
    return verb.dep_ == "advcl" and any(
        c.dep_ in ("mark", "advmod") and c.lower_ in verbs("sequence") for c in verb.lefts
    )


def _reported(verb: Token) -> bool:
    """Say whether a verb stands in what somebody says, where the past perfect is only the past put back."""
    node = verb
    while node.head.i != node.i:
        if node.dep_ in ("ccomp", "parataxis") or (node.dep_ == "acl" and any(c.lower_ == "that" for c in node.lefts)):
            return True
        node = node.head
    return any(child.dep_ in ("parataxis", "ccomp") for child in node.children) and node.i == verb.i


# ---- modality
def modality_of(token: Token, sentence: Sentence) -> tuple[str, str]:
    """Return whether what `token` tells is asserted, and the rule that says so.

    The parse is climbed from the word: its negation and modal verbs, then what governs it (a plan, a fear, a denial),
    and on from there, until a clause that stands by itself.

    Returns:
        A code of `modality` and a rule id.
    """
    played = next(f for f in frames() if f.pattern is not None)
    if played.pattern is not None and played.pattern.search(" ".join(t.text for t in clause(token))):
        return played.modality, played.id
    for node, via in _climb(token):
        for frame in frames():
            if _holds(frame, node, via):
                return frame.modality, frame.id
    return "asserted", "modality-default"


def _climb(token: Token) -> Iterator[tuple[Token, Token | None]]:
    """Yield the words whose frame holds over `token`, each with the word below it (None: its own modals and negation).

    What reaches its governor through a preposition is yielded with that preposition: "press for a truce".
    """
    yield token, None
    node, below, own = token, token, True
    for _ in range(12):
        head = node.head
        if head.i == node.i or not _carries(node):
            return
        if node.dep_ == "prep" or head.pos_ == "ADP":
            yield head, node if node.pos_ == "ADP" else below
            if own and node.pos_ == "ADP" and head.pos_ in ("VERB", "AUX") and _own_deed(_object(node), head):
                yield head, None
            if head.pos_ in ("NOUN", "PROPN") and not _passes_on(head, node):
                return
            node = head
            continue
        yield head, below if node.pos_ == "ADP" else node
        own = own and not _told_apart(node)
        if node.dep_ == "conj" and not _bare(node):
            node = head
            below = head
            continue
        if own and _own_deed(node, head):
            yield head, None
        elif head.pos_ in ("NOUN", "PROPN") and node.dep_ not in ("compound", "acl", "conj", "appos", "ccomp"):
            return
        node, below = head, head


def _passes_on(noun: Token, preposition: Token) -> bool:
    """Say whether what holds of a noun holds of what follows it: "a wave of attacks", "an end to the attacks"."""
    return noun.lemma_ in verbs("endings") or (preposition.lower_ == "of" and noun.lemma_ not in verbs("ends"))


def _told_apart(node: Token) -> bool:
    """Say whether a clause stands by itself under its verb: "would add that Arnor attacked"."""
    return (node.dep_ in ("ccomp", "parataxis", "acl") and node.tag_ in ("VBD", "VBZ", "VBP", "VBN")) or (
        node.dep_ == "ccomp" and any(c.dep_ in ("aux", "auxpass") and c.tag_ != "TO" for c in node.lefts)
    )


def _object(preposition: Token) -> Token:
    return next((c for c in preposition.children if c.dep_ in ("pobj", "pcomp")), preposition)


def _carries(node: Token) -> bool:
    """Say whether what holds of the head of `node` holds of `node`."""
    dep, head = node.dep_, node.head
    if dep in ("relcl", "poss", "npadvmod", "advmod"):
        return False
    if dep == "acl":
        return any(c.dep_ in ("aux", "mark") and c.lower_ in ("to", "that") for c in node.lefts)
    if dep == "advcl":
        infinitive = any(c.dep_ == "aux" and c.lower_ == "to" for c in node.lefts)
        return (infinitive and head.lemma_ not in verbs("means")) or (
            node.tag_ == "VBG" and not _has(node, ("mark", "nsubj", "prep"))
        )
    if node.pos_ == "ADP" and node.lower_ in ("by", "through"):
        return any(c.dep_ == "pcomp" for c in node.children)
    if node.pos_ == "ADP":
        return node.lower_ in verbs("carriers") or node.lower_ == "without"
    if dep == "nsubj":
        return head.lemma_ in verbs("occurrences")
    return True


def _own_deed(node: Token, head: Token) -> bool:
    """Say whether modal verbs and negation of `head` are those of `node` too."""
    if node.dep_ in ("xcomp", "pcomp", "attr", "expl", "prt", "aux", "auxpass", "advcl", "acomp"):
        return True
    if node.dep_ == "ccomp":
        return node.tag_ in ("VB", "VBG")
    if node.dep_ == "conj":
        return _bare(node)
    if node.dep_ in ("dobj", "nsubjpass", "pobj", "oprd"):
        definite = any(c.lower_ in ("the", "this", "that", "these", "those") or c.dep_ == "poss" for c in node.lefts)
        return head.lemma_ in verbs("creators") or (not definite and head.lemma_ not in verbs("perception"))
    return node.dep_ == "nsubj" and head.lemma_ in verbs("occurrences")


def _bare(node: Token) -> bool:
    return not _has(node, ("aux", "auxpass", "nsubj", "nsubjpass", "neg"))


def _has(node: Token, deps: tuple[str, ...]) -> bool:
    return any(child.dep_ in deps for child in node.children)


def _holds(frame: Frame, node: Token, via: Token | None) -> bool:
    if via is None:
        if frame.auxiliaries:
            return any(c.dep_ == "aux" and c.tag_ == "MD" and c.lower_ in frame.auxiliaries for c in node.children)
        if frame.marks:
            return any(c.dep_ in ("mark", "advmod") and c.lower_ in frame.marks for c in node.lefts)
        if frame.negations:
            return _negated(frame, node)
        return frame.complement == "noun" and any(
            c.dep_ in ("amod", "compound") and _is(c, frame.governs)
            for c in node.lefts
            if node.pos_ in ("NOUN", "PROPN")
        )
    if frame.negations:
        return node.pos_ == "ADP" and node.lower_ in frame.negations
    if not frame.governs or not _is(node, frame.governs):
        return False
    if node.pos_ == "VERB" and node.lemma_ in verbs("with_preposition") and via.pos_ != "ADP":
        return _complement(via, frame) == frame.complement == "infinitive"
    return frame.complement == "any" or frame.complement == _complement(via, frame)


def _complement(via: Token, frame: Frame) -> str:
    """Return how `via` depends on its governor: infinitive | clause | noun."""
    if any(c.dep_ == "aux" and c.lower_ == "to" for c in via.lefts):
        return "infinitive"
    if via.pos_ in ("NOUN", "PROPN", "ADP", "PRON") or via.tag_ == "VBG":
        return "noun"
    past = via.tag_ in ("VBD",) or any(c.lower_ in ("had", "have", "has", "was", "were", "'ve") for c in via.lefts)
    return "told" if past and frame.present_only else "clause"


def _negated(frame: Frame, node: Token) -> bool:
    for child in node.children:
        if child.dep_ in ("neg", "det", "advmod", "preconj", "cc", "mark") and child.lower_ in frame.negations:
            return True
        subject = child.dep_ in ("nsubj", "nsubjpass") and node.pos_ in ("VERB", "AUX")
        if subject and any(g.lower_ in frame.negations for g in (child, *child.lefts)):
            return True
    return False


def _is(token: Token, words: frozenset[str]) -> bool:
    return token.lemma_.lower() in words or token.lower_ in words
