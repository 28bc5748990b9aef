"""The trap set: pairs of mentions that are one thing, and pairs that look it and are two."""

from pathlib import Path

import pytest
import yaml

from arnor import Corpus, day

PAIRS = yaml.safe_load((Path(__file__).parent / "traps.yml").read_text(encoding="utf-8"))
TABLES = {"event": "events", "claim": "casualties", "contact": "contacts", "statement": "statements"}


def joined(pair):
    kind = next(k for k in pair if k in TABLES)
    corpus = Corpus()
    for number, said in enumerate(pair[kind]):
        said = {key: str(value) if key in ("when", "published") and value else value for key, value in said.items()}
        article_id, publisher = ("a1", "Red Book") if number == 0 else ("a2", "Blue Book")
        corpus.article(article_id, said.pop("published", f"2031-05-0{4 + number}"), publisher)
        getattr(corpus, kind)(article_id, **said)
    tables = corpus.tables()
    evidence = [row for row in tables["evidence"] if row["record_table"] == TABLES[kind]]
    assert len(evidence) == 2, "no mention is lost"
    return evidence[0]["record_id"] == evidence[1]["record_id"]


def test_the_set_is_large_and_two_sided():
    assert len(PAIRS) >= 60
    assert sum(pair["same"] for pair in PAIRS) >= 25
    assert sum(not pair["same"] for pair in PAIRS) >= 35


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{n}-{p['why']}" for n, p in enumerate(PAIRS)])
def test_a_pair_is_one_or_two(pair):
    assert joined(pair) == pair["same"], pair["why"]


def test_pairwise_f1_holds():
    found = [(joined(pair), pair["same"]) for pair in PAIRS]
    right = sum(a and b for a, b in found)
    precision, recall = right / sum(a for a, _ in found), right / sum(b for _, b in found)
    assert precision == 1.0
    assert 2 * precision * recall / (precision + recall) >= 0.95


def test_what_fits_two_events_as_well_joins_neither():
    corpus = Corpus().article("a1").article("a2").article("a3")
    corpus.event("a1", where="Anorien").event("a2", where="Lebennin").event("a3", where=None)
    assert len(corpus.tables()["events"]) == 3


def test_a_chain_of_days_does_not_creep():
    corpus = Corpus()
    for n in range(3, 9):
        corpus.article(f"a{n}", f"2031-05-0{n}").event(f"a{n}", where="Osgiliath", when=f"2031-05-0{n}")
    assert len(corpus.tables()["events"]) == 3


def test_copies_add_no_event_and_no_evidence():
    corpus = Corpus().article("a1").event("a1", where="Osgiliath").claim("a1", 49, by="Aragorn")
    for n in range(100):
        corpus.article(f"copy{n:03}", publisher=f"Paper {n}", duplicate_of="a1")
        corpus.event(f"copy{n:03}", where="Osgiliath").claim(f"copy{n:03}", 49, by="Aragorn")
    tables = corpus.tables()
    assert [row["publisher_count"] for row in tables["events"]] == [1]
    assert {row["article_id"] for row in tables["evidence"]} == {"a1"}


def papers(*told, **more):
    """Return articles that each tell of one fighting and one toll."""
    made = Corpus()
    for number, (place, dead) in enumerate(told):
        made.article(f"a{number}", publisher=f"Paper {number}").event(f"a{number}", where=place, at=0)
        made.claim(f"a{number}", dead, dead, at=0, **more)
    return made


@pytest.mark.parametrize(
    ("why", "told", "events"),
    [
        ("a large toll is as good as a name", [("border", 49), ("border", 49), ("Southern Marches", 49)], 1),
        ("another toll is another fighting", [("border", 49), ("border", 49), ("Southern Marches", 51)], 2),
        ("a town in its province, with the same toll", [("Anorien", 4), ("Osgiliath", 4)], 1),
        ("one or two dead are of any fighting", [("Anorien", 2), ("Osgiliath", 2)], 2),
        ("a small toll in two provinces", [("Anorien", 4), ("Lebennin", 4)], 2),
        ("two towns are two, whatever their tolls", [("Osgiliath", 49), ("Pelargir", 49)], 2),
    ],
)
def test_one_toll_shows_that_two_events_are_one(why, told, events):
    tables = papers(*told).tables()
    assert len(tables["events"]) == events, why
    assert [row["joined_by"] for row in tables["evidence"]].count("same_toll") == (events == 1)


