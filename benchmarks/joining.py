"""What joining takes: time and memory for many mentions, and how both grow.

    python benchmarks/joining.py --mentions 10000 100000 1000000     # promised: 100,000 in 60 s, a million in 1.5 GB
    python benchmarks/joining.py --as-of 100000                      # promised: 100,000 claims in under 1 s

The mentions are those of the project's tables, told again and again: each copy of an article moves to another
publisher, day, year and, with every THEATRE mentions more, another war between other states, and loses or changes some
of its figures and sides; copies of one telling lie within a day of each other, so that there is something to join.
"""

import argparse
import datetime as dt
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from contactline import io, load, schema
from contactline.records import corrections
from contactline.records import tables as records

ROOT = Path(__file__).parent.parent
KINDS = [table.name for table in schema.group("mentions")]
THEATRE = 50_000  # mentions to a war: the dataset's own has about that many in ten years of full coverage
Row = dict[str, Any]


def perturbed(tables: Path, wanted: int, out: Path) -> None:
    """Write articles and mention tables with at least `wanted` mentions, always the same for the same input."""
    dice = random.Random(wanted)
    articles = {row["article_id"]: row for row in io.stream("articles", tables)}
    by_article: dict[str, dict[str, list[Row]]] = defaultdict(lambda: {kind: [] for kind in KINDS})
    owner = {}
    for kind in KINDS:
        for row in io.stream(kind, tables):
            article = owner.setdefault(row["mention_id"], row.get("article_id"))
            by_article[article][kind].append(row)
    number = made = 0
    theatres = wanted // THEATRE + 1
    with ExitStack() as opened:
        writers = {
            name: opened.enter_context(pq.ParquetWriter(io.path_of(name, out), schema.table(name).arrow()))
            for name in ("articles", *KINDS)
        }
        while made < wanted:
            rows: dict[str, list[Row]] = {name: [] for name in writers}
            shift, theatre = dice.randrange(-2000, 2000), dice.randrange(theatres)
            for article_id, mentions in by_article.items():
                number += 1
                for name, row in _copy(articles[article_id], mentions, number, shift + dice.randrange(2), dice):
                    rows[name].append(_moved(row, theatre) if theatre else row)
            made += sum(len(rows[kind]) for kind in KINDS if kind != "contact_participants")
            for name, listed in rows.items():
                writers[name].write_table(pa.Table.from_pylist(listed, schema=schema.table(name).arrow()))


def _moved(row: Row, theatre: int) -> Row:
    """Return the row in another theatre: its states and places under other names."""
    letters = f"{chr(65 + theatre // 26 % 26)}{chr(65 + theatre % 26)}"
    states = {c: row[c][0] + letters for c in row if c.endswith("country") and row[c]}
    places = {c: f"{row[c]}-{theatre}" for c in ("place_id", "place_name") if row.get(c)}
    return row | states | places


def _copy(
    article: Row, mentions: dict[str, list[Row]], number: int, shift: int, dice: random.Random
) -> Iterator[tuple[str, Row]]:
    suffix, by = f"~{number:07}", dt.timedelta(days=shift)
    published = article["published_date"]
    yield (
        "articles",
        article
        | {
            "article_id": article["article_id"] + suffix,
            "publisher": f"Paper {dice.randrange(200)}",
            "published_date": published and published + by,
        },
    )
    for kind, rows in mentions.items():
        for row in rows:
            copy = row | {"mention_id": row["mention_id"] + suffix}
            if "article_id" in row:
                copy["article_id"] += suffix
            if row.get("date_start"):
                copy |= {"date_start": row["date_start"] + by, "date_end": (row["date_end"] or row["date_start"]) + by}
            if row.get("count_low") and dice.random() < 0.2:
                more = dice.randrange(5)
                copy |= {"count_low": row["count_low"] + more}
                copy |= {"count_high": row["count_high"] and row["count_high"] + more}
            if row.get("actor1") and dice.random() < 0.1:
                copy |= {"actor1": None, "actor1_country": None}
            yield kind, copy


