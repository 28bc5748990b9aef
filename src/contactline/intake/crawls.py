"""Crawls and feeds to the articles in them: WARC, RSS and Atom."""

import re
from collections.abc import Iterator
from typing import IO, Any

from contactline.intake import pages
from contactline.intake.found import Found, Item, Reject, RejectError
from contactline.intake.rows import Mapped
from contactline.intake.streams import DOCUMENT_LIMIT, whole

FEED_LIMIT = 10 * DOCUMENT_LIMIT  # bytes of one feed


def warc(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    """Yield the pages of a crawl; a response that is none is a reject."""
    from warcio.archiveiterator import ArchiveIterator

    number = 0
    for record in ArchiveIterator(stream):
        if record.rec_type not in ("response", "resource"):
            continue
        number += 1
        url = record.rec_headers.get_header("WARC-Target-URI")
        yield _response(record, f"{locator}#{number}", url)
    if not number:
        raise RejectError("empty", "no response in the archive")


def _response(record: Any, locator: str, url: str | None) -> Item:
    headers = record.http_headers
    status = headers.get_statuscode() if headers else "200"
    kind = (headers.get_header("Content-Type") if headers else record.rec_headers.get_header("Content-Type")) or ""
    if status != "200":
        return Reject(locator, "no_text", f"the server answered {status} for {url}")
    if kind and not re.search(r"html|text/plain", kind, re.IGNORECASE):
        return Reject(locator, "unknown_format", f"{kind.split(';')[0]} is no page: {url}")
    try:
        return Found(locator, html=whole(record.content_stream(), pages.LONGEST), url=url)
    except RejectError as error:
        return error.at(locator)


def feed(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    """Yield the entries of an RSS, RDF or Atom feed, or the documents of a Factiva XML export."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    root = etree.fromstring(whole(stream, FEED_LIMIT), parser)
    if root is None:
        raise RejectError("bad_record", "not XML")
    entries = [e for e in root.iter() if _tag(e) in ("item", "entry") and len(e)]
    channel = next((e for e in root.iter() if _tag(e) in ("channel", "feed")), None)
    publisher = _first(channel, "title") if channel is not None else None
    if not entries:
        raise RejectError("unknown_format", f"XML of no known kind: its root is {_tag(root) or 'unnamed'}")
    for number, entry in enumerate(entries, start=1):
        yield _entry(entry, f"{locator}#{number}", publisher)


def _entry(entry: Any, locator: str, publisher: str | None) -> Item:
    body = max((_first(entry, name) or "" for name in ("encoded", "content", "description", "summary")), key=len)
    text = pages.text_of(body)
    if not text.strip():
        return Reject(locator, "no_text", "the entry has neither content nor description")
    link = next((e.get("href") for e in entry if _tag(e) == "link" and e.get("href")), None) or _first(entry, "link")
    date = next(filter(None, (_first(entry, n) for n in ("pubDate", "published", "date", "issued", "updated"))), None)
    title = _first(entry, "title")
    return Found(locator, text, pages.text_of(title) if title else None, date, publisher, link)


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _first(element: Any, name: str) -> str | None:
    for child in element:
        if _tag(child) == name:
            return "".join(child.itertext()).strip() or None
    return None
