"""What stands for another word never leads back to itself."""

import pytest

from contactline.reading.actorbook import Actor
from contactline.reading.article import Article, Reading
from contactline.reading.circles import without_circles

READING = Reading(Article("a", "Gondor and Arnor spoke."))


def test_a_word_that_leads_back_to_itself_stands_for_nobody():
    sentence = READING.sentences[0]
    first, other = sentence.tokens[0], sentence.tokens[2]
    asked = []

    @without_circles
    def resolve(token, sentence, reading):
        asked.append(token.text)
        return resolve(other if token == first else first, sentence, reading)

    assert resolve(first, sentence, READING) == ()
    assert asked == ["Gondor", "Arnor"]


def test_a_word_is_resolved_anew_once_the_circle_is_left():
    sentence = READING.sentences[0]

    @without_circles
    def resolve(token, sentence, reading):
        return (Actor(token.text, "state"),)

    assert [resolve(sentence.tokens[0], sentence, READING)[0].name for _ in range(2)] == ["Gondor", "Gondor"]


def test_a_resolver_that_fails_is_asked_again():
    sentence = READING.sentences[0]
    failing = [True]

    @without_circles
    def resolve(token, sentence, reading):
        if failing.pop():
            raise KeyError(token.text)
        return (Actor(token.text, "state"),)

    with pytest.raises(KeyError):
        resolve(sentence.tokens[0], sentence, READING)
    failing.append(False)
    assert resolve(sentence.tokens[0], sentence, READING)[0].name == "Gondor"
