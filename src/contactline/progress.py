"""Progress that a person can read: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

EVERY = 30  # seconds between plain lines

Told: TypeAlias = Callable[[int, int], None]
"""Is told how many more are done, and how many were rejected so far."""


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Told]:
    """Give a function to be told how many more of `what` are done; show count, rate, time left, rejects on stderr."""
    with _bar(what, total) if sys.stderr.isatty() else _lines(what, total) as advance:
        yield advance


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Told]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.speed:.0f}/s")
    rejected = TextColumn("{task.fields[rejects]:,} rejected")
    described = TextColumn("{task.description}")
    columns = (described, BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn(), rejected)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=total, rejects=0)
        yield lambda more, rejects: bars.update(task, advance=more, rejects=rejects)


@contextmanager
def _lines(what: str, total: int | None) -> Iterator[Told]:
    begun = shown = time.monotonic()
    count = 0

    def advance(more: int, rejects: int) -> None:
        nonlocal count, shown
        count += more
        now = time.monotonic()
        if now - shown >= EVERY:
            shown = now
            print(_line(what, count, total, now - begun, rejects), file=sys.stderr, flush=True)

    yield advance


def _line(what: str, count: int, total: int | None, seconds: float, rejects: int) -> str:
    rate = count / seconds if seconds else 0.0
    done = f"{count:,} done" if total is None else f"{count:,} of {total:,} done"
    left = f", {(total - count) / rate / 60:.0f} minutes left" if total is not None and rate else ""
    return f"{what}: {done}, {rate:.1f} a second{left}, {rejects:,} rejected"
