"""Who acts: states, bodies, armed groups and officials, and the words that stand for them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from contactline.reading.actorbook import Actor, Mention, country_of, states, words
from contactline.reading.article import Reading
from contactline.reading.circles import without_circles
from contactline.reading.language import Sentence, Span, Token

__all__ = ["Actor", "actor_of", "actors", "actors_of", "country_of", "is_seat", "parties_of"]

HE = frozenset({"he", "him", "his", "himself", "she", "her", "hers", "herself", "who", "whom", "whose"})
IT = frozenset({"it", "its", "itself", "which"})
THEY = frozenset({"they", "them", "their", "themselves", "both", "each", "other", "another"})
MODIFIERS = frozenset({"amod", "compound", "poss", "nmod", "nummod", "det"})
STOP = re.compile(r"[.!?][\"']? +(?=[\"'A-Z])")
PAIR = 0.6
"""Share of all mentions of states that two must have between them for "they" to mean them without being named near."""
SHARE = 5
"""One mention in so many must be of a state that "the sides" can mean without being named nearby."""
SHARED = 10
"""Letters between the beginnings of two names that share their last word: "North and South Korea"."""
REACH = 2
"""Paragraphs back that an antecedent is looked for."""


@cache
def _lexicon() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    lists = words()
    offices = frozenset(re.split(r" (?:of|for|in) ", o)[0].split()[-1] for o in lists["offices"])
    return offices, frozenset(lists["institutions"]), frozenset(lists["parties"])


def actors(sentence: Sentence, reading: Reading) -> list[tuple[Span, Actor]]:
    """Return what a sentence names, in order: states, their adjectives and seats, bodies, groups, people."""
    found = []
    for mention in _hits(sentence, reading):
        span = sentence.tokens.doc.char_span(mention.start, mention.end, alignment_mode="expand")
        if mention.form != "compound" and span is not None:
            found.append((span, mention.actor))
    return found


def actor_of(tokens: Span | Token, sentence: Sentence, reading: Reading) -> Actor | None:
    """Return the actor that a noun phrase, pronoun or name stands for; the first where it stands for several."""
    return next(iter(actors_of(tokens, sentence, reading)), None)


def actors_of(tokens: Span | Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return the actors that one noun phrase stands for: "the Gondorian and Arnorian ministers" are two.

    Args:
        tokens: the phrase, or its head; what is coordinated with it is left aside, see `parties_of`.
        sentence: the sentence they stand in.
        reading: the article.
    """
    token = tokens if isinstance(tokens, Token) else tokens.root
    return list(_resolved(token, sentence, reading))


