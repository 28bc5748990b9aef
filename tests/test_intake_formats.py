import bz2
import gzip
import io
import json
import lzma
import tarfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contactline.intake import pages, readers
from contactline.intake.found import Found, Reject
from intake_samples import (
    ATOM,
    BODY,
    FACTIVA,
    FACTIVA_CODED,
    FACTIVA_PAGE,
    FEED,
    FIRST,
    LEXIS,
    MARKDOWN,
    NEXIS_UNI,
    PAGE,
    SECOND,
    THIRD,
    TITLE,
    URL,
    docx,
    rtf,
    warc,
    zipped,
)


def read(name, content, mapping=None):
    data = content if isinstance(content, bytes) else content.encode()
    return list(readers.items(io.BytesIO(data), name, mapping or {}))


def one(name, content, mapping=None):
    (found,) = read(name, content, mapping)
    assert isinstance(found, Found), found
    return found


def test_plain_text_is_taken_as_it_is():
    assert one("a.txt", BODY) == Found("a.txt", BODY)


def test_front_matter_gives_the_facts_and_is_no_text():
    found = one("a.md", MARKDOWN)
    assert (found.title, found.publisher, str(found.published), found.based_on_url) == (
        TITLE,
        "The Gondor Herald",
        "2022-09-13",
        URL,
    )
    assert found.text.strip() == BODY


def test_marks_of_markdown_are_no_text():
    found = one("a.md", f"# {TITLE}\n\n![map](map.png)\n\n> **Gondor** said so in [a note](https://x.example/a_(b)).\n")
    assert found.text.split() == f"{TITLE} Gondor said so in a note.".split()


def test_a_page_gives_text_and_facts():
    page = pages.found(one("a.html", PAGE))
    assert page.text.split("\n")[:3] == [FIRST, SECOND, THIRD]
    assert (page.title, page.publisher, str(page.published), page.url, page.language, page.basis) == (
        TITLE,
        "The Gondor Herald",
        "2022-09-13",
        URL,
        "en",
        "metadata",
    )
    assert "rights reserved" not in page.text
    assert "alert" not in page.text


