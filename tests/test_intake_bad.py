"""Bad input: each broken item is a reject with its reason, in bounded time and memory, and costs no other item."""

import gzip
import io
import json
import socket
import string
import subprocess
import sys
import textwrap
import time
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contactline import io as tables
from contactline import schema
from contactline.intake import articles, cleaning, deliveries, pages, published, readers, settling, streams, text
from contactline.intake.deliveries import Origin
from contactline.intake.found import Found, Reject, RejectError
from intake_samples import (
    BODY,
    FACTIVA,
    FEED,
    FIRST,
    LEXIS,
    MARKDOWN,
    NEXIS_UNI,
    PAGE,
    SECOND,
    TITLE,
    docx,
    rtf,
    warc,
    zipped,
)

REASONS = set(schema.codes("reject_reason"))
HERE = Origin("here", deliveries.published.dt.date(2024, 5, 1))
NAMES = [t.name for t in schema.group("intake")]


def read(name, content):
    return list(readers.items(io.BytesIO(content), name, {}))


def reject(name, content):
    (found,) = read(name, content)
    assert isinstance(found, Reject), found
    assert found.reason in REASONS
    return found.reason, found.detail


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*arguments, **named):
        raise AssertionError(f"intake opened a connection: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


# ---- one broken file, one reason
BROKEN = [
    ("a.txt", b"", "empty", "the file has no bytes"),
    ("a.txt", b" \n\t\x00\n", "empty", "nothing but blanks"),
    ("a.txt", bytes(range(256)) * 40, "undecodable", "control bytes among the first"),
    ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 99, "undecodable", "not a text"),
    ("a.xyz", b"x", "unknown_format", "no reader for .xyz; known: .atom .bz2"),
    ("name", b"x", "unknown_format", "no reader for a name without suffix"),
    ("a.md", b"---\na: [\n---\ntext", "bad_record", "front matter is no YAML: "),
    ("a.md", b"---\n- a\n---\ntext", "bad_record", "front matter is no list of `key: value`"),
    ("a.json", b"{", "bad_record", "not JSON: JSONDecodeError"),
    ("a.json", b"[" * 100_000, "bad_record", "is it JSON lines? Then call it .jsonl"),
    ("a.json", b"3", "bad_record", "neither an object nor a list of objects"),
    ("a.json", b"[]", "empty", "an empty list"),
    ("a.jsonl", b"[1]", "bad_record", "not an object with fields"),
    ("a.jsonl", b'{"title": "x"}', "no_text", "no text in the record"),
    ("a.jsonl", b'{"text": ', "bad_record", "not JSON"),
    ("a.csv", b"text\n", "empty", "no row below the column names"),
    ("a.csv", b"text,b\nx,y,z\n", "bad_record", "3 cells under 2 columns"),
    ("a.csv", b"c," * 1_000_000, "bad_record", "over 2,000 columns"),
    ("a.parquet", b"PAR1 but no table", "bad_record", "the file cannot be read to its end: ArrowInvalid"),
    ("a.docx", b"no zip", "bad_record", "the compressed file is cut short or broken: BadZipFile"),
    ("a.rtf", b"no rich text", "bad_record", "no RTF: it does not begin with {\\rtf"),
    ("a.zip", b"PK but no zip", "bad_record", "BadZipFile"),
    ("a.zip", zipped({}), "empty", "an archive without members"),
    ("a.tar", b"x" * 2000, "bad_record", "the compressed file is cut short or broken: ReadError"),
    ("a.txt.gz", gzip.compress(BODY.encode())[:-20], "bad_record", "cut short or broken: EOFError"),
    ("a.txt.gz", b"no gzip", "bad_record", "cut short or broken: BadGzipFile"),
    ("a.warc", b"no crawl", "bad_record", "the file cannot be read to its end"),
    ("a.xml", b"<a/>", "unknown_format", "XML of no known kind: its root is a"),
    ("a.xml", b"no xml", "bad_record", "not XML"),
    ("a.mhtml", b"Subject: x\n\nno page", "no_text", "no HTML part in the saved page"),
]


