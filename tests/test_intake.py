import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from contactline import io, schema
from contactline.intake import articles, deliveries, duplicates, languages, published, settling, text
from contactline.intake.deliveries import DeliveryError, Origin
from contactline.intake.found import Found, Reject, RejectError
from intake_samples import BODY, FIRST, MARKDOWN, SECOND, TITLE, URL, zipped

TODAY = dt.date(2024, 5, 1)
HERE = Origin("first", TODAY)
LONG = "\n\n".join(
    f"{who} said on {day} that {what} near the {where} had to leave their houses and wait for news from the front."
    for who, day, what, where in zip(
        ("The queen of Arnor", "A farmer", "The mayor of Bree", "An officer", "The envoy of Rohan"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
        ("families", "shepherds", "the wounded", "monks", "boatmen"),
        ("ford", "old bridge", "watchtower", "salt road", "eastern gate"),
        strict=True,
    )
)


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    deliver(folder, "first", {"a.md": MARKDOWN})
    return folder


def deliver(raw, name, members, origin="retrieved: 2024-05-01\n"):
    for member, content in {"origin.yml": origin, **members}.items():
        path = raw / name / member
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def rows(raw, **options):
    found = {name: [] for name in ("articles", "texts", "dropped", "rejects")}
    for piece in articles.tables(raw, **options):
        for name, listed in piece.items():
            found[name].extend(listed)
    return found


# ---- the tables
def test_one_document_becomes_one_article(raw):
    found = rows(raw)
    (article,), (stored,) = found["articles"], found["texts"]
    assert stored["text"] == f"{TITLE}\n\n{BODY}"
    assert {key: article[key] for key in ("publisher", "published_date", "published_date_basis", "language")} == {
        "publisher": "The Gondor Herald",
        "published_date": dt.date(2022, 9, 13),
        "published_date_basis": "given",
        "language": "en",
    }
    assert article["char_count"] == len(stored["text"])
    assert (article["delivery"], article["based_on_url"], article["url"]) == ("first", URL, None)
    assert found["rejects"] == []


def test_raw_items_are_articles_and_rejects(raw, tmp_path):
    lines = [json.dumps({"text": BODY, "url": f"{URL}/{n}"}) for n in range(3)]
    deliver(
        raw, "second", {"b.jsonl": "\n".join([*lines, "{", lines[0]]), "c.xyz": "?", "d/e.txt": "", "README.md": "x"}
    )
    found = rows(raw)
    assert len(found["articles"]) + len(found["rejects"]) == len(list(deliveries.items(raw))) == 8
    assert [(r["locator"], r["reason"]) for r in found["rejects"]] == [
        ("b.jsonl#4", "bad_record"),
        ("b.jsonl#5", "already_delivered"),
        ("c.xyz", "unknown_format"),
        ("d/e.txt", "empty"),
    ]
    assert found["rejects"][1]["detail"] == "the same article is second/b.jsonl#1"
    counts = io.write_sorted(articles.tables(raw), [t.name for t in schema.group("intake")], tmp_path / "tables")
    assert counts == {name: len(listed) for name, listed in found.items()}


def test_two_rejects_of_one_name_have_locators_of_their_own(raw):
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped_twice()
    deliver(raw, "second", {"z.zip": twice})
    assert [r["locator"] for r in rows(raw)["rejects"]] == ["z.zip!a.xyz", "z.zip!a.xyz (2)"]


def zipped_twice():
    import io as streams
    import zipfile

    out = streams.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xyz", "1")
        archive.writestr("a.xyz", "2")
    return out.getvalue()


def test_the_key_of_an_article_does_not_depend_on_its_delivery(raw, tmp_path):
    other = tmp_path / "other"
    deliver(other, "zzz", {"deep/down/name.md": MARKDOWN}, "retrieved: 2023-01-01\npublisher: Someone\n")
    assert rows(raw)["articles"][0]["article_id"] == rows(other)["articles"][0]["article_id"]


def test_the_delivery_retrieved_first_has_the_article(raw):
    deliver(raw, "aaa", {"same.md": MARKDOWN}, "retrieved: 2024-06-01\n")
    found = rows(raw)
    assert found["articles"][0]["delivery"] == "first"
    assert found["rejects"][0]["delivery"] == "aaa"


def test_leftovers_are_kept_in_the_text_and_listed(raw):
    deliver(raw, "first", {"a.md": MARKDOWN + "\nLeave a Reply\n\nYour email address will not be published.\n"})
    found = rows(raw)
    (run,) = found["dropped"]
    stored = found["texts"][0]["text"]
    assert stored[run["span_start"] : run["span_end"]].startswith("Leave a Reply")
    assert run["reason"] == "comments"


def test_lines_that_a_publisher_repeats_are_dropped_and_sentences_of_news_are_not(raw):
    motto = "The Gondor Herald brings the world to your door since the days of the old kings."
    war = "The war of the river killed 6,500 people."
    for n in range(6):
        story = " ".join(f"{word}{n}" for word in BODY.split())
        body = f"{story}\n\n{war}\n\nHerald Live Page\n\n{motto}"
        deliver(raw, "many", {f"{n}.txt": body}, "retrieved: 2024-05-01\npublisher: The Gondor Herald\n")
    found = rows(raw)
    texts = {t["article_id"]: t["text"] for t in found["texts"]}
    said = {texts[d["article_id"]][d["span_start"] : d["span_end"]] for d in found["dropped"]}
    assert said == {f"Herald Live Page\n\n{motto}"}


def test_without_and_with_a_cache_and_with_two_workers_the_rows_are_the_same(raw, tmp_path):
    lines = "\n".join(json.dumps({"text": f"{BODY} {n}", "title": f"{n}"}) for n in range(70))
    deliver(raw, "second", {"b.jsonl": lines, "c.html": "<html><body>nothing</body></html>"})
    plain = rows(raw)
    assert rows(raw, cache=tmp_path / "cache") == plain
    assert rows(raw, cache=tmp_path / "cache") == plain
    assert rows(raw, workers=2) == plain


def test_one_more_article_settles_one(raw, tmp_path, monkeypatch):
    settled = []
    settle = settling.settle
    monkeypatch.setattr(settling, "settle", lambda item, origin: settled.append(item) or settle(item, origin))
    rows(raw, cache=tmp_path / "cache")
    deliver(raw, "first", {"b.md": MARKDOWN.replace("three", "four")})
    rows(raw, cache=tmp_path / "cache")
    assert [item.locator for item in settled] == ["a.md", "b.md"]


def test_an_origin_that_changes_settles_anew(raw, tmp_path):
    rows(raw, cache=tmp_path / "cache")
    deliver(raw, "first", {"a.md": BODY}, "retrieved: 2024-05-01\npublisher: Arnor Times\n")
    assert rows(raw, cache=tmp_path / "cache")["articles"][0]["publisher"] == "Arnor Times"


def test_a_delivery_that_is_gone_takes_its_rows_with_it(raw, tmp_path):
    deliver(raw, "second", {"b.txt": BODY})
    assert len(rows(raw, cache=tmp_path / "cache")["articles"]) == 2
    for path in (raw / "second").iterdir():
        path.unlink()
    (raw / "second").rmdir()
    assert len(rows(raw, cache=tmp_path / "cache")["articles"]) == 1


def die(item, origin):
    import os

    if "fatal" in getattr(item, "text", ""):
        os._exit(9)
    return settling._settled(item, origin)


def test_an_item_that_kills_its_process_is_a_reject_and_the_others_live(monkeypatch):
    monkeypatch.setattr(settling, "settle", die)
    monkeypatch.setattr(settling, "_settle_batch", die_batch)
    monkeypatch.setattr(settling, "BATCH", 2)
    pairs = [(HERE, Found(str(n), f"{n} {BODY}{' fatal' * (n == 2)}")) for n in range(4)]
    outcomes = [outcome for _, outcome in settling.settle_all(iter(pairs), workers=2)]
    assert outcomes[2] == Reject("2", "bad_record", "the process that read it died; out of memory?")
    assert [o.locator for o in outcomes] == list("0123")
    assert sum(isinstance(o, Reject) for o in outcomes) == 1


def die_batch(batch):
    return [die(item, origin) for origin, item in batch]


def test_workers_that_cannot_start_stop_the_run_and_reject_nothing(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from contactline.intake import settling\nfrom contactline.intake.found import Found\n"
        "from contactline.intake.deliveries import Origin\nimport datetime as dt\n"
        "pairs = [(Origin('d', dt.date(2024, 5, 1)), Found('a', 'A text of Gondor.'))]\n"
        "list(settling.settle_all(pairs, workers=2))\n"
    )
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert "WorkerError: intake: no worker process can be started; run it with one worker" in ended.stderr


# ---- copies
def copy_of(original, later):
    return duplicates.copies([duplicates.sketch(t) for t in (original, later)], [original, later].__getitem__, 0.8)[1]


def test_the_same_text_and_nearly_the_same_text_are_copies():
    assert copy_of(LONG, LONG) == 0
    assert copy_of(LONG, LONG.replace("wait for news", "wait for word", 1)) == 0


def test_another_story_is_no_copy():
    assert copy_of(LONG, BODY) is None


def test_a_later_toll_is_a_new_version():
    earlier = f"{LONG}\n\n{SECOND}"
    assert copy_of(earlier, earlier.replace("12 soldiers", "31 soldiers")) is None
    assert copy_of(earlier.replace("12", "twelve"), earlier.replace("12", "twenty")) is None


def test_a_correction_is_a_new_version():
    assert copy_of(LONG, f"{LONG}\n\nThis report corrects the name of the mayor.") is None


def test_a_copy_of_a_copy_points_at_the_first(raw):
    deliver(raw, "first", {"a.md": "---\npublished: 2022-09-15\npublisher: B\n---\n" + LONG})
    deliver(raw, "later", {"b.md": "---\npublished: 2022-09-14\npublisher: A\n---\n" + LONG}, "retrieved: 2024-06-01\n")
    deliver(raw, "later", {"c.md": "---\npublisher: C\n---\n" + LONG + "\n\nSubscribe now"}, "retrieved: 2024-06-01\n")
    deliver(raw, "later", {"d.md": "---\nurl: https://a.example/1\n---\n" + LONG}, "retrieved: 2024-06-01\n")
    by = {a["publisher"] or a["url"]: a for a in rows(raw)["articles"]}
    # a.md and b.md hold the same text and neither address nor headline: they are one article, delivered twice
    assert by["B"]["duplicate_of"] is None
    assert {by["C"]["duplicate_of"], by["https://a.example/1"]["duplicate_of"]} == {by["B"]["article_id"]}


def test_the_earliest_published_copy_is_canonical_whatever_came_in_first(raw):
    head = "---\nurl: https://{}.example\npublished: 2022-09-{}\n---\n"
    deliver(raw, "first", {"a.md": head.format("late", 20) + LONG, "b.md": head.format("early", 11) + LONG})
    by = {a["url"]: a for a in rows(raw)["articles"]}
    assert by["https://early.example"]["duplicate_of"] is None
    assert by["https://late.example"]["duplicate_of"] == by["https://early.example"]["article_id"]


# ---- dates
def settled(origin=HERE, **facts):
    return settling.settle(Found("x", **{"text": BODY, **facts}), origin)


@pytest.mark.parametrize(
    ("facts", "day", "basis"),
    [
        ({"published": "2022-09-13T23:30:00+04:00"}, "2022-09-13", "given"),
        ({"published": "13 September 2022", "basis": "metadata"}, "2022-09-13", "metadata"),
        ({"published": "2099-01-01", "basis": "metadata", "url": URL}, "2022-09-13", "url"),
        ({"published": "2024-05-02"}, "2024-05-02", "given"),
        ({"url": URL}, "2022-09-13", "url"),
        ({"url": "https://herald.example/2022/sep/13/a"}, "2022-09-13", "url"),
        ({"text": f"FORNOST, 13 Sept 2022 (Arnor News) -- {FIRST}"}, "2022-09-13", "dateline"),
        ({"text": f"{TITLE}\nTuesday, September 13, 2022\n{BODY}"}, "2022-09-13", "dateline"),
        ({"origin": Origin("first", TODAY, published=dt.date(2022, 9, 13))}, "2022-09-13", "delivery"),
        ({}, "None", "unknown"),
        ({"published": "n/a"}, "None", "unknown"),
    ],
)
def test_the_publication_date_and_what_it_rests_on(facts, day, basis):
    found = settled(**facts)
    assert (str(found.published_date), found.published_date_basis) == (day, basis)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "2099-01-01",
            "publication date 2099-01-01 cannot be right: it must lie after 1800-01-01 and on or before 2024",
        ),
        ("1970-01-01", "publication date 1970-01-01 is the zero of a computer's clock, not a date"),
        (0, "publication date 1970-01-01 is the zero of a computer's clock, not a date"),
        ("soon", "publication date 'soon' cannot be read; write it as YYYY-MM-DD, or say `day_first` in the delivery"),
        ("2022-02-30", "publication date '2022-02-30' cannot be read"),
        ("9/5/2022", "publication date '9/5/2022' cannot be read"),
        (True, "publication date 'True' cannot be read"),
        (float("nan"), "publication date 'nan' cannot be read"),
        (1e300, "publication date '1e+300' cannot be read"),
    ],
)
def test_a_date_that_is_given_and_cannot_be_right_rejects_the_item(written, message):
    found = settled(published=written)
    assert found.reason == "bad_date"
    assert found.detail.startswith(message)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tue, 13 Sep 2022 10:00:00 GMT", "2022-09-13"),
        ("Sept. 13, 2022", "2022-09-13"),
        ("September 13, 2022 Tuesday", "2022-09-13"),
        ("20220913T101112Z", "2022-09-13"),
        (20220913, "2022-09-13"),
        (1663027200, "2022-09-13"),
        ("1663027200000", "2022-09-13"),
        ("13.09.2022", "2022-09-13"),
        ("09/13/2022", "2022-09-13"),
        ("19 NOV 89", "1989-11-19"),
        (dt.datetime(2022, 9, 13, 23, 59, tzinfo=dt.UTC), "2022-09-13"),
        (dt.date(1970, 5, 3), "1970-05-03"),
    ],
)
def test_dates_as_they_are_written(written, day):
    assert str(published.date_of(written)) == day


