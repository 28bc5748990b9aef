"""Codes shards on a Dask cluster: the same functions, the same bytes, on as many machines as there are.

Which cluster is a matter of the machine and not of the data, so it is told by the command line or Dask's own settings
and never by params.yaml.
"""

import re
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from contactline.reading.article import Article
from contactline.shards import Coded, CodingError, Engine, code_shard

RETRIES = 2  # a shard whose worker died is tried again on another
AHEAD = 4  # shards in flight a worker: enough to keep it busy, few enough to hold
NEEDED = 700_000_000  # bytes that a worker may take
SETTINGS = {"cores", "processes", "memory", "walltime", "queue", "account", "interface", "local-directory"}
SETTINGS |= {"log-directory", "job-script-prologue", "job-extra-directives", "death-timeout"}
WALLTIME = re.compile(r"(\d+-)?\d{1,2}:\d\d:\d\d")


def dask(scheduler: str | None, workers: int) -> Engine:
    """Return an engine that codes on a Dask cluster.

    Args:
        scheduler: address of a running scheduler; a settings file (`*.yml`) for SLURM jobs by dask-jobqueue, as
            docs/slurm.yml is one; None for a cluster on this machine.
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


def slurm(path: Path) -> Any:
    """Return a cluster of SLURM jobs, none of them started, by the settings in a file.

    Raises:
        CodingError: dask-jobqueue is not installed, or a setting is missing, unknown or cannot be right.
    """
    try:
        from dask_jobqueue.slurm import SLURMCluster
    except ImportError as error:
        raise CodingError("SLURM jobs need dask-jobqueue: pip install 'contactline[build,cluster]'") from error
    told = settings(path)
    return SLURMCluster(**{name.replace("-", "_"): value for name, value in told.items()})


def settings(path: Path) -> dict[str, Any]:
    """Return the settings of SLURM jobs that a file holds.

    Raises:
        CodingError: the file is missing, or a setting is missing, unknown or cannot be right.
    """
    from dask.utils import parse_bytes

    if not path.is_file():
        raise CodingError(f"--scheduler {path}: no such settings file; docs/slurm.yml is one to copy")
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise CodingError(f"{path}: not settings; write `name: value` lines as docs/slurm.yml does")
    for stray in sorted(told.keys() - SETTINGS):
        raise CodingError(f"{path}: no setting {stray!r}; the settings are {', '.join(sorted(SETTINGS))}")
    for missing in sorted({"cores", "memory", "walltime"} - told.keys()):
        raise CodingError(f"{path}: {missing!r} is missing; SLURM needs it to start a job")
    cores, processes = told["cores"], told.setdefault("processes", told["cores"])
    if not (isinstance(cores, int) and isinstance(processes, int) and 0 < processes <= cores):
        raise CodingError(f"{path}: cores {cores!r}, processes {processes!r}: a process needs at least one whole core")
    try:
        each = parse_bytes(told["memory"]) / processes
    except ValueError as error:
        raise CodingError(f"{path}: memory {told['memory']!r} is no size; write it as 16GB") from error
    if each < NEEDED:
        raise CodingError(
            f"{path}: memory {told['memory']} is {each / 1e6:.0f} MB for each of {processes} processes;"
            f" a worker takes up to {NEEDED / 1e6:.0f} MB"
        )
    if not WALLTIME.fullmatch(str(told["walltime"])):
        raise CodingError(f"{path}: walltime {told['walltime']!r} is no time; write it in quotes, as '08:00:00'")
    return told


def _client(scheduler: str | None, workers: int) -> Any:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise CodingError("--executor dask needs Dask: pip install 'contactline[build,cluster]'") from error
    if scheduler is None:
        local = LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None)
        return Client(local)
    if scheduler.endswith(".yml"):
        jobs = slurm(Path(scheduler))
        if shutil.which("sbatch") is None:
            jobs.close()
            raise CodingError(f"--scheduler {scheduler}: no sbatch here; start from a machine that submits SLURM jobs")
        jobs.scale(workers)
        return Client(jobs)
    try:
        return Client(scheduler, timeout=30)
    except OSError as error:
        raise CodingError(f"--scheduler {scheduler}: no Dask scheduler answers there within 30 s") from error