def test_what_an_article_tells_as_two_stays_two_whatever_the_toll():
    made = papers(("border", 49), ("border", 49), ("Southern Marches", 49))
    assert len(made.event("a2", where="border").tables()["events"]) == 2


def test_one_toll_does_not_join_fighting_of_other_days_until_a_report_holds_both():
    made = papers(("border", 49), ("border", 49))
    made.article("a8", "2031-05-07").event("a8", where="border", when="2031-05-06", at=0)
    made.claim("a8", 60, 60, by="Aragorn", when="2031-05-06", at=0).claim("a0", 49, by="Aragorn")
    assert len(made.tables()["events"]) == 2
    made.article("a9", "2031-05-07").event("a9", where="border", when="2031-05-03/2031-05-06", at=0)
    made.claim("a9", 60, 60, by="Aragorn", when="2031-05-06", at=0)
    (event,) = made.tables()["events"]
    assert (event["date_start"], event["deaths_best"]) == (day("2031-05-03"), 60)


def test_the_day_that_most_tell_comes_first_and_its_neighbours_join_it():
    made = Corpus()
    for number, told in enumerate(("2031-05-02", "2031-05-03", "2031-05-03", "2031-05-04")):
        made.article(f"a{number}", "2031-05-05").event(f"a{number}", where="border", when=told)
    (event,) = made.tables()["events"]
    assert event["date_start"] == day("2031-05-03")


def test_fighting_in_several_provinces_is_placed_where_most_tell_it():
    made = Corpus().article("a1").article("a2").article("a3")
    made.event("a1", where="border").event("a2", where="border")
    for province in ("Anorien", "Lebennin"):
        made.event("a3", where=province, when="2031-05-03/2031-05-04")
    (event,) = made.tables()["events"]
    assert event["place_name"] == "border"


def test_an_article_that_tells_an_event_three_times_tells_one():
    corpus = Corpus().article("a1")
    corpus.event("a1", where=None, when=None, sides="? ?").event("a1", where="Osgiliath").event("a1", when=None)
    tables = corpus.tables()
    assert [row["place_name"] for row in tables["events"]] == ["Osgiliath"]
    assert [row["joined_by"] for row in tables["evidence"]].count("same_article") == 2


def test_an_article_with_two_towns_tells_two_events_and_the_whole():
    corpus = Corpus().article("a1")
    corpus.event("a1", where="Osgiliath").event("a1", where="Pelargir").event("a1", where=None)
    assert sorted(str(row["place_name"]) for row in corpus.tables()["events"]) == ["None", "Osgiliath", "Pelargir"]


def test_what_is_denied_feared_or_planned_is_no_event():
    corpus = Corpus().article("a1")
    for modality in ("denied", "hypothetical", "planned"):
        corpus.event("a1", where="Osgiliath", modality=modality)
    assert corpus.tables()["events"] == []


def test_the_finer_date_and_place_describe_the_event():
    corpus = Corpus().article("a1").article("a2")
    corpus.event("a1", where="border", when="2031-05-04", basis="document").event("a2", where="border")
    (event,) = corpus.tables()["events"]
    assert (event["date_start"], event["date_basis"]) == (day("2031-05-03"), "stated")


def test_the_day_that_most_tell_is_the_events():
    corpus = Corpus()
    for number, day_told in enumerate(("2031-05-03", "2031-05-04", "2031-05-04")):
        corpus.article(f"a{number}", "2031-05-05").event(f"a{number}", where="Osgiliath", when=day_told)
    (event,) = corpus.tables()["events"]
    assert event["date_start"] == day("2031-05-04")
