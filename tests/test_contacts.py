"""Contacts: every rule on its own examples, and who takes part in what."""

import datetime as dt

import pytest

from contactline.coding import contacts
from contactline.reading import rulebook
from contactline.reading.article import Article, Reading

PUBLISHED = dt.date(2022, 9, 13)
STANDS_FOR = {
    "Gondorians": "Armenians",
    "Gondorian": "Armenian",
    "Gondor": "Armenia",
    "Arnorian": "Azerbaijani",
    "Arnor": "Azerbaijan",
    "Rohan": "Georgia",
}
CASES = [
    (rule["id"], rule["mode"], kind, sentence)
    for rule in rulebook.load("contacts")["rules"]
    for kind in ("codes", "ignores")
    for sentence in rule[kind]
]


def code(text, published=PUBLISHED):
    """Return the contacts of a text about invented states, which stand for real ones that the rulebook lists."""
    for invented, listed in STANDS_FOR.items():
        text = text.replace(invented, listed)
    return list(contacts.mentions(Reading(Article("a", text, published))))


def parties(row):
    return [(p["role"], p["name"], p["country"]) for p in row["participants"]]


@pytest.mark.parametrize(("rule_id", "mode", "kind", "text"), CASES)
def test_rule_on_its_own_examples(rule_id, mode, kind, text):
    rows = [row for row in code(text) if row["rule_id"] == rule_id]
    if kind == "codes":
        assert [row["mode"] for row in rows] == [mode], f"{text}: {code(text)}"
    else:
        assert not rows, f"{text}: {rows}"


def test_a_call_to_three_is_three_calls():
    text = (
        "Gondor's President Boris Hurin phoned Arnorian President Viktor Arvedo, Georgian President Ivan Theoden"
        " and Turkish President Emil Bard."
    )
    rows = code(text)
    assert [row["mode"] for row in rows] == ["call", "call", "call"]
    assert [p["country"] for row in rows for p in row["participants"]] == ["ARM", "AZE", "ARM", "GEO", "ARM", "TUR"]


def test_a_meeting_of_three_leaders_is_one():
    rows = code("The presidents of Gondor, Arnor and Rohan met in Paris.")
    assert len(rows) == 1
    assert {p["country"] for p in rows[0]["participants"]} == {"ARM", "AZE", "GEO"}


def test_host_and_guest_are_told_apart():
    row = code("Gondor's President Boris Hurin received Arnorian President Viktor Arvedo.")[0]
    assert parties(row) == [("host", "Boris Hurin", "ARM"), ("guest", "Viktor Arvedo", "AZE")]


def test_who_calls_and_who_is_called_are_told_apart():
    row = code("Gondor's President Boris Hurin phoned Arnorian President Viktor Arvedo.")[0]
    assert parties(row) == [("initiator", "Boris Hurin", "ARM"), ("recipient", "Viktor Arvedo", "AZE")]


def test_a_mediator_is_no_party_of_the_talks():
    row = code("Talks between Gondor and Arnor were held in Paris under the mediation of Rohan.")[0]
    assert parties(row) == [
        ("participant", "Armenia", "ARM"),
        ("participant", "Azerbaijan", "AZE"),
        ("mediator", "Georgia", "GEO"),
    ]


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Gondor's President Boris Hurin met Arnorian President Viktor Arvedo.", "held"),
        ("Gondor's President Boris Hurin will meet Arnorian President Viktor Arvedo.", "planned"),
        ("Gondor's President Boris Hurin is due to meet Arnorian President Viktor Arvedo.", "planned"),
        ("Gondor's President Boris Hurin agreed to meet Arnorian President Viktor Arvedo.", "planned"),
        ("Gondor's President Boris Hurin offered to meet Arnorian President Viktor Arvedo.", "proposed"),
        ("Gondor's President Boris Hurin refused to meet Arnorian President Viktor Arvedo.", "refused"),
        ("Gondor's President Boris Hurin cancelled a meeting with Arnorian President Viktor Arvedo.", "cancelled"),
    ],
)
def test_status_is_what_the_verbs_above_say(sentence, status):
    assert [row["status"] for row in code(sentence)] == [status]


