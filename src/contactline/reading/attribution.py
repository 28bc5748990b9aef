"""Who says what a sentence tells: the actors that the speakers of an article's sayings stand for."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from contactline.reading import actorbook
from contactline.reading.actorbook import states
from contactline.reading.actors import Actor, actors_of, parties_of
from contactline.reading.article import Reading
from contactline.reading.circles import without_circles
from contactline.reading.language import Sentence, Token
from contactline.reading.sayings import (
    FIRST_PERSON,
    HE,
    IT,
    PRONOUNS,
    THEY,
    Saying,
    author_of,
    book,
    is_quoted,
    saying_of,
    sayings,
    speaker_head,
)

PERSON = ("person", "other")
BODY = ("state", "entity", "organisation", "armed_group", "other")


def claimant_of(token: Token, sentence: Sentence, reading: Reading) -> Actor | None:
    """Return who says what `token` tells, None where the article says it in its own voice.

    Where one reports another's words ("police said, a newspaper wrote") it is the one nearest to the word.
    """
    saying = saying_of(token, sentence, reading)
    return None if saying is None else speaker_of(saying, reading)


def speaker_of(saying: Saying, reading: Reading) -> Actor | None:
    """Return the actor that says it, the first where there are several."""
    return next(iter(named(saying.speaker, saying.sentence, reading)), None)


def named(head: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    """Return the actors that a phrase which says or does something stands for, named as fully as the article does.

    "I" and "we" are whoever is quoted; "he", "she", "it" and "they" are the last speaker of that sort, which is what
    they are in speech tags.

    Args:
        head: head of the phrase.
        sentence: its sentence.
        reading: the article.
    """
    return _named(head, sentence, reading)


def _with_state(actor: Actor, reading: Reading) -> Actor:
    """Return a person of no known state, or a state's envoy to a body, with the state that he is introduced with."""
    envoy = actor.office is not None and actor.office.split()[-1] in book()["envoys"]
    name = actor.kind == "person" or (actor.kind == "other" and actor.name.istitle() and " " in actor.name)
    if actor.country or not name or (actor.actor_id and not envoy):
        return actor
    country = _introduced(actor.name, reading)
    return replace(actor, kind="person", country=country) if country else actor


@lru_cache(maxsize=64)  # each keeps its article in memory
def _introduced(name: str, reading: Reading) -> str | None:
    """Return the state of "Gondor's high commissioner Faramir Hurin" or "Faramir Hurin, a Gondorian envoy"."""
    for number, paragraph in enumerate(reading.paragraphs):
        at = paragraph.text.find(name)
        if at < 0:
            continue
        marks = [m for m in reading.named[number] if m.actor.country and m.form not in {"person", "compound"}]
        after = at + len(name)
        following = [m for m in marks if after < m.start <= after + NEAR and paragraph.text[after] == ","]
        gaps = [(m, paragraph.text[m.end : at]) for m in reversed(marks) if m.end <= at <= m.end + FAR]
        gaps += [(m, re.split(r"[,.;]", paragraph.text[m.end : m.end + FAR])[0]) for m in following]
        for mark, gap in gaps:
            if (
                not gap.startswith(",")
                and INTRODUCING.fullmatch(gap)
                and set(gap.lower().replace("-", " ").split()) & _office_words()
            ):
                return mark.actor.country
    return None


NEAR, FAR = 12, 90  # characters between a name and the state that introduces its bearer
RANKS = r"(?:Gen|Col|Lt|Maj|Adm|Brig|Capt|Rev|Sgt|Dr|Mrs?|Ms|Amb|Sen|Rep)"
TELLING = r"(?:said|says|told|met|with|when|who|which|has|have|had|was|is|are|were|by|while|after)"
INTRODUCING = re.compile(rf"(?!.*\b{TELLING}\b)(?:[^.;:\"“”]|\b{RANKS}\.)*")


@cache
def _office_words() -> frozenset[str]:
    return frozenset(word for office in actorbook.words()["offices"] for word in office.split()) - {
        "of",
        "for",
        "and",
        "to",
    }


def _own_subject(head: Token) -> Token | None:
    """Return the subject that a possessive stands for: "Gondor reaffirmed its support"."""
    if head.dep_ != "poss" or head.head.dep_ not in {"dobj", "pobj"}:
        return None
    verb = next((t for t in head.ancestors if t.pos_ == "VERB"), None)
    subject = speaker_head(verb) if verb is not None else None
    return subject if subject is not None and subject.i < head.i and subject.lower_ not in PRONOUNS else None


