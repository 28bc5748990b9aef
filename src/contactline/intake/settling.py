"""Found articles to settled ones: the stored text, date, language and leftovers of each, over processes if wanted.

What settles an article is remembered by content, so that a run settles only what is new. With or without the memory,
and with any number of processes, the same articles come out.
"""

import datetime as dt
import hashlib
import json
import sqlite3
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import astuple, dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from contactline.intake import cleaning, duplicates, languages, pages, published
from contactline.intake.deliveries import Origin
from contactline.intake.found import Found, Item, Reject, RejectError
from contactline.intake.text import headline, one_line, stored
from contactline.processes import spread, started

BATCH = 32  # articles a task
HELD = 4_000_000  # characters a task; pages are large
LIBRARIES = ("trafilatura", "htmldate", "lxml", "resiliparse", "rensa")
OWN_RULES = ("columns.yml", "exports.yml", "languages.yml", "leftovers.yml")


class WorkerError(RuntimeError):
    """Processes cannot be started on this machine or from this script."""


@dataclass(frozen=True)
class Settled:
    """An article as the tables hold it, and the sketch that its copies are found by."""

    locator: str
    article_id: str
    title: str | None
    text: str
    publisher: str | None
    url: str | None
    published_date: dt.date | None
    published_date_basis: str
    language: str
    dateline_place: str | None
    based_on_url: str | None
    dropped: tuple[cleaning.Dropped, ...]
    sketch: bytes


Outcome = Settled | Reject
Pair = tuple[Origin, Item]


def settle(item: Item, origin: Origin) -> Outcome:
    """Return the article that an item is, or why it is none."""
    if isinstance(item, Reject):
        return item
    found = pages.found(item) if item.html is not None else item
    if isinstance(found, Reject):
        return found
    try:
        return _settled(found, origin)
    except RejectError as error:
        return error.at(found.locator)


def _settled(found: Found, origin: Origin) -> Settled:
    text = stored(found.text, found.title)
    title, url = headline(found.title), one_line(found.url)
    day, basis, dateline = _published(found, origin, text)
    runs = tuple(cleaning.dropped(text, title=title))
    return Settled(
        locator=found.locator,
        article_id=article_id(url, title, text),
        title=title,
        text=text,
        publisher=one_line(found.publisher) or origin.publisher,
        url=url,
        published_date=day,
        published_date_basis=basis,
        language=languages.language_of(text, found.language or origin.language),
        dateline_place=dateline.place if dateline else None,
        based_on_url=one_line(found.based_on_url),
        dropped=runs,
        sketch=duplicates.sketch(own(text, runs)),
    )


def article_id(url: str | None, title: str | None, text: str) -> str:
    """Return an article's key: it depends on nothing but the article."""
    return hashlib.sha256(json.dumps([url, title, text]).encode()).hexdigest()[:16]


def own(text: str, dropped: Iterable[cleaning.Dropped]) -> str:
    """Return what of a stored text is the article's own."""
    kept, start = [], 0
    for run in dropped:
        kept.append(text[start : run.start])
        start = run.end
    return "".join([*kept, text[start:]])


def _published(found: Found, origin: Origin, text: str) -> tuple[dt.date | None, str, published.Dateline | None]:
    """Return the publication date, what it rests on, and the dateline.

    A date that the item states as a field must be right; whatever else might tell the date is passed over when not.
    """
    dateline = published.dateline(text)
    latest = origin.retrieved + dt.timedelta(days=1)  # the day may have begun elsewhere
    if found.basis == "given":
        day = published.date_of(found.published, latest, origin.day_first)
        if day:
            return day, "given", dateline
    told = (
        ("metadata", found.published if found.basis == "metadata" else None),
        ("url", published.of_url(found.url)),
        ("dateline", dateline.date if dateline and dateline.date else published.on_top(text)),
        ("delivery", origin.published),
    )
    for basis, written in told:
        try:
            day = published.date_of(written, latest)
        except RejectError:
            continue
        if day:
            return day, basis, dateline
    return None, "unknown", dateline


# ---- many
def settle_all(pairs: Iterable[Pair], cache: Path | None = None, workers: int = 1) -> Iterator[tuple[Origin, Outcome]]:
    """Yield what becomes of each item, in order.

    Args:
        pairs: the items, each with its delivery's origin; read as they are needed.
        cache: a folder for what earlier runs settled; may be deleted at any time.
        workers: processes to settle in.
    """
    with _Memory(cache) as memory:
        plans: deque[tuple[list[Pair], list[bytes], dict[bytes, Outcome]]] = deque()

        def missing() -> Iterator[list[Pair]]:
            for batch in _batches(pairs):
                keys = [_key(origin, item) for origin, item in batch] if cache else [b""] * len(batch)
                known = memory.recall(keys)
                plans.append((batch, keys, known))
                yield [pair for pair, key in zip(batch, keys, strict=True) if key not in known]

        for outcomes in _run(missing(), workers):
            batch, keys, known = plans.popleft()
            fresh = iter(outcomes)
            settled = [known[key] if key in known else next(fresh) for key in keys]
            memory.keep({key: each for key, each in zip(keys, settled, strict=True) if key not in known})
            yield from zip((origin for origin, _ in batch), settled, strict=True)


