"""Who is meant by a noun phrase about people: whether it is people at all, how many, and whether they bear arms."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from contactline.reading import rulebook
from contactline.reading.language import Sentence, Token
from contactline.reading.quantities import ONE, VAGUE, Quantity, find

STATUS = {"military": "military", "police": "unknown", "civilian": "civilian", "unknown": "unknown"}
NOMINAL = {"NOUN", "PROPN", "PRON", "NUM"}
RELATIVE = {"who", "whom", "which", "that", "whose"}
SINGULAR = {"a", "an", "another", "one", "each", "every"}


@cache
def words(name: str) -> frozenset[str]:
    """Return one word list of `rulebook/persons.yml`."""
    return frozenset(rulebook.load("persons")[name])


@cache
def _statuses() -> Mapping[str, str]:
    statuses: dict[str, str] = {}
    for name, status in STATUS.items():
        for word in rulebook.load("persons")[name]:
            statuses.setdefault(word, status)
    return statuses


def status_of_word(token: Token) -> str | None:
    """Return the victim_status that a noun tells by itself, None where it is no word for people."""
    if token.lower_ == "by" and any(c.lower_ in {"passer", "passers"} for c in token.lefts):
        return "civilian"
    singular = re.sub("men$", "man", token.lower_)
    for form in (token.lower_, token.lemma_.lower(), singular):
        if form in _statuses():
            return _statuses()[form]
    if token.pos_ in {"NOUN", "PROPN"} and token.lemma_.lower().endswith(tuple(words("endings"))):
        return "unknown"
    return None


def is_person(token: Token) -> bool:
    """Say whether a word stands for people: a word of the lists, a name of a person or people, or a bare figure."""
    if token.ent_type_ in {"PERSON", "NORP"}:
        return True
    if token.pos_ == "NUM" or token.lower_ in RELATIVE:
        return True
    return status_of_word(token) is not None


def is_demographic(token: Token) -> bool:
    """Say whether a noun tells only sex and age: "women", "a boy"."""
    return token.lemma_.lower() in words("demographic")


def is_thing(token: Token) -> bool:
    """Say whether a noun that no list of people has is listed as no people either: "bill", "cow"."""
    return token.lemma_.lower() in words("things") or token.pos_ not in {"NOUN", "PROPN"}


@lru_cache(maxsize=256)
def counts(sentence: Sentence) -> Mapping[int, tuple[int, int, Quantity]]:
    """Map each token of a count expression to the expression: its first token, its last token, its bounds."""
    text, shift = sentence.tokens.text, sentence.tokens.start_char
    found: dict[int, tuple[int, int, Quantity]] = {}
    for start, end, counted in find(text):
        inside = [t.i for t in sentence.tokens if start + shift <= t.idx < end + shift]
        for i in inside:
            found[i] = (inside[0], inside[-1], counted)
    return found


def noun_of(token: Token) -> Token:
    """Return the word that says who is counted, such as "servicemen" in "two of its servicemen"."""
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ == "of" and (inner := _object(child)) is not None:
            counts_only = (
                token.pos_ == "NUM" or token.lower_ in words("counters") or token.lemma_.lower() in words("counters")
            )
            if counts_only:
                return noun_of(inner)
    return token


def _object(preposition: Token) -> Token | None:
    return next((c for c in preposition.children if c.dep_ in {"pobj", "pcomp"}), None)


def quantity_of(token: Token, sentence: Sentence) -> Quantity | None:
    """Return how many a noun phrase counts, by its head; None where it counts nobody, as "no soldiers" does."""
    expression = expression_of(token, sentence)
    start = token.i if expression is None else expression[0]
    if "how" in {t.lower_ for t in token.doc[max(0, start - 2) : token.i]}:
        return None
    if expression is not None:
        return expression[2]
    determiners = [c.lower_ for c in token.lefts if c.dep_ in {"det", "nummod", "amod", "predet", "poss"}]
    if (
        "no" in determiners
        or token.lower_ in {"nobody", "none", "nothing"}
        or (token.lower_ == "one" and "no" in determiners)
    ):
        return None
    if "both" in determiners:
        return Quantity(2, 2, "exact")
    if not any(d in {"a", "an", "another", "each", "every"} for d in determiners) and is_plural(token):
        return VAGUE
    return ONE


def expression_of(token: Token, sentence: Sentence) -> tuple[int, int, Quantity] | None:
    """Return the count expression that governs a noun: its own, a modifier's, or the one the phrase begins with."""
    found = counts(sentence)
    if token.i in found:
        return found[token.i]
    if token.lower_ == "total" and (inner := noun_of(token)).i != token.i:  # "a total of 71 troops"
        return expression_of(inner, sentence)
    for child in token.lefts:
        if (
            child.dep_ in {"nummod", "amod", "quantmod", "compound", "det", "predet", "nmod", "advmod"}
            and child.i in found
        ):
            return found[child.i]
    doc, i = token.doc, token.i - 1
    while i >= sentence.tokens.start and i > token.i - 7:
        if i in found:
            return found[i]
        if (
            doc[i].pos_ not in {"ADJ", "NOUN", "PROPN"}
            and doc[i].text not in {"-", "'s"}
            and doc[i].tag_ not in {"VBN", "VBG"}
        ):
            break
        if doc[i].pos_ in {"NOUN", "PROPN"} and doc[i].head.i < i:
            break
        i -= 1
    return None


