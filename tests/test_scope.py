"""Every entry of rulebook/scope.yml proves itself on its own sentences."""

import datetime as dt

import pytest

from contactline.reading import scope
from contactline.reading.article import Article, Reading
from contactline.reading.dates import Date, date_of

BOOK = scope.rulebook()
CASES = {
    part: [
        (entry["id"], entry.get("modality", "background"), kind, sentence)
        for entry in BOOK[part]
        for kind in ("codes", "ignores")
        for sentence in entry[kind]
    ]
    for part in ("scope", "modality")
}
PUBLISHED = dt.date(2022, 9, 13)


def marked(text, published=PUBLISHED):
    """Return (token, sentence, reading) for the word between asterisks."""
    before, word, _ = text.split("*")
    reading = Reading(Article("a", text.replace("*", ""), published))
    for sentence in reading.sentences:
        for token in sentence.tokens:
            if token.idx == len(before):
                return token, sentence, reading
    raise AssertionError(f"no token {word!r} in {text!r}")


def check(answer, rule_id, code, kind, text):
    if kind == "codes":
        assert answer == (code, rule_id), f"{text}: {answer}"
    else:
        assert answer[1] != rule_id, f"{text}: {answer}"


@pytest.mark.parametrize(("rule_id", "code", "kind", "text"), CASES["scope"])
def test_scope_rule_on_its_own_examples(rule_id, code, kind, text):
    token, sentence, reading = marked(text)
    check(scope.scope_of(token, sentence, reading, None), rule_id, code, kind, text)


@pytest.mark.parametrize(("rule_id", "code", "kind", "text"), CASES["modality"])
def test_modality_rule_on_its_own_examples(rule_id, code, kind, text):
    token, sentence, _ = marked(text)
    check(scope.modality_of(token, sentence), rule_id, code, kind, text)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2022-09-13", "2022-09-13", "current"),
        ("2022-09-05", "2022-09-05", "current"),
        ("2022-08-01", "2022-08-03", "background"),
        ("2020-01-01", "2020-12-31", "background"),
        ("2022-01-01", "2022-12-31", "background"),
        ("2022-09-20", "2022-09-20", "current"),
    ],
)
def test_the_date_of_a_deed_says_whether_it_is_news(start, end, expected):
    token, sentence, reading = marked("Gondor *attacked* the ford.")
    date = Date(dt.date.fromisoformat(start), dt.date.fromisoformat(end), 1, "stated")
    assert scope.scope_of(token, sentence, reading, date)[0] == expected


def test_the_past_perfect_of_a_narrator_is_background_and_of_a_speaker_is_not():
    told = marked("Arnor had *seized* the valley.")
    said = marked("The king said Arnor had *attacked* the ford overnight.")
    assert scope.scope_of(*told, None) == ("background", "scope-past-perfect")
    assert scope.scope_of(*said, None)[0] == "current"


def test_a_dated_past_perfect_of_these_days_is_news():
    date = Date(dt.date(2022, 9, 12), dt.date(2022, 9, 12), 1, "weekday")
    assert scope.scope_of(*marked("The convoy had been *attacked* on Monday."), date)[0] == "current"


def scope_as_coded(text, published=PUBLISHED):
    """Return the scope of the marked word with the date that governs it."""
    token, sentence, reading = marked(text, published)
    return scope.scope_of(token, sentence, reading, date_of(token, sentence, reading))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gondor *shelled* the ford on Monday.", "current"),
        ("Gondor's raid last week *killed* ten men.", "background"),
        ("At the end of August Gondor *shelled* the ford.", "background"),
        ("Ten men were *killed*, the most since the siege began in May.", "current"),
        ("Gondor has fought on since 2015. On Monday it was quiet. Ten men were *killed*.", "current"),
        ("Guards fled after Arnor had *shelled* the ford.", "current"),
        ("The ford was hit last week in a raid that *killed* ten men.", "background"),
        ("Rebels attacked the ford two years ago, *killing* ten men.", "background"),
        ("The king said on Monday that the group, which has *killed* hundreds, was beaten.", "background"),
        ("The rebels' siege of the ford has *killed* ten men since Sunday.", "current"),
        ("A court on Monday sentenced two men for *bombing* the bridge.", "background"),
        ("The king on Monday defended the regular use of *airstrikes*.", "background"),
        ("Ten men were *killed* in the worst fighting since the war of 2020.", "current"),
        ("It was the deadliest *attack* on the ford in two years.", "current"),
        ("Arnor said last week that it would *meet* Gondor on Friday.", "current"),
    ],
)
def test_scope_in_the_close_cases(text, expected):
    assert scope_as_coded(text) == expected


def test_a_month_in_an_undated_article_is_old_where_its_own_days_are_weekdays():
    assert scope_as_coded("In May rebels *attacked* the ford. The king spoke on Monday.", None) == "background"
    assert scope_as_coded("On May 3 rebels *attacked* the ford.", None) == "current"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gondor used drones to *attack* the ford.", "asserted"),
        ("The *attack* could undermine the talks.", "asserted"),
        ("War could *break* out again.", "hypothetical"),
        ("No one was *killed*.", "denied"),
        ("Gondor called for an end to the *shelling*.", "hypothetical"),
        ("The prisoners are to be *released* on Friday.", "planned"),
        ("Rebels crossed the river and *seized* the fort.", "asserted"),
        ("Arnor will cross the river and *seize* the fort.", "planned"),
        ("Gondor said that it had *seized* the fort.", "asserted"),
        ("After the *attack*, Gondor will close the border.", "asserted"),
        ("If the talks fail, Arnor will *attack*.", "planned"),
        ("The king signed a *ceasefire* with Arnor.", "asserted"),
        ("The king is ready to sign a *ceasefire* with Arnor.", "planned"),
    ],
)
def test_modality_in_the_close_cases(text, expected):
    token, sentence, _ = marked(text)
    assert scope.modality_of(token, sentence)[0] == expected
