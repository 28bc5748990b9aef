"""What the casualty coder reads. Every sentence stands in an article about a war between invented states."""

import datetime as dt

import pytest

from contactline.coding import casualties
from contactline.publish import gates
from contactline.reading import rulebook
from contactline.reading.article import Article, Reading

WAR = "Rebels and the army fought near the border as artillery shelled soldiers and missiles hit troops."
BOOK = rulebook.load("casualties")
ENTRIES = [*BOOK["verbs"], *BOOK["nominals"]]
HARMS = {"k": "killed", "w": "wounded", "m": "missing", "c": "captured"}


def rows(sentence, context=WAR):
    reading = Reading(Article("a", f"{sentence}\n\n{context}", dt.date(2022, 9, 20)))
    return [row for row in casualties.mentions(reading) if row["modality"] == "asserted"]


def claims(sentence):
    return sorted((row["harm"], row["count_low"], row["count_high"]) for row in rows(sentence))


def expected(notation):
    """Read "k12 w30-": killed 12, wounded at least 30; "-30" is up to 30, "v" is no figure."""
    found = []
    for word in notation.split():
        low, _, high = word[1:].partition("-")
        if low == "v":
            found.append((HARMS[word[0]], None, None))
        elif "-" in word:
            found.append((HARMS[word[0]], int(low) if low else None, int(high) if high else None))
        else:
            found.append((HARMS[word[0]], int(low), int(low)))
    return sorted(found)


@pytest.mark.parametrize(("rule_id", "sentence"), [(e["id"], s) for e in ENTRIES for s in e["codes"]])
def test_a_rule_codes_its_own_examples(rule_id, sentence):
    rules = {rule for row in rows(sentence) for rule in row["rule_id"].split("+")}
    assert rule_id in rules, f"{sorted(rules)} on: {sentence}"


@pytest.mark.parametrize(("rule_id", "sentence"), [(e["id"], s) for e in ENTRIES for s in e["ignores"]])
def test_a_rule_ignores_what_is_none_of_its_own(rule_id, sentence):
    assert not [row for row in rows(sentence) if rule_id in row["rule_id"].split("+")], sentence


