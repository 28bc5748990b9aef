"""Contacts: who was in touch, as all articles together name them."""

from arnor import Corpus


def parties(*told, **more):
    made = Corpus()
    for number, named in enumerate(told):
        made.article(f"a{number}", publisher=f"Paper {number}").contact(f"a{number}", named, **more)
    tables = made.tables()
    assert len(tables["contacts"]) == 1
    return tables["participants"]


def test_a_person_is_shown_by_name_where_any_article_gives_it():
    rows = parties("ARN Arnorian leader/leader, GON Denethor", "ARN Aragorn/president, GON Denethor", mode="meeting")
    assert [(row["name"], row["office"]) for row in rows] == [("Aragorn", "president"), ("Denethor", None)]


def test_one_who_stands_for_no_state_is_known_by_name_and_office():
    told = (
        "ARN Aragorn, GON Denethor, - Saruman/head of the White Council",
        "ARN Aragorn, GON Denethor, - head of the White Council",
    )
    assert [row["name"] for row in parties(*told, mode="meeting")] == ["Aragorn", "Denethor", "Saruman"]


def test_who_called_is_open_where_each_sides_readout_says_otherwise():
    told = ["ARN Aragorn/initiator, GON Denethor/recipient", "GON Denethor/initiator, ARN Aragorn/recipient"]
    assert [row["role"] for row in parties(*told)] == ["participant", "participant"]
    assert [row["role"] for row in parties(*told, told[0])] == ["initiator", "recipient"]


def test_the_most_telling_role_stands_where_none_contradicts():
    told = ("ARN Aragorn, GON Denethor", "ARN Aragorn/host, GON Denethor/guest")
    assert [row["role"] for row in parties(*told, mode="meeting")] == ["host", "guest"]
