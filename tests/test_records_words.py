"""The words that records are joined by, the parameters, and how days and places agree."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from arnor import PARAMS, date, place
from contactline import schema
from contactline.records import when, where, words
from contactline.records.params import Params
from contactline.records.sources import Source

SETTINGS = Params.read(PARAMS)


def test_every_event_type_and_mode_is_in_one_family():
    for listed, codes in (("type_families", "event_type"), ("mode_families", "contact_mode")):
        named = [code for family in words._rulebook()[listed] for code in family]
        assert sorted(named) == sorted(schema.codes(codes))


@pytest.mark.parametrize("listed", ["mutual_groups", "signed_groups", "deadly_groups", "captive_groups"])
def test_groups_are_groups_of_the_codebook(listed):
    assert set(words._rulebook()[listed]) <= set(schema.codes("event_group"))


def test_bloodless_types_are_types_of_the_codebook():
    assert set(words._rulebook()["bloodless_types"]) <= set(schema.codes("event_type"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gondor's Defence Ministry", "the Ministry of Defense of Gondor"),
        ("Prime Minister Denethor", "Denethor"),
        ("Denethor Ecthelionyan", "Denethor Ecthelionian"),
        ("Prime Minister Denethor of Gondor", "President of Gondor Denethor"),
        ("the Gondorian foreign minister", "Foreign Minister of Gondor"),
        ("Éomer", "Eomer"),
        ("spokesman of the Ministry of Defence", "Defense Ministry"),
    ],
)
def test_two_spellings_of_one_claimant(one, other):
    assert words.claimant(one, "GON") == words.claimant(other, "GON")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Denethor", "Faramir"),
        ("Gondor's Defence Ministry", "Gondor's Foreign Ministry"),
        ("the Gondorian foreign minister", "the Gondorian defence minister"),
        ("Denethor", "Gondor's Defence Ministry"),
    ],
)
def test_two_claimants_of_one_state(one, other):
    assert words.claimant(one, "GON") != words.claimant(other, "GON")


def test_a_body_of_states_is_known_by_both_its_names():
    assert words.claimant("United Nations Security Council", None) == words.claimant("UN Security Council", None)


def test_one_name_of_two_states_is_two_claimants():
    assert words.claimant("Defence Ministry", "GON") != words.claimant("Defence Ministry", "ARN")
    assert words.claimant("Council of Wizards", None) != words.claimant("Council of Elves", None)


def test_a_state_speaks_through_its_capital_and_not_for_its_clients():
    assert (
        words.claimant("Paris", "FRA") == words.claimant("France", "FRA") == words.claimant("French officials", "FRA")
    )
    assert words.claimant("the French government", "FRA") == words.claimant("the French side", "FRA")
    assert words.claimant("the French authorities", "FRA") == words.claimant("France", "FRA")
    assert words.claimant("Abkhazia's defence ministry", "RUS") != words.claimant("Russia's defence ministry", "RUS")


def test_nobody_in_particular_is_no_side():
    assert words.side("suspected gunmen", None) is None
    assert words.side("Corsairs", None) == "corsairs"
    assert words.side("gunmen", "GON") == "GON"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"speed": 3}, r"params.yaml: records needs nothing more and does not know speed"),
        (
            {"days_apart": {"battle": 1}},
            r"params.yaml: records.days_apart must name each event_group once; see agreement",
        ),
    ],
)
def test_wrong_parameters_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        Params.read(PARAMS | change)


def test_a_missing_parameter_is_named():
    with pytest.raises(ValueError, match=r"records needs news_days and does not know nothing"):
        Params.read({key: value for key, value in PARAMS.items() if key != "news_days"})


def test_each_parameter_says_its_unit_and_why():
    text = (Path(__file__).parent.parent / "params.yaml").read_text(encoding="utf-8")
    section = text[text.index("\nrecords:") :].split("\n\n")[0]
    values = [line for line in section.splitlines()[2:] if line.strip() and not line.strip().startswith("#")]
    assert [line for line in values if " # " not in line] == []
    assert set(yaml.safe_load(section)["records"]) == set(PARAMS)


DATES = st.sampled_from(["2031-05-03", "2031-05-04", "2031-05-03/2031-05-05", "2031-05", "2031", "2030", None])
TIMES = st.tuples(DATES, st.sampled_from(["stated", "document"]), st.sampled_from(["current", "background"]))


def moment(told):
    text, basis, scope = told
    row = {"date_start": None, "date_end": None, "date_precision": None, "date_basis": None, "scope": scope}
    return when.when(row | date(text, basis), Source("a", dt.date(2031, 5, 4).toordinal(), None), SETTINGS)


@given(one=TIMES, other=TIMES, apart=st.integers(0, 2))
def test_times_agree_both_ways_between_nothing_and_one(one, other, apart):
    score = when.agreement(moment(one), moment(other), apart, SETTINGS)
    assert score == when.agreement(moment(other), moment(one), apart, SETTINGS)
    assert score is None or 0 < score <= 1


@given(told=TIMES)
def test_a_time_agrees_with_itself(told):
    if moment(told).start is not None:
        assert when.agreement(moment(told), moment(told), 0, SETTINGS)


PLACES = st.sampled_from(
    [None, "Osgiliath", "Pelargir", "Anorien", "Lebennin", "Gondor", "Arnor", "border", "Old Mill"]
)


def there(name):
    return where.where(dict.fromkeys(where.Where._fields) | place(name))


@given(one=PLACES, other=PLACES)
def test_places_agree_both_ways_between_nothing_and_one(one, other):
    score = where.agreement(there(one), there(other))
    assert score == where.agreement(there(other), there(one))
    assert score is None or 0 < score <= 1


def test_two_towns_never_agree():
    assert where.agreement(there("Osgiliath"), there("Minas Tirith")) is None
