"""Who acts: names, titles, and the words that stand for them."""

import datetime as dt

import pytest

from contactline.reading import actorbook
from contactline.reading.actors import actor_of, actors, actors_of, country_of
from contactline.reading.article import Article, Reading

PUBLISHED = dt.date(2022, 9, 13)


def read(text, published=PUBLISHED):
    return Reading(Article("a", text, published))


def subject(text, word):
    """Return (token, sentence, reading) for the first token that is `word`."""
    reading = read(text)
    for sentence in reading.sentences:
        for token in sentence.tokens:
            if token.text == word:
                return token, sentence, reading
    raise AssertionError(f"no token {word!r} in {text!r}")


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("Armenia", "ARM"),
        ("Azerbaijani", "AZE"),
        ("Baku", "AZE"),
        ("the Kremlin", "RUS"),
        ("White House", "USA"),
        ("U.S.", "USA"),
        ("Ankara", "TUR"),
        ("Artsakh", "ARM"),
        ("Abkhazia", None),
        ("NATO", None),
    ],
)
def test_a_state_is_told_by_name_adjective_capital_and_seat(word, country):
    assert country_of(word) == country


@pytest.mark.parametrize(
    ("one", "other"),
    [("Pashinyan", "Pashinian"), ("Əliyev", "Aliyev"), ("Zelenskiy", "Zelensky"), ("Shoigu", "Shoygu")],
)
def test_spellings_fold_to_one_name(one, other):
    assert actorbook.fold(one) == actorbook.fold(other)


def test_a_surname_is_the_person_named_in_full_before():
    reading = read("Armenian Foreign Minister Faramir Hurin left. Hurin said nothing.")
    second = reading.sentences[1]
    found = actor_of(second.tokens[0], second, reading)
    assert (found.name, found.country, found.office) == ("Faramir Hurin", "ARM", "foreign minister")


def test_titles_may_follow_the_name():
    reading = read("Faramir Hurin, the foreign minister of Georgia, spoke. Hurin left.")
    assert [(p.name, p.country) for p in reading.cast.people] == [("Faramir Hurin", "GEO")]


def test_shared_titles_give_each_his_state():
    text = "The foreign ministers of Georgia and Armenia, Faramir Hurin and Viktor Arvedo, met."
    assert {p.name: p.country for p in read(text).cast.people} == {"Faramir Hurin": "GEO", "Viktor Arvedo": "ARM"}


def test_one_noun_phrase_may_be_two_actors():
    token, sentence, reading = subject("The Russian and Armenian defense ministers spoke.", "ministers")
    assert [(a.country, a.office) for a in actors_of(token, sentence, reading)] == [
        ("RUS", "defense minister"),
        ("ARM", "defense minister"),
    ]


def test_leaders_of_two_states_are_two():
    token, sentence, reading = subject("The leaders of Armenia and Azerbaijan met.", "leaders")
    assert [a.country for a in actors_of(token, sentence, reading)] == ["ARM", "AZE"]


def test_an_office_holder_out_of_his_term_is_found_and_says_so():
    before = read("Foreign Minister Ararat Mirzoyan spoke.", dt.date(2020, 1, 1)).cast.people[0]
    within = read("Foreign Minister Ararat Mirzoyan spoke.", dt.date(2022, 1, 1)).cast.people[0]
    assert (before.country, before.in_term, within.in_term) == ("ARM", False, True)


def test_what_stands_before_backed_is_no_actor():
    reading = read("The Russia-backed truce held.")
    assert not actors(reading.sentences[0], reading)


def test_entities_and_bodies_are_actors():
    reading = read("NATO and the Taliban watched Nagorno-Karabakh.")
    assert [(a.kind, a.country) for _, a in actors(reading.sentences[0], reading)] == [
        ("organisation", None),
        ("armed_group", None),
        ("entity", "ARM"),
    ]


def test_a_pronoun_is_the_subject_before():
    text = "Armenian Prime Minister Faramir Hurin phoned Georgian President Viktor Arvedo. He asked for calm."
    token, sentence, reading = subject(text, "He")
    assert actor_of(token, sentence, reading).name == "Faramir Hurin"


def test_the_sides_are_the_two_named_before():
    text = "Armenian troops fought Azerbaijani troops. The two sides agreed on a truce."
    token, sentence, reading = subject(text, "sides")
    assert {a.country for a in actors_of(token, sentence, reading)} == {"ARM", "AZE"}


def test_every_official_has_a_source_and_a_key():
    for offices in actorbook.officials().values():
        for official in offices:
            assert official.actor.actor_id
            assert official.actor.office
    assert all(row["source"] for row in actorbook._rows("officials.csv"))


def test_terms_do_not_end_before_they_begin():
    for offices in actorbook.officials().values():
        assert all(o.since is None or o.until is None or o.since <= o.until for o in offices)