def test_the_mapping_says_which_number_is_the_day():
    assert str(published.date_of("9/5/2022", day_first=True)) == "2022-05-09"
    assert str(published.date_of("9/5/2022", day_first=False)) == "2022-09-05"
    assert Origin("x", TODAY, mapping={"day_first": "true"}).day_first is True
    assert Origin("x", TODAY, mapping={"day_first": "false"}).day_first is False


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("FORNOST (Arnor News) - ", "FORNOST"),
        ("MINAS TIRITH, Gondor, Sept 13 (AN) -- ", "MINAS TIRITH, Gondor"),
        ("OSGILIATH. — ", "OSGILIATH"),
        ("Odo Proudfoot - ", None),
        ("", None),
    ],
)
def test_datelines(line, place):
    found = published.dateline(f"{TITLE}\n\n{line}{FIRST}")
    assert (found.place if found else None) == place


# ---- languages
@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        (BODY, "en"),
        (BODY.upper(), "en"),
        ("Seven dead", "en"),
        ("Армия Гондора обстреляла три деревни Арнора, сообщило министерство обороны.", "ru"),
        ("Գոնդորի բանակը գնդակոծել է Առնորի երեք գյուղ, հայտնել է նախարարությունը։", "hy"),
        ("Gondor ordusu gecə Arnorun üç kəndini atəşə tutub, nazirlik məlumat verib və cavab gözləyir.", "az"),
        ("Die Truppen von Gondor haben in der Nacht drei Dörfer beschossen, sagte der Minister in Fornost.", "de"),
        (
            "Le ministère de la défense a déclaré que les forces du Gondor avaient bombardé trois villages la nuit.",
            "fr",
        ),
    ],
)
def test_languages(sentence, code):
    assert languages.language_of(sentence) == code


