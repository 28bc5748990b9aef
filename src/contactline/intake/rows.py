"""Tables and records to the articles in them: JSON, JSON lines, CSV, TSV and Parquet."""

import csv as csv_
import io
import itertools
import json as json_
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import IO, Any

import yaml

from contactline.intake.found import Found, Item, Reject, RejectError, said
from contactline.intake.streams import DOCUMENT_LIMIT, whole
from contactline.intake.text import decode

JSON_LIMIT = 300_000_000  # bytes of a JSON file that is one value; JSON lines have no limit
COLUMNS = 2_000  # columns of a table

Mapped = Mapping[str, str]


@cache
def column_names() -> dict[str, tuple[str, ...]]:
    """Return our field -> what databases, crawlers and search services call it."""
    book = yaml.safe_load((files("contactline") / "rulebook" / "columns.yml").read_text(encoding="utf-8"))
    return {field: tuple(names.split()) for field, names in book.items()}


def jsonl(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    """Yield the article of each line."""
    for number in itertools.count(1):
        where = f"{locator}#{number}"
        line = stream.readline(DOCUMENT_LIMIT + 1)
        if not line:
            return
        if len(line) > DOCUMENT_LIMIT:
            yield Reject(where, "too_large", f"a line of over {DOCUMENT_LIMIT:,} bytes")
            while line and not line.endswith(b"\n"):
                line = stream.readline(DOCUMENT_LIMIT)
        elif line.strip(b" \t\r\n\x00\xef\xbb\xbf"):
            yield _attempt(lambda text=line: json_.loads(decode(text)), where, mapping)  # type: ignore[misc]


def json(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    """Yield the articles of a list of objects, of the one list in an object, or of one object."""
    try:
        held = json_.loads(decode(whole(stream, JSON_LIMIT)))
    except (json_.JSONDecodeError, RecursionError) as error:
        raise RejectError("bad_record", f"not JSON: {said(error)}; is it JSON lines? Then call it .jsonl") from error
    if isinstance(held, dict):
        lists = [value for value in held.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if len(lists) == 1 and not any(
            _named(held, names) for names in (column_names()["text"], column_names()["html"])
        ):
            held = lists[0]
        else:
            yield _record(held, locator, mapping)
            return
    if not isinstance(held, list):
        raise RejectError("bad_record", "neither an object nor a list of objects")
    for number, record in enumerate(held, start=1):
        yield _record(record, f"{locator}#{number}", mapping)
    if not held:
        raise RejectError("empty", "an empty list")


def csv(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    """Yield the article of each row of a table with column names; the delimiter is told from them."""
    head = stream.read(1 << 20)
    stream.seek(0)
    first = decode(head[: head.rfind(b"\n") + 1] or head)
    delimiter = max("\t,;|", key=lambda mark: first.split("\n", 1)[0].count(mark))
    if first.split("\n", 1)[0].count(delimiter) >= COLUMNS:
        raise RejectError("bad_record", f"over {COLUMNS:,} columns")
    csv_.field_size_limit(DOCUMENT_LIMIT)
    rows = csv_.reader(_lines(stream), delimiter=delimiter)
    names = [name.strip() for name in next(rows, [])]
    if not _named(
        dict.fromkeys(names, ""), (mapping.get("text", ""), *column_names()["text"], *column_names()["html"])
    ):
        raise RejectError(
            "bad_record", f"no column holds the text: {', '.join(names)[:200]}; name it with --mapping text=COLUMN"
        )
    number = 1
    for number in itertools.count(2):
        where = f"{locator}#{number}"
        try:
            row = next(rows, None)
        except csv_.Error as error:
            yield Reject(where, "bad_record", f"the row cannot be read: {said(error)}")
            continue
        if row is None:
            break
        if any(cell.strip() for cell in row):
            if len(row) > len(names):
                yield Reject(where, "bad_record", f"{len(row):,} cells under {len(names):,} columns")
            else:
                yield _record(dict(zip(names, row, strict=False)), where, mapping)
    if number == 2:
        raise RejectError("empty", "no row below the column names")


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield a stream's lines decoded, in the encoding of its first megabyte, wide ones too."""
    head = stream.read(4)
    stream.seek(0)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield from io.TextIOWrapper(stream, encoding="utf-16", errors="replace", newline="")
        return
    while line := stream.readline(DOCUMENT_LIMIT + 1):
        if len(line) > DOCUMENT_LIMIT:
            raise RejectError("too_large", f"a line of over {DOCUMENT_LIMIT:,} bytes; what follows it is not read")
        yield decode(line)


def parquet(stream: IO[bytes], locator: str, mapping: Mapped) -> Iterator[Item]:
    """Yield the article of each row, a few hundred rows in memory at a time."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(stream) as opened:
        names = opened.schema_arrow.names
        if len(names) > COLUMNS:
            raise RejectError("bad_record", f"over {COLUMNS:,} columns")
        known = {name for names_of in column_names().values() for name in names_of}
        wanted = [name for name in names if name.lower() in known or name in mapping.values()]
        if not opened.metadata.num_rows:
            raise RejectError("empty", "a table without rows")
        number = 0
        for batch in opened.iter_batches(batch_size=256, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield _record(row, f"{locator}#{number}", mapping)


def _attempt(read: Callable[[], Any], locator: str, mapping: Mapped) -> Item:
    try:
        record = read()
    except RejectError as error:
        return error.at(locator)
    except (json_.JSONDecodeError, RecursionError) as error:
        return Reject(locator, "bad_record", f"not JSON: {said(error)}")
    return _record(record, locator, mapping)


def _record(record: Any, locator: str, mapping: Mapped) -> Item:
    """Return the article that one row or object is."""
    if not isinstance(record, dict):
        return Reject(locator, "bad_record", "not an object with fields")
    try:
        facts = fields(record, mapping)
    except RejectError as error:
        return error.at(locator)
    if not facts.get("text") and not facts.get("html"):
        return Reject(locator, "no_text", "no text in the record")
    if facts.get("text"):
        facts.pop("html", None)
    return Found(**{**facts, "locator": locator})


def fields(record: Mapping[Any, Any], mapping: Mapped) -> dict[str, Any]:
    """Return what a record says of our fields, under our names; what it leaves out or blank is left out."""
    found: dict[str, Any] = {}
    by_name = {str(name).strip().lower().replace(" ", "_").replace("-", "_"): value for name, value in record.items()}
    for field, names in column_names().items():
        if field in mapping:
            if mapping[field] not in record:
                raise RejectError("bad_record", f"no column {mapping[field]!r}, which the mapping gives for {field}")
            value = record[mapping[field]]
        else:
            value = next((by_name[name] for name in names if by_name.get(name) not in (None, "", [])), None)
        if isinstance(value, dict):  # {"source": {"id": ..., "name": ...}}
            value = value.get("name")
        if field != "published" and value is not None:
            value = value if isinstance(value, str) else str(value)
            value = value if field in ("text", "html") else " ".join(value.split())
        if value not in (None, ""):
            found[field] = value
    return found


def _text_names() -> tuple[str, ...]:
    return column_names()["text"] + column_names()["html"]


def _named(record: Mapping[str, Any], names: Iterable[str]) -> bool:
    have = {name.strip().lower().replace(" ", "_").replace("-", "_") for name in record} | set(record)
    return any(name in have for name in names)
