from importlib.resources import files

import pytest
import yaml

from contactline import schema
from contactline.intake import cleaning

ENTRIES = yaml.safe_load((files("contactline") / "rulebook" / "leftovers.yml").read_text(encoding="utf-8"))["lines"]
FIRST = "Gondor shelled three villages of Arnor on Monday, its ministry of defence said."
SECOND = "Arnor denied that its soldiers had crossed the river near Osgiliath at night."


@pytest.mark.parametrize(("rule", "line"), [(e["id"], line) for e in ENTRIES for line in e["codes"]])
def test_a_rule_takes_its_own_examples(rule, line):
    found = cleaning.rule_of(line)
    assert found is not None, f"no rule takes: {line}"
    assert found.id == rule, f"{found.id} takes precedence over {rule} on: {line}"


@pytest.mark.parametrize("line", [line for e in ENTRIES for line in e["ignores"]])
def test_rules_leave_the_lines_they_must_ignore(line):
    found = cleaning.rule_of(line)
    assert found is None, f"{found.id} takes: {line}"


def test_every_rule_gives_a_reason_of_the_codebook():
    assert {rule.reason for rule in cleaning.rules()} <= set(schema.codes("drop_reason"))


def reasons(text):
    return [(text[d.start : d.end], d.reason) for d in cleaning.dropped(text)]


def test_a_stray_caption_above_the_headline_is_dropped_and_the_headline_kept():
    text = f"village of Fornost in the northern region\n\nThree Villages Of Arnor Shelled By Gondor\n\n\n{FIRST}\n"
    assert reasons(text) == [("village of Fornost in the northern region", "caption")]


def test_a_headline_in_lower_case_words_is_no_caption():
    assert reasons(f"Gondor shells three villages of Arnor\n\n{FIRST}\n\n{SECOND}") == []


def test_the_comment_form_takes_what_readers_wrote_below_it():
    text = f"{FIRST}\n\n{SECOND}\n\nLeave a Reply\n\nYour email address will not be published.\n\n{FIRST}"
    assert reasons(text) == [(text[text.index("Leave") :], "comments")]


def test_a_comment_link_above_the_text_takes_only_itself():
    text = f"3 Comments\n\n{FIRST}\n\n{SECOND}"
    assert FIRST not in "".join(t for t, _ in reasons(text))


def test_headlines_below_a_list_heading_go_with_it_until_the_next_sentence():
    text = f"{FIRST}\n\nREAD NEXT\n\nHow to bake bread in Arnor\n\nTen museums of Gondor to see\n\n{SECOND}"
    assert reasons(text) == [("READ NEXT\n\nHow to bake bread in Arnor\n\nTen museums of Gondor to see", "more")]


def test_a_link_in_capitals_is_dropped_from_a_text_in_mixed_case_only():
    link = "GONDOR CARRIES OUT AIR STRIKES IN ARNOR"
    assert reasons(f"{FIRST}\n{link}\n{SECOND}") == [(link, "more")]
    assert reasons(f"{FIRST.upper()}\n{link}\n{SECOND.upper()}") == []


def test_the_lines_of_a_wrapped_paragraph_are_never_dropped():
    text = "Gondor shelled two villages of Arnor on Monday, said its\nministry of war in a longer text with its\nphoto"
    assert reasons(text) == []


def test_lines_that_a_publisher_repeats_are_boilerplate():
    text = f"{FIRST}\nThe Gondor Herald brings you the world.\n{SECOND}"
    assert cleaning.dropped(text, {"The Gondor Herald brings you the world."})[0].reason == "boilerplate"


def test_runs_lie_in_order_inside_the_text():
    text = f"  {FIRST}\n \n  Advertisement  \nADVERTISEMENT\n\n{SECOND}\nReuters"
    runs = cleaning.dropped(text)
    assert [text[r.start : r.end] for r in runs] == ["Advertisement  \nADVERTISEMENT", "Reuters"]


def test_the_headline_stays_whatever_it_looks_like():
    text = f"Read more: Gondor shells Arnor\n\n{FIRST}\n\n{SECOND}"
    assert reasons(text) == [("Read more: Gondor shells Arnor", "more")]
    assert cleaning.dropped(text, title="Read More: Gondor shells Arnor") == []


@pytest.mark.parametrize(
    ("label", "credit"),
    [
        ("Image copyright Gondor News Image caption ", ""),
        ("Media playback is unsupported on your device Media caption ", ""),
        ("File photo: ", ""),
        ("", " (Photo: Odo Took, AP)"),
        ("", " Odo B. Took/EPA"),
        ("", " (Odo Took/Reuters)"),
        ("", " Photographer: Odo Took/Pool via Bloomberg"),
    ],
)
def test_of_a_caption_that_tells_something_only_label_and_credit_go(label, credit):
    told = "More than 5,000 people have been killed in the war between Gondor and Arnor."
    text = f"{FIRST}\n\n{label}{told}{credit}\n\n{SECOND}"
    dropped = "".join(text[d.start : d.end] for d in cleaning.dropped(text))
    assert dropped.strip() == (label + credit).strip()
