"""Where the articles to code come from: the tables of intake, or a file of JSON lines."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from contactline import io
from contactline.intake import cleaning
from contactline.reading.article import Article

CODED_LANGUAGE = "en"

Rejects = list[dict[str, Any]]


class Codable:
    """The articles of the tables in `folder` that are to be coded: canonical ones in English, in order of their key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        facts = io.read_arrow(
            "articles", folder, ["article_id", "published_date", "publisher", "url", "language", "duplicate_of"]
        )
        chosen = facts.filter(pc.and_(pc.equal(facts["language"], CODED_LANGUAGE), pc.is_null(facts["duplicate_of"])))
        self._facts = {row["article_id"]: row for row in chosen.to_pylist()}
        self._skip: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for row in io.read_arrow("dropped", folder).to_pylist():
            self._skip[row["article_id"]].append((row["span_start"], row["span_end"]))

    def __len__(self) -> int:
        return len(self._facts)

    def __iter__(self) -> Iterator[Article]:
        for row in io.stream("texts", self.folder, ["article_id", "text"]):
            facts = self._facts.get(row["article_id"])
            if facts:
                yield Article(
                    article_id=row["article_id"],
                    text=row["text"],
                    published_date=facts["published_date"],
                    publisher=facts["publisher"],
                    url=facts["url"],
                    skip=tuple(self._skip[row["article_id"]]),
                )


def documents(path: Path, rejects: Rejects) -> Iterator[Article]:
    """Yield the articles of a file of JSON lines, skipping what is not the article's own.

    Args:
        path: one object a line: id and text; optionally published_date (ISO), publisher, url. A title is not coded:
            all offsets point into `text`.
        rejects: gets a row of the rejects table for each line that is no article.
    """
    seen: set[str] = set()
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                article = _document(line)
                if article.article_id in seen:
                    raise RejectError("already_delivered", f"id {article.article_id!r} stands on an earlier line")
            except RejectError as reject:
                rejects.append({"delivery": path.name, "locator": f"line {number}", **reject.row})
                continue
            seen.add(article.article_id)
            yield article


class RejectError(ValueError):
    """A line that is no article."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.row = {"reason": reason, "detail": detail}


def _document(line: bytes) -> Article:
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RejectError("undecodable", f"not UTF-8: {error.reason} at byte {error.start}") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise RejectError("bad_record", f"not JSON: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("id"), str) or not found["id"].strip():
        raise RejectError("bad_record", "not an object with an `id` that is a string")
    text = found.get("text")
    if not isinstance(text, str) or not text.strip():
        raise RejectError("no_text", "no `text`, or an empty one")
    return Article(
        article_id=found["id"],
        text=text,
        published_date=_date(found.get("published_date")),
        publisher=found.get("publisher"),
        url=found.get("url"),
        skip=tuple((each.start, each.end) for each in cleaning.dropped(text)),
    )


def _date(value: Any) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value[:10])
    except (TypeError, ValueError) as error:
        raise RejectError("bad_date", f"published_date {value!r} is no ISO date") from error
