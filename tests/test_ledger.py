import re

import pytest

from arnor import Corpus
from contactline.records import ledger
from contactline.records.ledger import Entry, Found

KINDS = ("events", "casualties", "contacts", "statements")


def corpus(**more):
    made = Corpus().article("a1").article("a2", publisher="Blue Book")
    made.event("a1", where="Osgiliath", at=0).claim("a1", 49, by="Aragorn", at=0)
    made.event("a2", where="Osgiliath", at=0, **more).contact("a2", "ARN Aragorn, GON Denethor").statement(
        "a2", "Aragorn"
    )
    return made


def ids(tables, status="active"):
    return [row["event_id"] for row in tables["events"].to_pylist() if row["status"] == status]


def test_building_again_from_the_result_changes_nothing():
    first, after = corpus().build()
    second, again = corpus().build(ledger=after)
    assert again == after
    assert all(first[name].equals(second[name]) for name in first)


def test_the_text_of_a_ledger_settles_in_one_run():
    _, after = corpus().build()
    texts = {kind: list(ledger.lines(after[kind])) for kind in KINDS}
    read = {kind: ledger.parse(text, f"{kind}.jsonl") for kind, text in texts.items()}
    _, again = corpus().build(ledger=read)
    assert {kind: list(ledger.lines(again[kind])) for kind in KINDS} == texts


def test_claims_that_differ_only_in_who_the_victims_were_keep_their_ids():
    made = Corpus().article("a1")
    for status in ("military", "civilian"):
        for place in ("Osgiliath", "Pelargir", "Bree"):
            made.claim("a1", 5, 5, harm="captured", victim_status=status, where=place, at=0)
    before, after = made.build()
    then, again = made.build(ledger=after)
    assert again == after
    assert before["casualties"].equals(then["casualties"])
    assert before["evidence"].equals(then["evidence"])


def test_the_order_of_articles_and_mentions_does_not_matter():
    first, after = corpus().build()
    turned = corpus()
    turned.articles.reverse()
    for rows in turned.mentions.values():
        rows.reverse()
    second, again = turned.build()
    assert again == after
    assert all(first[name].equals(second[name]) for name in first)


def test_an_event_keeps_its_id_when_an_article_is_added():
    before, after = corpus().build()
    grown = corpus().article("a0", "2031-05-03", "Green Book").event("a0", where="Osgiliath")
    assert ids(grown.build(ledger=after)[0]) == ids(before)


def test_an_event_keeps_its_id_when_its_date_is_refined():
    made = Corpus().article("a1").event("a1", where="Osgiliath", when="2031-05-04", basis="document", at=0)
    before, after = made.build()
    finer = Corpus().article("a1").event("a1", where="Osgiliath", at=0)
    assert ids(finer.build(ledger=after)[0]) == ids(before)


def test_an_event_keeps_its_id_when_the_coder_numbers_spans_and_places_anew():
    made = Corpus().article("a1").event("a1", where="Anorien", at=300)
    before, after = made.build()
    better = (
        Corpus().article("a1").statement("a1", "Aragorn", at=0).event("a1", where="Osgiliath", at=300, rule_id="new")
    )
    assert ids(better.build(ledger=after)[0]) == ids(before)


def test_events_of_one_sentence_keep_their_own_ids():
    def towns(*names):
        made = Corpus().article("a1")
        for name in names:
            made.event("a1", what="remote", where=name, at=0)
        return made

    before, after = towns("Osgiliath", "Pelargir").build()
    places = {row["place_name"]: row["event_id"] for row in before["events"].to_pylist()}
    then, _ = towns("Minas Tirith", "Pelargir", "Osgiliath").build(ledger=after)
    found = {row["place_name"]: row["event_id"] for row in then["events"].to_pylist()}
    assert {name: found[name] for name in places} == places
    assert len(set(found.values())) == 3


def test_a_merge_leaves_a_row_that_says_where_the_event_went():
    before, after = corpus(when="2031-05-09").build()
    assert len(ids(before)) == 2
    then, settled = corpus().build(ledger=after)
    (kept,) = ids(then)
    (gone,) = [row for row in then["events"].to_pylist() if row["status"] == "superseded"]
    assert {kept, gone["event_id"]} == set(ids(before))
    assert (gone["superseded_by"], gone["place_name"]) == (kept, "Osgiliath")
    (entry,) = [entry for entry in settled["events"] if entry.status == "superseded"]
    assert entry.reason == f"found to be the same as {kept}"
    assert corpus().build(ledger=settled)[1] == settled


def test_a_split_gives_the_event_back_its_id():
    _, two = corpus(when="2031-05-09").build()
    _, one = corpus().build(ledger=two)
    again, _ = corpus(when="2031-05-09").build(ledger=one)
    assert set(ids(again)) == {entry.record_id for entry in two["events"]}


def test_an_event_that_nobody_tells_of_any_more_is_retracted_and_can_return():
    before, after = corpus().build()
    empty = corpus()
    empty.mentions["event_mentions"] = []
    then, settled = empty.build(ledger=after)
    assert ids(then, "retracted") == ids(before)
    assert [e.reason for e in settled["events"]] == ["no mention tells of it any more"]
    assert ids(corpus().build(ledger=settled)[0]) == ids(before)


def test_claims_contacts_and_statements_that_go_stay_in_the_ledger():
    _, after = corpus().build()
    empty = Corpus().article("a1").article("a2")
    _, settled = empty.build(ledger=after)
    assert {entry.status for kind in KINDS for entry in settled[kind]} == {"retracted"}
    assert [len(settled[kind]) for kind in KINDS] == [len(after[kind]) for kind in KINDS]


def test_an_id_is_never_given_twice():
    found = [Found(("battle", str(n)), (("a1", 0),)) for n in range(50)]
    first, entries = ledger.settle("events", found, [])
    taken = [Entry(record_id, ("remote",), (("b", 9),), status="retracted") for record_id in first]
    second, settled = ledger.settle("events", found, taken)
    assert not set(first) & set(second)
    assert len(settled) == 100
    assert all(re.fullmatch(r"ev-[a-z2-7]{10}", record_id) for record_id in (*first, *second))
    assert len(entries) == 50


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"events.jsonl, line 1: not JSON \(.*\); restore the file from git"),
        ("[]", r"events.jsonl, line 1: not an entry of the ledger; restore the file from git"),
        ('{"record_id": "ev-a"}', r"events.jsonl, line 1: not an entry of the ledger"),
        ('{"anchors": [], "parts": [], "record_id": "ev-a"}\n' * 2, r"events.jsonl, line 2: ev-a stands twice"),
    ],
)
def test_a_broken_ledger_is_refused(text, message):
    with pytest.raises(ledger.LedgerError, match=message):
        ledger.parse(text.splitlines(), "events.jsonl")