@pytest.mark.parametrize(
    ("title", "site", "headline"),
    [
        ("Gondor shells Arnor | The Herald", "The Herald", "Gondor shells Arnor"),
        ("Gondor - Arnor talks fail - Herald", "Herald", "Gondor - Arnor talks fail"),
        ("Gondor - Arnor", "Herald", "Gondor - Arnor"),
        ("Herald", "Herald", "Herald"),
        (None, "Herald", None),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_headline(title, site, headline):
    assert pages._without_site(title, site) == headline


def test_a_page_saved_as_text_is_a_page():
    assert pages.found(one("a.txt", PAGE)).title == TITLE


def test_paragraphs_of_the_same_column_come_back_where_the_extractor_stopped():
    column = "div.body@"
    text = "\n".join((FIRST, SECOND, THIRD))
    rest = [f"{FIRST[:-1]}, for the {n}th time in as many weeks of war." for n in "456"]
    columns = [(column, p) for p in (FIRST, SECOND, THIRD)] + [(column, f"New{p}") for p in rest]
    assert pages._with_rest_of_column(text, columns) == "\n".join([text, *(f"New{p}" for p in rest)])
    assert pages._with_rest_of_column(text, columns[:4]) == text
    assert pages._with_rest_of_column(text, [*columns[:3], *(("div.other@", p) for _, p in columns[3:])]) == text


def test_a_link_that_stands_alone_goes_and_one_in_a_sentence_stays():
    link = '<p><a href="/b">Ten museums of Gondor to see this summer</a></p>'
    inline = FIRST.replace("Gondor", '<a href="/gondor">Gondor</a>', 1)
    page = pages.page(PAGE.replace(f"<p>{SECOND}</p>", f"{link}<p>{SECOND}</p>").replace(FIRST, inline))
    assert "museums" not in page.text
    assert FIRST in page.text


def test_a_page_saved_in_one_file_gives_its_page():
    boundary = f"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: {URL}\r\n\r\n{PAGE}\r\n--x--\r\n"
    found = one("a.mhtml", f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n{boundary}')
    assert pages.found(found).title == TITLE


RECORD = {"headline": TITLE, "body": BODY, "date": "2022-09-13", "source": {"id": 1, "name": "Herald"}, "link": URL}
TOLD = Found("", BODY, TITLE, "2022-09-13", "Herald", URL)


def same(found, locator):
    assert found == Found(**{**vars(TOLD), "locator": locator})


def test_json_lines_under_the_names_that_databases_use():
    first, second = read("a.jsonl", json.dumps(RECORD) + "\n\n" + json.dumps(RECORD))
    same(first, "a.jsonl#1")
    same(second, "a.jsonl#3")


@pytest.mark.parametrize("held", [[RECORD], {"status": "ok", "articles": [RECORD]}])
def test_json_lists(held):
    same(one("a.json", json.dumps(held)), "a.json#1")


def test_a_json_object_that_is_an_article():
    same(one("a.json", json.dumps(RECORD)), "a.json")


def test_a_record_that_holds_a_page_is_read_as_a_page():
    found = pages.found(one("a.jsonl", json.dumps({"html": PAGE, "date": "2022-09-14"})))
    assert (found.title, found.published, found.basis) == (TITLE, "2022-09-14", "given")


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "|")])
def test_tables_as_text(name, mark):
    quoted = BODY.replace('"', '""')
    found = one(name, f'title{mark}text{mark}date\n"{TITLE}"{mark}"{quoted}"{mark}2022-09-13\n')
    assert (found.locator, found.title, found.text, found.published) == (f"{name}#2", TITLE, BODY, "2022-09-13")


def test_a_table_with_names_of_its_own_needs_the_mapping():
    content = f'a,b\n"{TITLE}","{BODY}"\n'
    (reject,) = read("a.csv", content)
    assert reject.detail == "no column holds the text: a, b; name it with --mapping text=COLUMN"
    found = one("a.csv", content, {"title": "a", "text": "b"})
    assert (found.title, found.text) == (TITLE, BODY)


def test_a_mapping_to_a_column_that_is_missing_is_said():
    (reject,) = read("a.jsonl", json.dumps(RECORD), {"text": "story"})
    assert reject.detail == "no column 'story', which the mapping gives for text"


def test_parquet():
    out = io.BytesIO()
    pq.write_table(pa.table({"headline": [TITLE] * 300, "body": [BODY] * 300, "n": list(range(300))}), out)
    found = read("a.parquet", out.getvalue())
    assert len(found) == 300
    assert found[-1] == Found("a.parquet#300", BODY, TITLE)


def test_a_crawl_gives_its_pages_and_says_what_was_none():
    crawl = warc(
        (URL, "200 OK;text/html", PAGE.encode()),
        ("https://herald.example/map.png", "200 OK;image/png", b"\x89PNG"),
        ("https://herald.example/gone", "404 Not Found;text/html", b"<html>gone</html>"),
    )
    page, image, gone = read("a.warc.gz", crawl)
    assert pages.found(page).title == TITLE
    assert (image.reason, image.detail) == ("unknown_format", "image/png is no page: https://herald.example/map.png")
    assert (gone.reason, gone.detail) == ("no_text", "the server answered 404 for https://herald.example/gone")


def test_a_feed_gives_its_entries():
    entry, empty = read("a.rss", FEED)
    assert entry.text == f"{FIRST}\n\n{SECOND} & more."
    assert (entry.title, entry.url, entry.publisher) == (TITLE, URL, "The Gondor Herald")
    assert entry.published == "Tue, 13 Sep 2022 10:00:00 GMT"
    assert empty == Reject("a.rss#2", "no_text", "the entry has neither content nor description")