@pytest.mark.parametrize(("name", "content", "reason", "detail"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_a_reject_that_says_why(name, content, reason, detail):
    found = reject(name, content)
    assert found[0] == reason
    assert detail in found[1]


def test_one_broken_line_costs_no_other():
    lines = [json.dumps({"text": BODY}), "{", json.dumps({"text": f"\ud800{BODY}"}), "[" * 99_999, "\x01" * 99]
    found = read("a.jsonl", "\n".join(lines).encode())
    assert [type(each) for each in found] == [Found, Reject, Found, Reject, Reject]
    assert [each.locator for each in found] == [f"a.jsonl#{n}" for n in range(1, 6)]


def test_one_broken_row_costs_no_other():
    found = read("a.csv", f'text,b\n"{BODY}",1\nx,y,z\n"{SECOND}",2\n'.encode())
    assert [each.locator for each in found if isinstance(each, Found)] == ["a.csv#2", "a.csv#8"[:5] + "#4"]


def test_a_page_without_an_article_is_a_reject():
    found = settling.settle(Found("a.html", html="<html><body><p>Menu</p></body></html>"), HERE)
    assert isinstance(found, Found | settling.Settled | Reject)
    assert settling.settle(Found("a.html", html="<html></html>"), HERE) == Reject(
        "a.html", "no_text", "no article was found on the page"
    )


def test_a_page_that_is_too_large_is_a_reject():
    found = settling.settle(Found("a.html", html=b"x" * (pages.LONGEST + 1)), HERE)
    assert (found.reason, found.detail) == ("too_large", "a page of 5,000,001 bytes; the limit is 5,000,000")


# ---- size
def test_fifty_megabytes_of_one_line_are_a_reject_at_once():
    begun = time.monotonic()
    line = b"a" * 50_000_000
    assert reject("a.txt", line) == ("too_large", "over 20,000,000 bytes")
    assert reject("a.html", line) == ("too_large", "over 20,000,000 bytes")
    assert reject("a.jsonl", line) == ("too_large", "a line of over 20,000,000 bytes")
    assert reject("a.csv", b"text\n" + line)[0] == "too_large"
    assert time.monotonic() - begun < 10


def test_after_a_line_that_is_too_large_the_next_is_read():
    found = read("a.jsonl", b"a" * 21_000_000 + b"\n" + json.dumps({"text": BODY}).encode())
    assert [type(each) for each in found] == [Reject, Found]


def test_a_text_of_more_than_a_million_characters_is_a_reject():
    found = settling.settle(Found("x", "word " * 300_000), HERE)
    assert (found.reason, found.detail) == ("too_large", "1,499,999 characters; an article has at most 1,000,000")


def test_bombs_do_not_go_off(monkeypatch):
    monkeypatch.setattr(streams, "GRACE", 1_000_000)
    bomb = gzip.compress(b"0" * 40_000_000)
    assert reject("a.csv.gz", bomb)[1].startswith("it unpacks to more than ")
    assert reject("a.zip", zipped({"b.txt": b"0" * 40_000_000})) == ("unsafe", "it unpacks to 40,000,000 bytes")
    inner = zipped({"b.txt": BODY.encode()})
    for _ in range(3):
        inner = zipped({"c.zip": inner})
    assert reject("a.zip", inner) == ("unsafe", "an archive inside 2 archives")
    monkeypatch.setattr(streams, "UNPACKED_LIMIT", 10_000_000)
    assert (
        reject("a.zip", zipped({f"{n}.txt": b"0" * 2_000_000 for n in range(6)}))[1] == "it unpacks to 12,000,000 bytes"
    )


def test_a_word_document_that_is_a_bomb_is_a_reject(monkeypatch):
    monkeypatch.setattr(readers, "DOCUMENT_LIMIT", 1000)
    assert reject("a.docx", docx(BODY))[0] == "unsafe"


@pytest.mark.parametrize("name", ["../up.txt", "/etc/up.txt", "a/../../up.txt", "C:\\up.txt", "..\\up.txt"])
def test_names_that_point_outside_are_rejects(name):
    assert reject("a.zip", zipped({name: BODY.encode()})) == ("unsafe", "the member's name points outside the archive")


def test_links_in_tarballs_are_rejects():
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("b.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert reject("a.tar", out.getvalue()) == ("unsafe", "the member is a link or a device, not a file")


def test_an_encrypted_member_is_a_reject():
    locked = bytearray(zipped({"b.txt": BODY.encode()}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    assert reject("a.zip", bytes(locked)) == ("bad_record", "the member is encrypted")


# ---- encodings
CURLY = f"“{FIRST}” — the café’s owner said in Łódź."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_any_width(encoding):
    assert text.decode(CURLY.encode(encoding)) == CURLY


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("cp1252", "“Gondor’s café” — said the naïve señor of Málaga, who had seen the façade."),
        ("latin-1", "Le ministère de la défense a déclaré que les forces avaient été attaquées près de la frontière."),
        ("cp1251", "Армия Гондора обстреляла три деревни Арнора, сообщило министерство обороны в среду."),
        ("koi8-r", "Армия Гондора обстреляла три деревни Арнора, сообщило министерство обороны в среду."),
        ("gb18030", "国防部星期三表示，军队炮击了三个村庄，造成多名士兵死亡，双方互相指责。"),
        ("shift_jis", "国防省は水曜日、軍が三つの村を砲撃し、兵士が死亡したと発表した。"),
    ],
)
def test_legacy_encodings(encoding, said):
    assert text.decode((said * 5).encode(encoding)) == said * 5


def test_stray_bytes_among_utf_8():
    mixed = f"{CURLY} ".encode() * 3 + b"\x93quoted\x94 by Gondor\x92s envoy"
    assert text.decode(mixed).endswith("“quoted” by Gondor’s envoy")


def test_the_declared_encoding_is_tried():
    assert text.decode("Čeština řekl".encode("cp1250"), "cp1250") == "Čeština řekl"
    assert text.decode(b"\xff\xfea\x00", "no such thing") == "a"


# ---- pages
def test_nothing_in_a_page_is_run_or_fetched():
    evil = PAGE.replace(
        "<article>",
        '<article><img src="http://herald.example/a.png"><iframe src="http://herald.example/b"></iframe>'
        '<script src="http://herald.example/c.js"></script><link rel="stylesheet" href="http://herald.example/d.css">',
    )
    assert settling.settle(Found("a.html", html=evil), HERE).text.startswith(TITLE)


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret of Gondor")
    for entity in (secret.as_uri(), "http://herald.example/x"):
        evil = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{entity}">]>' + FEED.split("?>")[1].replace("short", "&x;" * 99)
        found = read("a.rss", evil.replace("encoded", "nothing").encode())
        assert "secret" not in str(found)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]><rss><channel><item><title>&l11;</title></item></channel></rss>'
    assert len(str(read("a.rss", bomb.encode()))) < 10_000
    page = PAGE.replace("<!doctype html>", f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>')
    assert "secret" not in settling.settle(Found("x", html=page.replace(FIRST, f"{FIRST} &x;")), HERE).text


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 30_000 + FIRST,
        "<p><b><i>" * 20_000 + FIRST,
        "<table><tr><td>" * 5_000 + FIRST,
        f"<a href='/x'>{FIRST}</a>" * 3_000,
        "<" * 100_000,
        "&#" + "9" * 50_000 + ";" + PAGE,
        PAGE.replace("<p>", "<p>\ud800\x00\u202e"),
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>" + PAGE,
        "<html>" + "<!--" * 30_000,
    ],
    ids=range(9),
)
def test_strange_pages_end_in_time(page):
    begun = time.monotonic()
    outcome = settling.settle(Found("a.html", html=page), HERE)
    assert isinstance(outcome, settling.Settled | Reject)
    assert time.monotonic() - begun < 20


# ---- fuzzing
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SAMPLES = {
    "a.txt": BODY.encode(), "a.md": MARKDOWN.encode(), "a.html": PAGE.encode(), "a.rss": FEED.encode(),
    "n.txt": NEXIS_UNI.encode(), "l.txt": LEXIS.encode(), "f.txt": FACTIVA.encode(),
    "a.docx": docx(BODY), "a.rtf": rtf(LEXIS), "a.json": json.dumps([{"text": BODY}]).encode(),
    "a.jsonl": (json.dumps({"text": BODY, "date": "2022-09-13"}) + "\n").encode() * 2,
    "a.csv": f'title,text,date\n"{TITLE}","{BODY}",2022-09-13\n'.encode(), "a.zip": zipped({"b.md": MARKDOWN.encode()}),
    "a.csv.gz": gzip.compress(f'title,text\n"{TITLE}","{BODY}"\n'.encode()),
    "a.warc.gz": warc(("https://herald.example/1", "200 OK;text/html", PAGE.encode())),
}  # fmt: skip


def check(name, content):
    for found in read(name, content):
        outcome = settling.settle(found, HERE)
        if isinstance(outcome, Reject):
            assert outcome.reason in REASONS
            assert outcome.detail
            continue
        outcome.text.encode()
        assert outcome.text == text.stored(outcome.text, outcome.title)
        ends = 0
        for run in outcome.dropped:
            assert ends <= run.start < run.end <= len(outcome.text)
            ends = run.end


@pytest.mark.parametrize("name", SAMPLES)
@FUZZ
@given(data=st.data())
def test_files_broken_at_random_become_articles_or_rejects(name, data):
    content = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(["cut", "insert", "flip", "repeat"])):
            case "cut":
                del content[at : at + data.draw(st.integers(1, 400))]
            case "insert":
                content[at:at] = data.draw(st.binary(max_size=40))
            case "flip" if at < len(content):
                content[at] ^= 1 << data.draw(st.integers(0, 7))
            case "repeat":
                content[at:at] = content[max(at - 50, 0) : at] * data.draw(st.integers(1, 20))
    check(name, bytes(content))