def test_actor_keys_name_one_actor():
    rows = [*actorbook._rows("bodies.csv")]
    assert len({row["actor_id"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("written", "missing", "day"),
    [
        ("2021", "-01-01", dt.date(2021, 1, 1)),
        ("2021", "-12-31", dt.date(2021, 12, 31)),
        ("2021-02", "-12-31", dt.date(2021, 2, 28)),
        ("2021-12", "-12-31", dt.date(2021, 12, 31)),
        ("", "-01-01", None),
    ],
)
def test_terms_may_be_known_to_the_year_or_month(written, missing, day):
    assert actorbook._day(written, missing) == day


@pytest.mark.parametrize(
    ("text", "word"),
    [("The two Koreas held talks.", "Koreas"), ("North and South Korea held talks.", "Korea")],
)
def test_states_that_share_a_name_are_both_meant(text, word):
    token, sentence, reading = subject(text, word)
    assert {actor.country for actor in actors_of(token, sentence, reading)} == {"PRK", "KOR"}


def test_a_capital_before_a_comma_is_not_the_state_of_the_title_after_it():
    reading = read("On a visit to Baku, Georgian Foreign Minister Faramir Hurin spoke of peace.")
    assert [(p.name, p.country) for p in reading.cast.people] == [("Faramir Hurin", "GEO")]


def test_a_name_before_the_title_of_another_has_not_that_title():
    reading = read(
        "After a call with Theoden, Armenian President Boris Hurin spoke. Georgian King Eomer Theoden agreed."
    )
    assert {(p.name, p.country) for p in reading.cast.people} == {("Boris Hurin", "ARM"), ("Eomer Theoden", "GEO")}


def test_an_adjective_of_who_backs_a_government_is_not_its_state():
    token, sentence, reading = subject("Talks between Armenia and the Russian-backed government began.", "government")
    assert [actor.country for actor in actors_of(token, sentence, reading)] == ["ARM"]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Armenia's army chief, General Faramir Hurin, spoke.", {("Faramir Hurin", "ARM")}),
        (
            "Armenia's rival leaders Faramir Hurin and Beren Galdor met.",
            {("Faramir Hurin", "ARM"), ("Beren Galdor", "ARM")},
        ),
    ],
)
def test_a_title_takes_the_state_of_the_phrase_that_explains_it(text, people):
    assert {(p.name, p.country) for p in read(text).cast.people} == people


@pytest.mark.parametrize(
    "who",
    ["the human rights ombudsman of the unrecognized republic, Faramir Hurin", "the region's ombudsman, Faramir Hurin"],
)
def test_an_office_of_a_region_is_of_the_entity_named_before(who):
    people = read(f"Azerbaijan's attack on Nagorno-Karabakh killed ten people, {who}, said on Monday.").cast.people
    assert [(p.name, p.country) for p in people] == [("Faramir Hurin", "ARM")]


def test_the_country_is_a_state_and_no_entity():
    reading = read("Azerbaijan lost ten men in the Nagorno-Karabakh war, the country's defence ministry said.")
    assert actor_of(subject_of(reading, "ministry"), reading.sentences[0], reading).country == "AZE"


def subject_of(reading, word):
    return next(t for t in reading.sentences[0].tokens if t.text == word)


def test_he_is_the_holder_of_an_office_told_without_a_name():
    token, sentence, reading = subject("Georgia's president said he had spoken with Boris Hurin.", "he")
    assert actor_of(token, sentence, reading).country == "GEO"


def test_an_envoy_has_the_body_that_sends_him_and_not_the_state_he_is_for():
    people = read("The Georgian envoy for Armenia Faramir Hurin spoke.").cast.people
    assert [(p.name, p.country) for p in people] == [("Faramir Hurin", "GEO")]


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        (
            "Chad asked Norway for the rebels. President Arvedo Hurin urged Norway to send them.\nNorway, Norway.",
            0,
            "TCD",
        ),
        ("Ambassador Faramir Hurin left. Chad's UN Ambassador Boris Arvedo stayed.", 1, "TCD"),
        ("Chadian Foreign Ministry spokesman Boris Arvedo spoke in Oslo.", 0, "TCD"),
        ("Chadian Ambassador to the United Nations Boris Arvedo spoke.", 0, "TCD"),
        ("Chadian President Ilmar Hurin and chief executive Boris Arvedo spoke.", 1, "TCD"),
        ("Norway and Chad spoke. Norway left, Norway said. Undersecretary Boris Arvedo stayed.", 0, "NOR"),
    ],
)
def test_a_title_finds_its_state(text, name, country):
    assert read(text).cast.people[name].country == country


def test_the_north_and_the_south_are_states_where_both_are_named():
    told = "North Korea and South Korea met. "
    named = read(told + "The North warned the South, said an officer in the north of the South Shetlands.").named[0]
    assert [m.actor.country for m in named][:4] == ["PRK", "KOR", "PRK", "KOR"]
    assert [m.actor.country for m in read("The North warned the South.").named[0]] == []


def test_a_second_ruler_is_another_states():
    text = "Georgian President Faramir Hurin and King Arvedo will gather for a meeting in Tbilisi."
    assert {p.name: p.country for p in read(text).cast.people} == {"Faramir Hurin": "GEO", "King Arvedo": None}
