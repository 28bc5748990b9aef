"""Codes many articles: in shards, over processes, remembering each article's mentions by content."""

import datetime as dt
import hashlib
import json
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Protocol, TypeAlias

from contactline import schema
from contactline.coding import article as coding
from contactline.coding import gate
from contactline.coding.article import Rows
from contactline.processes import spread
from contactline.reading import language
from contactline.reading.article import Article, Reading
from contactline.reading.language import MODELS

SHARD = 32  # articles a task: half a minute's work at most, so little is lost with a worker
TRIES = 3  # a worker may die for want of memory; a shard that kills three is at fault itself
ANSWERS = ("reading", "coding", "rulebook")  # the folders of the package that can change what the coder answers


class CodingError(RuntimeError):
    """Articles that could not be coded: the coder failed on one, no worker survived a shard, the cluster is lost."""


class ArticleError(CodingError):
    """An article that the coder could not read to its end; `args` are its key and what went wrong."""

    def __str__(self) -> str:
        article_id, failure = self.args
        return f"article {article_id}: the coder failed with {failure}"


NOTHING: Rows = {name: [] for name in (*coding.CODERS, "contact_participants")}


Coded: TypeAlias = Rows | ArticleError
"""What coding an article came to: its mentions, or why there are none."""


def code_shard(shard: Sequence[Article], model: str) -> list[Coded]:
    """Return for each article of a shard its mentions, or the error that the coder stopped with."""
    language.load(model)
    return [code_one(article, model) for article in shard]


def code_one(article: Article, model: str) -> Coded:
    """Return the mentions of an article, or the error that the coder stopped with, which names the article."""
    try:
        return coding.mentions(Reading(article, model, gate.opened))
    except Exception as error:
        failed = ArticleError(article.article_id, repr(error))
        failed.__cause__ = error
        return failed


# ---- what an answer depends on
@cache
def fingerprint(model: str) -> str:
    """Return the hash of all that can change the coder's answer: its code, the rulebook, the model."""
    digest = hashlib.sha256(f"{model} {version(model.replace('_', '-'))} spacy {version('spacy')}".encode())
    for folder in ANSWERS:
        for name, content in sorted(_contents(files("contactline") / folder, folder)):
            digest.update(f"\n{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _contents(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from () if entry.name == "__pycache__" else _contents(entry, path)
        else:
            yield path, entry.read_bytes()


def key_of(article: Article, model: str) -> str:
    """Return the key under which the mentions of `article` are remembered."""
    content = [fingerprint(model), article.article_id, article.text, str(article.published_date), str(article.skip)]
    return hashlib.sha256("\0".join(content).encode("utf-8", "surrogatepass")).hexdigest()


class Memory:
    """The mentions of articles coded before, in one SQLite file that may be deleted at any time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._store = sqlite3.connect(path, timeout=60)
        self._store.execute("pragma journal_mode = wal")
        self._store.execute("create table if not exists mentions (key text primary key, rows text) without rowid")

    def __enter__(self) -> "Memory":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._store.close()

    def recall(self, keys: Sequence[str]) -> dict[str, Rows]:
        """Return what is remembered under `keys`."""
        marks = ", ".join("?" * len(keys))
        found = self._store.execute(f"select key, rows from mentions where key in ({marks})", keys)
        return {key: _from_text(rows) for key, rows in found}

    def keep(self, rows: Mapping[str, Rows]) -> None:
        """Remember `rows` by key, all or none of them."""
        with self._store:
            self._store.executemany(
                "insert or replace into mentions values (?, ?)", [(key, _to_text(each)) for key, each in rows.items()]
            )


def _to_text(rows: Rows) -> str:
    return json.dumps(rows, default=dt.date.isoformat, ensure_ascii=False)


def _from_text(text: str) -> Rows:
    rows: Rows = json.loads(text)
    for name, listed in rows.items():
        dates = [field.name for field in schema.table(name).fields if field.type == "date"]
        for row in listed:
            for column in dates:
                if row.get(column) is not None:
                    row[column] = dt.date.fromisoformat(row[column])
    return rows


# ---- engines
class Engine(Protocol):
    """Whatever codes shards: the default is a process pool."""

    def __call__(self, shards: Iterable[Sequence[Article]], model: str) -> Iterator[list[Coded]]:
        """Yield the mentions of each shard's articles, in the order of the shards."""


def serial(shards: Iterable[Sequence[Article]], model: str) -> Iterator[list[Coded]]:
    """Code shards one after the other in this process."""
    for shard in shards:
        yield code_shard(shard, model)


def pool(workers: int) -> Engine:
    """Return an engine of `workers` processes; a pool whose worker died is made anew and what was lost is redone."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # one thread a worker: spaCy's matrices are too small to share

    def run(shards: Iterable[Sequence[Article]], model: str) -> Iterator[list[Coded]]:
        yield from spread(partial(code_shard, model=model), shards, workers, _lost)

    return run


def _lost(shard: Sequence[Article], tries: int, error: BrokenProcessPool) -> None:
    """Have a shard done again, unless it killed its worker too often."""
    if tries == TRIES:
        named = f"{shard[0].article_id} to {shard[-1].article_id}"
        raise CodingError(f"{TRIES} workers died on the articles {named}; out of memory?") from error


def engine(workers: int) -> Engine:
    """Return the engine for `workers` processes on this machine."""
    if workers < 1:
        raise ValueError(f"--workers {workers}: at least one worker has to code")
    return serial if workers == 1 else pool(workers)


# ---- the run
def code(
    articles: Iterable[Article],
    *,
    run: Engine = serial,
    model: str = MODELS[0],
    memory: Memory | None = None,
    done: Callable[[int, int], None] = lambda more, rejects: None,
    refused: Callable[[ArticleError], None] | None = None,
) -> Iterator[Rows]:
    """Yield the mentions of each article, in the order of the articles.

    The same articles give the same mentions with any engine, with and without a memory. An article that the coder
    cannot read to its end costs no other its rows: what its shard gave is remembered before the run stops.

    Args:
        articles: what to code; read as it is needed, never as a whole.
        run: the engine.
        model: a language model of `language.MODELS`.
        memory: answers of earlier runs.
        done: is told how many more articles are done, and how many the coder failed on so far.
        refused: is told of each article that the coder failed on; the article then has no mentions. Without it the
            run stops there.

    Raises:
        ArticleError: the coder failed on an article and nobody is told.
        CodingError: the engine lost a shard.
    """
    recalled: deque[tuple[list[str], dict[str, Rows]]] = deque()
    failed = 0

    def missing() -> Iterator[Sequence[Article]]:
        source = iter(articles)
        while shard := list(islice(source, SHARD)):
            keys = [key_of(article, model) for article in shard] if memory else [a.article_id for a in shard]
            known = memory.recall(keys) if memory else {}
            recalled.append((keys, known))
            yield [article for article, key in zip(shard, keys, strict=True) if key not in known]

    for fresh in run(missing(), model):
        keys, known = recalled.popleft()
        answers = dict(zip([key for key in keys if key not in known], fresh, strict=True))
        new = {key: answer for key, answer in answers.items() if not isinstance(answer, ArticleError)}
        if memory and new:
            memory.keep(new)
        for error in (answer for answer in answers.values() if isinstance(answer, ArticleError)):
            if refused is None:
                raise error
            refused(error)
            failed += 1
        yield from ((known | new).get(key, NOTHING) for key in keys)
        done(len(keys), failed)
