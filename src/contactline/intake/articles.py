"""Raw deliveries to the rows of the intake tables. Every raw item becomes an article or a reject."""

import datetime as dt
import hashlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contactline.intake import cleaning, duplicates
from contactline.intake.deliveries import Origin, items
from contactline.intake.found import Reject
from contactline.intake.settling import Settled, own, settle_all

ALIKE = 0.8  # Jaccard index of three-word shingles from which two articles are copies
OFTEN = 5  # articles of one publisher that a line stands on before it can be boilerplate
SHARE = 0.1  # of the publisher's articles that it must stand on
PIECE = 500  # articles a piece

Rows = dict[str, list[dict[str, Any]]]


def tables(
    raw: Path,
    *,
    alike: float = ALIKE,
    cache: Path | None = None,
    workers: int = 1,
    done: Callable[[int, int], None] = lambda more, rejects: None,
) -> Iterator[Rows]:
    """Yield the rows of the four tables, piece by piece, each table's in order of its key.

    The same files give the same rows with and without a cache and with any number of workers.

    Args:
        raw: the folder of deliveries.
        alike: Jaccard index from which an article is a copy of an earlier one.
        cache: folder for what earlier runs made of each item.
        workers: processes that settle items.
        done: is told how many more items are done, and how many were rejected so far.
    """
    held = _Held()
    for origin, outcome in settle_all(items(raw), cache, workers):
        if isinstance(outcome, Reject):
            held.reject(origin, outcome)
        else:
            held.take(origin, outcome)
        done(1, len(held.rejects))
    canonical = _copies(held, alike)
    repeated = _repeated(held, canonical)
    yield {"rejects": sorted(held.rejects, key=lambda row: (row["delivery"], row["locator"]))}
    order = sorted(range(len(held.rows)), key=lambda number: str(held.rows[number]["article_id"]))
    for start in range(0, len(order), PIECE):
        yield _piece(held, order[start : start + PIECE], canonical, repeated)


def _piece(
    held: "_Held",
    numbers: Sequence[int],
    canonical: Sequence[str | None],
    repeated: Mapping[str | None, frozenset[str]],
) -> Rows:
    piece: Rows = {"articles": [], "texts": [], "dropped": []}
    for number in numbers:
        row, text, runs = held.rows[number], held.texts[number], held.dropped[number]
        lines = repeated.get(_publisher(row))
        if lines:
            runs = tuple(cleaning.dropped(text, lines, held.titles[number]))
        key = row["article_id"]
        piece["articles"].append(row | {"duplicate_of": canonical[number]})
        piece["texts"].append({"article_id": key, "title": held.titles[number], "text": text})
        piece["dropped"].extend(
            {"article_id": key, "span_start": run.start, "span_end": run.end, "reason": run.reason} for run in runs
        )
    return piece


class _Texts:
    """Stored texts, each compressed: they are most of what a run holds, and few are looked at again before the end."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []

    def append(self, text: str) -> None:
        self._packed.append(zlib.compress(text.encode(), 1))

    def __getitem__(self, number: int) -> str:
        return zlib.decompress(self._packed[number]).decode()


@dataclass
class _Held:
    """All articles of a run; texts and sketches packed, the rest as rows."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    titles: list[str | None] = field(default_factory=list)
    texts: _Texts = field(default_factory=_Texts)
    dropped: list[tuple[cleaning.Dropped, ...]] = field(default_factory=list)
    sketches: list[bytes] = field(default_factory=list)
    order: list[tuple[dt.date, dt.date, str, str]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    locators: Counter[tuple[str, str]] = field(default_factory=Counter)

    def reject(self, origin: Origin, reject: Reject) -> None:
        """Take a reject; archives can hold two members of one name, so a locator that came before gets a number."""
        self.locators[origin.delivery, reject.locator] += 1
        count = self.locators[origin.delivery, reject.locator]
        locator = reject.locator if count == 1 else f"{reject.locator} ({count})"
        self.rejects.append(
            {"delivery": origin.delivery, "locator": locator, "reason": reject.reason, "detail": reject.detail}
        )

    def take(self, origin: Origin, settled: Settled) -> None:
        """Take an article, unless it came before."""
        before = self.seen.get(settled.article_id)
        if before is not None:
            first = f"{self.order[before][2]}/{self.order[before][3]}"
            self.reject(origin, Reject(settled.locator, "already_delivered", f"the same article is {first}"))
            return
        self.seen[settled.article_id] = len(self.rows)
        self.rows.append(
            {
                "article_id": settled.article_id,
                "publisher": settled.publisher,
                "url": settled.url,
                "published_date": settled.published_date,
                "published_date_basis": settled.published_date_basis,
                "language": settled.language,
                "dateline_place": settled.dateline_place,
                "char_count": len(settled.text),
                "text_sha256": hashlib.sha256(settled.text.encode()).hexdigest(),
                "delivery": origin.delivery,
                "based_on_url": settled.based_on_url,
            }
        )
        self.titles.append(settled.title)
        self.texts.append(settled.text)
        self.dropped.append(settled.dropped)
        self.sketches.append(settled.sketch)
        self.order.append((settled.published_date or dt.date.max, origin.retrieved, origin.delivery, settled.locator))


def _copies(held: _Held, alike: float) -> list[str | None]:
    """Return for each article the key of the canonical one it copies: the earliest published, then first retrieved."""
    order = sorted(range(len(held.rows)), key=lambda number: held.order[number])
    found = duplicates.copies(
        (held.sketches[number] for number in order),
        lambda place: own(held.texts[order[place]], held.dropped[order[place]]),
        alike,
    )
    canonical: list[str | None] = [None] * len(order)
    for place, original in enumerate(found):
        if original is not None:
            canonical[order[place]] = held.rows[order[original]]["article_id"]
    return canonical


def _publisher(row: dict[str, Any]) -> str | None:
    """Return who set an article's page: its publisher, or the host of its address."""
    if row["publisher"]:
        return str(row["publisher"])
    try:
        return urlsplit(row["url"] or "").hostname
    except ValueError:
        return None


def _repeated(held: _Held, canonical: list[str | None]) -> dict[str | None, frozenset[str]]:
    """Return the lines that a publisher sets on many articles, by publisher; copies do not count."""
    counts: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    articles: Counter[str | None] = Counter()
    for number, row in enumerate(held.rows):
        publisher = _publisher(row)
        if canonical[number] is None and publisher:
            articles[publisher] += 1
            counts[publisher].update(set(cleaning.repeatable(held.texts[number], publisher)))
    often = {
        publisher: frozenset(line for line, count in lines.items() if count >= max(OFTEN, SHARE * articles[publisher]))
        for publisher, lines in counts.items()
    }
    return {publisher: lines for publisher, lines in often.items() if lines}
