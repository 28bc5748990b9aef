"""Codes shards on a Dask cluster: the same functions, the same bytes, on as many machines as there are.

Which cluster is a matter of the machine and not of the data, so it is told by the command line or Dask's own settings
and never by params.yaml.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from contactline.reading.article import Article
from contactline.shards import Coded, CodingError, Engine, code_shard

RETRIES = 2  # a shard whose worker died is tried again on another
AHEAD = 4  # shards in flight a worker: enough to keep it busy, few enough to hold
SLURM = "slurm"


def dask(scheduler: str | None, workers: int) -> Engine:
    """Return an engine that codes on a Dask cluster.

    Args:
        scheduler: address of a running scheduler; "slurm" for jobs by dask-jobqueue, whose settings are the section
            `jobqueue.slurm` of Dask's configuration; None for a cluster on this machine.
        workers: workers to start, where it is us who start them.

    Raises:
        CodingError: Dask is not installed, the scheduler cannot be reached or is lost, or a shard failed on every try.
    """

    def run(shards: Iterable[Sequence[Article]], model: str) -> Iterator[list[Coded]]:
        with _client(scheduler, workers) as client:
            yield from _in_order(client, shards, model, scheduler)

    return run


def _in_order(
    client: Any, shards: Iterable[Sequence[Article]], model: str, scheduler: str | None
) -> Iterator[list[Coded]]:
    from distributed import CancelledError, KilledWorker

    waiting = iter(shards)
    flying: deque[tuple[Sequence[Article], Any]] = deque()
    while True:
        ahead = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"])) - len(flying)
        for shard in islice(waiting, max(0, ahead)):
            flying.append((shard, client.submit(code_shard, shard, model, pure=False, retries=RETRIES)))
        if not flying:
            return
        shard, future = flying.popleft()
        try:
            yield future.result()
        except KilledWorker as error:
            named = f"{shard[0].article_id} to {shard[-1].article_id}"
            raise CodingError(f"no worker survived the articles {named}; out of memory?") from error
        except (CancelledError, OSError) as error:
            raise CodingError(
                f"the Dask scheduler {scheduler or 'on this machine'} is lost; run again to go on from what is coded"
            ) from error


def _client(scheduler: str | None, workers: int) -> Any:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise CodingError("--executor dask needs Dask: pip install 'contactline[build,cluster]'") from error
    if scheduler is None:
        local = LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None)
        return Client(local)
    if scheduler == SLURM:
        from dask_jobqueue.slurm import SLURMCluster

        jobs = SLURMCluster()
        jobs.scale(workers)
        return Client(jobs)
    try:
        return Client(scheduler, timeout=30)
    except OSError as error:
        raise CodingError(f"--scheduler {scheduler}: no Dask scheduler answers there within 30 s") from error