@pytest.mark.parametrize(
    ("sentence", "notation"),
    [
        ("Gondor's Defense Ministry said 71 of its servicemen had been killed in the clashes.", "k71"),
        ("The death toll has risen to 105, the steward told lawmakers.", "k105"),
        ("The number of soldiers killed rose from 49 to 105.", "k105"),
        ("Arnor's death toll climbed from 49 to 105 on Wednesday.", "k105"),
        ("Gondor put its losses at 50 soldiers.", "k50"),
        ("Six servicemen were taken prisoner.", "c6"),
        ("Gondor returned the bodies of 32 soldiers of Arnor.", "k32"),
        ("Arnor handed over 15 captives.", "c15"),
        ("Twenty-five soldiers remain unaccounted for.", "m25"),
        ("The whereabouts of 20 soldiers are unknown.", "m20"),
        ("One soldier was fatally wounded by sniper fire.", "k1"),
        ("Four soldiers sustained gunshot wounds.", "w4"),
        ("Thirteen civilians, including three children, were killed and more than 50 injured in Pelargir.", "k13 w51-"),
        ("Missiles hit a residential area, killing at least 12 people and injuring 40.", "k12- w40"),
        ("The blast left at least 30 people dead and dozens wounded.", "k30- wv"),
        ("At least 30 dead, 50 wounded in Pelargir blast", "k30- w50"),
        ("Death toll in Pelargir clashes passes 500", "k501-"),
        ("The conflict has cost at least 13,000 lives.", "k13000-"),
        ("The war has claimed the lives of over 10,000 civilians.", "k10001-"),
        ("Some 300 fighters lost their lives in the battle.", "k300"),
        ("Troops shot dead two villagers in Pelargir.", "k2"),
        ("Two villagers were killed and a third critically wounded.", "k2 w1"),
        ("The rebels took about 240 people hostage on Monday.", "c240"),
        ("The two armies exchanged 95 prisoners of war.", "c95"),
        ("A colonel and two soldiers were killed in the face-off.", "k1 k2"),
        ("The attack claimed 17 lives.", "k17"),
        ("Arnor lost contact with 24 of its soldiers after the clash.", "m24"),
        ("Four reporters were detained by rebels.", "c4"),
        ("Six of the hostages escaped on Tuesday.", "c6"),
        ("Rebels stormed a hotel, taking dozens of guests hostage.", "cv"),
        ("Forty-three people were taken to hospital after the bombing.", "w43"),
        ("The remains of 40 people were found in a mass grave.", "k40"),
        ("Medics reported 14 dead and 52 injured from the strikes.", "k14 w52"),
        ("The steward put the rebel losses at 100 killed and 200 wounded.", "k100 w200"),
        ("The strike killed at least 20 and wounded over 100, police said.", "k20- w101-"),
        ("A total of 328 rebels have been killed.", "k328"),
        ("The army said 73 people, 40 of them soldiers, had been killed.", "k73 k40"),
        ("Nine people, among them three children and a woman, were killed.", "k9"),
        ("Masked men executed six captured soldiers.", "k6"),
        ("Four soldiers were lost and six injured.", "k4 w6"),
        ("A woman was killed in the ford.\n\nAnother woman was killed on the hill.", "k1 k1"),
        ("Two soldiers died.\n\nA villager was shot dead.\n\nThe attacker also died.", "k2 k1 k1"),
        ("Another blast killed one, raising to 17 the number of soldiers killed.", "k1 k17"),
        ("Arrows killed a man and his 9-year-old son.", "k1 k1"),
        ("Arnor said 207 of its soldiers were killed or missing.", "k-207 m-207"),
        ("Some 207 soldiers had been killed or were missing.", "k-207 m-207"),
        ("Clashes left 10 soldiers dead on the northern side and 24 on the southern side.", "k10 k24"),
        ("Among the dead were two journalists.", "k2"),
        ("Fifty-five fighters were among the dead, the monitors said.", "k55"),
        ("At least 37 people, most of them women and children, died in the raid.", "k37-"),
        ("A mother and her two children died in the shelling.", "k1 k2"),
        ("The couple were killed when a rocket hit their house.", "k2"),
        ("Half a dozen soldiers were wounded.", "w6"),
        ("Up to 30 militants were killed.", "k-30"),
        ("Between 40 and 50 fighters were killed.", "k40-50"),
        ("It brings to 12 the number of soldiers killed this week.", "k12"),
        ("The raid resulted in 11 deaths.", "k11"),
        ("Nine people - seven villagers and two soldiers - were killed.", "k9 k7 k2"),
        ("Nine prisoners of war are in Gondorian hands, Arnor said.", "c9"),
    ],
)
def test_a_claim_is_read(sentence, notation):
    assert claims(sentence) == expected(notation)


@pytest.mark.parametrize(
    "sentence",
    [
        "No one was injured in the attack.",
        "There were no casualties.",
        "There were no immediate reports of casualties.",
        "The ministry denied that any of its soldiers had been killed.",
        "He warned that thousands could die.",
        "The rebels killed the deal.",
        "How many soldiers died is not known.",
        "How many soldiers were killed?",
        "Arnor lost three tanks and 40 trucks.",
    ],
)
def test_what_is_no_claim_makes_no_row(sentence):
    assert claims(sentence) == []


def test_what_is_denied_is_kept_as_denied():
    reading = Reading(Article("a", f"Gondor denied that three of its soldiers were killed.\n\n{WAR}"))
    assert {row["modality"] for row in casualties.mentions(reading)} == {"denied"}


def test_disasters_and_sport_make_no_row():
    quake = (
        "The earthquake shook the coast on Monday. Rescuers searched the rubble after the quake and its aftershocks."
    )
    assert rows("The earthquake killed 40 people and injured 300.", quake) == []
    meteor = "Rescue crews searched the ruins. Soldiers handed out tents after the meteor fell."
    assert rows("A meteor injured about 1,000 people with the force of an atomic bomb.", meteor) == []
    assert rows("The home side lost 40 to 30 in the final match.", "The league named its champion.") == []


def test_the_same_claim_said_again_is_one_row_with_the_fullest_reading():
    text = "At least 49 soldiers were killed on Tuesday.\n\nThe steward said 49 soldiers were killed."
    found = rows(text)
    assert len(found) == 1
    assert (found[0]["count_low"], found[0]["count_high"], found[0]["count_kind"]) == (49, None, "at_least")
    assert found[0]["claimant"] is not None


