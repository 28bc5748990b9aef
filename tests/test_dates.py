import datetime as dt

import pytest

from contactline.reading import dateexpressions, dates
from contactline.reading.article import Article, Reading
from contactline.reading.rulebook import load

RULES = load("dates")["rules"]
CODES = [(rule["id"], *example) for rule in RULES for example in rule["codes"]]
IGNORES = [(rule["id"], text) for rule in RULES for text in rule.get("ignores", [])]


@pytest.mark.parametrize(("rule_id", "text", "published", "start", "end", "precision"), CODES)
def test_rule_reads_its_own_examples(rule_id, text, published, start, end, precision):
    found = dates.find(text, published)
    assert (start, end, precision) in [(d.start, d.end, d.precision) for _, _, d in found], found
    rules = [rule.rule_id for rule, _ in dateexpressions.matches(text)]
    assert rule_id in rules, f"{rules} take precedence over {rule_id}"


@pytest.mark.parametrize(("rule_id", "text"), IGNORES)
def test_rule_leaves_its_ignores_alone(rule_id, text):
    assert rule_id not in [rule.rule_id for rule, _ in dateexpressions.matches(text)]


@pytest.mark.parametrize(
    "text", ["on Tuesday", "yesterday", "last week", "two days ago", "on September 13", "in June", "over the weekend"]
)
def test_without_a_publication_date_nothing_relative_is_read(text):
    assert dates.find(text, None) == []


def test_without_a_publication_date_full_dates_are_read():
    assert [d.start for _, _, d in dates.find("on September 27, 2020", None)] == [dt.date(2020, 9, 27)]


PUBLISHED = dt.date(2022, 9, 14)  # a Wednesday


def test_what_has_no_day_of_its_own_fell_in_the_days_that_the_lead_names():
    date = governed("Arnor shelled the ford on Sunday and Gondor the pass on Monday.\n\nTen men died.", "died")
    assert (date.start, date.end) == (dt.date(2022, 9, 11), dt.date(2022, 9, 12))


def governed(text, word, published=PUBLISHED):
    reading = Reading(Article("a", text, published))
    for sentence in reading.sentences:
        for token in sentence.tokens:
            if token.text == word:
                return dates.date_of(token, sentence, reading)
    raise LookupError(word)


@pytest.mark.parametrize(
    ("text", "word", "start", "end", "basis"),
    [
        ("Arnor attacked the ford on Monday.", "attacked", "2022-09-12", "2022-09-12", "weekday"),
        ("Arnor said on Tuesday that it had taken the ford on Sunday.", "taken", "2022-09-11", "2022-09-11", "weekday"),
        (
            "Ten men were killed in Friday's attack, Arnor said on Tuesday.",
            "attack",
            "2022-09-09",
            "2022-09-09",
            "weekday",
        ),
        (
            "Ten men were killed in Friday's attack, Arnor said on Tuesday.",
            "killed",
            "2022-09-09",
            "2022-09-09",
            "weekday",
        ),
        ("Arnor attacked Gondor.", "attacked", "2022-09-13", "2022-09-14", "document"),
        (
            "Arnor attacked on Sunday.\n\nGondor shelled a village in reply.",
            "shelled",
            "2022-09-11",
            "2022-09-11",
            "weekday",
        ),
        (
            "The talks on Tuesday came two days after Arnor attacked.",
            "attacked",
            "2022-09-11",
            "2022-09-11",
            "relative",
        ),
        (
            "It was the first raid on the ford since May, and Arnor lost.",
            "raid",
            "2022-09-13",
            "2022-09-14",
            "document",
        ),
        (
            "The two have not had fighting so deadly since their war of 2020.",
            "fighting",
            "2022-09-13",
            "2022-09-14",
            "document",
        ),
        ("It was the worst fighting since the war of 2020.", "war", "2020-01-01", "2020-12-31", "stated"),
        ("Ten men died in the war that ended in 1994.", "died", "1994-01-01", "1994-12-31", "stated"),
        ("Arnor has shelled the ford since May.", "shelled", "2022-05-01", "2022-09-14", "stated"),
        ("On Monday Arnor shelled a village and captured two men.", "captured", "2022-09-12", "2022-09-12", "weekday"),
    ],
)
def test_date_that_governs_a_word(text, word, start, end, basis):
    date = governed(text, word)
    assert date is not None
    assert (date.start.isoformat(), date.end.isoformat(), date.basis) == (start, end, basis)


@pytest.mark.parametrize(
    ("text", "word", "published"),
    [
        ("Arnor attacked the ford on Monday.", "attacked", None),
        ("Arnor will attack the ford.", "attack", PUBLISHED),
    ],
)
def test_no_date_is_invented(text, word, published):
    assert governed(text, word, published) is None