def test_a_short_text_follows_what_is_stated():
    assert languages.language_of("Tre morti", "it-IT") == "it"
    assert languages.language_of("Seven dead", "English") == "en"


def test_an_article_in_another_language_is_kept(raw):
    russian = "Армия Гондора обстреляла три деревни Арнора, сообщило министерство обороны."
    deliver(raw, "first", {"ru.txt": russian})
    assert sorted(a["language"] for a in rows(raw)["articles"]) == ["en", "ru"]


# ---- the stored text
def test_the_stored_text_is_composed_and_has_no_unseen_characters():
    given = "Fe\u0301anor\r\nsaid\u200f so\x07.\rThe soft\u00adware\u2028ended\ufeff.\ud83d"
    assert text.stored(given) == "F\u00e9anor\nsaid so.\nThe software\nended."


def test_storing_what_is_stored_changes_nothing():
    once = text.stored(f"  {TITLE}\r\n\r\n{BODY}\x00 ", TITLE)
    assert text.stored(once, TITLE) == once


def test_the_headline_goes_on_top_unless_it_is_there():
    assert text.stored(BODY, f" {TITLE}\n") == f"{TITLE}\n\n{BODY}"
    assert text.stored(f"village of Bree\n\n{TITLE.upper()}!\n\n{BODY}", TITLE).startswith("village of Bree")