@FUZZ
@given(st.binary(max_size=2000), st.sampled_from(sorted(readers.READERS)))
def test_any_bytes_under_any_name(content, suffix):
    check(f"a{suffix}", content)


@FUZZ
@given(st.text(max_size=2000))
def test_any_text_is_stored_once_for_all(written):
    try:
        once = text.stored(written)
    except RejectError:
        return
    assert text.stored(once) == once
    assert all(run.start < run.end for run in cleaning.dropped(once))


@FUZZ
@given(st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.dates(), st.datetimes(), st.none()))
@example(-62_135_596_800_001)  # milliseconds, the last one before the year 1
@example(253_402_300_800_000)  # milliseconds, the first one of the year 10000
def test_any_date_is_read_or_refused(written):
    try:
        found = published.date_of(written)
    except RejectError:
        return
    assert found is None or found.year >= 1800


@FUZZ
@given(st.lists(st.text(string.printable, max_size=150), max_size=20))
def test_dropping_is_fast_on_any_lines(lines):
    begun = time.monotonic()
    cleaning.dropped("\n".join(lines))
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "unit", ["by ", "A B ", "share | ", "12:30 ", "more: ", "- ", "photo: ", "the A/AP ", "a. ", "(c) "]
)
def test_no_rule_takes_long_over_a_line_that_almost_fits(unit):
    begun = time.monotonic()
    for length in (100, 300, 449):
        line = (unit * 500)[:length]
        for rule in cleaning.rules():
            rule.fits(line)
            rule.fits(f"{line}\x01")
    assert time.monotonic() - begun < 1


