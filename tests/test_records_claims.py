"""Claims: none is lost, updates form chains, and each is tied to the event it counts."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arnor import Corpus, day


def fighting():
    """The same fighting in three papers: the toll grows, and the other side speaks of its own losses."""
    made = Corpus().article("a1", "2031-05-03").article("a2", "2031-05-04", "Blue Book").article("a3", "2031-05-07")
    for article in ("a1", "a2", "a3"):
        made.event(article, where="border")
    made.claim("a1", 49, by="Prime Minister Aragorn").claim("a1", None, of="GON", by="Gondor", by_country="GON")
    made.claim("a2", 105, 105, by="Arnor's Defence Ministry", when="2031-05-03/2031-05-04", basis="cumulative")
    made.claim("a2", 71, 71, of="GON", by="Gondor's Defence Ministry", by_country="GON", when="2031-05-03/2031-05-04")
    return made.claim("a3", 135, 135, by="Aragorn", when="2031-05-03/2031-05-04", basis="cumulative")


def by_figure(tables):
    return {row["count_low"]: row for row in tables["casualties"]}


def test_a_growing_toll_is_one_chain_beside_the_other_sides_figure():
    tables = fighting().tables()
    (event,) = tables["events"]
    claims = by_figure(tables)
    assert {row["event_id"] for row in claims.values()} == {event["event_id"]}
    assert claims[135]["supersedes"] == claims[105]["casualty_id"]
    assert claims[105]["supersedes"] == claims[49]["casualty_id"]
    assert claims[49]["supersedes"] is None
    assert claims[71]["supersedes"] is None
    assert [str(claims[n]["reported_date"]) for n in (49, 105, 135)] == ["2031-05-03", "2031-05-04", "2031-05-07"]
    assert (event["deaths_a"], event["deaths_b"], event["deaths_best"]) == (135, 71, 206)


def test_daily_losses_of_a_long_war_are_no_growing_toll():
    made = Corpus()
    for n in range(3, 8):
        made.article(f"a{n}", f"2031-05-0{n + 1}").event(f"a{n}", where="Osgiliath", when=f"2031-05-0{n}")
        made.claim(f"a{n}", n, n, by="Aragorn", when=f"2031-05-0{n}", where="Osgiliath")
    assert {row["supersedes"] for row in made.tables()["casualties"]} == {None}


def test_a_side_that_updates_its_figure_updates_it_for_all_its_voices():
    made = Corpus().article("a0", "2031-05-03", "Green Book").claim("a0", 49, by="Arnor").event("a0", where="border")
    for article, published, low in (("a1", "2031-05-03", 49), ("a2", "2031-05-04", 105)):
        made.article(article, published).event(article, where="border").claim(article, low, by="Aragorn")
    (event,) = made.tables()["events"]
    assert (event["deaths_low"], event["deaths_best"]) == (105, 105)


def test_a_large_toll_dated_by_the_day_of_the_saying_is_updated():
    made = Corpus().article("a1", "2031-05-03").article("a2", "2031-05-05")
    made.claim("a1", 50, 50, by="Aragorn").claim("a2", 71, 71, by="Aragorn", when="2031-05-05")
    claims = by_figure(made.tables())
    assert claims[71]["supersedes"] == claims[50]["casualty_id"]


def test_one_incidents_dead_are_not_updated_by_the_wars_running_total():
    made = Corpus().article("a1", "2031-05-03").article("a2", "2031-05-12")
    made.claim("a1", 1, 1, by="Aragorn").claim("a2", 604, 604, by="Arnor", when="2031-05-01", basis="cumulative")
    assert {row["supersedes"] for row in made.tables()["casualties"]} == {None}


def test_civilians_are_not_updated_by_a_figure_of_everyone():
    made = Corpus().article("a1", "2031-05-03").article("a2", "2031-05-04")
    made.claim("a1", 5, victim_status="civilian", by="Aragorn").claim("a2", 50, victim_status="unknown", by="Aragorn")
    assert {row["supersedes"] for row in made.tables()["casualties"]} == {None}


def test_a_running_toll_does_not_fall():
    made = Corpus().article("a1", "2031-05-04").article("a2", "2031-05-05")
    made.claim("a1", 49, by="Aragorn").claim("a2", 4, by="Aragorn")
    assert {row["supersedes"] for row in made.tables()["casualties"]} == {None}


def test_a_claimant_corrects_a_figure_of_one_day_and_town_downwards():
    made = Corpus().article("a1", "2031-05-04").article("a2", "2031-05-05")
    made.claim("a1", 40, 40, by="Aragorn", where="Bree").claim("a2", 4, 4, by="Aragorn", where="Bree")
    claims = by_figure(made.tables())
    assert claims[4]["supersedes"] == claims[40]["casualty_id"]


def test_two_figures_of_one_day_stand_side_by_side():
    made = Corpus().article("a1").article("a2")
    made.claim("a1", 49, by="Aragorn").claim("a2", 51, by="Aragorn")
    assert {row["supersedes"] for row in made.tables()["casualties"]} == {None}


def test_the_narrators_of_two_papers_do_not_update_each_other():
    made = Corpus().article("a1", "2031-05-04").article("a2", "2031-05-05", "Blue Book").article("a3", "2031-05-06")
    made.claim("a1", 49).claim("a2", 60).claim("a3", 70)
    claims = by_figure(made.tables())
    assert claims[60]["supersedes"] is None
    assert claims[70]["supersedes"] == claims[49]["casualty_id"]


def test_a_wars_total_belongs_to_the_war_and_not_to_the_incident():
    made = Corpus().article("a1")
    made.event("a1", where="Osgiliath").event("a1", when="2030", scope="background")
    made.claim("a1", 2, 2, where="Osgiliath")
    made.claim("a1", 6501, of=None, when="2030", scope="background", basis="cumulative", victim_status="unknown")
    tables = made.tables()
    events = {str(row["date_start"]): row for row in tables["events"]}
    assert events["2031-05-03"]["deaths_best"] == 2
    assert events["2030-01-01"]["deaths_best"] == 6501


def test_a_wars_total_without_the_war_among_the_events_belongs_to_none():
    made = Corpus().article("a1").event("a1", where="Osgiliath")
    made.claim("a1", 6501, of=None, when="2030", scope="background", basis="cumulative")
    assert [row["event_id"] for row in made.tables()["casualties"]] == [None]


def test_a_toll_is_not_of_an_event_that_began_after_it_was_first_published():
    made = Corpus().article("a1", "2031-05-03").event("a1", where="border").claim("a1", 49, by="Aragorn")
    for n in (2, 3):
        made.article(f"a{n}", "2031-05-06").event(f"a{n}", where="border", when="2031-05-06")
        made.claim(f"a{n}", 135, by="Aragorn", when="2031-05-06")
    assert {str(row["date_start"]): row["deaths_best"] for row in made.tables()["events"]} == {
        "2031-05-03": 135,
        "2031-05-06": None,
    }


def test_the_dead_of_two_towns_belong_each_to_their_own():
    made = Corpus().article("a1")
    for town, dead in (("Osgiliath", 3), ("Pelargir", 5)):
        made.event("a1", what="remote", where=town).claim("a1", dead, dead, of="GON", where=town)
    assert {row["place_name"]: row["deaths_best"] for row in made.tables()["events"]} == {"Osgiliath": 3, "Pelargir": 5}


def test_a_claim_without_a_place_belongs_to_the_event_of_its_sentence():
    made = Corpus().article("a1")
    made.event("a1", what="remote", where="Osgiliath", at=0).event("a1", what="remote", where="Pelargir", at=500)
    made.claim("a1", 5, 5, of="GON", at=500)
    assert {row["place_name"]: row["deaths_best"] for row in made.tables()["events"]} == {
        "Osgiliath": None,
        "Pelargir": 5,
    }


def test_a_claim_whose_article_tells_no_event_belongs_to_the_only_one_that_fits():
    made = Corpus().article("a1").article("a2").event("a1", where="Anorien").claim("a2", 7, 7, where="Anorien")
    assert [row["deaths_best"] for row in made.tables()["events"]] == [7]
    made.article("a3").event("a3", where="Lebennin").claim("a2", 9, 9, of="ARN")
    tables = made.tables()
    assert {row["place_name"]: row["deaths_best"] for row in tables["events"]} == {"Anorien": 7, "Lebennin": None}
    assert by_figure(tables)[9]["event_id"] is None


def test_a_running_total_of_a_war_belongs_to_the_war_that_others_tell_of():
    made = Corpus().article("a1").event("a1", when="2031-04-01/2031-06-20", where="border").article("a2")
    made.claim("a2", 873, 873, when="2031-04-01/2031-05-03", basis="cumulative")
    assert [row["deaths_best"] for row in made.tables()["events"]] == [873]


def test_a_running_total_dated_by_the_wars_first_day_runs_until_it_was_told():
    made = Corpus().article("a1", "2031-05-20").article("a2", "2031-05-20")
    for article in ("a1", "a2"):
        made.event(article, when="2031-04-20/2031-06-20", where="border", scope="background")
    made.claim("a1", 873, 873, when="2031-05-01", basis="cumulative", scope="background")
    tables = made.tables()
    assert [row["deaths_best"] for row in tables["events"]] == [873]
    assert [str(row["date_end"]) for row in tables["casualties"]] == ["2031-05-20"]


def test_a_wars_running_total_is_not_the_days_it_was_told_on():
    made = Corpus()
    for article in ("a1", "a2"):
        made.article(article).event(article, when="2031-04-01/2031-06-20", where="border")
    made.article("a3").event("a3", where="border").claim("a3", 5, 5).claim("a3", 873, 873, basis="cumulative")
    assert {row["date_end"]: row["deaths_best"] for row in made.tables()["events"]} == {
        day("2031-06-20"): 873,
        day("2031-05-03"): 5,
    }


@pytest.mark.parametrize(("told", "of_the_war"), [("2031-07-30", True), ("2031-12-30", False)])
def test_what_is_summed_up_soon_after_a_war_is_the_wars_total(told, of_the_war):
    made = Corpus()
    for article in ("a1", "a2"):
        made.article(article, "2031-06-21").event(article, when="2031-04-01/2031-06-20", where="border")
    made.article("a3", told).event("a3", when=told, where="border")
    made.claim("a3", 2783, 2783, when=told, basis="cumulative")
    tolls = {str(row["date_end"]): row["deaths_best"] for row in made.tables()["events"]}
    assert tolls["2031-06-20"] == (2783 if of_the_war else None)


def test_a_large_toll_without_an_event_beside_it_belongs_to_the_fighting_that_by_far_the_most_tell():
    made = Corpus().article("a9").claim("a9", 192, 192, of="GON")
    for number, where in enumerate(("border", "border", "Anorien")):
        made.article(f"a{number}").event(f"a{number}", where=where)
    made.event("a2", where="Anorien", sides="MOR GON")
    (whole,) = [row for row in made.tables()["events"] if row["deaths_best"]]
    assert (whole["place_name"], whole["deaths_best"]) == ("Anorien", 192)


def test_a_headlines_toll_is_of_the_days_that_the_text_gives_it():
    made = Corpus().article("a1", "2031-05-20")
    made.claim("a1", 192, 192, when="2031-05-20", at=0).claim("a1", 192, 192, by="Aragorn", when="2031-05-03", at=100)
    made.claim("a1", 5, 5, when="2031-05-20", at=0).claim("a1", 5, 5, by="Aragorn", when="2031-05-04", at=200)
    dates = {(row["count_low"], row["claimant"]): str(row["date_start"]) for row in made.tables()["casualties"]}
    assert dates == {
        (192, None): "2031-05-03",
        (192, "Aragorn"): "2031-05-03",
        (5, None): "2031-05-20",
        (5, "Aragorn"): "2031-05-04",
    }


def test_totals_of_two_wars_in_one_breath_belong_to_neither():
    made = Corpus().article("a1").article("a2").event("a1", when="2030", scope="background", at=0)
    for dead in (30_000, 6501):
        made.claim("a1", dead, of=None, when="2030", scope="background", basis="cumulative", at=0)
    assert [row["event_id"] for row in made.tables()["casualties"]] == [None, None]
    made.event("a2", when="2030", scope="background")
    made.claim("a2", 6501, of=None, when="2030", scope="background", basis="cumulative")
    assert [row["deaths_best"] for row in made.tables()["events"]] == [6501]


def test_the_dead_do_not_belong_to_a_handover_in_peace():
    made = Corpus().article("a1")
    made.event("a1", what="territory", type="Non-violent transfer of territory", where="Anorien")
    made.claim("a1", 30, 30, of="GON", where="Anorien")
    assert [row["event_id"] for row in made.tables()["casualties"]] == [None]


def test_the_exchanged_belong_to_the_exchange_and_the_dead_do_not():
    made = Corpus().article("a1").event("a1", what="agreement", where="Bree")
    made.claim("a1", 12, 12, harm="captured", where="Bree").claim("a1", 3, 3, where="Bree")
    claims = by_figure(made.tables())
    assert claims[12]["event_id"] is not None
    assert claims[3]["event_id"] is None


def test_what_is_denied_counts_for_no_figure_and_is_kept():
    made = Corpus().article("a1").event("a1", where="Osgiliath").claim("a1", 7, modality="denied", where="Osgiliath")
    tables = made.tables()
    assert tables["events"][0]["deaths_best"] is None
    assert [row["modality"] for row in tables["casualties"]] == ["denied"]


CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "low": st.sampled_from([1, 2, 7, 49, 105]),
            "of": st.sampled_from(["ARN", "GON", None]),
            "by": st.sampled_from([None, "Aragorn", "Prime Minister Aragorn", "Arnor's Defence Ministry"]),
            "when": st.sampled_from([None, "2031-05-03", "2031-05-04", "2031-05-03/2031-05-05", "2031"]),
            "where": st.sampled_from([None, "Osgiliath", "Pelargir", "border"]),
            "basis": st.sampled_from(["incident", "cumulative"]),
            "scope": st.sampled_from(["current", "background"]),
        }
    ),
    min_size=1,
    max_size=8,
)


def told(claims, order=None):
    made = Corpus()
    numbers = list(range(len(claims)))
    if order:
        order.shuffle(numbers)
    for n in numbers:
        made.article(f"a{n}", f"2031-05-0{4 + n % 5}", f"Paper {n % 3}")
        made.event(f"a{n}", where=claims[n]["where"], when=claims[n]["when"]).claim(f"a{n}", **claims[n])
    return made


@settings(max_examples=40, deadline=None)
@given(claims=CLAIMS)
def test_no_claim_is_lost_in_any_merge(claims):
    tables = told(claims).tables()
    behind = [row for row in tables["evidence"] if row["record_table"] == "casualties"]
    assert sorted(row["article_id"] for row in behind) == [f"a{n}" for n in range(len(claims))]
    figures = {row["casualty_id"]: (row["count_low"], row["victim_country"]) for row in tables["casualties"]}
    for row in behind:
        said = claims[int(row["article_id"][1:])]
        assert figures[row["record_id"]] == (said["low"], said["of"])


@settings(max_examples=40, deadline=None)
@given(claims=CLAIMS)
def test_another_article_never_deletes_a_claim(claims):
    def kept(tables):
        return {(row["count_low"], row["victim_country"], row["claimant"] is None) for row in tables["casualties"]}

    assert kept(told(claims[:-1]).tables() if claims[1:] else {"casualties": []}) <= kept(told(claims).tables())


@settings(max_examples=40, deadline=None)
@given(claims=CLAIMS, seed=st.integers(0, 99))
def test_the_order_of_articles_does_not_matter(claims, seed):
    assert told(claims).tables() == told(claims, random.Random(seed)).tables()


@settings(max_examples=40, deadline=None)
@given(claims=CLAIMS)
def test_chains_run_forward_and_never_meet_themselves(claims):
    rows = {row["casualty_id"]: row for row in told(claims).tables()["casualties"]}
    for row in rows.values():
        if row["supersedes"]:
            before = rows[row["supersedes"]]
            assert before["reported_date"] < row["reported_date"]
            assert before["victim_country"] == row["victim_country"]


def test_reports_are_counted_by_article_and_by_publisher():
    made = Corpus()
    for n, publisher in enumerate(("Red Book", "Red Book", "Blue Book", None)):
        made.article(f"a{n}", f"2031-05-0{4 + n}", publisher).claim(f"a{n}", 7, 7, by="Aragorn")
    (row,) = made.tables()["casualties"]
    assert (row["article_count"], row["publisher_count"]) == (4, 2)
    assert (row["first_reported"], row["last_reported"]) == (day("2031-05-04"), day("2031-05-07"))
