"""How well the coder does: its mentions against annotated articles, matched one to one."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from contactline.coding.article import Rows

Row = Mapping[str, Any]
Agreement = dict[str, bool]
"""What a matched pair agrees in, by name; "strict" is the conjunction that a careful user asks for."""

IN_PERSON = {"meeting", "visit", "talks"}
UNTRUE = {"proposed", "refused", "cancelled"}
TITLES = {
    *("the", "of", "a", "an", "and", "for", "in", "on", "to", "mr", "mrs", "ms", "s"),
    *("president", "prime", "minister", "foreign", "defence", "defense", "secretary", "state", "general", "office"),
    *("spokesman", "spokesperson", "spokeswoman", "ministry", "government", "officials", "leader"),
}
SPELLINGS = (("ian", "yan"), ("yy", "y"), ("ie", "y"), ("kh", "h"), ("ou", "u"), ("ph", "f"))
OPEN = "~"  # sorts after every digit, so that "2020-09~" is past every day of that month


# ---- comparing two readings of one thing
def _plain(text: Any) -> str:
    folded = unicodedata.normalize("NFKD", str(text or "")).lower()
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9 ]+", " ", re.sub(r"[’']s\b", "", bare)).strip()


def _name_words(name: Any) -> set[str]:
    words = {word for word in _plain(name).split() if word not in TITLES and len(word) > 1}
    for old, new in SPELLINGS:
        words = {word.replace(old, new) for word in words}
    return words


def same_name(one: Any, other: Any) -> bool:
    """Say whether two names share a family name, whatever the spelling, or, where neither has one, an office."""
    left, right = _name_words(one), _name_words(other)
    if left and right:
        return bool(left & right)
    return bool((set(_plain(one).split()) & set(_plain(other).split())) - {"the", "of", "a", "an", "and"})


def _about(one: int | None, other: int | None) -> bool:
    """Say whether two figures are the same; above a hundred, "more than" may be read one off."""
    if one is None or other is None:
        return one is other
    return one == other or (abs(one - other) == 1 and max(one, other) > 100)


def _figure(row: Row) -> int | None:
    return row["low"] if row.get("low") is not None else row.get("high")


def _overlap(gold: Row, found: Row) -> bool:
    """Say whether two spans of days share one; a gold date may be a year or a month only."""
    if gold.get("start") is None and gold.get("end") is None:
        return True
    if found.get("start") is None:
        return False
    first, last = (str(gold.get(a) or gold.get(b)) for a, b in (("start", "end"), ("end", "start")))
    start, end = str(found["start"]), str(found.get("end") or found["start"])
    return start <= last + OPEN and (end >= first or first.startswith(end) or end.startswith(first))


def _agrees(gold: Row, found: Row, *columns: str) -> bool:
    """Say whether the columns that the gold row judges are the same."""
    return all(gold[column] == found.get(column) for column in columns if column in gold)


# ---- one agreement function a table; None where the two cannot be the same thing
def casualty(gold: Row, found: Row) -> Agreement | None:
    """Same harm and same figure; strict: both bounds, the victims' country and the scope."""
    if gold["harm"] != found["harm"] or not _about(_figure(gold), _figure(found)):
        return None
    bounds = all(_about(gold.get(bound), found.get(bound)) for bound in ("low", "high"))
    claimant = "claimant" not in gold or (
        same_name(gold["claimant"], found["claimant"]) if gold["claimant"] or found["claimant"] else True
    )
    country, scope = _agrees(gold, found, "victim_country"), _agrees(gold, found, "scope")
    return {
        "bounds": bounds,
        "victim_country": country,
        "scope": scope,
        "victim_status": _agrees(gold, found, "victim_status"),
        "claimant": claimant,
        "strict": bounds and country and scope,
    }


