import datetime as dt

import pytest

from contactline import io
from contactline.publish import diff

EVENT = {
    "status": "active",
    "event_group": "battle",
    "event_type": "Armed clash",
    "event_clarity": 1,
    "article_count": 1,
    "publisher_count": 1,
    "deaths_best": 49,
}
EVIDENCE = {
    "record_table": "events",
    "sentence_start": 0,
    "sentence_end": 9,
    "span_start": 0,
    "span_end": 4,
    "rule_id": "clash",
    "joined_by": "founding",
}
ARTICLE = {
    "published_date": dt.date(2022, 9, 13),
    "published_date_basis": "given",
    "language": "en",
    "char_count": 9,
    "text_sha256": "0" * 64,
    "delivery": "d",
}


def release(folder, version, events, behind, articles):
    """Write a small release: events by id, the articles behind each, the articles there are."""
    io.write([EVENT | {"event_id": key} | change for key, change in events.items()], "events", folder)
    io.write([ARTICLE | {"article_id": a} for a in articles], "articles", folder)
    rows = [
        EVIDENCE | {"record_id": key, "mention_id": f"{key}-{a}-{rule}", "article_id": a, "rule_id": rule}
        for key, stands in behind.items()
        for a, rule in stands
    ]
    io.write(rows, "evidence", folder)
    return diff.Release(folder, version)


def of_events(found):
    return {
        (r["changed_key"], r["change"], r["changed_field"]): (r["old_value"], r["new_value"], r["change_reason"])
        for r in found.to_pylist()
        if r["changed_table"] == "events"
    }


@pytest.fixture
def old(tmp_path):
    behind = {"e1": [("a1", "clash")], "e2": [("a2", "clash")], "e3": [("a1", "clash")], "e4": [("a3", "clash")]}
    return release(tmp_path / "old", "2026.11.0", {key: {} for key in behind}, behind, ["a1", "a2", "a3"])


def test_every_difference_has_its_reason(old, tmp_path):
    new = release(
        tmp_path / "new",
        "2026.12.0",
        {
            "e1": {"deaths_best": 105},
            "e2": {"status": "superseded", "superseded_by": "e1"},
            "e3": {"deaths_best": 4},
            "e5": {},
            "e6": {},
        },
        {
            "e1": [("a1", "clash"), ("a4", "clash")],
            "e2": [("a2", "clash")],
            "e3": [("a1", "clash+correction:3")],
            "e5": [("a4", "clash")],
            "e6": [("a1", "clash")],
        },
        ["a1", "a2", "a4"],
    )
    assert of_events(diff.changes(old, new)) == {
        ("e1", "changed", "deaths_best"): ("49", "105", "new_article"),
        ("e2", "changed", "status"): ("active", "superseded", "merge"),
        ("e2", "changed", "superseded_by"): (None, "e1", "merge"),
        ("e3", "changed", "deaths_best"): ("49", "4", "correction"),
        ("e4", "removed", "*"): (None, None, "lost_article"),
        ("e5", "added", "*"): (None, None, "new_article"),
        ("e6", "added", "*"): (None, None, "rule_change"),
    }


def test_an_event_that_went_is_unexplained(old, tmp_path):
    new = release(tmp_path / "new", "2026.12.0", {"e1": {}}, {"e1": [("a1", "clash")]}, ["a1", "a2", "a3"])
    gone = diff.unexplained(diff.changes(old, new)).to_pylist()
    assert [row["changed_key"] for row in gone] == ["e2", "e3", "e4"]


def test_the_same_release_has_no_difference(old):
    found = diff.changes(old, old)
    assert len(found) == 0
    assert diff.summary(found) == ["no difference"]


def test_the_largest_revisions_come_first(old, tmp_path):
    tolls = {"e1": {"deaths_best": 50}, "e2": {"deaths_best": 135}, "e3": {"deaths_best": 9}, "e4": {}}
    behind = {key: [("a1", "clash")] for key in tolls}
    found = diff.changes(old, release(tmp_path / "new", "v", tolls, behind, ["a1", "a2", "a3"]))
    assert [(r.event_id, r.old, r.new) for r in diff.revisions(found)] == [
        ("e2", 49, 135),
        ("e3", 49, 9),
        ("e1", 49, 50),
    ]
    assert "e2 deaths_best: 49 -> 135 (rule change)" in diff.summary(found)
    assert "events: 3 changed (rule change)" in diff.summary(found)


def test_a_folder_without_a_release_is_named(old, tmp_path):
    with pytest.raises(diff.DiffError, match=r"nowhere: no release here; it holds no Parquet table"):
        diff.changes(old, diff.Release(tmp_path / "nowhere", "v"))
