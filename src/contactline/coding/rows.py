"""The column families that rows of all four kinds of mention share."""

from typing import Any

from contactline.reading.dates import Date
from contactline.reading.language import Sentence, Token
from contactline.reading.places import Place


def evidence(sentence: Sentence, first: Token, last: Token, rule_id: str) -> dict[str, Any]:
    """Return the evidence_* columns for the phrase from `first` to `last` of `sentence`."""
    start, end = sentence.span(first, last)
    return {
        "sentence_start": sentence.start,
        "sentence_end": sentence.end,
        "span_start": start,
        "span_end": end,
        "rule_id": rule_id,
    }


def dates(date: Date | None) -> dict[str, Any]:
    """Return the date_* columns."""
    if date is None:
        return {}
    return {
        "date_start": date.start,
        "date_end": date.end,
        "date_precision": date.precision,
        "date_basis": date.basis,
    }


def place(found: Place | None) -> dict[str, Any]:
    """Return the place_* columns."""
    if found is None:
        return {}
    return {
        "place_name": found.name,
        "place_id": found.place_id,
        "country": found.country,
        "admin1": found.admin1,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "where_precision": found.precision,
    }
