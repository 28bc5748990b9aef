"""Web pages: the article's text and what the page says of itself, by trafilatura, with what it misses made good.

Three things are added to it, each measured: links that stand alone (other stories' headlines) go before it looks;
a page that its fast mode finds next to nothing on gets its full one; paragraphs of the article's own column that it
stopped short of come back. Nothing here opens a connection.
"""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from contactline.intake.found import Found, Reject, RejectError
from contactline.intake.text import plain

LONGEST = 5_000_000  # bytes of a page; a real one has a tenth of it, and time grows with it
ELEMENTS = 50_000  # of a page; what is nested without end takes time without end
SHORT = 400  # characters; below it the fast mode may have missed the article
COLUMN = 3  # paragraphs found in one column before it counts as the article's own
PROSE = 60  # characters of a paragraph that can be nothing but prose
ASIDE = re.compile(
    r"comment|related|footer|sidebar|newsletter|promo|caption|author|bio|share|cookie|recirc|more-", re.IGNORECASE
)
CLOSED = re.compile(r"[.!?:…][\"'”’»)\]]*$")
Tree = Any  # lxml ships no types


@dataclass(frozen=True)
class Page:
    """What one page holds; None for what it does not say. `text` is without the headline."""

    text: str
    title: str | None = None
    published: dt.date | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None


def page(raw: bytes | str, url: str | None = None) -> Page | None:
    """Return the article of a page, or None where there is none.

    Raises:
        RejectError: `too_large`: over `ELEMENTS` elements.
    """
    import trafilatura

    tree = trafilatura.load_html(raw)
    if tree is None:
        return None
    if sum(1 for _ in tree.iter()) > ELEMENTS:
        raise RejectError("too_large", f"a page of over {ELEMENTS:,} elements")
    language = _language(tree)
    _drop_lone_links(tree)
    columns = _columns(tree)
    held = _extracted(tree, url, fast=True)
    if len(held.get("text") or "") < SHORT:
        again = trafilatura.load_html(raw)
        _drop_lone_links(again)
        full = _extracted(again, url, fast=False)
        held = full if full.get("text") else held
    text = _with_rest_of_column(held.get("text") or "", columns)
    if not text.strip():
        return None
    title = _without_site(held["title"], held["sitename"])
    return Page(
        text=_without_headline(text, title),
        title=title,
        published=dt.date.fromisoformat(held["date"]) if held["date"] else None,
        publisher=held["sitename"],
        url=held["url"] or url,
        language=language,
    )


def _extracted(tree: Tree, url: str | None, fast: bool) -> dict[str, Any]:
    import trafilatura

    found = trafilatura.bare_extraction(tree, url=url, fast=fast, include_comments=False, with_metadata=True)
    if found is None:
        return {}
    return found if isinstance(found, dict) else dict(found.as_dict())


def text_of(markup: str) -> str:
    """Return the text of a piece of markup, its paragraphs parted by blank lines; a plain text comes back as it is."""
    from resiliparse.extract.html2text import extract_plain_text

    if not re.search(r"<[a-zA-Z/!]|&[a-zA-Z#]", markup):
        return markup
    lines = extract_plain_text(markup, list_bullets=False, alt_texts=False, links=False).split("\n")
    return "\n\n".join(line.strip() for line in lines if line.strip())


def _language(tree: Tree) -> str | None:
    written = (tree.get("lang") or tree.get("xml:lang") or "").strip().lower()[:2]
    return written if written.isalpha() and len(written) == 2 else None


def _drop_lone_links(tree: Tree) -> None:
    """Remove blocks that are one link of four words or more and no sentence: they are other stories' headlines."""
    for element in list(tree.iter("p", "li", "h2", "h3", "h4", "h5", "strong")):
        words = element.text_content().split()
        text = " ".join(words)
        if len(words) < 4 or CLOSED.search(text) or element.getparent() is None:
            continue
        linked = " ".join(" ".join(a.text_content().split()) for a in element.iter("a"))
        if len(linked) >= 0.9 * len(text):
            element.drop_tree()


def _columns(tree: Tree) -> list[tuple[str, str]]:
    """Return the page's paragraphs of prose in order, each with the column it stands in: its parent's tag and class."""
    found = []
    for element in tree.iter("p"):
        text = " ".join(element.text_content().split())
        parent = element.getparent()
        if parent is None or len(text) < PROSE or not CLOSED.search(text):
            continue
        if any(
            ASIDE.search(f"{a.get('class')} {a.get('id')}") or a.tag in ("aside", "footer", "form", "blockquote")
            for a in (element, parent)
        ):
            continue
        articles = list(element.iterancestors("article"))
        home = articles[-1].get("id") or str(len(list(articles[-1].itersiblings(preceding=True)))) if articles else ""
        found.append((f"{parent.tag}.{parent.get('class')}@{home}", text))
    return found


def _with_rest_of_column(text: str, columns: list[tuple[str, str]]) -> str:
    """Return a text with the paragraphs that it lacks of the columns it mostly comes from, each where it belongs."""
    lines = text.split("\n")
    at = [next((i for i, line in enumerate(lines) if paragraph[:PROSE] in line), None) for _, paragraph in columns]
    own = Counter(column for (column, _), line in zip(columns, at, strict=True) if line is not None)
    behind: dict[int, list[str]] = {}
    last = len(lines) - 1
    for (column, paragraph), line in zip(columns, at, strict=True):
        if line is not None:
            last = line
        elif own[column] >= COLUMN:
            behind.setdefault(last, []).append(paragraph)
    if sum(map(len, behind.values())) < COLUMN:
        return text
    return "\n".join(part for i, line in enumerate(lines) for part in (line, *behind.get(i, ())))


def _without_site(title: str | None, site: str | None) -> str | None:
    """Return a headline without the name of the site that many pages put behind it."""
    if not title or not site:
        return title
    parts = re.split(r"\s[|–—-]\s", title)
    if len(parts) < 2 or plain(parts[-1]) != plain(site):
        return title
    return title[: title.rindex(parts[-1])].rstrip(" |–—-")


def _without_headline(text: str, title: str | None) -> str:
    lines = text.split("\n")
    if title and plain(lines[0]) == plain(title):
        lines = lines[1:]
    return "\n".join(lines) if len(lines) > 0 else text


def found(item: Found) -> Found | Reject:
    """Return the article of an item that is a page; what the item says itself comes before what the page says."""
    markup = item.html or ""
    if len(markup) > LONGEST:
        return Reject(item.locator, "too_large", f"a page of {len(markup):,} bytes; the limit is {LONGEST:,}")
    try:
        held = page(markup, item.url)
    except RejectError as error:
        return error.at(item.locator)
    if held is None:
        return Reject(item.locator, "no_text", "no article was found on the page")
    return replace(
        item,
        html=None,
        text=held.text,
        title=item.title or held.title,
        published=item.published or held.published,
        basis="given" if item.published else "metadata",
        publisher=item.publisher or held.publisher,
        url=item.url or held.url,
        language=item.language or held.language,
    )
