"""The events in the shapes of UCDP GED, ACLED and PLOVER, with a report of what could not be carried over."""

import csv
import io as memory
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Row = Mapping[str, Any]


@dataclass
class Report:
    """What one shape could not carry over.

    Attributes:
        shape: its name.
        written: events written.
        left_out: why an event was left out -> how many were.
        empty: columns of the shape that we have nothing for, and why.
    """

    shape: str
    written: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    empty: Mapping[str, str] = field(default_factory=dict)

    def leave_out(self, why: str) -> None:
        """Count an event that is left out."""
        self.left_out[why] = self.left_out.get(why, 0) + 1

    def text(self) -> str:
        """Return the report as Markdown."""
        lines = [f"## {self.shape}", "", f"{self.written:,} events written.", ""]
        lines += [f"- left out, {count:,}: {why}" for why, count in sorted(self.left_out.items())]
        lines += [f"- `{column}` is empty: {why}" for column, why in self.empty.items()]
        return "\n".join([*lines, ""])


@cache
def layouts() -> Mapping[str, Any]:
    """Return the columns of each shape, what fills them and why some stay empty, from `shapes.yml`."""
    found: Mapping[str, Any] = yaml.safe_load((files("contactline") / "publish" / "shapes.yml").read_text("utf-8"))
    return found


def _written(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    out = memory.StringIO()
    writer = csv.DictWriter(out, fieldnames=columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
    return out.getvalue().encode("utf-8")


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()


# ---- UCDP GED, 49 columns
def ged(events: Iterable[Row]) -> tuple[bytes, Report]:
    """Return events as UCDP GED rows (CSV), and the report.

    GED holds organised violence with at least one death in its high figure, at a known date and place.
    """
    layout = layouts()["ged"]
    report = Report("UCDP GED", empty=layout["empty"])
    rows = []
    for event in events:
        why = _outside_ged(event)
        if why:
            report.leave_out(why)
            continue
        rows.append(_filled(layout, event) | _ged_figures(event))
    report.written = len(rows)
    return _written(layout["columns"], rows), report


def _outside_ged(event: Row) -> str | None:
    if event["status"] != "active":
        return "the event was superseded or retracted"
    if event["type_of_violence"] is None:
        return "no organised violence between known sides"
    if not event["deaths_high"]:
        return "no death is claimed"
    if event["date_start"] is None:
        return "no date"
    return None


def _ged_figures(event: Row) -> dict[str, Any]:
    parts = {name: event[name] or 0 for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")}
    best = sum(parts.values())
    low = min(best, event["deaths_low"] or 0)
    return {
        **parts,
        "best": best,
        "high": max(best, event["deaths_high"]),
        "low": low,
        "year": event["date_start"].year,
        "date_start": _iso(event["date_start"]),
        "date_end": _iso(event["date_end"] or event["date_start"]),
        "dyad_name": " - ".join(filter(None, [event["side_a"], event["side_b"]])),
        "active_year": 1,
    }


# ---- ACLED, 31 columns
def acled(events: Iterable[Row], fatalities: Mapping[str, int | None]) -> tuple[bytes, Report]:
    """Return events as ACLED-shaped rows (CSV), and the report.

    Args:
        events: rows of the events table.
        fatalities: event id -> one conservative figure (the `acled` fold); null stays empty.
    """
    layout = layouts()["acled"]
    report = Report("ACLED", empty=layout["empty"])
    kinds = layout["event_types"]
    rows = []
    for event in events:
        if event["status"] != "active":
            report.leave_out("the event was superseded or retracted")
        elif event["date_start"] is None:
            report.leave_out("no date")
        else:
            rows.append(
                _filled(layout, event)
                | {
                    "event_date": _iso(event["date_start"]),
                    "year": event["date_start"].year,
                    "time_precision": layout["time_precision"][event["date_precision"]],
                    "geo_precision": layout["geo_precision"].get(event["where_precision"]),
                    "event_type": kinds[event["event_type"]],
                    "disorder_type": layout["disorder_types"][kinds[event["event_type"]]],
                    "civilian_targeting": "Civilian targeting" if event["event_group"] == "civilians" else None,
                    "fatalities": fatalities.get(event["event_id"]),
                }
            )
    report.written = len(rows)
    return _written(layout["columns"], rows), report


def _filled(layout: Mapping[str, Any], event: Row) -> dict[str, Any]:
    return {column: event[ours] for column, ours in layout["filled"].items()}


# ---- PLOVER, JSON lines
def plover(mentions: Iterable[Row], articles: Mapping[str, Row], version: str) -> tuple[bytes, Report]:
    """Return event mentions as PLOVER records (JSON lines), and the report.

    Args:
        mentions: rows of `event_mentions`.
        articles: article id -> its row.
        version: data version, said as the codebook's version.
    """
    report = Report("PLOVER", empty=layouts()["plover"]["empty"])
    lines = []
    for row in mentions:
        if row["modality"] != "asserted":
            report.leave_out("not asserted; PLOVER's auxiliary modes are not carried")
            continue
        lines.append(json.dumps(_plover(row, articles[row["article_id"]], version), ensure_ascii=False, sort_keys=True))
    report.written = len(lines)
    return ("\n".join(lines) + "\n" if lines else "").encode("utf-8"), report


def _plover(row: Row, article: Row, version: str) -> dict[str, Any]:
    location = {
        k: row[ours]
        for k, ours in {"name": "place_name", "country": "country", "lat": "latitude", "lon": "longitude"}.items()
    }
    return {
        "id": row["mention_id"],
        "date": _iso(row["date_start"]),
        "enddate": _iso(row["date_end"]),
        "actor": [row["actor1"]] if row["actor1"] else [],
        "recipient": [row["actor2"]] if row["actor2"] else [],
        "event": [row["plover_type"]],
        "mode": [],
        "context": ["historical"] if row["scope"] == "background" else [],
        "event_loc": location,
        "text_info": {"sequence": row["mention_id"], "start": row["sentence_start"], "end": row["sentence_end"]},
        "size": {},
        "cite_info": {
            "publication": article["publisher"],
            "url": article["based_on_url"] or article["url"],
            "license": "CC-BY-4.0",
            "coder": "contactline",
            "codebook": "PLOVER 0.8",
            "version": version,
        },
    }
