"""Raw files to the articles in them, whatever their format.

Nothing is unpacked to disk, nothing is fetched, and nothing is read beyond the limits of `streams`.
"""

import gzip
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import IO, Any

import yaml

from contactline.intake import crawls, exports, rows
from contactline.intake.found import Found, Item, Reject, RejectError, said
from contactline.intake.rows import Mapped
from contactline.intake.streams import ARCHIVES, COMPRESSED, DOCUMENT_LIMIT, MEMBERS, TARBALLS, size_of, unpacked, whole
from contactline.intake.text import decode

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, five times as fast where libyaml is there
DEPTH = 2  # archives in archives
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)

Reader = Callable[[IO[bytes], str, Mapped], Iterator[Item]]


def items(stream: IO[bytes], locator: str, mapping: Mapped, depth: int = 0) -> Iterator[Item]:
    """Yield the articles and rejects of one raw file.

    Whatever a broken file makes its format's library raise becomes one more reject: it must not cost the other files.

    Args:
        stream: the file, open at its start and seekable.
        locator: its path in the delivery.
        mapping: our field -> the column that holds it, for tables and records.
        depth: how many archives it lies in.
    """
    name = PurePosixPath(locator.rpartition("!")[2])
    suffixes = [s.lower() for s in name.suffixes[-2:]]
    try:
        if not stream.read(1):
            raise RejectError("empty", "the file has no bytes")
        stream.seek(0)
        suffixes = [part for suffix in suffixes for part in TARBALLS.get(suffix, (suffix,))]
        if suffixes and suffixes[-1] in COMPRESSED and suffixes[-2:] != [".warc", ".gz"]:
            stream = unpacked(COMPRESSED[suffixes[-1]](stream), size_of(stream))
            suffixes = suffixes[:-1]
        suffix = suffixes[-1] if suffixes else ""
        if suffix in ARCHIVES:
            yield from _archive(stream, locator, mapping, depth, suffix)
        elif suffix in READERS:
            yield from READERS[suffix](stream, locator, mapping)
        else:
            raise RejectError("unknown_format", f"no reader for {suffix or 'a name without suffix'}; known: {KNOWN}")
    except RejectError as error:
        yield error.at(locator)
    except (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError) as error:
        yield Reject(locator, "bad_record", f"the compressed file is cut short or broken: {said(error)}")
    except Exception as error:
        yield Reject(locator, "bad_record", f"the file cannot be read to its end: {said(error)}")


def _archive(stream: IO[bytes], locator: str, mapping: Mapped, depth: int, suffix: str) -> Iterator[Item]:
    if depth >= DEPTH:
        raise RejectError("unsafe", f"an archive inside {DEPTH} archives")
    members = ARCHIVES[suffix](stream)
    count = 0
    for name, size, opened in members:
        count += 1
        where = f"{locator}!{name}"
        if count > MEMBERS:
            raise RejectError("unsafe", f"over {MEMBERS:,} members")
        if isinstance(opened, RejectError):
            yield opened.at(where)
            continue
        if ignored(name):
            continue
        with opened() as member:
            yield from items(unpacked(member, size), where, mapping, depth + 1)
    if not count:
        raise RejectError("empty", "an archive without members")


def ignored(name: str) -> bool:
    """Say whether a file is not an item: origins, notes to the reader, DVC's and the system's own files."""
    parts = PurePosixPath(name).parts
    last = parts[-1] if parts else ""
    return (
        last in ("origin.yml", "README.md", "Thumbs.db", "desktop.ini")
        or last.endswith((".dvc", ".draft"))
        or any(part.startswith(".") or part == "__MACOSX" for part in parts)
    )


