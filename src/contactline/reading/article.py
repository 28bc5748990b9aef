"""One article as the coders get it: its text, its parse, and what is known of it as a whole."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from contactline.reading import actorbook
from contactline.reading.cast import Cast, cast
from contactline.reading.language import MODELS, Paragraph, Sentence, paragraphs, sentences


@dataclass(frozen=True)
class Article:
    """A raw article.

    Attributes:
        article_id: its key.
        text: its stored text; all offsets point into it.
        published_date: None where it is not known; then no relative date is read.
        skip: spans of `text` that are not the article's own (comment forms, share bars); they are not read.
    """

    article_id: str
    text: str
    published_date: dt.date | None = None
    publisher: str | None = None
    url: str | None = None
    skip: tuple[tuple[int, int], ...] = ()


Gate: TypeAlias = Callable[["Reading"], frozenset[int]]
"""Says which paragraphs are worth parsing, by number."""


class Reading:
    """What one article says, before any coder looks at it.

    What holds for the article as a whole (its cast of actors, its countries) is read from the text of all paragraphs
    and never from the parse, so that it does not change when a paragraph is left unparsed.
    """

    def __init__(self, article: Article, model: str = MODELS[0], gate: Gate | None = None) -> None:
        self.article = article
        self.model = model
        self._gate = gate

    @cached_property
    def paragraphs(self) -> Sequence[Paragraph]:
        """All paragraphs, made fit for the parser."""
        return tuple(paragraphs(self.article.text, self.article.skip))

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        """The parsed sentences, in reading order; those of the paragraphs that the gate opens, if there is one."""
        chosen = self.paragraphs
        if self._gate is not None:
            opened = self._gate(self)
            chosen = [paragraph for paragraph in self.paragraphs if paragraph.number in opened]
        return tuple(sentences(chosen, self.model))

    @cached_property
    def cast(self) -> Cast:
        """The people of the article, from its text."""
        return cast(self.paragraphs, self.article.published_date)

    @cached_property
    def named(self) -> Sequence[Sequence[actorbook.Mention]]:
        """For each paragraph the actors its text names, in order; offsets are into the paragraph's text."""
        found = [actorbook.find(p.text, self.cast.names, p.upper) for p in self.paragraphs]
        told = {m.actor.country for mentions in found for m in mentions if m.form == "name"}
        if not told.issuperset(actorbook.words()["halves"].values()):
            return tuple(found)
        every = zip(self.paragraphs, found, strict=True)
        return tuple(sorted([*old, *actorbook.halves(p.text)], key=lambda m: m.start) for p, old in every)
