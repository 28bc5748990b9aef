"""The coder's accuracy on the project's own gold may not fall below what it has reached."""

from pathlib import Path

import pytest

from contactline import gold, shards

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "tests" / "gold"


def metrics(f1):
    return {half: {"events": {"f1": f1, "strict_f1": f1, "precision": 1.0}} for half in gold.HALVES}


def test_no_metric_is_below_its_floor(tmp_path):
    annotated = gold.load(GOLD, ROOT / "data" / "raw")
    rows = shards.code(annotated.articles, run=shards.engine(2))
    coded = {article.article_id: each for article, each in zip(annotated.articles, rows, strict=True)}
    found, _ = gold.measure(annotated, coded)
    assert gold.below(found, gold.read_floors(GOLD / "floors.yml"), annotated.fingerprint) == []


def test_a_drop_is_named():
    floors = gold.new_floors(metrics(0.8), "print", None, None)
    assert gold.below(metrics(0.8), floors, "print") == []
    assert gold.below(metrics(0.7), floors, "print")[0] == "tune events f1: 0.700 is below the floor 0.795"


def test_floors_of_other_annotations_are_refused():
    floors = gold.new_floors(metrics(0.8), "print", None, None)
    with pytest.raises(
        gold.GoldError, match=r"floors.yml: set on other annotations than these; run `contactline floors`"
    ):
        gold.below(metrics(0.8), floors, "another print")


def test_a_floor_rises_by_itself_and_falls_only_with_a_reason():
    first = gold.new_floors(metrics(0.8), "print", None, None)
    higher = gold.new_floors(metrics(0.9), "print", first, None)
    assert higher["floors"]["tune"]["events"]["f1"] == 0.895
    with pytest.raises(
        gold.GoldError, match=r"floors.yml: tune events f1: 0.850 is below the floor 0.895.*give --reason"
    ):
        gold.new_floors(metrics(0.85), "print", higher, None)
    lower = gold.new_floors(metrics(0.85), "print", higher, "a rule that fitted one sentence was removed")
    assert lower["floors"]["tune"]["events"]["f1"] == 0.845
    assert lower["reasons"] == ["a rule that fitted one sentence was removed"]


def test_changed_annotations_need_a_reason():
    first = gold.new_floors(metrics(0.8), "print", None, None)
    with pytest.raises(gold.GoldError, match=r"floors.yml: the annotations changed; give --reason"):
        gold.new_floors(metrics(0.8), "another print", first, None)


def test_an_annotation_without_its_text_is_named(tmp_path):
    (tmp_path / "strays.gold.jsonl").write_text('{"id": "nowhere", "events": []}\n')
    (tmp_path / "strays.docs.jsonl").write_text("")
    with pytest.raises(gold.GoldError, match=r"strays.gold.jsonl: nowhere is annotated but has no text"):
        gold.load(tmp_path, tmp_path)


def test_a_folder_without_annotations_is_named(tmp_path):
    with pytest.raises(gold.GoldError, match=r"no \*.gold.jsonl here"):
        gold.load(tmp_path, tmp_path)
