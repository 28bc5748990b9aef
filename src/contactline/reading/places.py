"""Place names of an article to places of the gazetteer, and which of them governs a word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import takewhile
from typing import Any

from contactline.reading import gazetteer
from contactline.reading.actorbook import country_of
from contactline.reading.article import Reading
from contactline.reading.dates import clause
from contactline.reading.language import Sentence, Span, Token
from contactline.reading.placechoice import Found, Place, alone, container, countries, lies_in, state_as_place
from contactline.reading.placenames import named
from contactline.reading.placewords import never, words

__all__ = ["Place", "place_of", "places"]


def places(sentence: Sentence, reading: Reading) -> list[tuple[Span, Place]]:
    """Return the places that a sentence names, in order.

    States, and capitals that stand for a government, are places only where something happens there: "in Gondor",
    "an attack on Minas Tirith". What the text puts into a place but no gazetteer knows is returned unresolved.
    """
    return list(_places(sentence, reading))


def place_of(
    token: Token, sentence: Sentence, reading: Reading, *, carried: bool = True, met: bool = True
) -> Place | None:
    """Return the place of what a verb or an event noun tells.

    It is a place of the token's clause, else of its sentence; else, unless `carried` is False, the one that the
    paragraph or the lead set last, or the state that the article is about. Where `met` is False it is not carried from
    where people met: nobody fought there.
    """
    ranked = sorted(
        (*rank, number, place)
        for number, (span, place) in enumerate(_places(sentence, reading))
        if (rank := _rank(span, place, token)) is not None
    )
    if ranked and ranked[0][0] <= 1:
        nearest: Place = ranked[0][-1]
        return nearest
    if (country := _war_in(token)) is not None:
        return state_as_place(country)
    if ranked:
        best: Place = ranked[0][-1]
        return best
    return _carried(sentence, reading, met) if carried else None


def _war_in(token: Token) -> str | None:
    """Return the state whose war a noun tells of: "the Syrian conflict"; "Syrian air strikes" may fall elsewhere."""
    if token.lemma_.lower() not in words()["wars"]:
        return None
    before = [t for t in token.lefts if t.dep_ in ("amod", "compound", "nmod", "poss")]
    named = {country for t in before if (country := country_of(t.text)) is not None}
    return named.pop() if len(named) == 1 else None


# ---- places of a parsed sentence
@lru_cache(maxsize=256)  # sentences of the article at hand; each keeps its article in memory
def _places(sentence: Sentence, reading: Reading) -> tuple[tuple[Span, Place], ...]:
    low, high = sentence.tokens.start_char, sentence.tokens.end_char
    found = list(_spans(named(reading)[sentence.paragraph], sentence.tokens.doc, low, high))
    text = reading.paragraphs[sentence.paragraph].text
    for span in _unresolved(sentence, found):
        inside = container(text, span.end_char, reading)
        name = span.text.removeprefix("the ").removesuffix("'s").removesuffix(" on")
        state = inside.country if inside else alone(reading)
        found.append((span, Place(name, country=state, admin1=inside.admin1 if inside else None)))
    return tuple(sorted(found, key=lambda item: item[0].start))


def _spans(hits: Sequence[Found], doc: Any, low: int, high: int) -> Iterator[tuple[Span, Place]]:
    """Yield the names between two offsets of a parsed paragraph that are places there."""
    for hit in hits:
        if low <= hit.start < high:
            span = doc.char_span(hit.start, min(hit.end, high), alignment_mode="expand")
            if span is not None and _is_place(span, hit):
                yield span, hit.place


def _is_place(span: Span, hit: Found) -> bool:
    """Say whether a name of the gazetteer is a place here, not a person, a company or the government seated there."""
    root = span.root
    labels = {t.ent_type_ for t in span if t.ent_type_}
    if root.dep_ in ("dobj", "nsubjpass") and root.head.lemma_ in words()["strike_verbs"]:
        return "PERSON" not in labels or root.head.lemma_ in words()["only_places"]
    if hit.cued:
        return labels != {"PERSON"} or hit.told or hit.place.precision != 1 or _in_entity(span)
    if hit.actor:
        return root.dep_ in ("compound", "nmod") and root.head.lemma_ in (
            "attack",
            "bombing",
            "blast",
            "summit",
            "talks",
        )
    if hit.place.precision in (5, 7) and len(span) > 1:
        return True
    if root.dep_ in ("compound", "nmod", "poss") and root.head.lower_ in words()["beside_lower"]:
        return True
    return hit.known and bool(labels) and labels <= {"GPE", "LOC", "FAC"}


def _in_entity(span: Span) -> bool:
    entity = next((e for e in span.doc.ents if e.start <= span.start < e.end), None)
    return entity is not None and entity.text == span.text


def _unresolved(sentence: Sentence, found: list[tuple[Span, Place]]) -> Iterator[Span]:
    """Yield the names that the language model takes for places and a preposition puts something into."""
    taken = {t.i for span, _ in found for t in span}
    for entity in sentence.tokens.ents:
        if entity.label_ not in ("GPE", "LOC", "FAC") or taken & {t.i for t in entity}:
            continue
        if _puts_there(entity.root):
            text = entity.text.removeprefix("the ").removesuffix("'s")
            if country_of(text) is None and text[:1].isupper() and gazetteer.folded(text) not in never():
                yield entity


def _puts_there(root: Token) -> bool:
    """Say whether something is put into what a word names: "near Bree", "shelled Bree"."""
    if root.dep_ == "pobj":
        return root.head.lower_ in words()["locative"].split("|")
    return root.dep_ in ("dobj", "nsubjpass") and root.head.lemma_ in words()["only_places"]


# ---- which place governs a word
def _rank(span: Span, place: Place, token: Token) -> tuple[int, int] | None:
    """Return how closely a place is tied to a token, 0 the closest, and how coarse it is; None where someone speaks."""
    root = span.root
    chain = list(_chain(root))
    host = chain[-1]
    finer = FINEST.get(place.precision or 1, place.precision or 1)
    if _recalled(chain, token):
        return None
    if any(t.i == token.i for t in chain):
        origin = any(t.lower_ == "from" for t in chain)
        return int(origin), finer
    mine, other = clause(token), clause(host)
    if other.lemma_ in words()["said"] and mine.i != other.i:
        return None
    if mine.i == other.i or other.head.i == token.i or mine.head.i == host.i:
        return 1, finer
    return 2, finer


def _recalled(chain: Sequence[Token], token: Token) -> bool:
    """Say whether a place is only where an earlier war was: "the worst fighting since the war over Gondor"."""
    below = list(takewhile(lambda t: t.i != token.i, chain))
    return any(t.lower_ == "since" for t in below) and any(t.lemma_.lower() in words()["wars"] for t in below)


def _chain(root: Token) -> Iterator[Token]:
    """Yield the tokens from a place name up to the verb it hangs on."""
    token = root
    yield token
    while token.head.i != token.i:
        token = token.head
        yield token
        if token.pos_ in ("VERB", "AUX"):
            return


def _carried(sentence: Sentence, reading: Reading, met: bool) -> Place | None:
    """Return the place that stands over a sentence without one: its paragraph's, the lead's, the article's state."""
    hits_of, played = named(reading), scene(reading)
    low, high = sentence.tokens.start_char, sentence.tokens.end_char
    own = [m for m in reading.named[sentence.paragraph] if low <= m.start < high and m.form != "person"]
    about = {c for m in own if (c := lies_in(m.actor.actor_id, m.actor.country))}
    hosts = set() if met else _hosts(reading)
    before = [place for _, place in _spans(hits_of[sentence.paragraph], sentence.tokens.doc, 0, low)]
    before = [place for place in before if place not in hosts]
    points = [place for place in before if place.precision != 6]
    lead = [hit.place for hits in hits_of[:LEAD] for hit in hits if hit.place.precision != 6 and hit.cued]
    lead = [place for place in lead if place not in hosts]
    if hosts:
        played = Counter({c: n for c, n in played.items() if c not in {place.country for place in hosts}})
    home = max(played, key=lambda c: (played[c], c)) if played else None
    for place in [*reversed(points), *reversed(before)]:
        if not about or place.country in about:
            return place
    for place in lead:
        if place.country in about or (not about and place.country == home):
            return place
    country = max(about, key=lambda c: (played[c], c)) if about else home
    if country is None:
        return None
    return state_as_place(country)