# ---- killed at any moment
# One process that has loaded what it needs forks each run, so that a moment is one within the run.
RUNS = textwrap.dedent("""
    import os, random, signal, sys, time
    from pathlib import Path
    from contactline import io, schema
    from contactline.intake import articles, duplicates, languages, pages, settling
    raw, out, cache = map(Path, sys.argv[1:])
    names = [t.name for t in schema.group("intake")]
    for moment in range(20):
        process = os.fork()
        if not process:
            io.write_sorted(articles.tables(raw, cache=cache / str(moment)), names, out)
            os._exit(0)
        time.sleep(random.Random(moment).random() * float(sys.stdin.readline()))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        print(moment, flush=True)
    """)


def bytes_of(folder):
    return {name: (folder / f"{name}.parquet").read_bytes() for name in NAMES}


def test_a_run_killed_at_any_moment_leaves_old_tables_or_new_ones(tmp_path):
    raw, out, cache = (tmp_path / name for name in ("raw", "out", "cache"))
    (raw / "d").mkdir(parents=True)
    (raw / "d" / "origin.yml").write_text("retrieved: 2024-05-01\n")
    made = []
    for folder, first in ((out, 0), (tmp_path / "fresh", 1000)):
        for n in range(60):
            (raw / "d" / f"{n}.md").write_text(MARKDOWN.replace("three", f"{n + first}"))
        begun = time.monotonic()
        tables.write_sorted(articles.tables(raw), NAMES, folder)
        made.append(bytes_of(folder))
    old, new = made
    took = 1.5 * (time.monotonic() - begun)
    killer = [sys.executable, "-c", RUNS, raw, out, cache]
    with subprocess.Popen(killer, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for moment in range(20):
            process.stdin.write(f"{took}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{moment}\n"
            now = bytes_of(out)
            assert all(now[name] in (old[name], new[name]) for name in NAMES), f"moment {moment}: a table is neither"
            for name in NAMES:
                (out / f"{name}.parquet").write_bytes(old[name])
    tables.write_sorted(articles.tables(raw, cache=cache / "3"), NAMES, out)
    assert bytes_of(out) == new


def test_an_addition_that_was_killed_is_finished_by_the_next(tmp_path):
    source, raw = tmp_path / "source", tmp_path / "raw"
    source.mkdir()
    (source / "a.txt").write_text(BODY)
    (raw / "d").mkdir(parents=True)
    (raw / "d" / "a.txt.draft").write_text(BODY[:20])
    deliveries.add([source], "d", raw, retrieved=HERE.retrieved)
    assert [path.name for path in deliveries.paths(raw / "d")] == ["a.txt"]
    assert (raw / "d" / "a.txt").read_text() == BODY


def test_archives_are_not_unpacked_to_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile.ZipFile, "extract", None)
    monkeypatch.setattr(zipfile.ZipFile, "extractall", None)
    monkeypatch.chdir(tmp_path)
    assert isinstance(read("a.zip", zipped({"b.md": MARKDOWN.encode()}))[0], Found)
    assert list(tmp_path.iterdir()) == []
