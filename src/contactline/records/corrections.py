"""What people have corrected by hand, and the refusal to go on when a correction has become stale."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from contactline import schema
from contactline.records.clusters import Apart

FILE = "rulebook/corrections.yml"
SIGNED = ("why", "source", "by", "on")
KEYS = {
    "values": {"id", "table", "where", "column", "expect", "set", *SIGNED},
    "apart": {"table", "sentences", *SIGNED},
}
FOLDED = ("deaths_", "wounded_")  # columns of events that follow from the claims


class _Loader(yaml.SafeLoader):
    """YAML in which `on` is a word and no truth value."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if first not in "oO" or tag != "tag:yaml.org,2002:bool"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class CorrectionError(ValueError):
    """A correction that does not hold, or is not written as one."""


@cache
def rulebook() -> Mapping[str, Any]:
    """Return `rulebook/corrections.yml`."""
    return read((files("contactline") / "rulebook" / "corrections.yml").read_text(encoding="utf-8"))


def read(text: str) -> Mapping[str, Any]:
    """Return the corrections of a YAML text.

    Raises:
        CorrectionError: an entry lacks a key or has an unknown one, corrects a folded figure, or an id stands twice.
    """
    written = yaml.load(text, Loader=_Loader) or {}
    if set(written) != set(KEYS):
        raise CorrectionError(f"{FILE}: needs the lists {' and '.join(KEYS)}, not {', '.join(written) or 'nothing'}")
    for kind, keys in KEYS.items():
        for number, entry in enumerate(written[kind], start=1):
            wrong = sorted(keys ^ set(entry))
            if wrong:
                raise CorrectionError(f"{FILE}: entry {number} of {kind} lacks or does not know {', '.join(wrong)}")
    for entry in written["values"]:
        if entry["table"] == "events" and entry["column"].startswith(FOLDED):
            raise CorrectionError(
                f"{FILE}: {entry['id']} sets {entry['column']}, which follows from claims;"
                " correct the claim in casualties"
            )
    ids = [entry["id"] for entry in written["values"]]
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        raise CorrectionError(f"{FILE}: the id {twice} stands twice")
    return dict(written)


def apart(corrections: Mapping[str, Any], table: str, mentions: pa.Table) -> Apart:
    """Return the pairs of sentences that are told apart in one table.

    Raises:
        CorrectionError: no mention stands in a sentence that an entry names.
    """
    pairs = []
    for entry in corrections["apart"]:
        if entry["table"] != table:
            continue
        pair = [(s["article_id"], s["sentence_start"]) for s in entry["sentences"]]
        for article_id, start in pair:
            here = pc.and_(pc.equal(mentions["article_id"], article_id), pc.equal(mentions["sentence_start"], start))
            if not pc.any(here).as_py():
                raise CorrectionError(
                    f"apart in {table}: no mention stands at {start} of {article_id};"
                    f" mend the entry in {FILE} or remove it if the rules now get this right"
                )
        pairs.append(frozenset(pair))
    return frozenset(pairs)


def applied(corrections: Mapping[str, Any], table: str, made: pa.Table) -> tuple[pa.Table, dict[str, list[str]]]:
    """Return the table with its corrections made, and the ids of the corrections of each corrected record.

    Raises:
        CorrectionError: the row to correct is not there once, or does not hold what the correction expects.
    """
    corrected: dict[str, list[str]] = {}
    for entry in corrections["values"]:
        if entry["table"] != table:
            continue
        number = _row(entry, table, made)
        column = entry["column"]
        schema.table(table)[column]
        found = made[column][number].as_py()
        if found != entry["expect"]:
            raise CorrectionError(
                f"correction {entry['id']} of {table}.{column} where {_where(entry)}: expects to replace"
                f" {entry['expect']!r} but finds {found!r}; remove it from {FILE} if the rules now get this right"
            )
        values = made[column].to_pylist()
        values[number] = entry["set"]
        field = made.schema.field(column)
        made = made.set_column(made.schema.get_field_index(column), field, pa.array(values, type=field.type))
        corrected.setdefault(made[schema.table(table).primary_key[0]][number].as_py(), []).append(entry["id"])
    return made, corrected


def _row(entry: Mapping[str, Any], table: str, made: pa.Table) -> int:
    mask = pa.array([True] * len(made))
    for column, value in entry["where"].items():
        schema.table(table)[column]
        mask = pc.and_(mask, pc.fill_null(pc.equal(made[column], pa.scalar(value, type=made[column].type)), False))
    numbers = pc.indices_nonzero(mask).to_pylist()
    if len(numbers) != 1:
        raise CorrectionError(
            f"correction {entry['id']} of {table}.{entry['column']} where {_where(entry)}:"
            f" {len(numbers)} rows match, not one; mend it in {FILE} or remove it"
        )
    return int(numbers[0])


def _where(entry: Mapping[str, Any]) -> str:
    return " and ".join(f"{column} is {value!r}" for column, value in entry["where"].items())


def rule_ids(corrected: Iterable[str]) -> str:
    """Return what corrections add to the rule_id of a record's evidence."""
    return "".join(f"+correction:{each}" for each in corrected)
