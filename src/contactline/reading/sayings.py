"""The acts of saying of an article: reported clauses, "according to", and quotes whose speaker stands nearby."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from contactline.reading import rulebook
from contactline.reading.article import Reading
from contactline.reading.language import Sentence, Token

FIRST_PERSON = frozenset({"i", "we", "me", "my", "our"})  # not "us": so is the state written
HE = frozenset({"he", "she", "his", "her", "him"})
IT = frozenset({"it", "its", "they", "their", "them"})
THEY = frozenset({"they", "their", "them"})
PRONOUNS = FIRST_PERSON | HE | IT | {"who", "which", "that", "this"}
UPWARD = frozenset({"conj", "xcomp", "advcl", "pcomp", "ccomp", "prep", "acomp", "oprd"})


@dataclass(frozen=True, eq=False)
class Saying:
    """One act of saying.

    Attributes:
        verb: the word that tells of it.
        speaker: head of the phrase that names who says it.
        sentence: where `verb` stands.
        content: numbers of the tokens, in the paragraph, that are what is said.
    """

    verb: Token
    speaker: Token
    sentence: Sentence
    content: frozenset[int]


def saying_of(token: Token, sentence: Sentence, reading: Reading) -> Saying | None:
    """Return the innermost act of saying that tells what `token` tells."""
    return _tellers(reading).get((sentence.paragraph, token.i))


@lru_cache(maxsize=4)
def _tellers(reading: Reading) -> Mapping[tuple[int, int], Saying]:
    """Return (paragraph, token) -> the innermost act of saying that tells it."""
    found: dict[tuple[int, int], Saying] = {}
    for number, said in sayings(reading).items():
        for saying in sorted(said, key=lambda s: -len(s.content)):
            found.update(((number, i), saying) for i in saying.content)
    return found


@lru_cache(maxsize=4)
def sayings(reading: Reading) -> Mapping[int, Sequence[Saying]]:
    """Return the acts of saying of an article by the number of their paragraph, in reading order."""
    found: dict[int, list[Saying]] = {}
    paragraphs: dict[int, list[Sentence]] = {}
    for sentence in reading.sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence)
    for number, inside in paragraphs.items():
        quotes = _quotes(inside[0].tokens.doc)
        said = [saying for sentence in inside for saying in _sayings(sentence, quotes)]
        found[number] = [*said, *_continued(inside, said, quotes)]
    for number, inside in paragraphs.items():
        found[number] += _neighbours(number, inside, found)
    return found


# ---- one sentence
@cache
def book() -> Mapping[str, Any]:
    """Return `rulebook/reporting.yml`."""
    found: dict[str, Any] = rulebook.load("reporting")
    return found


@cache
def _verbs() -> Mapping[str, dict[str, Any]]:
    """Return each verb with where what is said stands, and which objects it takes, all its rules together."""
    found: dict[str, dict[str, Any]] = {}
    for rule in book()["rules"]:
        for verb in rule["verbs"]:
            merged = found.setdefault(verb, {"tells": set(), "objects": None})
            merged["tells"] |= set(rule["tells"])
            merged["objects"] = rule.get("objects")
    return found


Quotes = Sequence[tuple[int, int]]


def among(sentence: Sentence, lemmas: frozenset[str]) -> Iterator[Token]:
    """Yield the tokens of a sentence whose lemma is one of these; it looks at numbers, not at every token."""
    doc = sentence.tokens.doc
    wanted = _numbers_of(lemmas, doc.vocab.strings)
    start, end = sentence.tokens.start, sentence.tokens.end
    for i, lemma in enumerate(_lemmas(doc)[start:end], start):
        if lemma in wanted:
            yield doc[i]


@lru_cache(maxsize=64)
def _numbers_of(lemmas: frozenset[str], strings: Any) -> frozenset[int]:
    return frozenset(strings.add(lemma) for lemma in lemmas)


@lru_cache(maxsize=256)
def _lemmas(doc: Any) -> Sequence[int]:
    lemmas: list[int] = doc.to_array("LEMMA").tolist()
    return lemmas


@cache
def _tags_of_saying() -> frozenset[str]:
    return frozenset({"according", "accord", "account", ":", *book()["claims"], *book()["tallies"], *_verbs()})


def _sayings(sentence: Sentence, quotes: Quotes) -> Iterator[Saying]:
    verbs = _verbs()
    for token in among(sentence, _tags_of_saying()):
        if token.lower_ == "according":
            yield from _according(token, sentence)
        elif token.pos_ == "VERB" and token.lemma_ in verbs and not _negated(token):
            speaker = speaker_head(token)
            content = _content(token, sentence, quotes, verbs[token.lemma_]) if speaker is not None else frozenset()
            if speaker is not None and content:
                yield Saying(token, speaker, sentence, content)
        elif token.text == ":":
            yield from _headed(token, sentence, quotes)
        elif token.lower_ == "account" and token.dep_ == "pobj" and token.head.lower_ == "by":
            yield from _account(token, sentence)
        elif token.pos_ == "NOUN" and token.lemma_ in book()["claims"]:
            yield from _claim(token, sentence)
        elif token.pos_ == "NOUN" and token.lemma_ in book()["tallies"]:
            yield from _tally(token, sentence)


def _headed(colon: Token, sentence: Sentence, quotes: Quotes) -> Iterator[Saying]:
    """Yield what a name and a colon mark, as in captions and headlines: "Gondor's president: 'We will fight on'"."""
    chunk = next((c for c in sentence.tokens.noun_chunks if c.end == colon.i), None)
    quote = next((q for q in quotes if q[0] in {colon.i + 1, colon.i + 2}), None)
    if chunk is not None and quote is not None and chunk.root.pos_ == "PROPN":
        yield Saying(colon, chunk.root, sentence, frozenset(range(*quote)))


def _account(noun: Token, sentence: Sentence) -> Iterator[Saying]:
    """Yield what "by Gondor's account" marks."""
    owner = next((t for t in noun.children if t.dep_ == "poss"), None)
    if owner is not None:
        own = {t.i for t in noun.head.subtree}
        yield Saying(noun, owner, sentence, frozenset(_numbers(sentence) - own))


def _claim(noun: Token, sentence: Sentence) -> Iterator[Saying]:
    clause = next((t for t in noun.children if t.dep_ in {"acl", "ccomp"} and t.i > noun.i and _that(t)), None)
    if clause is None:
        return
    author = author_of(noun)
    speaker = author if author is not None else noun if noun.tag_ == "NNS" and noun.lemma_ == "report" else None
    if speaker is not None:
        yield Saying(noun, speaker, sentence, frozenset(t.i for t in clause.subtree))


def _that(clause: Token) -> bool:
    return any(t.dep_ == "mark" and t.lower_ == "that" for t in clause.children)


def _tally(noun: Token, sentence: Sentence) -> Iterator[Saying]:
    owner = next((t for t in noun.children if t.dep_ == "poss" and t.lower_ not in PRONOUNS), None)
    if owner is not None and noun.dep_ == "nsubj":
        own = {t.i for t in noun.subtree}
        yield Saying(noun, owner, sentence, frozenset(t.i for t in noun.head.subtree if t.i not in own))


def _according(token: Token, sentence: Sentence) -> Iterator[Saying]:
    """Yield what "according to X" marks: the rest of the sentence, however it is parsed."""
    if token.i + 2 >= sentence.tokens.end or token.nbor().lower_ != "to":
        return
    chunk = next((c for c in sentence.tokens.noun_chunks if c.start == token.i + 2), None)
    if chunk is not None:
        yield Saying(token, chunk.root, sentence, frozenset(_numbers(sentence) - set(range(token.i, chunk.end))))


def _numbers(sentence: Sentence) -> set[int]:
    return set(range(sentence.tokens.start, sentence.tokens.end))


def _negated(verb: Token) -> bool:
    return any(
        t.dep_ == "neg" or (t.dep_ in {"aux", "mark"} and t.lower_ in {"could", "can", "cannot", "if"})
        for t in verb.children
    )


def speaker_head(verb: Token) -> Token | None:
    """Return the head of the phrase that names who does what `verb` tells, looked for up its clauses."""
    for _ in range(6):
        passive = any(t.dep_ in {"nsubjpass", "auxpass"} for t in verb.children)
        for child in verb.children:
            if child.dep_ in {"nsubj", "csubj"} or (child.dep_ == "nsubjpass" and verb.lemma_ in {"quote", "cite"}):
                return _antecedent(child, verb)
            if passive and child.dep_ == "agent":
                return next((t for t in child.children if t.dep_ == "pobj"), None)
        if passive:
            return None
        if verb.dep_ == "conj" and _resumes(verb):
            verb = verb.head.head
        elif verb.dep_ in UPWARD and verb.head.i != verb.i:
            verb = verb.head
        elif verb.dep_ in {"acl", "relcl"}:
            return verb.head
        else:
            return None
    return None


def _resumes(verb: Token) -> bool:
    """Say whether a verb of saying goes on after a reported clause: "said Gondor lied, and added ..."."""
    told = verb.head
    resuming = verb.lemma_ in _verbs() or verb.lemma_ in book()["resuming"]
    return told.dep_ == "ccomp" and resuming and told.head.lemma_ in _verbs() and verb.tag_ == "VBD"


def _antecedent(subject: Token, verb: Token) -> Token:
    if subject.lower_ in {"who", "which", "that"} and verb.dep_ == "relcl":
        return verb.head
    return subject


def _content(verb: Token, sentence: Sentence, quotes: Quotes, rule: Mapping[str, Any]) -> frozenset[int]:
    said: set[int] = set()
    for child in verb.children:
        clause = child.dep_ in {"ccomp", "xcomp"} and "clause" in rule["tells"]
        thing = child.dep_ in {"dobj", "nsubjpass"} and "object" in rule["tells"] and child.lemma_ != "responsibility"
        if thing and rule["objects"]:
            thing = child.lemma_ in rule["objects"]
        told = child.dep_ == "prep" and child.lower_ in {"of", "about"} and "of" in rule["tells"]
        if clause or thing or told:
            said |= {t.i for t in child.subtree}
    if said and rule["objects"]:
        said |= {t.i for t in verb.subtree if t.i > verb.i}
    if "clause" in rule["tells"]:
        if verb.dep_ in {"parataxis", "advcl"} and not said:
            own = {t.i for t in verb.subtree}
            said |= {t.i for t in verb.head.subtree if t.i not in own}
        if not said:
            said |= _set_off(verb, sentence, quotes)
        elif max(said) < verb.i:
            said |= _after_tag(verb, sentence)
    for start, end in quotes:
        if said and any(start <= i < end for i in said):
            said |= set(range(start, end))
    return frozenset(said - {verb.i})


def _set_off(verb: Token, sentence: Sentence, quotes: Quotes) -> set[int]:
    """Return what stands before or after the speech tag, where the parse did not tie it to the verb."""
    first, last = sentence.tokens.start, sentence.tokens.end
    quoted = [(a, b) for a, b in quotes if a < last and b > first and not a <= verb.i < b]
    if quoted:
        return {i for a, b in quoted for i in range(a, b)}
    own = [t.i for t in verb.subtree]
    if verb.i > first and verb.dep_ == "ROOT" and min(own) > first:
        return set(range(first, min(own)))
    return set()


def _after_tag(verb: Token, sentence: Sentence) -> set[int]:
    """Return what goes on after a speech tag that is set between commas: "At dawn, Gondor said, the shelling began"."""
    last = sentence.tokens.end
    after = verb.i + 1
    while after < last and sentence.tokens.doc[after].dep_ in {"dobj", "npadvmod", "advmod", "det", "compound", "prt"}:
        after += 1
    if after < last - 2 and sentence.tokens.doc[after].text == ",":
        return set(range(after + 1, last))
    return set()


def author_of(head: Token) -> Token | None:
    """Return the head of the phrase that names who made what a noun of saying stands for: "the report by Gondor"."""
    for child in head.children:
        if child.dep_ == "poss" and child.lower_ not in PRONOUNS:
            return child
        if child.dep_ in {"prep", "agent"} and child.lower_ in {"from", "by", "of"}:
            return next((t for t in child.children if t.dep_ == "pobj"), None)
        agents = [t for a in child.children if a.dep_ == "agent" for t in a.children if t.dep_ == "pobj"]
        if child.dep_ == "acl" and agents:
            return agents[0]
    if head.dep_ == "dobj":
        return speaker_head(head.head)
    if head.dep_ == "pobj" and head.head.lower_ == "in" and head.head.head.pos_ == "PROPN":
        return head.head.head  # "Hurin in a statement called for ...", which the parser reads as the statement's call
    return None


# ---- quotes
@lru_cache(maxsize=256)
def _quotes(doc: Any) -> Quotes:
    """Return the quoted runs of a paragraph as token numbers, quote marks left out; one left open runs to its end."""
    found: list[tuple[int, int]] = []
    opened = None
    marks = _numbers_of(frozenset({'"', "''", "``"}), doc.vocab.strings)
    for i, orth in enumerate(doc.to_array("ORTH").tolist()):
        if orth not in marks:
            continue
        token = doc[i]
        opens = (token.i == 0 or bool(doc[token.i - 1].whitespace_)) and not token.whitespace_
        if opened is not None:
            found.append((opened, token.i))
            opened = token.i + 1 if opens and token.i - opened > 1 else None
        else:
            opened = token.i + 1
    if opened is not None and opened < len(doc):
        found.append((opened, len(doc)))
    return found


def is_quoted(token: Token) -> bool:
    """Say whether a token stands in quotes."""
    return any(start <= token.i < end for start, end in _quotes(token.doc))


def _continued(inside: Sequence[Sentence], said: Sequence[Saying], quotes: Quotes) -> Iterator[Saying]:
    """Yield the quotes of a paragraph that go on without a speech tag of their own."""
    covered = {i for saying in said for i in saying.content}
    for start, end in quotes:
        if end - start < 4 or any(i in covered for i in range(start, end)):
            continue
        before = [s for s in said if s.verb.i < start]
        after = [s for s in said if s.verb.i >= end]
        source = before[-1] if before else after[0] if after else None
        if source is not None and _stands_alone(start, inside):
            yield replace(source, content=frozenset(range(start, end)))


def _stands_alone(start: int, inside: Sequence[Sentence]) -> bool:
    """Say whether a quote opens a sentence."""
    return any(0 <= start - sentence.tokens.start <= 1 for sentence in inside)


def _neighbours(number: int, inside: Sequence[Sentence], found: Mapping[int, Sequence[Saying]]) -> list[Saying]:
    """Return the quotes of a paragraph without any speech tag, as said by the speaker of the one before or after."""
    quotes = _quotes(inside[0].tokens.doc)
    open_quotes = [(a, b) for a, b in quotes if b - a >= 4 and _stands_alone(a, inside)]
    if found[number] or not open_quotes:
        return []
    near = [*reversed(found.get(number - 1, ())), *found.get(number + 1, ())]
    if not near:
        return []
    return [replace(near[0], content=frozenset(range(a, b))) for a, b in open_quotes]
