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
        ("Azerbaijan shelled the village of Shaki in the Syunik region.", "Shaki", "ARM", 1),
        ("A missile was launched near Wonsan Airfield in North Korea.", "Wonsan Airfield", "PRK", 2),
        ("Gunmen attacked the Bree Hotel in Tripoli, Libya.", "Bree Hotel, Tripoli", "LBY", 2),
        ("Azerbaijan entered the Martakert and Askeran regions.", "Martakert", "AZE", 4),
        ("Armenian posts in the direction of Vardenis, Sotk and Jermuk were shelled.", "Sotk", "ARM", 1),
        ("A man was killed in Paris, Texas.", "Paris", "USA", 1),
        ("Rockets hit Hodeidah in Yemen.", "Hodeidah", "YEM", 1),
        ("A bomb went off in Mali's central Mopti region.", "Mopti", "MLI", 4),
        ("Fighters took the Libyan city of Tripoli.", "Tripoli", "LBY", 1),
        ("Rebels seized control of large parts of Syria and Iraq.", "Iraq", "IRQ", 6),
        ("The battle for Bakhmut went on.", "Bakhmut", "UKR", 1),
        ("Jets bombed the Yemeni capital, Sanaa.", "Sanaa", "YEM", 1),
        ("Shells fell on the village of Breeland in Niger State, Nigeria.", "Breeland", "NGA", None),
        (
            "The Turkish army stood at the border; Syria, Turkey and the United States talked.",
            "Syria-Turkey border",
            "TUR",
            5,
        ),
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
        ("Iran has the Tor missile system.", "Tor"),
        ("He spoke of Azerbaijan within its Soviet-era borders.", "Azerbaijan-Russia border"),
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
        ("Azerbaijan attacked Jermuk in Armenia. Ten soldiers were killed.", "killed", "Jermuk"),
        ("Thousands fled the Syrian civil war to Lebanon.", "war", "Syria"),
        ("Ten people died in the Kabul bombing.", "bombing", "Kabul"),
    ],
)
def test_place_that_governs_a_word(text, word, name):
    assert governing(text, word).name == name


def test_nothing_is_carried_over_where_that_is_not_wanted():
    assert (
        governing("Azerbaijan attacked Jermuk in Armenia. Ten soldiers were killed.", "killed", carried=False) is None
    )


def test_a_fight_is_not_put_where_people_met():
    text = "The leaders of Armenia and Azerbaijan held talks in Prague. Ten soldiers of Armenia died in fighting."
    assert governing(text, "died", met=False).country != "CZE"
    assert governing(text + " They shook hands.", "shook").name == "Prague"


def kilometres(entry, latitude, longitude):
    return 111.2 * ((entry.latitude - latitude) ** 2 + ((entry.longitude - longitude) * 0.77) ** 2) ** 0.5


