"""How long coding takes against bare spaCy, on the same texts in the same run.

    python benchmarks/coder.py DOCS.jsonl [--most N]

Prints, for one process: articles a second of bare spaCy, of coding everything and of coding behind the gate; the
coder's own time as a share of the parser's (promised: at most a quarter); the share of sentences that the gate opens;
and the process's peak memory. CPU time, so that other work on the machine counts little.
"""

import argparse
import datetime as dt
import json
import resource
import time
from collections.abc import Iterable
from pathlib import Path

from contactline.coding import article as coding
from contactline.coding import gate
from contactline.intake import cleaning
from contactline.reading.article import Article, Reading
from contactline.reading.language import MODELS, paragraphs, sentences


def articles(path: Path, most: int) -> list[Article]:
    """Return the first `most` articles of a file of JSON lines."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines()[:most]:
        each = json.loads(line)
        day = each.get("published_date")
        skip = tuple((d.start, d.end) for d in cleaning.dropped(each["text"]))
        found.append(Article(each["id"], each["text"], dt.date.fromisoformat(day[:10]) if day else None, skip=skip))
    return found


def parse(given: Iterable[Article]) -> int:
    """Parse all paragraphs and return the number of sentences."""
    return sum(len(list(sentences(paragraphs(each.text, each.skip), MODELS[0]))) for each in given)


def main() -> None:
    """Run the benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("documents", type=Path)
    ask.add_argument("--most", type=int, default=200)
    asked = ask.parse_args()
    given = articles(asked.documents, asked.most)
    for warm in given[:3]:  # model, rulebooks, gazetteer
        coding.mentions(Reading(warm, gate=gate.opened))
    begun = time.process_time()
    number = parse(given)
    parsing = time.process_time() - begun

    own = 0.0
    for each in given:
        reading = Reading(each)
        _ = reading.sentences
        begun = time.process_time()
        coding.mentions(reading)
        own += time.process_time() - begun

    opened = 0
    begun = time.process_time()
    for each in given:
        reading = Reading(each, gate=gate.opened)
        coding.mentions(reading)
        opened += len(reading.sentences)
    gated = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(given)} articles, {number} sentences, {sum(len(a.text.split()) for a in given) // len(given)} words each"
    )
    print(f"bare spaCy        {len(given) / parsing:8.1f} articles a second")
    print(f"coder, no gate    {len(given) / (parsing + own):8.1f} articles a second")
    print(f"coder, with gate  {len(given) / gated:8.1f} articles a second")
    print(f"own time / parser {own / parsing:8.2f}")
    print(f"sentences opened  {opened / number:8.2f}")
    print(f"peak memory       {peak:8.0f} MB")


if __name__ == "__main__":
    main()
