"""Every entry of rulebook/events.yml proves itself on its own sentences; the coder on small articles."""

import datetime as dt

import pytest

from contactline.coding import eventbook, events, triggers
from contactline.reading import rulebook
from contactline.reading.article import Article, Reading

BOOK = rulebook.load("events")
EXAMPLES = [(r["id"], kind, text) for r in BOOK["rules"] for kind in ("codes", "ignores") for text in r[kind]]
CONTEXT = "\n\nThe war between the armies of Gondor and Arnor goes on. Soldiers have rockets, tanks and mortars."


def told(text):
    """Return the rules that code the first paragraph of a text."""
    reading = Reading(Article("a", text + CONTEXT, dt.date(2022, 9, 13)))
    return [t.rule.id for s in reading.sentences if s.paragraph == 0 for t in triggers.triggers(s, reading)]


@pytest.mark.parametrize(("rule_id", "kind", "text"), EXAMPLES)
def test_rule_on_its_own_examples(rule_id, kind, text):
    if kind == "codes":
        assert rule_id in told(text), f"{text}: {told(text)}"
    else:
        assert rule_id not in told(text), text


@pytest.mark.parametrize("rule", eventbook.rules(), ids=lambda rule: rule.id)
def test_stems_let_every_match_through(rule):
    texts = [text for _, _, text in EXAMPLES]
    for text in [*texts, *(text.upper() for text in texts)]:
        begun = {word[: triggers.STEM].lower() for word in triggers.WORD.findall(text)}
        assert not rule.pattern.search(text) or rule.stems & begun, text


def coded(text, published=dt.date(2022, 9, 13)):
    return list(events.mentions(Reading(Article("a", text, published))))


def test_each_named_place_struck_is_an_event():
    rows = coded("Arnorian forces shelled Goris and Kapan on Monday, the prime minister of Armenia said." + CONTEXT)
    struck = [r["place_name"] for r in rows if r["event_group"] == "remote" and r["scope"] == "current"]
    assert sorted(struck) == ["Goris", "Kapan"]


def test_places_that_a_clause_adds_are_struck_too():
    lead = (
        "Fighting between Armenian and Azerbaijani troops went on in Syunik on Monday, officials in Armenia said.\n\n"
    )
    rows = coded(lead + "Explosions were heard in Goris, and also in Kapan.")
    assert sorted(r["place_name"] for r in rows if r["event_group"] == "remote") == ["Goris", "Kapan"]


def test_lead_headline_and_later_paragraphs_are_one_event():
    text = """Nine Killed As Bomb Hits Market

A car bomb killed nine people at a market in Baghdad on Monday, officials said.

The explosion tore through the market in the morning.

No one claimed responsibility for the attack."""
    rows = coded(text)
    assert [(r["event_group"], r["place_name"], str(r["date_start"])) for r in rows] == [
        ("remote", "Baghdad", "2022-09-12")
    ]


def test_who_attacks_whom():
    row = coded("Arnorian forces attacked Gondorian positions on Monday." + CONTEXT)[0]
    assert (row["actor1_country"], row["actor2_country"]) == ("ARN", "GON")
    row = coded("Gondorian positions were attacked by Arnorian forces on Monday." + CONTEXT)[0]
    assert (row["actor1_country"], row["actor2_country"]) == ("ARN", "GON")


@pytest.mark.parametrize(
    "text",
    [
        "Gondor's defence ministry accused Arnorian troops of shelling the village of Bree on Monday.",
        "Gondor blamed Arnorian troops for shelling the village of Bree on Monday.",
        "Gondor accused Arnorian troops of a rocket attack in Bree on Monday.",
        "Edoras - Arnorian troops shelled the village of Bree on Monday, the Gondorian army said.",
    ],
)
def test_neither_accuser_nor_dateline_is_the_doer(text):
    assert [r["actor1_country"] for r in coded(text + CONTEXT) if r["event_group"] == "remote"] == ["ARN"]


def test_a_clash_has_no_order_but_that_of_mention():
    row = coded("Gondorian and Arnorian troops clashed on Monday." + CONTEXT)[0]
    assert (row["actor1_country"], row["actor2_country"]) == ("GON", "ARN")


def test_two_days_at_one_place_are_two_events():
    text = "Rebels shelled the city of Baghdad on Monday. Rebels had shelled Baghdad on 1 August."
    rows = [r for r in coded(text + CONTEXT) if r["place_name"] == "Baghdad"]
    assert [(str(r["date_start"]), r["scope"]) for r in rows] == [
        ("2022-09-12", "current"),
        ("2022-08-01", "background"),
    ]


def test_an_attack_takes_its_kind_from_what_is_told_later():
    text = (
        "An attack in Baghdad killed nine people on Monday.\n\nA suicide bomber blew himself up at the gate in Baghdad."
    )
    rows = [r for r in coded(text + CONTEXT) if r["place_name"] == "Baghdad"]
    assert [r["event_type"] for r in rows if r["modality"] == "asserted"] == ["Suicide bomb"]


def test_plans_and_denials_are_rows_that_say_so():
    rows = coded("Arnor denied shelling Goris on Monday. Gondor plans to deploy troops to Goris." + CONTEXT)
    assert {(r["event_group"], r["modality"]) for r in rows if r["scope"] == "current"} >= {
        ("remote", "denied"),
        ("movement", "planned"),
    }


def test_the_date_of_a_past_war_is_not_that_of_the_news():
    text = "Gondor and Arnor clashed on Monday.\n\nArnor lost the city of Goris after a six-week war in late 2020."
    row = next(r for r in coded(text + CONTEXT) if r["event_group"] == "territory")
    assert row["scope"] == "background"
    assert row["date_start"].year == 2020


def test_no_conflict_no_event():
    assert not coded("The queen opened a library in Bree on Monday. The choir sang and the mayor thanked the donors.")


def test_whom_an_attack_kills_tells_whom_it_hits():
    row = coded("An Arnorian attack killed four Gondorian soldiers near Goris on Monday." + CONTEXT)[0]
    assert (row["event_group"], row["actor1_country"], row["actor2_country"]) == ("battle", "ARN", "GON")


def test_the_scene_of_a_deed_is_no_doer():
    row = coded("The Baghdad bombing killed nine people on Monday." + CONTEXT)[0]
    assert (row["actor1"], row["place_name"]) == (None, "Baghdad")


def test_days_apart_are_two_events_though_one_has_no_day_of_its_own():
    text = "A missile killed nine villagers in Baghdad.\n\nOn September 3 a missile killed two in Baghdad."
    rows = [r for r in coded(text + CONTEXT) if r["event_group"] == "remote"]
    assert [str(r["date_end"]) for r in rows] == ["2022-09-13", "2022-09-03"]


def test_an_announced_deployment_is_one_and_an_announced_strike_is_none():
    rows = coded("Gondor will deploy two thousand troops to Goris. Gondor will bomb Goris." + CONTEXT)
    assert [r["event_group"] for r in rows if (r["modality"], r["scope"]) == ("asserted", "current")] == ["movement"]


def test_no_war_in_articles_about_other_harm():
    text = "The virus killed nine people in Baghdad. Arnor closed its border in the epidemic. Patients were ill."
    assert not coded(text)