def test_an_atom_feed():
    found = one("a.xml", ATOM)
    assert (found.text, found.url, found.published) == (BODY, URL, "2022-09-13T10:00:00Z")


def facts(found):
    return found.title, found.publisher, found.published, found.text.split("\n\n")


@pytest.mark.parametrize(("name", "form"), [("a.txt", str.encode), ("a.docx", docx), ("a.rtf", rtf)])
def test_an_export_of_nexis_uni(name, form):
    first, second = read(name, form(NEXIS_UNI))
    assert facts(first) == (
        "Arnor counts its dead after a night of shelling",
        "The Gondor Herald",
        "September 13, 2022",
        [FIRST, SECOND],
    )
    assert facts(second) == ("A truce in Ithilien", "The Arnor Times", "14 September 2022", [THIRD])


def test_the_list_of_contents_above_an_export_is_no_article():
    contents = "Date and Time: Tuesday 13 September 2022\nJob Number: 12345\nDocuments (2)\n1. Arnor counts its dead\n"
    contents += "Client/Matter: -None-\nSearch Terms: Arnor\n2. A truce in Ithilien\nClient/Matter: -None-\n\n"
    first, _ = read("a.docx", docx(contents + NEXIS_UNI))
    assert facts(first)[0] == "Arnor counts its dead after a night of shelling"


@pytest.mark.parametrize(("name", "form"), [("a.txt", str.encode), ("a.rtf", rtf)])
def test_an_export_of_lexisnexis(name, form):
    first, second = read(name, form(LEXIS))
    assert facts(first) == ("Arnor counts its dead", "The Gondor Herald", "September 13, 2022", [FIRST, SECOND])
    assert facts(second) == ("A truce in Ithilien", "The Arnor Times", "September 14, 2022", [THIRD])
    assert first.language == "en"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", FACTIVA.encode()),
        ("a.rtf", rtf(FACTIVA)),
        ("a.docx", docx(FACTIVA)),
        ("a.txt", FACTIVA_CODED.encode()),
        ("a.html", FACTIVA_PAGE.encode()),
    ],
)
def test_an_export_of_factiva(name, content):
    found = one(name, content)
    assert facts(found) == ("Arnor counts its dead", "Gondor News Agency", "13 September 2022", [FIRST, SECOND])
    assert found.language == "en"


def test_several_articles_of_factiva_are_told_apart():
    other = FACTIVA.replace("Arnor counts its dead", "A truce in Ithilien")
    assert [found.title for found in read("a.txt", FACTIVA + other)] == ["Arnor counts its dead", "A truce in Ithilien"]


def test_a_word_document_that_is_no_export_is_one_article():
    assert one("a.docx", docx(BODY)).text == BODY


@pytest.mark.parametrize(
    ("name", "pack"), [("a.txt.gz", gzip.compress), ("a.txt.bz2", bz2.compress), ("a.txt.xz", lzma.compress)]
)
def test_compressed_files(name, pack):
    assert one(name, pack(BODY.encode())) == Found(name, BODY)


def test_a_zip_gives_what_is_in_it_archives_too():
    inner = zipped({"c.txt": BODY.encode()})
    archive = zipped(
        {"a/b.md": MARKDOWN.encode(), "inner.zip": inner, "__MACOSX/x": b"", ".hidden": b"", "n.bin": b"1"}
    )
    found = read("z.zip", archive)
    assert [each.locator for each in found] == ["z.zip!a/b.md", "z.zip!inner.zip!c.txt", "z.zip!n.bin"]
    assert [type(each) for each in found] == [Found, Found, Reject]


@pytest.mark.parametrize(("name", "mode"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tgz", "w:gz")])
def test_tarballs(name, mode):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        member = tarfile.TarInfo("b.txt")
        member.size = len(BODY.encode())
        archive.addfile(member, io.BytesIO(BODY.encode()))
    assert one(name, out.getvalue()) == Found(f"{name}!b.txt", BODY)
