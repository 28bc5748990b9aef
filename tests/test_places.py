import datetime as dt

import pytest

from contactline.reading import gazetteer, places
from contactline.reading.article import Article, Reading


def reading_of(text):
    return Reading(Article("a", text, dt.date(2022, 9, 14)))


def named(text):
    reading = reading_of(text)
    return [place for sentence in reading.sentences for _, place in places.places(sentence, reading)]


def governing(text, word, **options):
    reading = reading_of(text)
    for sentence in reading.sentences:
        for token in sentence.tokens:
            if token.text == word:
                return places.place_of(token, sentence, reading, **options)
    raise LookupError(word)


@pytest.mark.parametrize(
    ("text", "name", "country", "precision"),
    [
        ("Azerbaijan shelled the village of Sotk in the Gegharkunik region.", "Sotk", "ARM", 1),
        ("Armenian troops fought in Tavush province.", "Tavush province", "ARM", 4),
        ("Fighting went on around Stepanakert and in Shushi.", "Stepanakert", "AZE", 1),
        ("Armenian and Azerbaijani troops clashed along the Line of Contact.", "Line of Contact", "AZE", 5),
        ("Azerbaijan blocked the Lachin corridor.", "Lachin corridor", "AZE", 5),
        ("Armenian and Azerbaijani troops clashed on the border.", "Armenia-Azerbaijan border", None, 5),
        ("A soldier of Armenia was killed on the border with Azerbaijan.", "Armenia-Azerbaijan border", None, 5),
        ("Rockets hit southern Israel.", "southern Israel", "ISR", 5),
        ("Ten men were killed in northern Mali.", "northern Mali", "MLI", 5),
        ("Troops crossed into Armenia.", "Armenia", "ARM", 6),
        ("A ship was hit in the Red Sea.", "Red Sea", None, 7),
        ("They met in the Armenian capital.", "Yerevan", "ARM", 1),
        ("Rockets hit Hodeidah in Yemen.", "Hodeidah", "YEM", 1),
    ],
)
def test_place_is_found_and_resolved(text, name, country, precision):
    assert (name, country, precision) in [(p.name, p.country, p.precision) for p in named(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Baku accused Yerevan of breaking the truce.", "Baku"),
        ("Armenia accused Azerbaijan of shelling.", "Armenia"),
        ("Foreign Minister Ararat Mirzoyan spoke.", "Ararat"),
        ("London, 42, a farmer, saw Paris Hilton.", "Paris"),
        ("Police said the union would meet in March.", "Police"),
    ],
)
def test_what_acts_is_no_place(text, name):
    assert name not in [p.name for p in named(text)]


def test_a_name_that_no_gazetteer_knows_is_kept_unresolved():
    found = named("Fighting broke out near Osgiliathwick in Armenia.")
    assert [(p.name, p.place_id, p.precision) for p in found if p.name == "Osgiliathwick"] == [
        ("Osgiliathwick", None, None)
    ]


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Armenian troops shelled Sotk on Monday.", "shelled", "Sotk"),
        ("Officials in Yerevan said troops had attacked the town of Jermuk.", "attacked", "Jermuk"),
        ("Azerbaijan attacked Jermuk. Ten soldiers were killed.", "killed", "Jermuk"),
        ("Ten people died in the Kabul bombing.", "bombing", "Kabul"),
    ],
)
def test_place_that_governs_a_word(text, word, name):
    assert governing(text, word).name == name


def test_nothing_is_carried_over_where_that_is_not_wanted():
    assert governing("Azerbaijan attacked Jermuk. Ten soldiers were killed.", "killed", carried=False) is None


def kilometres(entry, latitude, longitude):
    return 111.2 * ((entry.latitude - latitude) ** 2 + ((entry.longitude - longitude) * 0.77) ** 2) ** 0.5


# Coordinates: GeoNames (CC BY 4.0); the spellings are those of the news.
REGION = """
Sotk ARM 40.20 45.87; Jermuk ARM 39.84 45.67; Goris ARM 39.51 46.34; Kapan ARM 39.21 46.41; Vardenis ARM 40.18 45.73
"""


@pytest.mark.parametrize("line", [line.strip() for line in REGION.split(";")])
def test_villages_of_the_region_resolve(line):
    name, country, latitude, longitude = line.rsplit(" ", 3)
    text = f"Armenia and Azerbaijan fought. Shells fell near the village of {name}."
    place = next(p for p in named(text) if p.name == name)
    assert place.country == country
    assert kilometres(place, float(latitude), float(longitude)) < 10


def test_every_curated_place_is_well_formed():
    for spelling in gazetteer.spellings():
        assert gazetteer.entries(spelling), spelling


def test_a_curated_spelling_of_an_unknown_place_is_refused():
    row = {"name": "Bree", "place_id": "1"}
    with pytest.raises(ValueError, match=r"curated\.csv: Bree: GeoNames has no place 1"):
        gazetteer._written(row)


def test_a_curated_place_of_an_unknown_kind_is_refused():
    row = {"name": "Bree", "place_id": "", "kind": "inn"}
    with pytest.raises(ValueError, match=r"curated\.csv: Bree: unknown kind 'inn'"):
        gazetteer._written(row)