def parties_of(tokens: Span | Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return the actors of a noun phrase and of all that is coordinated with it, each once."""
    token = tokens if isinstance(tokens, Token) else tokens.root
    found: list[Actor] = []
    for part in (token, *_conjuncts(token), *_beside(token)):
        found += [actor for actor in _resolved(part, sentence, reading) if actor not in found]
    return found


def _beside(token: Token) -> list[Token]:
    """Return the other subjects of a verb, where the parser lost what joins them: "separatist group Dunland First"."""
    if token.dep_ not in ("nsubj", "nsubjpass"):
        return []
    others = [c for c in token.head.children if c.dep_ == token.dep_ and c.i != token.i and c.pos_ in ("NOUN", "PROPN")]
    return [other for other in others if _is_joined(*sorted((token, other), key=lambda t: t.i))]


def _is_joined(first: Token, second: Token) -> bool:
    """Say whether "and" or nothing at all stands between two words and what belongs to the second."""
    between = first.doc[first.i + 1 : second.left_edge.i]
    return second.i < first.head.i and (not len(between) or any(t.lower_ == "and" for t in between))


def is_seat(token: Token, sentence: Sentence, reading: Reading) -> bool:
    """Say whether a word names a capital or seat of power, which before a noun is a place: "the Minas Tirith talks"."""
    hit = _hit(token, sentence, reading)
    return hit is not None and hit.form == "seat"


def _conjuncts(token: Token) -> Iterator[Token]:
    """Yield what is coordinated below `token`."""
    for child in token.children:
        if child.dep_ == "appos":
            yield from _conjuncts(child)  # "Gondor's president Boris Hurin and Viktor Arvedo"
        if child.dep_ == "conj" and child.pos_ not in ("VERB", "AUX"):
            yield child
            yield from _conjuncts(child)


@without_circles
@lru_cache(maxsize=1024)  # words of the article at hand; each keeps it in memory
def _resolved(token: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    lower = token.lower_
    if lower in ("each", "both", "all", "some", "two", "members", "group"):
        for part in (c for p in token.children if p.lower_ == "of" for c in p.children if c.dep_ == "pobj"):
            return _resolved(part, sentence, reading)
    if token.pos_ == "PRON" or token.tag_ in ("PRP", "PRP$", "WP", "WDT") or lower in ("both", "each"):
        return tuple(_antecedent(token, sentence, reading))
    hit = _hit(token, sentence, reading)
    if hit and hit.form != "compound":
        return (*_sharing(token, hit, sentence, reading), hit.actor)
    if token.pos_ == "NUM" and lower in NUMBERS:
        return tuple(_several(token, NUMBERS[lower], sentence, reading)) if _bare(token) else ()
    person = _person(token, sentence, reading) or _group(token, sentence)
    if person:
        return (person,)
    return tuple(_described(token, sentence, reading))


def _hits(sentence: Sentence, reading: Reading) -> list[Mention]:
    start, end = sentence.tokens.start_char, sentence.tokens.end_char
    return [m for m in reading.named[sentence.paragraph] if start <= m.start < end]


def _hit(token: Token, sentence: Sentence, reading: Reading) -> Mention | None:
    return next((m for m in reading.named[sentence.paragraph] if m.start <= token.idx < m.end), None)


def _sharing(token: Token, hit: Mention, sentence: Sentence, reading: Reading) -> Iterator[Actor]:
    """Yield the state that shares a name with the one named: "the Koreas", "North and South Korea"."""
    if hit.form in ("name", "shared"):
        for other in reading.named[sentence.paragraph]:
            if other.form == "shared" and other is not hit and 0 <= hit.start - other.start <= SHARED:
                yield other.actor


def _person(token: Token, sentence: Sentence, reading: Reading) -> Actor | None:
    """Return the person whom the parser sees named though no title introduced him."""
    if token.ent_type_ != "PERSON" or token.pos_ != "PROPN":
        return None
    entity = next((e for e in sentence.tokens.ents if e.start <= token.i < e.end), None)
    if entity is None:
        return None
    owners = [t for t in token.children if t.i < entity.start and t.dep_ == "poss"]  # "Gondor's Boris Hurin"
    countries = [m.actor.country for t in owners if (m := _hit(t, sentence, reading))]
    return Actor(entity.text.removesuffix("'s"), "person", countries[0] if countries else None)


def _group(token: Token, sentence: Sentence) -> Actor | None:
    """Return the armed group or movement that an unlisted name tells by its words: "Dunland Liberation Front"."""
    if token.ent_type_ not in ("ORG", "NORP") or token.pos_ != "PROPN":
        return None
    entity = next((e for e in sentence.tokens.ents if e.start <= token.i < e.end), None)
    if entity is None or len(entity) < 2:
        return None
    before = sentence.tokens.doc[max(0, entity.start - 2) : entity.start]
    called = [t.lemma_.lower() for t in before]  # "the separatist group Dunland First"
    is_called = len(called) > 1 and called[0] in words()["rebel_words"] and called[1] in words()["groups"]
    if not is_called and not {t.lower_ for t in entity} & set(words()["group_words"]):
        return None
    return Actor(entity.text.removeprefix("the ").removeprefix("The ").removesuffix("'s"), "armed_group")


def _described(token: Token, sentence: Sentence, reading: Reading) -> Iterator[Actor]:
    """Yield whom a common noun stands for: by apposition, by its modifiers, or by what went before."""
    beside = [t for c in token.children if c.dep_ == "appos" for t in (c, *_conjuncts(c))]
    named = [hit.actor for t in beside if (hit := _hit(t, sentence, reading)) and hit.form == "person"]
    if named:
        yield from named
        return
    offices, institutions, parties = _lexicon()
    groups = frozenset(words()["groups"])
    noun = token.lemma_.lower()
    known = offices | institutions | parties | groups | frozenset(words()["lands"])
    if not ({noun, token.lower_, token.lower_.removesuffix("s")} & known):
        return
    office = (
        noun
        if noun in offices
        else token.lower_.removesuffix("s")
        if token.lower_.removesuffix("s") in offices
        else None
    )
    marks = list(_modifiers(token, sentence, reading))
    if marks:
        people = [actor for _, actor in marks if actor.kind == "person"]
        if office and token.tag_ == "NNS" and len(people) > 1:
            yield from people  # "the ministers of Gondor and Arnor, Faramir Hurin and Arvedui Last"
            return
        label = _label(token, sentence, reading)
        for text, actor in marks:
            nameless = actor.kind == "armed_group" and actor.actor_id is None  # "the opposition's delegates"
            kind = "person" if office and not nameless else actor.kind if actor.kind != "person" else "state"
            body = actor.actor_id if not actor.country else None
            yield Actor(f"{text} {label}".strip(), kind, actor.country, body, label if office else None)
        return
    if noun in words()["rebels"] or token.lower_ in words()["rebels"]:
        yield Actor(_label(token, sentence, reading, token.lower_), "armed_group")
        return
    if noun in words()["offices_of"]:
        iso = words()["offices_of"][noun]
        yield Actor(token.text, "person", iso, office=noun)
        return
    if any(c.lemma_.lower() in words()["rebel_words"] for c in token.lefts):
        carried = list(_carried(token, office, sentence, reading)) if noun in groups else []
        if carried:
            yield from carried
            return
        yield Actor(_label(token, sentence, reading, token.lower_), "armed_group")
        return
    if token.lower_ in words()["blocs"]:
        yield Actor(_label(token, sentence, reading, token.lower_), "organisation")
        return
    region = next((c for c in token.lefts if c.lower_ in words()["regions"]), None)
    if region is not None:
        yield Actor(f"{region.text} {token.lower_}", "organisation")
        return
    yield from _carried(token, office, sentence, reading)


def _modifiers(token: Token, sentence: Sentence, reading: Reading) -> Iterator[tuple[str, Actor]]:
    """Yield the states, bodies and people that modify a noun: "Gondor's", "Gondorian and Arnorian", "of Gondor"."""
    seen: set[str] = set()
    heads = [c for c in token.children if c.dep_ in MODIFIERS and c.i < token.i]
    sent = token.lemma_.lower() in words()["sent"]  # "the UN envoy for Arnor" is not Arnor's
    for prep in token.children:
        if prep.dep_ == "prep" and prep.lower_ in ("of", "from", "between", *(() if sent else ("for", "to"))):
            heads += [c for c in prep.children if c.dep_ == "pobj"]
    for head in heads:
        for part in (
            head,
            *_conjuncts(head),
            *(g for g in head.children if g.dep_ in MODIFIERS and head.dep_ != "poss" and head.i < token.i),
        ):
            hit = _hit(part, sentence, reading)
            if hit and hit.form != "compound" and hit.actor.name not in seen:
                seen.add(hit.actor.name)
                text = sentence.tokens.doc.text[hit.start : hit.end]
                yield text, hit.actor
            elif not hit and head.dep_ == "pobj" and part.i != token.i:
                for actor in _resolved(part, sentence, reading) if part.pos_ in ("NOUN", "PROPN") else ():
                    if actor.name not in seen and actor.kind != "person":
                        seen.add(actor.name)
                        yield actor.name, actor


def _label(token: Token, sentence: Sentence, reading: Reading, noun: str | None = None) -> str:
    """Return a noun, by its lemma or as given, with the modifiers that are no names: "foreign minister"."""
    parts = [
        (t.text if t.pos_ == "PROPN" else t.lower_) if t.i != token.i else noun or token.lemma_.lower()
        for t in (*token.lefts, token)
        if t.dep_ in ("amod", "compound", "nmod") or t.i == token.i
        if not _hit(t, sentence, reading)
    ]
    return " ".join(parts)


def _carried(token: Token, office: str | None, sentence: Sentence, reading: Reading) -> Iterator[Actor]:
    """Yield whom a noun without a name stands for, by what went before: "his office", "the two sides"."""
    owner = next((c for c in token.children if c.dep_ == "poss"), None)
    label = _label(token, sentence, reading)
    noun = token.lemma_.lower()
    if owner is not None and owner.lemma_.lower() in {*words()["lands"], "state", "side"}:
        for actor in _resolved(owner, sentence, reading):
            kind, post = ("person", label) if office else ("state", None)
            yield Actor(f"{_of(actor)} {label}", kind, actor.country, office=post)
        return
    if owner is not None:
        for actor in _resolved(owner, sentence, reading)[:1] if owner.pos_ == "PRON" or owner.tag_ == "PRP$" else ():
            body = actor.actor_id if not actor.country else None
            kind, post = ("person", label) if office else ("state", None)
            yield Actor(f"{_of(actor)} {label}", kind, actor.country, body, post)
        return
    if token.tag_ in ("NNS", "NNPS") and token.lower_ in _lexicon()[2]:
        number = next((NUMBERS[c.lower_] for c in token.children if c.lower_ in NUMBERS), 2)
        if _bare(token):
            yield from _several(token, number, sentence, reading)
        return
    definite = any(c.lower_ in ("the", "this", "that") for c in token.children)
    if not definite and not token.text[0].isupper():
        return
    lands = words()["lands"].get(noun, ())
    for mention in _before(token, sentence, reading):
        actor = mention.actor
        if mention.form == "compound" or (lands and actor.kind not in (*lands, "person")):
            continue
        if noun in words()["groups"]:
            if actor.kind == "armed_group":
                yield actor
                return
            continue
        if office and actor.kind == "person" and actor.office and actor.office.split()[-1] == office:
            yield actor
            return
        if not office and actor.country and actor.kind in ("person", "state", "entity"):
            yield Actor(f"{_of(actor)} {label}", "state", actor.country)
            return


def _bare(token: Token) -> bool:
    """Say whether a plural points back: "the two leaders", "both", not "Gulf leaders" or "nearly 200 states"."""
    before = [c for c in token.lefts if c.dep_ != "case"]
    pointing = any(c.lower_ in POINTING for c in before)
    return pointing and all(c.lower_ in POINTING or c.lower_ in NUMBERS for c in before)


POINTING = frozenset({"the", "both", "these", "those", "all"})
NUMBERS = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _of(actor: Actor) -> str:
    return states()[actor.country].name if actor.country in states() else actor.name


def _antecedent(token: Token, sentence: Sentence, reading: Reading) -> Iterator[Actor]:
    """Yield whom a pronoun stands for: the first fitting actor of the nearest stretch of text that has one."""
    lower = token.lower_
    if lower in ("who", "which", "whom", "whose", "that"):
        verb = next((a for a in token.ancestors if a.dep_ == "relcl"), None)
        if verb is not None:
            yield from _resolved(verb.head, sentence, reading)
        return
    if lower in THEY:
        together = _subjects_above(token, sentence, reading)
        if together:
            yield from together
            return
        yield from _several(token, 2, sentence, reading)
        return
    if lower not in HE | IT:
        return
    if lower in HE:
        above = _officer_above(token, sentence, reading)
        if above is not None:
            yield above
            return
    wanted = ("person",) if lower in HE else ("state", "entity", "organisation", "armed_group", "other")
    nearest = None
    for stretch in _stretches(token, sentence, reading):
        fitting = [m for m in stretch if m.actor.kind in wanted and m.form not in ("compound", "demonym")]
        subject = next((m for m in fitting if _is_subject(m, sentence, reading)), None)
        if subject:
            yield subject.actor
            return
        if nearest:
            break
        nearest = nearest or (fitting[0] if fitting else None)
    if nearest:
        yield nearest.actor


def _officer_above(token: Token, sentence: Sentence, reading: Reading) -> Actor | None:
    """Return the holder of an office told without a name who governs a pronoun: "Gondor's king said he had met"."""
    for verb in token.ancestors:
        for child in verb.children:
            before = child.dep_ == "nsubj" and child.i < token.i and not child.is_ancestor(token)
            if before and child.pos_ == "NOUN" and child.tag_ == "NN":
                people = [a for a in _resolved(child, sentence, reading) if a.kind == "person"]
                if len(people) == 1:
                    return people[0]
    return None


def _subjects_above(token: Token, sentence: Sentence, reading: Reading) -> list[Actor]:
    """Return the coordinated subjects of a clause that "their" or "them" stands in: "A and B met for their summit"."""
    for verb in token.ancestors:
        for child in verb.children:
            before = child.i < token.i and not child.is_ancestor(token)
            if child.dep_ in ("nsubj", "nsubjpass") and before and any(_conjuncts(child)):
                return parties_of(child, sentence, reading)
    return []


def _is_subject(mention: Mention, sentence: Sentence, reading: Reading) -> bool:
    """Say whether a mention of the sentence's own paragraph is the subject of its clause."""
    doc = sentence.tokens.doc
    if mention not in reading.named[sentence.paragraph]:
        return True  # of other paragraphs only the text is known: the first who fits
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    return span is not None and span.root.dep_ in ("nsubj", "nsubjpass")


def _several(token: Token, number: int, sentence: Sentence, reading: Reading) -> Iterator[Actor]:
    """Yield the parties that a plural points back to.

    They are those of the nearest stretch of text that names so many sides and no more; else, for a noun, the states
    that the article is most about, or who is named before as holding such an office there.
    """
    if number > 2:
        told = list(_most_told(token, number, set(), sentence, reading)) if token.pos_ == "NOUN" else []
        yield from told if len(told) == number else _gathered(token, number, sentence, reading)
        return
    before = [m for m in _hits(sentence, reading) if m.start < token.idx and m.form == "person"]
    here = {m.actor.country for m in before if m.actor.country}
    fits = _fitting(token.lemma_.lower())
    for stretch in _stretches(token, sentence, reading):
        grounds = [m for m in stretch if _is_ground(m, reading)]
        sides: dict[str, Actor] = {}
        for mention in stretch:
            side = mention.actor.country or mention.actor.name
            if mention.form == "compound" or side in here or mention in grounds:
                continue
            if side not in sides or (sides[side].kind != "person" and mention.actor.kind == "person"):
                sides[side] = mention.actor
        if token.pos_ == "NUM" and len(set(named := [m.actor for m in stretch if m.form == "person"])) == number:
            yield from dict.fromkeys(named)
            return
        people = [a for a in sides.values() if a.kind == "person" and fits(a)]
        if len(people) == number or len(sides) == number:
            yield from people if len(people) == number else sides.values()
            return
    yield from _most_told(token, number, here, sentence, reading)


def _is_ground(mention: Mention, reading: Reading) -> bool:
    """Say whether a capital is named as a place: "in Minas Tirith"."""
    if mention.form != "seat":
        return False
    number = next((n for n, named in enumerate(reading.named) if mention in named), None)
    text = "" if number is None else reading.paragraphs[number].text[: mention.start]
    return text.endswith(("in ", "In ", "at ", "near ", "to ", "from "))


def _gathered(token: Token, number: int, sentence: Sentence, reading: Reading) -> Iterator[Actor]:
    """Yield the people named last, so many as are counted: "the four"."""
    found: list[Actor] = []
    for mention in _before(token, sentence, reading):
        if mention.actor.kind == "person" and mention.actor not in found:
            found.append(mention.actor)
        if len(found) == number:
            yield from reversed(found)
            return


def _most_told(token: Token, number: int, here: set[str], sentence: Sentence, reading: Reading) -> Iterator[Actor]:
    """Yield the states that an article is most about, or the last named there who holds such an office."""
    counts = Counter(
        m.actor.country for ms in reading.named for m in ms if m.actor.country and m.actor.country not in here
    )
    first = counts.most_common(number)
    pronoun = token.pos_ == "PRON" or token.tag_ == "PRP$"
    if len(first) < number or first[-1][1] * SHARE < sum(counts.values()):
        return
    if pronoun and sum(count for _, count in first) < PAIR * sum(counts.values()):
        return
    fits = _fitting(token.lemma_.lower())
    for iso, _ in first:
        before = (p for p in reversed(reading.cast.people) if p.country == iso and fits(p))
        holder = next(before, None) if pronoun or _is_office(token) else None
        if holder or iso in states():
            yield holder or states()[iso]


def _is_office(token: Token) -> bool:
    return token.lemma_.lower() in words()["plural_offices"]


def _fitting(noun: str) -> Callable[[Actor], bool]:
    """Return whether a person's office can be meant by a plural such as "leaders" or "ministers"."""
    wanted = words()["plural_offices"].get("leader" if noun in THEY else noun)
    if wanted is None:
        return lambda actor: True
    return lambda actor: actor.office is None or any(w in actor.office for w in wanted)


def _before(token: Token, sentence: Sentence, reading: Reading) -> Iterator[Mention]:
    """Yield the mentions before `token`, the nearest first."""
    for stretch in _stretches(token, sentence, reading):
        yield from reversed(stretch)


def _stretches(token: Token, sentence: Sentence, reading: Reading) -> Iterator[Sequence[Mention]]:
    """Yield the mentions of the text before `token`, sentence by sentence, backwards; from the text, not the parse."""
    for number in range(sentence.paragraph, max(-1, sentence.paragraph - REACH - 1), -1):
        text, mentions = reading.paragraphs[number].text, reading.named[number]
        end = token.idx if number == sentence.paragraph else len(text)
        starts = [0, *(m.end() for m in STOP.finditer(text, 0, end) if not _initial(text, m.start()))]
        for start in reversed(starts):
            stretch = [m for m in mentions if start <= m.start < end]
            if stretch:
                yield stretch
            end = start


def _initial(text: str, at: int) -> bool:
    """Say whether the full stop at `at` ends an abbreviation such as "U.S." or "Gen."."""
    word = text[max(0, at - 4) : at].split(" ")[-1]
    return (
        "." in word
        or len(word) == 1
        or word in ("Mr", "Mrs", "Ms", "Dr", "Gen", "Col", "Lt", "Sen", "Rep", "Maj", "Adm")
    )
