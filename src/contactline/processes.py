"""Spreads batches of work over processes; a process that dies costs no batch."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def started(workers: int) -> ProcessPoolExecutor:
    """Return a pool of processes that share nothing with this one: forked ones would copy its threads' locks."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def spread(
    work: Callable[[Sequence[Item]], list[Answer]],
    batches: Iterable[Sequence[Item]],
    workers: int,
    lost: Callable[[Sequence[Item], int, BrokenProcessPool], list[Answer] | None],
) -> Iterator[list[Answer]]:
    """Yield what `work` answers to each batch, in the order of the batches.

    A pool breaks whole when one of its processes dies: it is made anew, and all that was under way is done again.

    Args:
        work: a function of a module, which the processes can import. An empty batch is not handed to it.
        batches: read as they are needed, two for each process ahead.
        workers: processes.
        lost: is told of the batch that was waited for when a process died, how often it was tried, and the error; it
            returns the answers, None for another try, or raises.
    """
    waiting = iter(batches)
    pool = started(workers)
    flying: deque[tuple[Sequence[Item], Future[list[Answer]] | None, int]] = deque()

    def send(batch: Sequence[Item], tries: int) -> tuple[Sequence[Item], Future[list[Answer]] | None, int]:
        return batch, pool.submit(work, batch) if batch else None, tries

    try:
        while True:
            for batch in islice(waiting, 2 * workers - len(flying)):
                flying.append(send(batch, 1))
            if not flying:
                return
            batch, future, tries = flying.popleft()
            try:
                answers = future.result() if future else []
            except BrokenProcessPool as error:
                pool.shutdown(cancel_futures=True)
                found = lost(batch, tries, error)
                pool = started(workers)
                flying = deque(send(each, n) for each, _, n in flying)
                if found is None:
                    flying.appendleft(send(batch, tries + 1))
                    continue
                answers = found
            yield answers
    finally:
        pool.shutdown(cancel_futures=True)
