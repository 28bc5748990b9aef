"""What readers hand on: an article as it was found, or why an item is none."""

import datetime as dt
from dataclasses import dataclass

Published = str | dt.date | int | float | None


@dataclass(frozen=True)
class Found:
    """One raw article, before anything is made of it.

    Attributes:
        locator: where in the delivery it is; `!` leads into an archive, `#` to a record.
        text: its text as found, decoded; empty where `html` holds it.
        title: its headline, if it is told apart from the text.
        published: its publication date as written.
        publisher: who published it.
        url: its address.
        language: ISO 639 code that the item states.
        based_on_url: address of the report whose facts it restates.
        basis: code of `published_date_basis` for `published`.
        html: the page that text and whatever is missing are to be taken from.
    """

    locator: str
    text: str = ""
    title: str | None = None
    published: Published = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    based_on_url: str | None = None
    basis: str = "given"
    html: bytes | str | None = None


@dataclass(frozen=True)
class Reject:
    """One raw item that is no article: a code of `reject_reason`, and what exactly was wrong."""

    locator: str
    reason: str
    detail: str


class RejectError(ValueError):
    """Raised where an item turns out to be no article; its reader makes it a `Reject`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

    def at(self, locator: str) -> Reject:
        """Return the reject for the item at `locator`."""
        return Reject(locator, self.reason, self.detail)


Item = Found | Reject


def said(error: BaseException) -> str:
    """Return what a library's error says, on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
