import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactline.records import folds
from contactline.records.folds import Claim, Figure, acled, figures, ibc, ucdp

VOICES = sorted(folds.VOICES)


def claim(low, high=None, victims="ARN", status="military", voice="own_side", day=1, by=("Red Book",), harm="killed"):
    return Claim(harm, low, high, victims, status, voice, day, frozenset(by))


@st.composite
def claims(draw):
    low = draw(st.none() | st.integers(0, 500))
    high = draw(st.none() | st.integers(low or 0, 700))
    return Claim(
        draw(st.sampled_from(["killed", "wounded", "missing"])),
        low,
        high,
        draw(st.sampled_from([None, "ARN", "GON", "Corsairs"])),
        draw(st.sampled_from(["military", "civilian", "unknown"])),
        draw(st.sampled_from(VOICES)),
        draw(st.none() | st.integers(1, 30)),
        frozenset(draw(st.sets(st.sampled_from(["Red Book", "Blue Book", "Green Book"])))),
    )


SOME = st.lists(claims(), max_size=12)
EACH = pytest.mark.parametrize("fold", sorted(folds.FOLDS))


def test_ucdp_believes_a_side_on_its_own_losses():
    said = [claim(49), claim(300, voice="other_side"), claim(60, voice="third_party")]
    assert ucdp(said) == Figure(49, 49, 300)


def test_ucdp_believes_a_third_party_before_the_adversary():
    assert ucdp([claim(300, voice="other_side", day=9), claim(60, voice="third_party")]) == Figure(60, 60, 300)


def test_ucdp_believes_the_adversary_where_nobody_else_speaks():
    assert ucdp([claim(300, voice="other_side")]) == Figure(300, 300, 300)


def test_the_latest_of_one_voice_counts():
    assert ucdp([claim(49, day=1), claim(105, day=2)]) == Figure(105, 105, 105)
    assert ucdp([claim(105, day=1), claim(49, day=2)]) == Figure(49, 49, 105)
    assert acled([claim(49, day=1), claim(105, day=2)]) == Figure(105, 105, 105)


def test_up_to_thirty_bounds_the_figure_and_gives_none():
    assert ucdp([claim(None, 30)]) == Figure(None, None, 30)
    assert acled([claim(None, 30)]) == Figure()


def test_a_range_gives_its_bounds():
    assert ucdp([claim(40, 50)]) == Figure(40, 40, 50)


def test_acled_takes_the_lowest_of_what_each_voice_gave_last():
    assert acled([claim(49), claim(105), claim(70, voice="narrator"), claim(7, victims=None, day=0)]) == Figure(
        49, 49, 49
    )


def test_acled_leaves_vague_words_empty():
    assert acled([claim(None)]) == Figure()


def test_ibc_wants_two_publishers():
    assert ibc([claim(49, by=["Red Book"]), claim(49, voice="narrator", by=["Red Book"])]) == Figure(high=49)
    assert ibc([claim(49, by=["Red Book"]), claim(60, by=["Blue Book"])]) == Figure(49, 49, 60)
    assert ibc([claim(49, by=["Red Book", "Blue Book"])]) == Figure(49, 49, 49)


def test_sides_and_civilians_add_up():
    found = figures([claim(49), claim(7, victims="GON"), claim(3, status="civilian")], "ARN", "GON")
    assert [found[f"deaths_{part}"] for part in ("a", "b", "civilians", "unknown", "best")] == [49, 7, 3, None, 59]


def test_a_total_counts_by_what_it_exceeds_its_parts():
    parts = [claim(49), claim(7, victims="GON")]
    assert figures([*parts, claim(60, victims=None, status="unknown")], "ARN", "GON")["deaths_unknown"] == 4
    assert figures([*parts, claim(50, victims=None, status="unknown")], "ARN", "GON")["deaths_best"] == 56


def test_a_sides_dead_of_unknown_status_are_not_its_soldiers_again():
    found = figures([claim(49), claim(52, status="unknown")], "ARN", "GON")
    assert (found["deaths_a"], found["deaths_unknown"], found["deaths_best"]) == (49, 3, 52)


def test_no_claim_is_no_figure_and_not_zero():
    assert set(figures([], "ARN", "GON").values()) == {None}


def test_wounded_are_counted_apart_and_not_at_all_by_acled():
    said = [claim(49), claim(100, harm="wounded")]
    assert figures(said, "ARN", "GON")["wounded_best"] == 100
    assert figures(said, "ARN", "GON", "acled")["wounded_best"] is None


def test_an_unknown_fold_is_refused_by_name():
    with pytest.raises(ValueError, match=r"no fold 'median'; the folds are ucdp, acled, ibc"):
        figures([], None, None, "median")


@EACH
@settings(max_examples=40)
@given(said=SOME)
def test_low_best_and_high_are_in_order(fold, said):
    found = figures(said, "ARN", "GON", fold)
    for what in ("deaths", "wounded"):
        low, best, high = (found[f"{what}_{part}"] for part in ("low", "best", "high"))
        assert (low is None) == (best is None)
        assert best is None or low <= best <= high


@EACH
@settings(max_examples=40)
@given(said=SOME)
def test_best_is_the_sum_of_the_parts(fold, said):
    found = figures(said, "ARN", "GON", fold)
    parts = [found[f"deaths_{part}"] for part in ("a", "b", "civilians", "unknown")]
    if found["deaths_best"] is not None:
        assert sum(part or 0 for part in parts) == found["deaths_best"]
    assert all(part is None or part >= 0 for part in parts)


@EACH
@settings(max_examples=40)
@given(said=SOME, seed=st.randoms(use_true_random=False))
def test_the_order_of_the_claims_does_not_matter(fold, said, seed):
    shuffled = list(said)
    seed.shuffle(shuffled)
    assert figures(said, "ARN", "GON", fold) == figures(shuffled, "ARN", "GON", fold)


@EACH
@settings(max_examples=40)
@given(said=SOME, more=claims())
def test_another_claim_never_takes_the_figure_away(fold, said, more):
    before, after = figures(said, "ARN", "GON", fold), figures([*said, more], "ARN", "GON", fold)
    assert before["deaths_best"] is None or after["deaths_best"] is not None


@settings(max_examples=40)
@given(said=SOME, more=claims())
def test_the_highest_figure_never_falls(said, more):
    before, after = figures(said, "ARN", "GON"), figures([*said, more], "ARN", "GON")
    assert before["deaths_high"] is None or after["deaths_high"] >= before["deaths_high"]