@lru_cache(maxsize=8)
def _hosts(reading: Reading) -> frozenset[Place]:
    """Return the places that an article only names as where people met."""
    met: set[Place] = set()
    other: set[Place] = set()
    for hits, paragraph in zip(named(reading), reading.paragraphs, strict=True):
        for hit in hits:
            if hit.place.precision != 6:
                (met if _met_there(paragraph.text, hit.start, hit.end) else other).add(hit.place)
    fought = {place.country for place in other}
    return frozenset(place for place in met - other if place.country not in fought)


def _met_there(text: str, start: int, end: int) -> bool:
    """Say whether a name stands where people talked: "a meeting of the two leaders in Bree", "the Bree talks"."""
    if _meetings().match(text, end + 1) is not None:
        return True
    first = max(text.rfind(stop, 0, start) for stop in (". ", "; ")) + 1
    return text.endswith(("in ", "at "), 0, start) and _meetings().search(text, first, start) is not None


@cache
def _meetings() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words()['meetings'])})\b")


@lru_cache(maxsize=8)
def scene(reading: Reading) -> Counter[str]:
    """Return how much of an article plays in each state: what is told to be in it counts, its officials hardly do."""
    played: Counter[str] = Counter()
    for hits in named(reading):
        for hit in hits:
            if hit.place.country and hit.cued:
                played[hit.place.country] += 2 if hit.actor else 6
            elif hit.place.country and not hit.actor:
                played[hit.place.country] += 2
    for country, count in countries(reading).items():
        played[country] += count
    return played


LEAD = 3  # paragraphs
FINEST = {2: 0}  # a site or a quarter of a town says more than the town
