"""Progress that a person can read: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 30  # seconds between plain lines


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Give a function to be told how many more of `what` are done; show count, rate and time left on stderr."""
    with _bar(what, total) if sys.stderr.isatty() else _lines(what, total) as advance:
        yield advance


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.speed:.0f}/s")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=total)
        yield lambda n: bars.advance(task, n)


@contextmanager
def _lines(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    begun = shown = time.monotonic()
    count = 0

    def advance(more: int) -> None:
        nonlocal count, shown
        count += more
        now = time.monotonic()
        if now - shown >= EVERY:
            shown = now
            print(_line(what, count, total, now - begun), file=sys.stderr, flush=True)

    yield advance


def _line(what: str, count: int, total: int | None, seconds: float) -> str:
    rate = count / seconds if seconds else 0.0
    if total is None or not rate:
        return f"{what}: {count:,} done, {rate:.1f} a second"
    return f"{what}: {count:,} of {total:,} done, {rate:.1f} a second, {(total - count) / rate / 60:.0f} minutes left"
