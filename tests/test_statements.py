import datetime as dt

import pytest

from contactline import schema
from contactline.coding import article as coding
from contactline.coding import statements
from contactline.reading import actorbook, rulebook
from contactline.reading.actorbook import Actor
from contactline.reading.article import Article, Reading

RULES = rulebook.load("positions")["words"]
INVENTED = {"Arnor": ("ARN", "Arnorian"), "Gondor": ("GON", "Gondorian"), "Rohan": ("ROH", "Rohirric")}


@pytest.fixture(autouse=True)
def _invented_states(monkeypatch):
    for name, (iso3, adjective) in INVENTED.items():
        actor = Actor(name, "state", iso3, f"state:{iso3}")
        monkeypatch.setitem(actorbook.book(), name, [(name, actor, "name")])
        monkeypatch.setitem(actorbook.book(), adjective, [(adjective, actor, "demonym")])
        monkeypatch.setitem(actorbook.forms(), name, (actor, "name"))
        monkeypatch.setitem(actorbook.states(), iso3, actor)


def coded(text):
    rows = statements.mentions(Reading(Article("a", text, dt.date(2031, 5, 4))))
    return {(row["speaker_country"], row["kind"], row["targets"]) for row in rows}


def examples(key):
    return [pytest.param(rule["kind"], e, id=f"{rule['id']}-{n}") for rule in RULES for n, e in enumerate(rule[key])]


@pytest.mark.parametrize(("kind", "example"), examples("codes"))
def test_rule_codes_its_examples(kind, example):
    sentence, speaker, targets = example[:3]
    expected = example[3] if len(example) > 3 else kind
    assert (speaker, expected, targets) in coded(sentence)


@pytest.mark.parametrize(("kind", "sentence"), examples("ignores"))
def test_rule_ignores_its_counterexamples(kind, sentence):
    assert not {row for row in coded(sentence) if row[1] == kind}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gondor said that Arnor must withdraw its troops.", ("GON", "urge", "ARN")),
        ("Gondor said that Arnor had attacked three villages.", ("GON", "accuse", "ARN")),
        ("Three villages were shelled by Arnorian forces, Gondor said.", ("GON", "accuse", "ARN")),
        ("Arnor is responsible for the raid, Gondor's president said.", ("GON", "accuse", "ARN")),
        ("Gondor's president said that Arnor would pay for the raid.", ("GON", "threaten", "ARN")),
        ("Gondor said it would retaliate against Arnor.", ("GON", "threaten", "ARN")),
        ("Gondor said that it would support Arnor.", ("GON", "support", "ARN")),
        ("Gondor said that it would send Arnor a delegation.", ("GON", "announce", "ARN")),
        ('"We do not trust Arnor," Gondor\'s president said.', ("GON", "condemn", "ARN")),
    ],
)
def test_what_is_said_takes_positions_without_a_word_for_them(text, expected):
    assert expected in coded(text)


def test_sides_that_blame_each_other_make_two_rows():
    assert coded("Arnor and Gondor accused each other of breaking the truce.") == {
        ("ARN", "accuse", "GON"),
        ("GON", "accuse", "ARN"),
    }


def test_both_sides_are_the_two_that_the_article_is_about():
    text = "Arnor and Gondor fought at the ford. Arnor lost ten men, Gondor twelve. Rohan urged both sides to stop."
    assert ("ROH", "urge", "ARN;GON") in coded(text)


def test_positions_not_taken_are_no_rows():
    assert (
        coded("Gondor did not condemn Arnor. Gondor refused to accuse Arnor. Gondor may urge Arnor to stop.") == set()
    )


def test_words_about_ones_own_side_are_no_statements():
    assert coded("Gondor's president accused Gondor's parliament of treason.") == set()


def test_a_position_said_twice_is_one_row():
    assert coded("Gondor accused Arnor of a raid. Gondor accused Arnor of a raid again.") == {("GON", "accuse", "ARN")}


def test_rows_carry_all_columns_that_must_be_there():
    text = "Gondor's Foreign Minister Faramir Hurin condemned Arnor's raid on Monday."
    rows = coding.mentions(Reading(Article("a", text, dt.date(2031, 5, 4))))["statement_mentions"]
    required = [f.name for f in schema.table("statement_mentions").fields if f.required]
    assert len(rows) == 1
    assert all(rows[0][name] is not None for name in required)
    assert text[rows[0]["span_start"] : rows[0]["span_end"]] == "condemned"
    assert rows[0]["speaker"] == "Faramir Hurin"


def test_a_denial_without_a_target_answers_whoever_accused():
    text = "Rohan looked on. Gondor accused Arnor of raiding the ford. The war went on. Arnor denied the attack."
    assert ("ARN", "deny", "GON") in coded(text)


def test_ministries_of_one_state_that_say_the_same_make_one_row():
    text = "Gondor's foreign ministry accused Arnor of the raid. Gondor's defence ministry accused Arnor of the raid."
    assert coded(text) == {("GON", "accuse", "ARN")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gondor condemned Arnor's raid. So did Rohan.", ("ROH", "condemn", "ARN")),
        ("Other states, including Gondor and Rohan, condemned Arnor's raid.", ("ROH", "condemn", "ARN")),
        ("Arnor's raid drew criticism from Gondor.", ("GON", "condemn", "ARN")),
        ('Gondor\'s president Faramir Hurin: "We blame the raid on Arnor."', ("GON", "accuse", "ARN")),
        ("Gondor said its posts came under fire from the Arnorian side.", ("GON", "accuse", "ARN")),
        ("Gondor said that Arnor had shown no interest in peace.", ("GON", "accuse", "ARN")),
        ("Gondor insisted that Arnor withdraw its troops.", ("GON", "urge", "ARN")),
        ("Gondor said that it was suspending its truce with Arnor.", ("GON", "announce", "ARN")),
        ("Gondor said that it would impose sanctions on Arnor.", ("GON", "announce", "ARN")),
        ("Gondor said that it won't tolerate Arnor's raids.", ("GON", "threaten", "ARN")),
    ],
)
def test_positions_in_the_forms_that_news_gives_them(text, expected):
    assert expected in coded(text)


def test_deeds_that_only_say_when_are_no_accusations():
    assert not {row for row in coded("Gondor said its mission stayed after Arnor attacked.") if row[1] == "accuse"}