def _batches(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    batch: list[Pair] = []
    held = 0
    for origin, item in pairs:
        batch.append((origin, item))
        held += len(item.html or item.text) if isinstance(item, Found) else 0
        if len(batch) == BATCH or held > HELD:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _settle_batch(batch: Sequence[Pair]) -> list[Outcome]:
    return [settle(item, origin) for origin, item in batch]


def _run(batches: Iterable[list[Pair]], workers: int) -> Iterator[list[Outcome]]:
    """Yield the outcomes of each batch, in order."""
    if workers == 1:
        yield from map(_settle_batch, batches)
        return
    yield from spread(_settle_batch, batches, workers, _each_alone)


def _each_alone(batch: Sequence[Pair], tries: int, error: BrokenProcessPool) -> list[Outcome]:
    """Settle each item of a batch that lost its process in one of its own, so that one costs no other."""
    return [_alone(item, origin) for origin, item in batch]


def _alone(item: Item, origin: Origin) -> Outcome:
    """Settle one item in a process of its own.

    Raises:
        WorkerError: no process lives long enough to be given an item, so it is not the item's fault.
    """
    with started(1) as executor:
        try:
            executor.submit(int).result()
        except BrokenProcessPool as error:
            raise WorkerError(
                "intake: no worker process can be started; run it with one worker, or from a script that is guarded by"
                " `if __name__ == '__main__'`"
            ) from error
        try:
            return executor.submit(settle, item, origin).result()
        except BrokenProcessPool:
            return Reject(item.locator, "bad_record", "the process that read it died; out of memory?")


# ---- memory
@cache
def fingerprint() -> str:
    """Return the hash of all that can change what an item is settled as."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for folder in ("intake", "rulebook"):
        for entry in sorted((files("contactline") / folder).iterdir(), key=lambda e: e.name):
            if entry.name in OWN_RULES or (folder == "intake" and entry.name.endswith(".py")):
                digest.update(f"\n{entry.name}\n".encode() + entry.read_bytes())
    return digest.hexdigest()


def _key(origin: Origin, item: Item) -> bytes:
    told = (origin.retrieved, origin.publisher, origin.published, origin.language, origin.day_first)
    return hashlib.sha256(f"{fingerprint()}{told!r}{item!r}".encode("utf-8", "surrogatepass")).digest()


class _Memory:
    """What items were settled as in earlier runs, in one SQLite file; without a folder, nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._store: sqlite3.Connection | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._store = sqlite3.connect(folder / "intake.sqlite", timeout=60)
            self._store.execute("pragma journal_mode = wal")
            self._store.execute("pragma synchronous = off")  # a cache that a crash may cost
            self._store.execute("create table if not exists settled (key blob primary key, outcome text) without rowid")

    def __enter__(self) -> "_Memory":
        return self

    def __exit__(self, *_: object) -> None:
        if self._store:
            self._store.close()

    def recall(self, keys: Sequence[bytes]) -> dict[bytes, Outcome]:
        if not self._store:
            return {}
        marks = ", ".join("?" * len(keys))
        rows = self._store.execute(f"select key, outcome from settled where key in ({marks})", keys)
        return {key: _from_text(text) for key, text in rows}

    def keep(self, settled: Mapping[bytes, Outcome]) -> None:
        if self._store:
            with self._store:
                rows = [(key, _to_text(outcome)) for key, outcome in settled.items()]
                self._store.executemany("insert or replace into settled values (?, ?)", rows)


def _to_text(outcome: Outcome) -> str:
    facts: dict[str, Any] = dict(vars(outcome))
    if isinstance(outcome, Settled):
        facts["sketch"] = b64encode(outcome.sketch).decode()
        facts["dropped"] = [astuple(run) for run in outcome.dropped]
        facts["published_date"] = outcome.published_date.isoformat() if outcome.published_date else None
    return json.dumps(facts)


def _from_text(text: str) -> Outcome:
    facts = json.loads(text)
    if "reason" in facts:
        return Reject(**facts)
    facts["sketch"] = b64decode(facts["sketch"])
    facts["dropped"] = tuple(cleaning.Dropped(*run) for run in facts["dropped"])
    facts["published_date"] = dt.date.fromisoformat(facts["published_date"]) if facts["published_date"] else None
    return Settled(**facts)
