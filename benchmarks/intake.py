"""What intake takes: time and memory for many articles, for one more article, and what it makes of web pages.

    python benchmarks/intake.py many --articles 100000     # promised: under 5 minutes and 1.5 GB on two cores
    python benchmarks/intake.py one --articles 10000       # one more article: only that one is settled
    python benchmarks/intake.py pages FOLDER OUT.jsonl     # the pages of FOLDER/gold.jsonl to {"id", "text"} lines

The articles of the first two are made up, one in ten of them a near copy of an earlier one.
"""

import argparse
import gzip
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contactline import io, schema
from contactline.intake import articles, cleaning, pages, settling
from contactline.intake.found import Found, Reject

NAMES = ("Gondor", "Arnor", "Osgiliath", "Fornost", "Minas Tirith", "Bree", "Pelargir", "Ithilien", "Rohan", "Edoras")
TEXT = """soldiers ministry shelled positions village border overnight on Monday the a of and to in that with by from
were was killed wounded talks ceasefire army forces spokesman statement agreed phone call minister president accused
denied reports observers mission road bridge river town houses artillery drone attack defence officials"""
WORDS = TEXT.split()
LEFTOVERS = (
    "Share this article",
    "Read more",
    "Your email address will not be published.",
    "ADVERTISEMENT",
    "By Odo Took",
)
ORIGIN = "retrieved: 2026-01-01\nlicence: made up\n"


def made_up(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield articles of some 400 words; one in ten nearly copies one of the last hundred."""
    random_ = random.Random(seed)
    recent: list[dict[str, Any]] = []
    for number in range(count):
        if recent and random_.random() < 0.1:
            article = dict(random_.choice(recent), publisher=random_.choice(NAMES))
            article["text"] = "Reuters\n\n" + article["text"] + "\n\nLeave a Reply"
        else:
            paragraphs = [
                " ".join(random_.choice(NAMES) if random_.random() < 0.1 else random_.choice(WORDS) for _ in range(40))
                for _ in range(10)
            ]
            lines = [f"{p[0].upper()}{p[1:]} {random_.randint(2, 99)}." for p in paragraphs]
            lines.insert(random_.randrange(len(lines)), random_.choice(LEFTOVERS))
            day = f"{random_.randint(2020, 2023)}-{random_.randint(1, 12):02}-{random_.randint(1, 28):02}"
            article = {"title": f"{random_.choice(NAMES)} and the {number}", "text": "\n\n".join(lines),
                       "published": day, "publisher": random_.choice(NAMES)}  # fmt: skip
            recent = [*recent[-99:], article]
        yield article | {"url": f"https://example.org/{number}"}


def many(count: int, workers: int) -> None:
    """Take in a file of JSON lines and write the tables."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        (raw / "bench").mkdir(parents=True)
        (raw / "bench" / "origin.yml").write_text(ORIGIN, encoding="utf-8")
        with (raw / "bench" / "articles.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(article) + "\n" for article in made_up(count))
        taken = _write(raw, Path(folder) / "tables", None, workers)
    here, workers_ = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{count:,} articles: {taken:.0f} s; processor: {here.ru_utime:.0f} s, workers {workers_.ru_utime:.0f} s;"
        f" {here.ru_maxrss / 1e6:.2f} GB here and at most {workers_.ru_maxrss / 1e6:.2f} GB in a worker"
    )


def one(count: int, workers: int) -> None:
    """Take in a folder of text files twice, the second time with one more, and count what was settled anew."""
    with tempfile.TemporaryDirectory() as folder:
        raw, tables, cache = (Path(folder) / name for name in ("raw", "tables", "cache"))
        (raw / "bench").mkdir(parents=True)
        (raw / "bench" / "origin.yml").write_text(ORIGIN, encoding="utf-8")
        for number, article in enumerate(made_up(count + 1)):
            text = f"---\ntitle: {article['title']}\npublished: {article['published']}\n---\n{article['text']}\n"
            (raw / "bench" / f"{number:06}.txt").write_text(text, encoding="utf-8")
        last = raw / "bench" / f"{count:06}.txt"
        held = last.read_text(encoding="utf-8")
        last.unlink()
        first = _write(raw, tables, cache, workers)
        last.write_text(held, encoding="utf-8")
        settled = Counter[str]()
        settle = settling.settle
        settling.settle = lambda item, origin: settled.update(["again"]) or settle(item, origin)  # type: ignore[func-returns-value]
        second = _write(raw, tables, cache, 1)
    print(f"{count:,} articles: {first:.1f} s; one more: {second:.1f} s, {settled['again']} settled anew")


def _write(raw: Path, tables: Path, cache: Path | None, workers: int) -> float:
    begun, worked = time.monotonic(), time.process_time()
    names = [table.name for table in schema.group("intake")]
    counts = io.write_sorted(articles.tables(raw, cache=cache, workers=workers), names, tables)
    taken = time.monotonic() - begun
    copies = io.read_arrow("articles", tables, ["duplicate_of"])["duplicate_of"]
    print(
        {**counts, "copies": len(copies) - copies.null_count},
        f"{taken:.1f} s, {time.process_time() - worked:.1f} s of processor",
        file=sys.stderr,
    )
    return taken


def of_pages(folder: Path, out: Path) -> None:
    """Write what is read of each page: its stored text without what is not its own."""
    begun, count = time.monotonic(), 0
    with out.open("w", encoding="utf-8") as lines:
        for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            with gzip.open(folder / page["page"]) as opened:
                found = pages.found(Found(page["id"], html=opened.read()))
            text = "" if isinstance(found, Reject) else settling.own(found.text, cleaning.dropped(found.text))
            lines.write(json.dumps({"id": page["id"], "text": text}) + "\n")
            count += 1
    print(f"{count} pages, {1000 * (time.monotonic() - begun) / count:.0f} ms each")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("many", "one", "pages"))
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    if asked.what == "pages":
        of_pages(*asked.paths)
    else:
        {"many": many, "one": one}[asked.what](asked.articles, asked.workers)


if __name__ == "__main__":
    main()