def contact(gold: Row, found: Row) -> Agreement | None:
    """Same participants, at least two of them or all; strict: the mode, in-person modes counting as one, and status."""
    left, right = gold["participants"], found["participants"]
    if not left or not right:
        return None
    alike = np.array([[_party(one, other) for other in right] for one in left])
    pairs = zip(*linear_sum_assignment(-alike), strict=True)
    shared = sum(bool(alike[i, j]) for i, j in pairs)
    if shared < min(2, len(left)) or shared * 2 < len(right):
        return None
    mode = _agrees(gold, found, "mode") or {gold["mode"], found["mode"]} <= IN_PERSON
    status = _agrees(gold, found, "status")
    day = gold.get("date")
    return {
        "mode": mode,
        "status": status,
        "everybody": shared == len(left) == len(right),
        "date": _overlap({"start": day, "end": day}, found),
        "scope": _agrees(gold, found, "scope"),
        "strict": mode and status,
    }


def _party(one: Row, other: Row) -> float:
    country = one.get("country") is not None and one.get("country") == other.get("country")
    return 2.0 * same_name(one["name"], other["name"]) + country


def statement(gold: Row, found: Row) -> Agreement | None:
    """Same speaker, by name or country, and same kind; strict: a shared target, where the gold names one."""
    country = gold.get("country") is not None and gold.get("country") == found.get("country")
    if gold["kind"] != found["kind"] or not (country or same_name(gold["speaker"], found["speaker"])):
        return None
    wanted = {target.lower() for target in gold["targets"]}
    target = not wanted or bool(wanted & {each.lower() for each in found["targets"]})
    return {"target": target, "strict": target}


def event(gold: Row, found: Row) -> Agreement | None:
    """Same group and the place or the country agrees; strict: the scope and, where the gold has one, the date."""
    if gold["type"] != found["type"]:
        return None
    place = same_name(gold.get("place"), found.get("place"))
    country = gold.get("country") is not None and gold.get("country") == found.get("country")
    sides = {gold.get("actor1"), gold.get("actor2")} - {None}
    actors = bool(sides & {found.get(c) for c in ("actor1", "actor2", "actor1_country", "actor2_country")})
    nowhere = gold.get("place") is None and gold.get("country") is None
    if not (place or country or (nowhere and actors)):
        return None
    scope, date = _agrees(gold, found, "scope"), _overlap(gold, found)
    return {
        "place": place or gold.get("place") is None,
        "actors": actors or not sides,
        "date": date,
        "scope": scope,
        "strict": scope and date,
    }


AGREEMENT: Mapping[str, Callable[[Row, Row], Agreement | None]] = {
    "casualties": casualty,
    "contacts": contact,
    "statements": statement,
    "events": event,
}