@without_circles
@lru_cache(maxsize=512)  # words of the article at hand; each keeps it in memory
def _named(head: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    if head.lemma_.lower() in book()["utterances"]:
        author = author_of(head)
        if author is None and (issuers := _issuers(head, sentence, reading)):
            return issuers
        if author is None:
            return _earlier(head, sentence, reading, BODY + PERSON)
        head = author
    if head.lower_ in FIRST_PERSON:
        saying = saying_of(head, sentence, reading)
        return named(saying.speaker, saying.sentence, reading) if saying and saying.speaker is not head else ()
    if head.lower_ in HE | IT:
        owner = _own_subject(head)
        if owner is not None:
            return named(owner, sentence, reading)
        if is_quoted(head):
            return actors_of(head, sentence, reading)
        kinds = PERSON if head.lower_ in HE else BODY + PERSON if head.lower_ in THEY else BODY
        return _earlier(head, sentence, reading, kinds) or actors_of(head, sentence, reading)
    if head.text in book()["blocs"]:
        return (Actor(book()["blocs"][head.text], "organisation"),)
    listed = _listed(head, sentence)
    if listed is not None:
        return named(listed, sentence, reading)
    person = next((t for t in head.children if t.dep_ == "appos" and t.pos_ == "PROPN"), None)
    if head.pos_ == "NOUN" and person is not None:
        head = person
    name = phrase(head)
    if head.lower_ in book()["bodies"] and not any(c.isupper() for c in name):
        full = _fullest(head.lower_, head, sentence, reading)
        if full:
            return (Actor(full, "state", _country(full, reading)),)
        body = None if any(t.dep_ == "poss" for t in head.children) else _subject_before(head, sentence, reading, BODY)
        if body is not None:
            return (replace(body, name=f"{name} of {body.name}"),)
    found = () if _is_vague(head) else _parties(head, name, sentence, reading)
    if len(found) == 1 and found[0].kind != "person" and not head.lower_.startswith("side"):
        country = _whereabouts(head, sentence, reading) or found[0].country
        name = f"{found[0].name} co-chairs" if name == "co" else name
        return (replace(found[0], name=_owned(name, found[0].country), country=country),)
    if len(found) > 1:
        found = [_as_written(actor, sentence, reading) for actor in found]
    if found:
        return tuple(_with_state(_called_shortly(actor, reading), reading) for actor in found)
    if not any(t.dep_ in {"amod", "compound", "poss", "nmod", "prep"} for t in head.children):
        before = _same_office(head, sentence, reading)
        if before is not None:
            return (before,)
    actor = Actor(_full_name(name, reading), _sort(name), _whereabouts(head, sentence, reading))
    return (_with_state(_called_shortly(actor, reading), reading),)


def _called_shortly(actor: Actor, reading: Reading) -> Actor:
    """Return the person of the article who is called by one of his names alone: "Faramir", "Al-Hurin"."""
    name = actor.name.lower()
    if " " in name or actor.country or actor.actor_id or not actor.name[:1].isupper():
        return actor
    return next((p for p in reading.cast.people if name in (w.lower() for w in p.name.split())), actor)


def _issuers(head: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    """Return whose a text is by the words before its noun: "a Gondorian government statement"."""
    before = [t for t in head.children if t.dep_ in {"compound", "nmod", "amod"} and t.i < head.i]
    return [a for t in reversed(before) for a in parties_of(t, sentence, reading) if a.kind != "other"][:1]


def _listed(head: Token, sentence: Sentence) -> Token | None:
    """Return the first of those whom a plural counts up: "other states, including Gondor and Rohan"."""
    if head.tag_ != "NNS" or head.lemma_ not in book()["countable"]:
        return None
    after = (t for t in sentence.tokens if t.i > head.i and t.lower_ == "including")
    return next((t for word in after for t in word.children if t.dep_ == "pobj" and t.pos_ == "PROPN"), None)


def _as_written(actor: Actor, sentence: Sentence, reading: Reading) -> Actor:
    """Return a body with the name that its sentence gives it."""
    start, end = sentence.tokens.start_char, sentence.tokens.end_char
    marks = (m for m in reading.named[sentence.paragraph] if m.actor == actor and start <= m.start < end)
    mark = next(marks, None) if actor.kind == "organisation" else None
    text = reading.paragraphs[sentence.paragraph].text
    return actor if mark is None else replace(actor, name=text[mark.start : mark.end])


def _same_office(head: Token, sentence: Sentence, reading: Reading) -> Actor | None:
    """Return the last speaker before who is what a bare noun says: "the official said", "officials said"."""
    noun = head.lemma_.lower()
    if noun not in book()["officials"]:
        return None
    for number in range(sentence.paragraph, max(-1, sentence.paragraph - BACK), -1):
        for saying in reversed(sayings(reading).get(number, ())):
            speaker = saying.speaker
            ahead = (saying.sentence.number, speaker.i) < (sentence.number, head.i)
            bare = speaker.lemma_.lower() == noun and len(phrase(speaker).split()) == 1
            if not ahead or bare or speaker.lower_ in FIRST_PERSON:  # who says "we" may be the official himself
                continue
            actor = next(iter(named(speaker, saying.sentence, reading)), None)
            if actor is not None and (speaker.lemma_.lower() == noun or noun in (actor.office or "").split()):
                return actor
    return None


BACK = 5  # paragraphs in which "the official" is looked for


def _parties(head: Token, name: str, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    """Return the parties of a phrase; one body is one party, whatever else its name reminds of."""
    if head.lower_ == "co":  # "co-chairs", which the parser takes apart
        near = [t for t in sentence.tokens if head.i < t.i < head.i + 9 and t.pos_ == "PROPN"]
        return next(([a] for t in near for a in parties_of(t, sentence, reading) if a.kind == "organisation"), [])
    of = [t for p in head.children if p.lower_ == "of" for t in p.children]
    if of and head.lemma_ in {"member", "representative"}:
        return parties_of(of[0], sentence, reading)
    found = parties_of(head, sentence, reading)
    if len(found) > 1 and not any(t.dep_ == "conj" for t in head.subtree):
        return [a for a in found if a.country == _country(name, reading)] or found
    return found


def _owned(name: str, country: str | None) -> str:
    """Return "its ministry" with the state it is of in place of the pronoun."""
    first, _, rest = name.partition(" ")
    if rest and first.lower() in {"its", "his", "her", "their"} and country in states():
        return f"{states()[country].name}'s {rest}"
    return name


def _is_vague(head: Token) -> bool:
    """Say whether a plural stands for nobody in particular: "some European countries"."""
    return head.tag_ == "NNS" and any(
        t.lower_ in {"some", "many", "several", "other", "most", "few"} for t in head.children
    )


def _sort(name: str) -> str:
    return "armed_group" if set(name.lower().split()) & set(book()["fighters"]) else "other"


def _country(name: str, reading: Reading) -> str | None:
    return next((m.actor.country for m in actorbook.find(name, reading.cast.names) if m.actor.country), None)


def _whereabouts(head: Token, sentence: Sentence, reading: Reading) -> str | None:
    """Return the state of "officials in Annuminas" or "Gondorian activists"."""
    near = [t for p in head.children if p.dep_ == "prep" and p.lower_ in {"in", "at", "from"} for t in p.children]
    if head.tag_ in {"NNS", "NNP", "NNPS"}:
        near += [t for t in head.children if t.dep_ in {"amod", "compound", "nmod"}]
    return next((a.country for t in near for a in parties_of(t, sentence, reading) if a.country), None)


def phrase(head: Token) -> str:
    """Return the words of a noun phrase that name it, without articles, appositions and relative clauses."""
    words = [head]
    for child in head.children:
        if child.dep_ in {"compound", "amod", "nmod", "poss", "nummod", "case"} and child.i < head.i:
            words += [t for t in child.subtree if t.dep_ != "det" and not t.is_punct]
        elif child.dep_ == "prep" and child.lower_ in {"of", "in", "for"} and child.i == head.i + 1:
            words += [t for t in child.subtree if t.i - head.i < 7]
    words.sort(key=lambda t: t.i)
    return "".join(t.text_with_ws for t in words).strip()


def _full_name(name: str, reading: Reading) -> str:
    if not re.fullmatch(r"(?:Mrs?\.? |Ms\.? )?[A-Z][\w'-]+", name):
        return name
    last = name.split()[-1]
    pattern = re.compile(rf"\b((?:[A-Z][\w'-]+ )+{re.escape(last)})\b")
    full = [m.group(1) for p in reading.paragraphs for m in pattern.finditer(p.text)]
    return max(full, key=lambda n: (len(n.split()) < 4, len(n)), default=name)


def _fullest(word: str, head: Token, sentence: Sentence, reading: Reading) -> str | None:
    """Return the nearest fuller name before `head` of the body that a bare word stands for."""
    body, seat = f"(?i:{word})", r" in [A-Z]\w+"
    owned = rf"[A-Z][\w.]*(?:'s)? (?:[A-Za-z][\w.]* )?{body}(?:{seat})?"
    pattern = re.compile(rf"\b(?!The |An? |Its |His |Her )({owned}|(?:\w+ )?{body}{seat})\b")
    here, later = reading.paragraphs[sentence.paragraph].text, reading.paragraphs[sentence.paragraph + 1 :]
    earlier = [p.text for p in reversed(reading.paragraphs[: sentence.paragraph])]
    for text in (here[: head.idx], *earlier):
        if found := pattern.findall(text):
            return str(found[-1])
    return next((match.group(1) for p in later if (match := pattern.search(p.text))), None)


def _earlier(head: Token, sentence: Sentence, reading: Reading, kinds: tuple[str, ...]) -> Sequence[Actor]:
    """Return the last speaker before of one of these kinds, from the parse nearby and from the text further off."""
    number = sentence.paragraph
    before = [s for p in (number - 1, number) for s in sayings(reading).get(p, ())]
    subject = _subject_before(head, sentence, reading, kinds)
    if subject is not None:
        return (subject,)
    for earlier in reversed(before):
        ahead = (earlier.sentence.number, earlier.speaker.i) < (sentence.number, head.i)
        if ahead and earlier.speaker.lower_ not in PRONOUNS:
            found = named(earlier.speaker, earlier.sentence, reading)
            if found and found[0].kind in kinds:
                return found[:1]
    if "person" not in kinds:
        return ()
    tagged = [name for paragraph, name in _tags(reading) if paragraph < number - 1]
    for name in reversed(tagged):
        mention = next(iter(actorbook.find(name, reading.cast.names)), None)
        if mention is None or mention.actor.kind in kinds:
            return (mention.actor if mention else Actor(_full_name(name, reading), "person"),)
    return ()


def _subject_before(head: Token, sentence: Sentence, reading: Reading, kinds: tuple[str, ...]) -> Actor | None:
    """Return who was the subject of the sentence before, in the same paragraph."""
    number = sentence.number - 1
    if number < 0 or reading.sentences[number].paragraph != sentence.paragraph:
        return None
    before = reading.sentences[number]
    subject = next((t for t in before.tokens if t.dep_ == "nsubj" and t.head.dep_ == "ROOT"), None)
    if subject is None:
        return None
    if subject.lower_ in HE | IT:
        same = subject.lower_ in THEY or (subject.lower_ in HE) == (kinds == PERSON)
        return _subject_before(subject, before, reading, kinds) if same else None
    if subject.lemma_.lower() in book()["utterances"]:
        return next((a for a in _issuers(subject, before, reading) if a.kind in kinds), None)
    return next((a for a in parties_of(subject, before, reading) if a.kind in kinds and a.kind != "other"), None)


NAME = r"[A-Z][\w'-]+(?: (?:al-|bin |van |de |el-)?[A-Z][\w'-]+){0,3}"
SAID = r"(?:said|says|told|added|tweeted|announced|warned|wrote|insisted|confirmed)"
TAG = re.compile(rf"\b({NAME})(?:, [^,.\"]{{1,80}},)? {SAID}\b|\b{SAID} (?:[a-z]+ )*({NAME})\b")
STARTS = frozenset({"He", "She", "It", "They", "We", "I", "But", "The", "This", "That", "Who", "Also", "And"})


@lru_cache(maxsize=4)
def _tags(reading: Reading) -> Sequence[tuple[int, str]]:
    """Return the names that speech tags give in the text, with their paragraphs."""
    found = []
    for paragraph in reading.paragraphs:
        for match in TAG.finditer(paragraph.text):
            name = match.group(1) or match.group(2)
            if name not in STARTS:
                found.append((paragraph.number, name))
    return found
