from importlib import resources

import pytest
import yaml

from contactline.reading.article import Article, Reading
from contactline.reading.attribution import claimant_of

RULES = yaml.safe_load(resources.files("contactline.rulebook").joinpath("reporting.yml").read_text(encoding="utf-8"))[
    "rules"
]


def examples(key):
    return [pytest.param(e, id=f"{rule['id']}-{n}") for rule in RULES for n, e in enumerate(rule[key])]


def claimant(text, word):
    reading = Reading(Article("a", text))
    found = [(token, sentence) for sentence in reading.sentences for token in sentence.tokens if token.text == word]
    assert found, f"no {word!r} in {text!r}"
    actor = claimant_of(*found[-1], reading)
    return None if actor is None else actor.name


@pytest.mark.parametrize("example", examples("codes"))
def test_rule_finds_the_claimant_of_its_examples(example):
    assert claimant(example["sentence"], example["word"]) == example["claimant"]


@pytest.mark.parametrize("example", examples("ignores"))
def test_rule_leaves_to_the_narrator_what_nobody_claims(example):
    assert claimant(example["sentence"], example["word"]) is None


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        (
            'Gondor\'s Defence Ministry denied it.\n\n"We have losses," the ministry said.',
            "losses",
            "Gondor's Defence Ministry",
        ),
        ('"We fight on," Faramir Hurin said. "They killed 12 of us."', "killed", "Faramir Hurin"),
        ('Faramir Hurin told parliament it was a hard day.\n\n"They killed 12 of us."', "killed", "Faramir Hurin"),
        ("Faramir Hurin said it was a hard day.\n\nTwelve men were killed, he added.", "killed", "Faramir Hurin"),
        ("Twelve men were killed, according to Arnor's army.", "killed", "Arnor's army"),
        ("According to Arnor's army, 12 men were killed.", "killed", "Arnor's army"),
    ],
)
def test_speakers_are_found_beyond_the_clause(text, word, expected):
    assert claimant(text, word) == expected


@pytest.mark.parametrize(
    ("text", "word", "country"),
    [
        ("France's high commissioner for peace, Faramir Hurin, said 12 men were killed.", "killed", "FRA"),
        ("Faramir Hurin, a French special envoy, said 12 men were killed.", "killed", "FRA"),
        ("French officials said that a battle raged. The officials said 12 men were killed.", "killed", "FRA"),
        ("The French baker Faramir Hurin said 12 men were killed.", "killed", None),
    ],
)
def test_a_speaker_is_of_the_state_that_he_is_introduced_with(text, word, country):
    reading = Reading(Article("a", text))
    found = [(token, sentence) for sentence in reading.sentences for token in sentence.tokens if token.text == word]
    assert claimant_of(*found[-1], reading).country == country


def test_the_official_who_says_we_is_not_looked_for_in_circles():
    text = "We deny that 12 of our men were killed in the fighting, the minister said."
    assert claimant(text, "killed") == "minister"