def is_plural(token: Token) -> bool:
    """Say whether a noun means more than one, so that it counts nobody without a figure."""
    if token.lower_ in {
        "he",
        "she",
        "him",
        "her",
        "himself",
        "herself",
        "one",
        "another",
        "someone",
        "somebody",
        "i",
        "me",
    }:
        return False
    if (
        token.tag_ in {"NNS", "NNPS"}
        or token.lower_ in words("collective")
        or token.lemma_.lower() in words("collective")
    ):
        return True
    if token.tag_ == "NNP" and token.ent_type_ != "PERSON":
        return token.lower_ not in _statuses()
    return token.lower_ in {"they", "them", "themselves", "we", "us", "who", "whom", "which", "that"}


def conjuncts(token: Token) -> Iterator[Token]:
    """Yield a noun and the nouns joined to it: "three priests and a journalist"."""
    yield token
    for child in token.rights:
        if child.dep_ == "conj" and child.pos_ in NOMINAL | {"ADJ"}:
            yield from conjuncts(child)


def status_of(token: Token) -> str:
    """Return the victim_status of the people a noun phrase names, by its head and the words beside it."""
    noun = noun_of(token)
    told = status_of_word(noun)
    if told in {"military", "civilian"} and noun.ent_type_ != "PERSON":
        return told
    parts = {t.i for c in noun.rights if _is_counted_part(c) for t in c.subtree}
    beside = {c.lower_ for c in noun.subtree if c.i <= noun.i and c.i > noun.i - 8} | {
        c.lower_
        for c in token.subtree
        if noun.i < c.i < noun.i + 5 and c.i not in parts and c.dep_ in {"pobj", "compound", "amod", "appos"}
    }
    if noun.lower_ in {"prisoner", "prisoners"} and any(c.lower_ == "war" for c in noun.subtree):
        return "military"
    if {"military", "civilian"} <= beside:
        return "unknown"
    if beside & words("police_words"):
        return "unknown"
    if beside & words("military_words"):
        return "military"
    for child in noun.subtree:
        if child.i in parts:
            continue
        if child.dep_ in {"compound", "appos", "nmod"} and (other := status_of_word(child)) in {"military", "civilian"}:
            return other
    if beside & words("civilian_words"):
        return "civilian"
    joined = next((c for c in token.rights if c.dep_ == "conj"), None)
    if (
        joined is not None and noun.ent_type_ == "NORP" and noun.pos_ in {"PROPN", "ADJ"}
    ):  # "one Gondorian and two Arnorian soldiers"
        return status_of(joined)
    return "unknown"


def _is_counted_part(child: Token) -> bool:
    """Say whether an apposition counts some of those before it: "27 people, two of them soldiers"."""
    return child.dep_ == "appos" and any(c.dep_ in {"nsubj", "nummod"} for c in child.lefts)


def status_of_toll(noun: Token) -> str:
    """Return the victim_status that the words beside a toll tell: "civilian toll", "number of soldiers killed"."""
    for child in noun.lefts:
        if child.lower_ in {"civilian", "military"}:
            return child.lower_
    counted = (o for c in noun.rights if c.dep_ == "prep" and c.lower_ in {"of", "among"} for o in c.children)
    return next((status_of(o) for o in counted if o.dep_ == "pobj"), "unknown")
