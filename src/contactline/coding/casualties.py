"""Codes the casualty claims of one article."""

from collections.abc import Iterator
from typing import Any

from contactline.coding.harms import Harm, harms
from contactline.coding.rows import evidence
from contactline.reading.article import Reading
from contactline.reading.attribution import claimant_of
from contactline.reading.conflict import in_conflict
from contactline.reading.language import Sentence
from contactline.reading.persons import quantity_of, status_of
from contactline.reading.scope import modality_of, scope_of


def mentions(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of `casualty_mentions` that one article supports, without their keys."""
    for sentence in reading.sentences:
        found = harms(sentence)
        if not found or (why := in_conflict(sentence, reading)) is None:
            continue
        for harm in found:
            if (row := _row(harm, sentence, reading, why)) is not None:
                yield row


def _row(harm: Harm, sentence: Sentence, reading: Reading, why: str) -> dict[str, Any] | None:
    counted = harm.quantity or (quantity_of(harm.victim, sentence) if harm.victim is not None else None)
    if counted is None:
        return None
    speaker = claimant_of(harm.trigger, sentence, reading)
    scope, scope_rule = scope_of(harm.trigger, sentence, reading, None)
    modality, modality_rule = modality_of(harm.trigger, sentence)
    victim = harm.victim if harm.victim is not None else harm.trigger
    first, last = sorted((harm.trigger, victim), key=lambda t: t.i)
    return {
        "harm": harm.kind,
        "count_low": counted.low,
        "count_high": counted.high,
        "count_kind": counted.kind,
        "count_text": sentence.tokens.doc[first.i : last.i + 1].text,
        "victim_group": None,
        "victim_country": None,
        "victim_status": status_of(victim, sentence),
        "claimant": speaker.name if speaker else None,
        "claimant_country": speaker.country if speaker else None,
        "attribution": "third_party" if speaker else "narrator",
        "basis": "incident",
        "scope": scope,
        "modality": modality,
        **evidence(sentence, first, last, f"{harm.rule_id}+{why}+{scope_rule}+{modality_rule}"),
    }
