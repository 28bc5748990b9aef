"""Codes the statements of one article."""

from collections.abc import Iterator
from typing import Any

from contactline.reading.article import Reading


def mentions(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of `statement_mentions` that one article supports, without their keys."""
    yield from ()