def join(folder: Path) -> None:
    """Join the mentions of a folder as `contactline records` does, and print what it took."""
    counts = {name: pq.read_metadata(io.path_of(name, folder)).num_rows for name in ("articles", *KINDS)}
    count = sum(counts[name] for name in KINDS if name != "contact_participants")
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["records"]
    articles = io.read_arrow("articles", folder)
    start, began = time.process_time(), time.perf_counter()
    pieces = records.made(
        io.Stored(KINDS, folder), articles, io.StoredLedger(folder / "ledger"), corrections.rulebook(), params
    )
    made = io.write_records(pieces, folder, folder / "ledger")
    took = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:>9,} mentions in {counts['articles']:,} articles -> {made['events']:,} events,"
        f" {made['casualties']:,} claims: {took:.1f} s of a core, {took / count * 1e6:.0f} us a mention"
        f" ({time.perf_counter() - began:.1f} s on the clock), peak {peak:,.0f} MB",
        flush=True,
    )


KEYS = ("event_id", "casualty_id", "contact_id", "article_id", "mention_id", "record_id", "superseded_by", "supersedes")
DAYS = ("published_date", "reported_date", "first_reported", "last_reported", "date_start", "date_end")


def multiplied(table: pa.Table, times: int) -> pa.Table:
    """Return the records of a table so many times, each time under other keys and a day later."""
    copies = []
    for number in range(times):
        copy = table
        for place, field in enumerate(table.schema):
            if field.name in KEYS:
                column = pc.binary_join_element_wise(copy[field.name], f"{number:04}", "~")
            elif field.name in DAYS:
                shift = pa.scalar(number % 2000, type=pa.int32())
                column = pc.add(copy[field.name].cast(pa.int32()), shift).cast(pa.date32())
            else:
                continue
            copy = copy.set_column(place, field, column)
        copies.append(copy)
    return pa.concat_tables(copies).combine_chunks()


def known_as_of(tables: Path, claims: int) -> None:
    """Print how long it takes to load records as of a day, by each fold, with so many claims."""
    names = ("events", "casualties", "contacts", "participants", "contact_statuses", "evidence", "articles")
    with tempfile.TemporaryDirectory() as folder:
        times = claims // io.read_arrow("casualties", tables).num_rows + 1
        for name in names:
            io.write_arrow(multiplied(io.read_arrow(name, tables), times), name, Path(folder))
        days = sorted(day for day in io.read_arrow("casualties", Path(folder))["reported_date"].to_pylist() if day)
        print(f"{io.read_arrow('casualties', Path(folder)).num_rows:,} claims, as of {days[len(days) // 2]}")
        for table in ("events", "casualties", "contacts"):
            for fold in ("ucdp", "acled", "ibc") if table == "events" else (None,):
                start, began = time.process_time(), time.perf_counter()
                rows = len(load(table, as_of=days[len(days) // 2], fold=fold, folder=folder))
                took, clock = time.process_time() - start, time.perf_counter() - began
                print(f"{table:>12}, fold {fold}: {rows:,} rows, {took:.2f} s of a core ({clock:.2f} s on the clock)")


def measured(tables: Path, size: int) -> None:
    """Measure one size: made, joined, and joined again with the ledger, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for step in ("--make", "--join", "--join"):
            command = [sys.executable, __file__, "--tables", str(tables), "--mentions", str(size), step, folder]
            subprocess.run(command, check=True)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=Path, default=ROOT / "data" / "tables")
    parser.add_argument("--mentions", type=int, nargs="+", default=[])
    parser.add_argument("--as-of", type=int)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--join", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.make:
        perturbed(chosen.tables, chosen.mentions[0], chosen.make)
    elif chosen.join:
        join(chosen.join)
    else:
        for size in chosen.mentions:
            measured(chosen.tables, size)
        if chosen.as_of:
            known_as_of(chosen.tables, chosen.as_of)


if __name__ == "__main__":
    main()