def test_another_figure_is_another_claim():
    assert len(rows("The army said 49 soldiers were killed.\n\nThe rebels said 80 soldiers were killed.")) == 2


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Nine soldiers were killed.", "military"),
        ("Nine rebel fighters were killed.", "military"),
        ("Nine villagers were killed.", "civilian"),
        ("Nine people were killed.", "unknown"),
        ("Nine policemen were killed.", "unknown"),
        ("Nine of its servicemen were killed.", "military"),
    ],
)
def test_the_status_of_victims(sentence, status):
    assert [row["victim_status"] for row in rows(sentence)] == [status]


@pytest.mark.parametrize(
    ("sentence", "countries"),
    [
        ("Two Latvian and three Estonian soldiers were killed.", ["LVA", "EST"]),
        ("At least one Latvian and two Estonian soldiers were killed.", ["LVA", "EST"]),
        ("Latvia said three of its soldiers were killed.", ["LVA"]),
        ("Latvia lost 40 soldiers.", ["LVA"]),
        ("Nine soldiers from Latvia were wounded.", ["LVA"]),
    ],
)
def test_the_side_of_victims(sentence, countries):
    assert [row["victim_country"] for row in rows(sentence)] == countries


@pytest.mark.parametrize(
    ("sentence", "countries"),
    [
        ("Nineteen civilians have lost their lives in Artsakh since the war began.", ["ARM"]),
        ("Fighting in Nagorno-Karabakh killed 20 civilians.", ["ARM"]),
        ("The ombudsman of Artsakh said 20 people were killed in the attack.", ["ARM"]),
        ("Three Azerbaijani civilians were killed in Nagorno-Karabakh.", ["AZE"]),
        ("Five people died in Nagorno-Karabakh in a battle of Azerbaijani and Armenian forces.", [None]),
        ("Some 5,000 people were killed in the war over Nagorno-Karabakh.", [None]),
        ("The Azerbaijani ministry said Armenian shelling of the town killed one person.", ["AZE"]),
    ],
)
def test_the_people_of_a_contested_land_are_their_own_side(sentence, countries):
    war = "Armenia and Azerbaijan fought on. Armenian and Azerbaijani troops stayed; Russia and Russian envoys waited."
    assert [row["victim_country"] for row in rows(sentence, war + " " + WAR)] == countries


def test_a_second_figure_under_one_verb_is_the_second_speakers():
    found = rows(
        "Latvia said it lost at least 49 soldiers and Estonia that it lost 50.", "Estonia fought Latvia. " + WAR
    )
    told = [(row["count_low"], row["victim_country"], row["claimant_country"]) for row in found]
    assert told == [(49, "LVA", "LVA"), (50, "EST", "EST")]


def test_a_second_figure_without_a_verb_is_the_second_speakers():
    found = rows("Latvia reported the deaths of 49 soldiers, Estonia of 50.", "Estonia fought Latvia. " + WAR)
    assert [(row["count_low"], row["victim_country"], row["attribution"]) for row in found] == [
        (49, "LVA", "own_side"),
        (50, "EST", "own_side"),
    ]


def test_a_figure_for_two_states_is_of_neither():
    assert [row["victim_country"] for row in rows("At least 176 soldiers of Latvia and Estonia have died.")] == [None]


@pytest.mark.parametrize(
    "sentence",
    [
        "At least 280 soldiers from both sides died on the border of Latvia.",
        "Both sides suffered heavy losses in Latvia.",
        "The attack killed nine people in Latvia, including five foreigners.",
        "The attack in Latvia killed nine people, including two Norwegian engineers.",
        "Three people died in Latvia, including the gunman.",
        "A missile hit an airliner over Latvia, killing all 176 people on board.",
    ],
)
def test_victims_of_several_sides_are_of_none(sentence):
    told = [row["victim_country"] for row in rows(sentence, "Latvia fought Estonia. " + WAR)]
    assert told[0] is None, told


def test_armed_men_of_a_people_without_a_state_are_a_group():
    found = rows("More than 150 Kurdish forces died in Latvia.", "Latvia fought Estonia. " + WAR)
    assert [(row["victim_country"], row["victim_group"]) for row in found] == [(None, "Kurdish forces")]


