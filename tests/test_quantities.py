import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactline.reading.quantities import find, number, quantity


@pytest.mark.parametrize(
    ("phrase", "low", "high", "kind"),
    [
        ("49", 49, 49, "exact"),
        ("6,500 soldiers", 6500, 6500, "exact"),
        ("6 500 soldiers", 6500, 6500, "exact"),
        ("twenty-five riders", 25, 25, "exact"),
        ("thirty one riders", 31, 31, "exact"),
        ("about 32, 600 riders", 32600, 32600, "approx"),
        ("32, 000 riders", 32000, 32000, "exact"),
        ("half a million riders", 500_000, 500_000, "exact"),
        ("one hundred and twenty-three", 123, 123, "exact"),
        ("two million", 2_000_000, 2_000_000, "exact"),
        ("1.2 million people", 1_200_000, 1_200_000, "exact"),
        ("a soldier", 1, 1, "exact"),
        ("an airman", 1, 1, "exact"),
        ("another rider", 1, 1, "exact"),
        ("the couple", 2, 2, "exact"),
        ("both men", 2, 2, "exact"),
        ("half a dozen riders", 6, 6, "exact"),
        ("a dozen", 12, 12, "exact"),
        ("two dozen", 24, 24, "exact"),
        ("at least 49", 49, None, "at_least"),
        ("At Least 49 Soldiers", 49, None, "at_least"),
        ("no fewer than nine", 9, None, "at_least"),
        ("20 or more", 20, None, "at_least"),
        ("30+", 30, None, "at_least"),
        ("more than 6,500", 6501, None, "more_than"),
        ("more than a dozen", 13, None, "more_than"),
        ("over 1,000", 1001, None, "more_than"),
        ("up to 30", None, 30, "at_most"),
        ("as many as 15", None, 15, "at_most"),
        ("fewer than 30", None, 29, "at_most"),
        ("about 200", 200, 200, "approx"),
        ("nearly 70,000", 70000, 70000, "approx"),
        ("some 40", 40, 40, "approx"),
        ("20 or so", 20, 20, "approx"),
        ("between 40 and 50", 40, 50, "range"),
        ("40 to 50", 40, 50, "range"),
        ("40-50 riders", 40, 50, "range"),
        ("two or three", 2, 3, "range"),
        ("dozens of riders", None, None, "vague"),
        ("several hundred", None, None, "vague"),
        ("hundreds of thousands", None, None, "vague"),
        ("a number of riders", None, None, "vague"),
    ],
)
def test_a_count_phrase_has_bounds(phrase, low, high, kind):
    read = quantity(phrase)
    assert read is not None
    assert (read.low, read.high, read.kind) == (low, high, kind)


@pytest.mark.parametrize(
    "phrase", ["soldiers", "no riders", "20 percent", "$30", "T-72", "10:30", "the 22-year-old", "15 km", "3.5"]
)
def test_what_counts_no_persons_is_no_quantity(phrase):
    found = quantity(phrase)
    assert found is None


def test_expressions_are_found_where_they_stand():
    text = "Gondor lost at least 12 riders and more than 30 were wounded in 2 days."
    assert [text[a:b] for a, b, _ in find(text)] == ["at least 12", "more than 30"]


@given(st.integers(min_value=0, max_value=9_999_999))
def test_grouped_and_plain_figures_are_one_number(value):
    assert number(str(value)) == number(f"{value:,}") == value


@given(st.text(max_size=60))
def test_any_text_is_read_without_error_and_bounds_are_in_order(text):
    for start, end, read in find(text):
        assert 0 <= start < end <= len(text)
        assert read.low is None or read.high is None or read.low <= read.high
