"""Conflict events, casualty claims and diplomatic contacts from news, as checked Parquet tables."""

from contactline.load import (
    cite,
    describe,
    list_versions,
    load,
    load_articles,
    load_casualties,
    load_contacts,
    load_events,
    load_evidence,
    load_participants,
    load_sample,
    load_statements,
)

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "cite",
    "describe",
    "list_versions",
    "load",
    "load_articles",
    "load_casualties",
    "load_contacts",
    "load_events",
    "load_evidence",
    "load_participants",
    "load_sample",
    "load_statements",
]