@pytest.mark.parametrize(
    ("given", "reason"), [("  \n ", "no_text"), ("?!\n—", "no_text"), ("a" * 1_000_001, "too_large")]
)
def test_what_is_no_article_is_not_stored(given, reason):
    with pytest.raises(RejectError) as error:
        text.stored(given)
    assert error.value.reason == reason


# ---- deliveries
def add(sources, raw, **facts):
    return deliveries.add(sources, "mine", raw, retrieved=TODAY, **facts)


def test_adding_copies_files_and_writes_the_origin_and_can_be_done_twice(tmp_path):
    source, raw = tmp_path / "source", tmp_path / "raw"
    deliver(source, "a", {"b.txt": BODY})
    first = add([source], raw, publisher="Herald", licence="CC0", source="a friend", mapping={"text": "story"})
    assert first == deliveries.Added(raw / "mine", 1, 0)
    origin = (raw / "mine" / "origin.yml").read_text()
    again = deliveries.add([source], "mine", raw, retrieved=dt.date(2024, 7, 1), publisher="Herald")
    assert again == deliveries.Added(raw / "mine", 0, 1)
    assert (raw / "mine" / "origin.yml").read_text() == origin
    read = deliveries.origin(raw / "mine")
    assert (read.retrieved, read.publisher, read.mapping, read.more["licence"]) == (
        TODAY,
        "Herald",
        {"text": "story"},
        "CC0",
    )
    assert (raw / "mine" / "a" / "b.txt").read_text() == BODY