# ---- predictions in the gold's terms
def predictions(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Return one article's mentions in the gold's terms: only what is asserted, and no contact that did not happen."""
    members = defaultdict(list)
    for row in rows["contact_participants"]:
        members[row["mention_id"]].append({"name": row["name"], "country": row.get("country")})
    return {
        "casualties": [
            {**row, "low": row.get("count_low"), "high": row.get("count_high"), "claimant": row.get("claimant")}
            for row in rows["casualty_mentions"]
            if row["modality"] == "asserted"
        ],
        "contacts": [
            {**row, **_days(row), "participants": members[row["mention_id"]]}
            for row in rows["contact_mentions"]
            if row["status"] not in UNTRUE
        ],
        "statements": [
            {**row, "country": row.get("speaker_country"), "targets": _listed(row.get("targets"))}
            for row in rows["statement_mentions"]
        ],
        "events": [
            {**row, **_days(row), "type": row["event_group"], "place": row.get("place_name")}
            for row in rows["event_mentions"]
            if row["modality"] == "asserted"
        ],
    }


def _days(row: Row) -> dict[str, str | None]:
    ends = {"start": row.get("date_start"), "end": row.get("date_end")}
    return {name: None if day is None else day.isoformat() for name, day in ends.items()}


def _listed(targets: str | None) -> list[str]:
    return [target.strip() for target in (targets or "").split(";") if target.strip()]


# ---- matching and totals
@dataclass
class Tally:
    """Counts over articles, for one table.

    Attributes:
        gold: annotated rows that have to be found.
        found: coded rows that have to be right.
        matched: pairs of the two.
        agreed: of the matched pairs, how many agree in each thing.
        errors: the rows without a partner: (article, "missed" or "extra", the row).
    """

    gold: int = 0
    found: int = 0
    matched: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    errors: list[tuple[str, str, Row]] = field(default_factory=list)

    def metrics(self) -> dict[str, float]:
        """Return precision, recall, F1 and strict F1, and the share of matches that agree in each thing."""
        share = {f"{name}_share": count / self.matched for name, count in sorted(self.agreed.items()) if self.matched}
        share.pop("strict_share", None)
        rows = self.gold + self.found
        found = {
            "precision": self.matched / self.found if self.found else 1.0,
            "recall": self.matched / self.gold if self.gold else 1.0,
            "f1": 2 * self.matched / rows if rows else 1.0,
            "strict_f1": 2 * self.agreed["strict"] / rows if rows else 1.0,
        }
        return {"gold": self.gold, "found": self.found} | {k: round(v, 4) for k, v in (found | share).items()}


def match(gold: Sequence[Row], found: Sequence[Row], table: str) -> list[tuple[int, int, Agreement]]:
    """Return the pairs (index in gold, index in found, agreement), one to one, of the greatest total agreement."""
    cells = {
        (i, j): agreement
        for i, one in enumerate(gold)
        for j, other in enumerate(found)
        if (agreement := AGREEMENT[table](one, other)) is not None
    }
    if not cells:
        return []
    weight = np.zeros((len(gold), len(found)))
    for (i, j), agreement in cells.items():
        weight[i, j] = 10 - 5 * bool(gold[i].get("unsure")) + sum(agreement.values())
    pairs = zip(*linear_sum_assignment(-weight), strict=True)
    return [(int(i), int(j), cells[i, j]) for i, j in pairs if (i, j) in cells]


def score(records: Iterable[Row], coded: Mapping[str, Rows]) -> dict[str, Tally]:
    """Return a tally for each table over all annotated articles.

    Args:
        records: annotated articles: id, and a list of rows a table; a table left out is not judged, a row marked
            "unsure" is neither missed nor wrong, a table named in "partial" has no extra rows.
        coded: article id -> its mentions; an id without mentions counts as nothing found.
    """
    tallies = {table: Tally() for table in AGREEMENT}
    for record in records:
        found = predictions(coded[record["id"]]) if record["id"] in coded else defaultdict(list)
        for table, tally in tallies.items():
            if record.get(table) is not None:
                _count(tally, record, found[table], table)
    return tallies


def _count(tally: Tally, record: Row, found: Sequence[Row], table: str) -> None:
    gold = record[table]
    pairs = match(gold, found, table)
    sure = [agreement for i, _, agreement in pairs if not gold[i].get("unsure")]
    partial = table in record.get("partial", ())
    tally.gold += sum(not row.get("unsure") for row in gold)
    tally.found += len(sure) if partial else len(found) - (len(pairs) - len(sure))
    tally.matched += len(sure)
    for agreement in sure:
        tally.agreed.update(name for name, agrees in agreement.items() if agrees)
    tally.errors.extend(_unmatched(record["id"], gold, found, pairs, partial))


def _unmatched(
    article_id: str, gold: Sequence[Row], found: Sequence[Row], pairs: Sequence[tuple[int, int, Any]], partial: bool
) -> Iterator[tuple[str, str, Row]]:
    seen, used = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    for i, row in enumerate(gold):
        if i not in seen and not row.get("unsure"):
            yield article_id, "missed", row
    for j, row in enumerate(found):
        if j not in used and not partial:
            yield article_id, "extra", row
