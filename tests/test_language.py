import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactline.reading.language import MODELS, paragraphs, sentences, truecase

GOLDEN = [
    ("Arnor", "PROPN", "nsubj"),
    ("lost", "VERB", "ROOT"),
    ("at", "ADV", "advmod"),
    ("least", "ADV", "advmod"),
    ("49", "NUM", "nummod"),
    ("soldiers", "NOUN", "dobj"),
    ("in", "ADP", "prep"),
    ("clashes", "NOUN", "pobj"),
    (".", "PUNCT", "punct"),
]


def parsed(text):
    return list(sentences(paragraphs(text)))


def test_the_model_parses_as_it_did_when_the_rules_were_written():
    tokens = parsed("Arnor lost at least 49 soldiers in clashes.")[0].tokens
    assert [(t.text, t.pos_, t.dep_) for t in tokens] == GOLDEN


def test_an_unknown_model_is_refused_by_name():
    with pytest.raises(ValueError, match=r"params\.yaml: no language model 'tengwar'; the accepted ones are"):
        list(sentences(paragraphs("Arnor."), "tengwar"))


def test_both_models_are_named():
    assert len(MODELS) == 2


TEXTS = st.text(alphabet="Ab c.\n\t“”’[]\u00a012«»É", max_size=200)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=3))
def test_every_character_knows_where_it_stood(text, spans):
    skip = [(min(s), max(s)) for s in spans]
    seen = -1
    for paragraph in paragraphs(text, skip):
        assert len(paragraph.text) == len(paragraph.offsets)
        assert "  " not in paragraph.text
        for character, offset in zip(paragraph.text, paragraph.offsets, strict=True):
            assert offset > seen
            seen = offset
            assert not any(a <= offset < b for a, b in skip)
            stored = text[offset]
            assert character == stored or stored.isspace() or not stored.isascii() or paragraph.upper


@given(st.text(max_size=100))
def test_truecasing_keeps_every_character_in_its_place(text):
    assert len(truecase(text)) == len(text)


@settings(max_examples=20, deadline=None)
@given(TEXTS)
def test_sentences_are_in_order_and_inside_the_text(text):
    end = 0
    for number, sentence in enumerate(parsed(text)):
        assert sentence.number == number
        assert end <= sentence.start < sentence.end <= len(text)
        end = sentence.end
        first, last = sentence.tokens[0], sentence.tokens[-1]
        start, stop = sentence.span(first, last)
        assert sentence.start <= start < stop <= sentence.end


def test_brackets_quotes_and_blanks_are_read_away():
    paragraph = next(paragraphs("“We have 49 [soldiers]  killed,”\u00a0he said"))
    assert paragraph.text == '"We have 49 soldiers killed," he said'


def test_a_dateline_is_no_part_of_the_sentence_behind_it():
    text = "Fornost, Arnor (RPA) - Ten soldiers were killed at the ford on Monday, the defence ministry of Gondor said."
    first, second = sentences(paragraphs(text))
    assert (first.start, text[second.start : second.end]) == (0, text[23:])
    headline = next(sentences(paragraphs("Gondor - Ten Killed at Ford")))
    assert headline.end == len("Gondor - Ten Killed at Ford")


def test_capitals_are_read_as_they_would_be_written():
    text = "ARNOR'S TROOPS WERE KILLED IN PELARGIR, THE U.N. AND THE GNDR SAID."
    paragraph = next(paragraphs(text))
    assert paragraph.upper
    assert paragraph.text == "Arnor's troops were killed in Pelargir, the U.N. and the GNDR said."


def test_wrapped_lines_are_one_paragraph_and_others_are_their_own():
    wrapped = (
        "Soldiers of Arnor crossed the river at dawn on\nMonday and met no resistance until they reached\nthe town."
    )
    assert len(list(paragraphs(wrapped))) == 1
    assert [p.text for p in paragraphs("Killed: 12\nWounded: 30")] == ["Killed: 12", "Wounded: 30"]
