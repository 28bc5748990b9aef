"""Keeps words that stand for other words from leading back to themselves."""

from collections.abc import Callable, Sequence
from functools import wraps

from contactline.reading.actorbook import Actor
from contactline.reading.article import Reading
from contactline.reading.language import Sentence, Token

Resolver = Callable[[Token, Sentence, Reading], Sequence[Actor]]


def without_circles(resolve: Resolver) -> Resolver:
    """Make a resolver answer nobody for a word that it is already resolving.

    "They" may be read as a subject, the subject by its "their", and "their" again as "they": whom only such a circle
    would tell is not told at all.
    """
    asked: set[Token] = set()

    @wraps(resolve)
    def resolved(token: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
        if token in asked:
            return ()
        asked.add(token)
        try:
            return resolve(token, sentence, reading)
        finally:
            asked.discard(token)

    return resolved