def test_whose_victim_somebody_is_holds_wherever_the_name_stands():
    text = "Jan Hurin was freed on Monday.\n\nRebels kidnapped Jan Hurin, a Latvian soldier, in Estonia."
    found = rows(text, "Estonia fought rebels. " + WAR)
    assert {(row["victim_country"], row["victim_status"]) for row in found} == {("LVA", "military")}


def test_a_headline_is_told_again_below_it():
    text = "Latvian sergeant killed in shelling\n\nA Latvian soldier was killed, Latvian minister Jan Hurin said."
    found = rows(text, "Estonia fought Latvia. " + WAR)
    assert [(row["count_low"], row["victim_country"], row["claimant"]) for row in found] == [(1, "LVA", "Jan Hurin")]


@pytest.mark.parametrize(
    ("sentence", "attribution"),
    [
        ("Latvia said 40 Estonian soldiers were killed.", "other_side"),
        ("The Latvian defense ministry said that Estonia lost 40 soldiers.", "other_side"),
        ("Latvia said 40 of its soldiers were killed.", "own_side"),
        ("Norway said 40 Estonian soldiers were killed.", "third_party"),
        ("Latvia said 40 Norwegian soldiers were killed.", "third_party"),
        ("Forty Estonian soldiers were killed.", "narrator"),
    ],
)
def test_where_the_claimant_stands_towards_the_victims(sentence, attribution):
    war = "Latvian and Estonian forces fought at the border. Estonia and Latvia each blamed the other for the fighting."
    assert [row["attribution"] for row in rows(sentence, war + " " + WAR)] == [attribution]


@pytest.mark.parametrize(
    ("sentence", "basis"),
    [
        ("Gondor has thus lost 673 men in the fighting with Arnor, which began on May 3.", "cumulative"),
        ("The number of its soldiers killed has reached 1,221, Gondor said.", "cumulative"),
        ("Gondor said that 44 more soldiers were killed in the fighting that began on May 3.", "incident"),
        ("Gondor said that 44 soldiers were killed on Monday.", "incident"),
    ],
)
def test_a_total_is_told_from_the_toll_of_a_day(sentence, basis):
    assert [row["basis"] for row in rows(sentence)] == [basis]


def test_spans_point_into_the_stored_text():
    text = "“For the moment, we have 49 [soldiers] killed,” he said.\n\n" + WAR
    row = next(iter(casualties.mentions(Reading(Article("a", text)))))
    assert text[row["span_start"] : row["span_end"]] == "49 [soldiers] killed"
    assert text[row["sentence_start"] : row["sentence_end"]] == text.split("\n")[0]


def test_the_words_of_a_claim_are_too_few_to_be_the_articles_own():
    for row in rows("Among the dead were 12 old men, seven young women and a small child of Gondor."):
        assert len(list(gates.runs(row["count_text"]))) == 0
    long = "dead were 12 old men, seven young women and a small child"
    assert casualties.SEVEN_WORDS.match(long).group() == "dead were 12 old men, seven young"


@pytest.mark.parametrize(
    ("sentence", "claimant"),
    [
        ("The army of Latvia said two soldiers died. It earlier spoke of 12 dead.", "Latvia"),
        ("RIGA - The Latvian Defence Ministry on Thursday put the number of its soldiers killed at 40.", "Latvian"),
        ("The Latvian Defence Ministry at first spoke of four wounded soldiers and of several killed.", "Latvian"),
    ],
)
def test_who_claims_is_found_where_the_parse_does_not_give_it(sentence, claimant):
    assert all(row["claimant"] and claimant in row["claimant"] for row in rows(sentence)), rows(sentence)


def test_what_raises_a_toll_is_no_speaker():
    found = rows("Two soldiers were killed in an air strike, raising to 17 the number of Latvian soldiers killed.")
    assert [row["claimant"] for row in found] == [None, None]


def test_a_further_figure_is_another_claim_though_it_is_the_same():
    found = rows("The shelling wounded 9 people, officials said. Another 9 were wounded at the ford, officials said.")
    assert [row["count_low"] for row in found if row["harm"] == "wounded"] == [9, 9]


def test_captives_are_of_the_side_that_gets_them_back():
    found = rows("Estonia and Latvia exchanged prisoners of war. Twelve captives were handed to Latvia by Estonia.")
    assert {row["victim_country"] for row in found if row["count_low"] == 12} == {"LVA"}
