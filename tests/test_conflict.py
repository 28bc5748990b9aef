import pytest

from contactline.reading.article import Article, Reading
from contactline.reading.conflict import article_in_conflict, in_conflict

WAR = (
    "Gondor's army shelled three villages overnight. Rebels of the north denied the attack. A truce was signed in May."
)
QUAKE = "A strong earthquake shook Arnor on Monday. The quake killed 40 people and injured hundreds. Floods followed."


def verdict(text, article):
    reading = Reading(Article("a", text + "\n\n" + article))
    return in_conflict(reading.sentences[0], reading)


@pytest.mark.parametrize("sentence", ["Twelve riders were killed.", "The soldiers died in an ambush."])
def test_in_an_article_about_war_harm_is_of_war(sentence):
    assert verdict(sentence, WAR) is not None


@pytest.mark.parametrize("sentence", ["Twelve riders were killed.", "The landslide killed 30.", "She won the match."])
def test_in_an_article_about_a_disaster_harm_is_not_of_war(sentence):
    assert verdict(sentence, QUAKE) is None


def test_an_accident_in_an_article_about_war_is_no_war():
    assert verdict("In another part of the country a plane crash killed 30.", WAR) is None


def test_an_act_of_war_in_another_article_is_war():
    assert verdict("A suicide bomber killed nine soldiers.", QUAKE) == "conflict-sentence"


def test_an_article_is_judged_by_all_its_paragraphs():
    assert article_in_conflict(Reading(Article("a", WAR)))
    assert not article_in_conflict(Reading(Article("a", QUAKE)))