# Coordinates: GeoNames (CC BY 4.0); the spellings are those of the news.
REGION = """
ARM Verishen 39.53 46.32
ARM Vaghatin 39.50 46.12
ARM Tegh 39.56 46.48
ARM Tatev 39.39 46.24
ARM Sisian 39.52 46.03
ARM Shinuhayr 39.44 46.32
ARM Meghri 38.90 46.24
ARM Kornidzor 39.55 46.53
ARM Khot 39.44 46.34
ARM Khndzoresk 39.51 46.43
ARM Khnatsakh 39.61 46.39
ARM Karahunj 39.47 46.36
ARM Kapan 39.21 46.41
ARM Kajaran 39.15 46.16
ARM Goris 39.51 46.34
ARM Halidzor 39.41 46.30
ARM Davit Bek 39.32 46.49
ARM Akner 39.53 46.31
ARM Brnakot 39.50 45.97
ARM Artsvanik 39.26 46.47
ARM Angeghakot 39.57 45.94
ARM Agarak 38.87 46.19
ARM Hartashen 39.48 46.38
ARM Sotk 40.20 45.87
ARM Vardenis 40.18 45.73
ARM Vardenik 40.14 45.43
ARM Sevan 40.55 44.95
ARM Pokr Masrik 40.26 45.72
ARM Mets Masrik 40.22 45.76
ARM Artsvanist 40.15 45.51
ARM Tsovak 40.18 45.63
ARM Lchavan 40.15 45.61
ARM Yenokavan 40.91 45.11
ARM Voskevan 41.12 45.06
ARM Voskepar 41.06 45.06
ARM Vazashen 41.00 45.28
ARM Verin Karmiraghbyur 40.88 45.44
ARM Nerkin Karmiraghbyur 40.94 45.44
ARM Sevkar 41.02 45.14
ARM Sarigyugh 41.04 45.14
ARM Paravakar 40.98 45.37
ARM Noyemberyan 41.17 45.00
ARM Navur 40.87 45.34
ARM Movses 40.91 45.49
ARM Koti 41.13 45.13
ARM Koghb 41.18 44.98
ARM Khashtarak 40.94 45.18
ARM Ijevan 40.88 45.15
ARM Dilijan 40.74 44.86
ARM Dovegh 41.18 45.03
ARM Choratan 40.86 45.49
ARM Chinari 40.85 45.58
ARM Jermuk 39.84 45.67
ARM Areni 39.72 45.18
ARM Khachik 39.62 45.21
AZE Stepanakert 39.82 46.75
AZE Khankendi 39.82 46.75
AZE Shusha 39.76 46.75
AZE Shushi 39.76 46.75
AZE Lisagor 39.69 46.64
AZE Gubadly 39.34 46.58
AZE Lachin 39.64 46.55
AZE Berdzor 39.64 46.55
AZE Khojaly 39.91 46.79
AZE Askeran 39.94 46.83
AZE Agdam 39.99 46.93
AZE Aghdam 39.99 46.93
AZE Khojavend 39.80 47.11
AZE Kalbajar 40.11 46.04
AZE Kelbajar 40.11 46.04
AZE Karvachar 40.11 46.04
AZE Tovuz 40.99 45.63
AZE Govlar 40.95 45.73
AZE Dondar Gushchu 40.95 45.62
"""


@pytest.mark.parametrize("line", REGION.strip().splitlines())
def test_villages_of_the_region_resolve(line):
    country, name, latitude, longitude = line[:3], *line[4:].rsplit(" ", 2)
    (place,) = named(f"Armenia and Azerbaijan fought. Shells fell near the village of {name}.")
    assert (place.name, place.country) == (name, country)
    assert kilometres(place, float(latitude), float(longitude)) < 10


UCDP = """
Shusha town|Shusha|39.76 46.75
Khojavend town|Khojavend|39.80 47.11
Khankendy town|Khankendy|39.82 46.75
Hadrut town|Hadrut|39.52 47.03
Mets Masrik town|Mets Masrik|40.22 45.76
Suarası village|Suarası|39.72 46.43
Line of Contact|Line of Contact|
Eastern Area of the Line of Contact|Line of Contact|
Nagorno-Karabakh|Nagorno-Karabakh|
Shusha rayon|Shusha rayon|39.74 46.72
Fizuli rayon|Fizuli rayon|39.55 47.2
Geranboy rayon|Geranboy rayon|40.55 46.72
Tavush province|Tavush province|40.99 45.16
Terter rayon|Terter rayon|40.33 46.9
Khojaly rayon|Khojaly rayon|39.9 46.8
Agdam rayon|Agdam rayon|40.05 46.95
Khojavend rayon|Khojavend rayon|39.7 46.98
Lachin rayon|Lachin rayon|39.64 46.4
Geghark’unik’ province|Geghark'unik|40.3 45.35
"""


@pytest.mark.parametrize("line", UCDP.strip().splitlines())
def test_places_of_the_region_that_ucdp_names_resolve(line):
    written, name, coordinates = line.split("|")
    found = named(f"Armenia and Azerbaijan fought. Soldiers were killed in the {written}.")
    assert name in [p.name for p in found]
    place = found[-1]
    assert place.country == ("ARM" if name in ("Mets Masrik", "Tavush province", "Geghark'unik") else "AZE")
    if coordinates:
        assert kilometres(place, *map(float, coordinates.split())) < 10


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
