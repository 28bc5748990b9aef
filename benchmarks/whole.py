"""The whole pipeline on many articles: what each stage takes in time and memory, and how that grows.

    python benchmarks/whole.py FOLDER --articles 2000 20000 200000 [--sample 5000] [--workers 2]

FOLDER holds `*.docs.jsonl` (objects with `text`). The articles are made of theirs: paragraphs of two, figures and
states changed, one in ten a near copy of another; nothing of them is kept. Intake and its checks run on all articles;
coding, joining and their checks on a sample of those that are to be coded. Each stage is a command in a process of its
own; times are those of the processors, its workers among them, so that other work on the machine counts little.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from contactline import io

ROOT = Path(__file__).parent.parent
ORIGIN = "retrieved: 2026-01-01\nlicence: made up\n"
STATES = ("Armenia", "Azerbaijan", "Georgia", "Turkey", "Russia", "Iran", "Ukraine", "Syria", "Iraq", "Israel", "Libya")
HEAD = "| stage | articles | processors | each | memory of the largest process | clock |"
PAPERS = [f"Paper {number}" for number in range(200)]


def made(folder: Path, count: int) -> Iterator[dict[str, str]]:
    """Yield articles made of the texts in `folder`, always the same for the same texts and count."""
    dice = random.Random(count)
    texts = [json.loads(line)["text"] for path in sorted(folder.glob("*.docs.jsonl")) for line in path.open("rb")]
    whole = [text.split("\n\n") for text in texts if len(text.split()) > 100]
    recent: list[str] = []
    for number in range(count):
        if recent and dice.random() < 0.1:
            text = dice.choice(recent) + "\n\nLeave a Reply"
        else:
            one, other = dice.choice(whole), dice.choice(whole)
            text = _changed("\n\n".join([*one[: dice.randint(3, 12)], *dice.sample(other, min(4, len(other)))]), dice)
            recent = [*recent[-99:], text]
        day = f"{dice.randint(2020, 2025)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        yield {
            "title": f"Report {number} of {day}",
            "text": text,
            "published": day,
            "publisher": dice.choice(PAPERS),
            "url": f"https://example.org/{number}",
        }


def _changed(text: str, dice: random.Random) -> str:
    """Return a text with other figures, and with its states exchanged among each other."""
    others = dict(zip(STATES, dice.sample(STATES, len(STATES)), strict=True))
    text = re.sub("|".join(STATES), lambda match: others[match.group()], text)
    return re.sub(r"\b\d{1,2}\b", lambda match: str(dice.randint(2, 99)), text)


@dataclass(frozen=True)
class Taken:
    """What a stage took: seconds of the processors and on the clock, and the largest process's memory in MB."""

    stage: str
    number: int
    processors: float
    clock: float
    memory: float

    def __str__(self) -> str:
        """Give a row of a Markdown table."""
        each = 1000 * self.processors / self.number
        cells = (self.stage, f"{self.number:,}", f"{self.processors:.0f} s", f"{each:.2f} ms", f"{self.memory:.0f} MB")
        return f"| {' | '.join(cells)} | {self.clock:.0f} s |"


def timed(stage: str, number: int, *arguments: object, here: Path) -> Taken:
    """Run a command of contactline in `here`."""
    begun = time.monotonic()
    command = [sys.executable, "-c", "from contactline.cli import main; main()", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=here, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status and arguments[0] != "check":  # made-up figures may well break an expectation
        raise RuntimeError(
            f"contactline {' '.join(map(str, arguments))}: exit status {os.waitstatus_to_exitcode(status)}"
        )
    clock = time.monotonic() - begun
    return Taken(stage, number, used.ru_utime + used.ru_stime, clock, used.ru_maxrss / 1024)


def sampled(tables: Path, sample: Path, most: int) -> int:
    """Write the intake tables of the first `most` articles that are to be coded, and return their number."""
    facts = io.read_arrow("articles", tables)
    chosen = facts.filter(pc.and_(pc.equal(facts["language"], "en"), pc.is_null(facts["duplicate_of"]))).slice(0, most)
    io.write_arrow(io.checked("articles", chosen), "articles", sample)
    for name in ("texts", "dropped"):
        rows = io.read_arrow(name, tables)
        kept = rows.filter(pc.is_in(rows["article_id"], value_set=chosen["article_id"].combine_chunks()))
        io.write_arrow(io.checked(name, kept), name, sample)
    io.write_arrow(io.read_arrow("rejects", tables).slice(0, 0), "rejects", sample)
    return len(chosen)


def run(folder: Path, count: int, most: int, workers: int) -> Iterator[Taken]:
    """Yield what each stage takes for so many articles."""
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary)
        (here / "data/raw/bench").mkdir(parents=True)
        (here / "data/raw/bench/origin.yml").write_text(ORIGIN, encoding="utf-8")
        with (here / "data/raw/bench/articles.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(article) + "\n" for article in made(folder, count))
        shutil.copy(ROOT / "params.yaml", here)
        shutil.copytree(ROOT / "expectations", here / "expectations")
        yield timed("intake", count, "articles", "--workers", workers, here=here)
        yield timed("its checks", count, "check", "intake", here=here)
        sample = Path("data/sample")
        number = sampled(here / "data/tables", here / sample, most)
        yield timed("coding", number, "mentions", "--folder", sample, "--workers", workers, here=here)
        yield timed("its checks", number, "check", "mentions", "--folder", sample, here=here)
        yield timed("joining", number, "records", "--folder", sample, "--ledger", "data/ledger", here=here)
        yield timed("its checks", number, "check", "records", "--folder", sample, here=here)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, nargs="+", default=[2_000])
    parser.add_argument("--sample", type=int, default=5_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    for count in asked.articles:
        print(f"\n{count:,} articles\n\n{HEAD}\n|---|---:|---:|---:|---:|---:|")
        for taken in run(asked.folder, count, asked.sample, asked.workers):
            print(taken, flush=True)


if __name__ == "__main__":
    main()