def test_adding_what_lies_in_the_delivery_copies_nothing(tmp_path):
    raw = tmp_path / "raw"
    deliver(raw, "mine", {"b.txt": BODY})
    assert add([raw / "mine"], raw).copied == 0


def test_a_folder_that_has_no_origin_gets_one(tmp_path):
    raw = tmp_path / "raw"
    (raw / "mine").mkdir(parents=True)
    (raw / "mine" / "b.txt").write_text(BODY)
    add([raw / "mine" / "b.txt"], raw)
    assert deliveries.deliveries(raw) == [Origin("mine", TODAY)]


@pytest.mark.parametrize(
    ("delivery", "facts", "message"),
    [
        ("../up", {}, "--delivery '../up': a delivery's name has letters, figures, dots, hyphens only"),
        ("mine", {"mapping": {"txt": "a"}}, "`mapping` has no field 'txt'; the fields are text, html, title"),
        ("mine", {"published_date": "2030-01-01"}, "`published`: publication date 2030-01-01 cannot be right"),
    ],
)
def test_an_addition_that_cannot_be_right_leaves_nothing(tmp_path, delivery, facts, message):
    (tmp_path / "b.txt").write_text(BODY)
    with pytest.raises(DeliveryError) as error:
        deliveries.add([tmp_path / "b.txt"], delivery, tmp_path / "raw", retrieved=TODAY, **facts)
    assert message in str(error.value)
    assert not (tmp_path / "raw").exists()


def test_raw_files_are_never_changed(tmp_path):
    source = tmp_path / "b.txt"
    source.write_text(BODY)
    add([source], tmp_path / "raw")
    source.write_text("other")
    with pytest.raises(DeliveryError, match=r"b.txt: is there with other bytes \(1 such files\); raw files are never"):
        add([source], tmp_path / "raw")
    add([], tmp_path / "raw", publisher="A")
    with pytest.raises(DeliveryError, match="`publisher` is 'A', not 'B'; edit the file or use another --delivery"):
        add([], tmp_path / "raw", publisher="B")
    with pytest.raises(DeliveryError, match="gone: no such file or folder"):
        add([tmp_path / "gone"], tmp_path / "raw")


@pytest.mark.parametrize(
    ("origin", "message"),
    [
        (None, "missing; a delivery says where it came from"),
        ("publisher: A\n", "`retrieved` is missing; write the day the delivery was brought in"),
        ("retrieved: soon\n", "`retrieved`: publication date 'soon' cannot be read"),
        ("retrieved: 2024-05-01\npublisher: 3\n", "`publisher` is 3, which is no text"),
        ("retrieved: 2024-05-01\nmapping: text\n", "`mapping` is no list of `field: column`"),
        ("- a", "no list of `key: value`"),
        ("a: [", "no YAML"),
    ],
)
def test_a_delivery_without_a_proper_origin_stops_the_run(tmp_path, origin, message):
    (tmp_path / "d").mkdir()
    if origin:
        (tmp_path / "d" / "origin.yml").write_text(origin)
    with pytest.raises(DeliveryError) as error:
        rows(tmp_path)
    assert message in str(error.value)


def test_no_folder_of_deliveries_stops_the_run(tmp_path):
    with pytest.raises(DeliveryError, match="raw: no such folder; `contactline add` makes it"):
        rows(tmp_path / "raw")


def test_files_that_cannot_be_opened_are_rejects(raw):
    (raw / "first" / "gone.txt").symlink_to(raw / "nowhere")
    (reject,) = rows(raw)["rejects"]
    assert (reject["locator"], reject["detail"]) == ("gone.txt", "the file cannot be opened: No such file or directory")


def test_zip_members_are_items(raw):
    deliver(raw, "zip", {"z.zip": zipped({"a.txt": BODY.encode(), "b.txt": LONG.encode()})})
    assert len(rows(raw)["articles"]) == 3
    assert Path(raw, "zip").exists()