# ---- documents: one file, one article (or one export of a news database)
def _plain(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    text = decode(whole(stream)).replace("\r\n", "\n")
    if re.match(r"\s*(?:<!doctype html|<html\b)", text[:500], re.IGNORECASE):
        yield Found(locator, html=text)
    elif exports.recognised(text):
        yield from _numbered(exports.articles(text.split("\n")), locator)
    else:
        yield _document(text, locator)


def _markdown(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    found = _document(decode(whole(stream)).replace("\r\n", "\n"), locator)
    yield Found(**{**vars(found), "text": _without_marks(found.text)})


def _document(text: str, locator: str) -> Found:
    front = FRONT_MATTER.match(text)
    if not front:
        return Found(locator, text)
    try:
        facts = yaml.load(front[1], Loader=LOADER)
    except (yaml.YAMLError, ValueError) as error:
        raise RejectError("bad_record", f"front matter is no YAML: {said(error)}") from error
    if not isinstance(facts, dict):
        raise RejectError("bad_record", "front matter is no list of `key: value`")
    return Found(**{**rows.fields(facts, {}), "locator": locator, "text": text[front.end() :]})


def _without_marks(text: str) -> str:
    """Return Markdown as its reader sees it: no marks of headings, links, images, emphasis and quotes."""
    text = re.sub(r"!\[[^\]\n]*\]\([^)\n]*\)", "", text)
    text = re.sub(r"\[([^\]\n]+)\]\((?:[^()\n]|\([^()\n]*\))*\)", r"\1", text)
    text = re.sub(r"(?m)^ {0,3}(?:#{1,6} +|> ?)", "", text)
    return re.sub(r"(\*\*|__)(?=\S)([^\n]+?)(?<=\S)\1", r"\2", text)


def _html(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    data = whole(stream)
    if exports.recognised_html(data):
        yield from _numbered(exports.html(decode(data)), locator)
    else:
        yield Found(locator, html=data)


def _mhtml(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    import email
    import email.policy

    message = email.message_from_bytes(whole(stream), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            url = part.get("Content-Location") or message.get("Snapshot-Content-Location")
            yield Found(locator, html=payload if isinstance(payload, bytes) else b"", url=url)
            return
    raise RejectError("no_text", "no HTML part in the saved page")


def _docx(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    import docx

    with zipfile.ZipFile(stream) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > 20 * DOCUMENT_LIMIT:
            raise RejectError("unsafe", f"it unpacks to {size:,} bytes")
    stream.seek(0)
    yield from _export([paragraph.text for paragraph in docx.Document(stream).paragraphs], locator)


def _rtf(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    from striprtf.striprtf import rtf_to_text

    data = whole(stream)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise RejectError("bad_record", "no RTF: it does not begin with {\\rtf")
    text: str = rtf_to_text(data.decode("cp1252", "replace"), errors="replace")  # type: ignore[no-untyped-call]
    yield from _export(text.split("\n"), locator)


def _export(lines: list[str], locator: str) -> Iterator[Item]:
    lines = [line for part in lines for line in part.split("\n")]
    text = "\n".join(lines)
    if exports.recognised(text):
        yield from _numbered(exports.articles(lines), locator)
    else:
        yield _document(text, locator)


def _numbered(found: Iterable[Mapping[str, Any]], locator: str) -> Iterator[Item]:
    """Yield the articles of an export; one without text is a reject."""
    number = 0
    for number, facts in enumerate(found, start=1):
        where = f"{locator}#{number}"
        if str(facts.get("text", "")).strip():
            yield Found(**{**facts, "locator": where})
        else:
            yield Reject(where, "no_text", "the document has no body")
    if not number:
        raise RejectError("no_text", "no document in the export")


READERS: dict[str, Reader] = {
    ".txt": _plain, ".text": _plain, ".md": _markdown, ".markdown": _markdown,
    ".html": _html, ".htm": _html, ".xhtml": _html, ".mhtml": _mhtml, ".mht": _mhtml,
    ".docx": _docx, ".rtf": _rtf,
    ".jsonl": rows.jsonl, ".ndjson": rows.jsonl, ".json": rows.json,
    ".csv": rows.csv, ".tsv": rows.csv, ".tab": rows.csv, ".parquet": rows.parquet,
    ".warc": crawls.warc, ".gz": crawls.warc,
    ".rss": crawls.feed, ".atom": crawls.feed, ".rdf": crawls.feed, ".xml": crawls.feed,
}  # fmt: skip
KNOWN = " ".join(sorted({*READERS, *COMPRESSED, *ARCHIVES}))