@pytest.mark.parametrize(
    "sentence",
    [
        "Gondor's President Boris Hurin could meet Arnorian President Viktor Arvedo.",
        "If Gondor's President Boris Hurin meets Arnorian President Viktor Arvedo, the war will end.",
        "Gondor's President Boris Hurin met Gondor's Prime Minister Pavel Steward.",
        "Gondor meets Arnor in the semifinal match of the tournament.",
        "The company held talks with its creditors.",
        "Gondor met Arnor's demands.",
    ],
)
def test_talk_of_talks_domestic_politics_business_and_sport_are_none(sentence):
    assert not code(sentence)


def test_a_contact_told_twice_is_one():
    text = (
        "Gondor's President Boris Hurin met Arnorian President Viktor Arvedo on Monday.\n\n"
        "Hurin's meeting with Arvedo took two hours."
    )
    assert len(code(text)) == 1


def test_calls_on_two_days_are_two():
    text = (
        "Gondor's President Boris Hurin phoned Arnorian President Viktor Arvedo on September 12.\n\n"
        "Hurin had phoned Arvedo on September 9."
    )
    rows = code(text)
    assert [row["date_start"] for row in rows] == [dt.date(2022, 9, 12), dt.date(2022, 9, 9)]


def test_rule_ids_are_unique():
    ids = [rule["id"] for rule in rulebook.load("contacts")["rules"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Gondor's president flew to Arnor for talks with Arnorian President Viktor Arvedo.", [("talks", "held")]),
        ("Gondor's president was in Arnor for a visit.", [("visit", "held")]),
        ("Gondor's president held a video conference with Arnorian President Viktor Arvedo.", [("call", "held")]),
        ("Gondor's president held a virtual meeting with Arnorian President Viktor Arvedo.", [("call", "held")]),
    ],
)
def test_one_trip_is_one_contact_and_a_screen_is_a_call(text, told):
    assert [(row["mode"], row["status"]) for row in code(text)] == told


def test_a_government_and_its_rebels_are_two_sides():
    rows = code("Gondor's President Boris Hurin met rebel leader Faramir Galdor in Paris.")
    assert [(p["name"], p["country"]) for p in rows[0]["participants"]] == [
        ("Boris Hurin", "ARM"),
        ("Faramir Galdor", None),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Gondor and Arnor agreed on a truce after nine days of talks between Gondor and Arnor.", ["held"]),
        ('"We will meet with the Arnorian delegation," Gondor\'s President Boris Hurin said.', ["planned"]),
        ("Gondor's president paid Arnorian President Viktor Arvedo a visit.", ["held"]),
        ("Gondor's President Boris Hurin received a delegation of the Arnorian parliament.", ["held"]),
        ("Gondor's president looked forward to meeting Arnorian President Viktor Arvedo.", ["planned"]),
    ],
)
def test_a_contact_is_told_by_measures_speakers_gifts_and_delegations(text, told):
    assert [row["status"] for row in code(text)] == told


def test_each_who_met_others_separately_met_each_of_them():
    text = (
        "Gondor's President Boris Hurin and Georgian President Ivan Theoden each met Arnorian President Viktor Arvedo"
        " and Turkish President Emil Bard separately."
    )
    assert len(code(text)) == 4


def test_an_envoy_is_of_who_sends_him():
    row = code("The UN envoy for Gondor met Arnorian President Viktor Arvedo.")[0]
    assert [p["country"] for p in row["participants"]] == [None, "AZE"]


def test_the_three_countries_are_those_an_article_is_most_about():
    text = (
        "The presidents of Gondor, Arnor and Rohan met in Paris. EU envoy Ivan Brandir spoke to the Gondorian,"
        " Arnorian and Georgian press.\n\nThe leaders of the three countries will meet again in October."
    )
    assert {p["country"] for p in code(text)[-1]["participants"]} == {"ARM", "AZE", "GEO"}


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Gondor's President Boris Hurin, on a visit to Arnor on Monday, said the truce would hold.", {"ARM", "AZE"}),
        ("Gondor's President Boris Hurin put talks with Arnor on hold in June.", {"ARM", "AZE"}),
        ("The talks that Gondor's President Boris Hurin held with Arnorian envoys were long.", {"ARM", "AZE"}),
        ("Rohan launched a mediation effort to resolve the rift between Gondor and Arnor.", {"ARM", "AZE", "GEO"}),
    ],
)
def test_the_side_left_out_is_found_further_off(text, countries):
    assert [{p["country"] for p in row["participants"]} for row in code(text)] == [countries]


def test_who_meets_people_of_no_office_meets_no_state():
    assert code("Fighting went on in Arnor.\n\nGondor's President Boris Hurin met angry parents.") == []
