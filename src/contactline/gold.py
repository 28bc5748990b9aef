"""The annotated texts that the project ships: their halves, and the floors under the coder's accuracy."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from contactline import corpus, evaluate
from contactline.coding.article import Rows
from contactline.intake import deliveries, settling
from contactline.reading.article import Article

HALVES = ("tune", "check")
FLOORED = ("f1", "strict_f1")
MARGIN = 0.005  # of F1; a floor lies this much under what was reached, so that a rounding is no failure

Metrics = dict[str, dict[str, dict[str, float]]]
"""half -> table -> metric -> value."""


class GoldError(ValueError):
    """Annotations without a text, floors of other annotations, or accuracy below a floor."""


def half(article_id: str) -> str:
    """Return the half an article is in: rules are tuned on one and reported on both; the id's hash decides."""
    return HALVES[hashlib.sha1(article_id.encode("utf-8"), usedforsecurity=False).digest()[0] % 2]


@dataclass(frozen=True)
class Gold:
    """Annotated articles: each record with the text it speaks of."""

    records: Sequence[Mapping[str, Any]]
    articles: Sequence[Article]
    fingerprint: str


def load(folder: Path, raw: Path) -> Gold:
    """Return the annotated articles.

    Args:
        folder: `*.gold.jsonl`, each with its texts beside it (`*.docs.jsonl`) or, for `reports`, in the deliveries.
        raw: the deliveries; a record of `reports` has the name of its file as id.

    Raises:
        GoldError: an annotation whose text is not there.
    """
    digest = hashlib.sha256()
    records: list[Mapping[str, Any]] = []
    articles: list[Article] = []
    for path in sorted(folder.glob("*.gold.jsonl")):
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        beside = path.with_name(path.name.replace(".gold.", ".docs."))
        texts = dict(_documents(beside)) if beside.is_file() else dict(_reports(raw))
        for record in found:
            if record["id"] not in texts:
                raise GoldError(f"{path}: {record['id']} is annotated but has no text")
            article = texts[record["id"]]
            digest.update(json.dumps([record, article.text, str(article.published_date)], sort_keys=True).encode())
            records.append(record)
            articles.append(article)
    if not records:
        raise GoldError(f"{folder}: no *.gold.jsonl here")
    return Gold(records, articles, digest.hexdigest())


def _documents(path: Path) -> Iterator[tuple[str, Article]]:
    rejects: list[dict[str, Any]] = []
    for article in corpus.documents(path, rejects):
        yield article.article_id, article
    if rejects:
        raise GoldError(f"{path}: {rejects[0]['locator']}: {rejects[0]['detail']}")


def _reports(raw: Path) -> Iterator[tuple[str, Article]]:
    for origin, item in deliveries.items(raw):
        settled = settling.settle(item, origin)
        if isinstance(settled, settling.Settled):
            skip = tuple((each.start, each.end) for each in settled.dropped)
            name = Path(settled.locator).stem
            yield name, Article(name, settled.text, settled.published_date, skip=skip)


def measure(gold: Gold, coded: Mapping[str, Rows]) -> tuple[Metrics, list[dict[str, str]]]:
    """Return the metrics by half and table, and the rows that were missed or are wrong.

    Args:
        gold: the annotated articles.
        coded: article id -> its mentions.
    """
    metrics: Metrics = {}
    errors: list[dict[str, str]] = []
    for name in HALVES:
        tallies = evaluate.score([record for record in gold.records if half(record["id"]) == name], coded)
        metrics[name] = {table: tally.metrics() for table, tally in tallies.items()}
        errors += [
            {"half": name, "table": table, "article": article, "error": error, "row": _told(row)}
            for table, tally in tallies.items()
            for article, error, row in tally.errors
        ]
    return metrics, sorted(errors, key=lambda e: (e["table"], e["half"], e["article"], e["error"], e["row"]))


LEFT_OUT = {"mention_id", "article_id", "latitude", "longitude", "sentence_start", "sentence_end", "low", "high"}


def _told(row: Mapping[str, Any]) -> str:
    kept = {k: v for k, v in row.items() if v is not None and k not in LEFT_OUT}
    return json.dumps(kept, ensure_ascii=False, default=str)


# ---- floors
def below(metrics: Metrics, floors: Mapping[str, Any], fingerprint: str) -> list[str]:
    """Return a line for each metric below its floor.

    Raises:
        GoldError: the floors were set on other annotations.
    """
    if floors["fingerprint"] != fingerprint:
        raise GoldError(
            "floors.yml: set on other annotations than these; run `contactline floors` to set them on what is there now"
        )
    return [
        f"{name} {table} {metric}: {metrics[name][table][metric]:.3f} is below the floor {floor:.3f}"
        for name, tables in floors["floors"].items()
        for table, wanted in tables.items()
        for metric, floor in wanted.items()
        if metrics[name][table][metric] < floor
    ]


def new_floors(metrics: Metrics, fingerprint: str, old: Mapping[str, Any] | None, reason: str | None) -> dict[str, Any]:
    """Return floors just under `metrics`; one may be lowered only with a reason, which is kept.

    Raises:
        GoldError: a floor would go down, or the annotations changed, and no reason is given.
    """
    floors = {
        name: {table: {m: _floor(found[m]) for m in FLOORED} for table, found in tables.items()}
        for name, tables in metrics.items()
    }
    kept = list(old["reasons"]) if old else []
    changed = old is not None and old["fingerprint"] != fingerprint
    lower = [] if old is None or changed else below(metrics, old, fingerprint)
    if (changed or lower) and not reason:
        why = "the annotations changed" if changed else "; ".join(lower)
        raise GoldError(f"floors.yml: {why}; give --reason to set new floors all the same")
    if reason and (changed or lower):
        kept.append(reason)
    if old is not None and not changed and not lower:
        floors = _higher(floors, old["floors"])
    return {"fingerprint": fingerprint, "floors": floors, "reasons": kept}


def _floor(value: float) -> float:
    return round(max(0.0, value - MARGIN), 3)


def _higher(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {
            table: {m: max(value, other[name][table][m]) for m, value in wanted.items()}
            for table, wanted in tables.items()
        }
        for name, tables in one.items()
    }


def read_floors(path: Path) -> dict[str, Any] | None:
    """Return the floors, or None where none are set."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
