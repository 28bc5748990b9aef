"""The dataset's own page: what is in it, drawn and counted, and beside what UCDP has."""

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from contactline import schema
from contactline.publish import figures, reference
from contactline.reading import actorbook

Row = Mapping[str, Any]
READ = ("articles", "events", "casualties", "contacts", "participants", "statements", "evidence", "actors", "places")
MOST = 12  # events in the table of the most disputed
FIGURES = "figures"  # folder beside the page


def page(read: Callable[[str], pa.Table], rows_of_ged: Sequence[Mapping[str, str]]) -> dict[str, bytes]:
    """Return the page and its figures: path beside the page -> content.

    Args:
        read: gives the stored tables by name.
        rows_of_ged: the reference file's rows.
    """
    tables = {name: read(name).to_pylist() for name in READ}
    episodes = yaml.safe_load((files("contactline") / "publish" / "page.yml").read_text("utf-8"))["episodes"]
    drawn = {
        "coverage.svg": figures.coverage(tables["articles"]),
        "tolls.svg": figures.tolls(tables["casualties"], {title: tuple(days) for title, days in episodes.items()}),
        "map.svg": figures.where(tables["events"]),
        "contacts.svg": figures.contacts(parties(tables)),
    }
    lines = [*_head(tables), *_coverage(tables), *_tolls(tables), *_map(tables), *_contacts(tables)]
    lines += _ucdp(tables, rows_of_ged)
    text = "\n".join(lines).rstrip() + "\n"
    return {"dataset.md": text.encode("utf-8")} | {f"{FIGURES}/{name}": body for name, body in drawn.items()}


def reference_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of the reference file.

    Raises:
        FileNotFoundError: it is not there.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: the rows of UCDP GED are not here; data/reference/README.md says what they are"
        )
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _head(tables: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    days = [a["published_date"] for a in tables["articles"] if a["published_date"]]
    publishers = {a["publisher"] for a in tables["articles"] if a["publisher"]}
    yield "# The dataset"
    yield ""
    yield "<!-- Made by `contactline page`, a stage of the pipeline; change src/contactline/publish/page.py. -->"
    yield ""
    yield (
        f"{len(days):,} articles by {len(publishers)} publishers, {min(days)} to {max(days)}. The articles were chosen,"
        " and restate real reports (see [data/README.md](../data/README.md)): what follows describes what was chosen"
        " and read, by rules that err as [limits.md](limits.md) says. It is not a census of the conflict."
    )
    yield ""
    yield "| table | rows | a row is |"
    yield "|---|---:|---|"
    for name in READ:
        yield f"| [{name}](codebook.md#{name}) | {len(tables[name]):,} | {schema.table(name).row} |"
    yield ""


def _figure(name: str, function: str, shows: str) -> list[str]:
    said = f"*Drawn by `{function}` in [publish/figures.py](../src/contactline/publish/figures.py).*"
    return [f"![{shows}]({FIGURES}/{name})", "", said, ""]


def _coverage(tables: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    copies = sum(a["duplicate_of"] is not None for a in tables["articles"])
    yield "## Coverage by month and publisher"
    yield ""
    yield from _figure("coverage.svg", "coverage", "Articles by month and by publisher")
    if copies:
        yield f"{copies:,} of the articles are copies of others and are not coded."
        yield ""
    yield "| events of a group | all | with a toll | dated to the day | placed in a town |"
    yield "|---|---:|---:|---:|---:|"
    for code in schema.codes("event_group").values():
        mine = [e for e in tables["events"] if e["event_group"] == code.code]
        toll = sum(e["deaths_high"] is not None for e in mine)
        dated = sum(e["date_precision"] == 1 for e in mine)
        placed = sum(e["where_precision"] == 1 for e in mine)
        yield f"| {code.label} | {len(mine):,} | {toll:,} | {dated:,} | {placed:,} |"
    yield ""


def _tolls(tables: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    claims = tables["casualties"]
    yield "## Who says how many"
    yield ""
    yield from _figure("tolls.svg", "tolls", "Claims of killed by day of report, side and claimant")
    yield (
        "Each mark is one claim of one claimant. An earlier claim stays beside the one that updates it; totals of the"
        " whole war stand beside the dead of a day."
    )
    yield ""
    yield "| claims by | " + " | ".join(c.label for c in schema.codes("harm").values()) + " |"
    yield "|---|" + "---:|" * len(schema.codes("harm"))
    counts = Counter((c["attribution"], c["harm"]) for c in claims)
    for voice in schema.codes("attribution").values():
        yield f"| {voice.label} | " + " | ".join(f"{counts[voice.code, h]:,}" for h in schema.codes("harm")) + " |"
    yield ""
    yield f"The {MOST} events with the most claims of killed, and the figures they are told with:"
    yield ""
    yield from _disputed(tables)


def _disputed(tables: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    events = {e["event_id"]: e for e in tables["events"]}
    of: dict[str, list[Row]] = defaultdict(list)
    for claim in tables["casualties"]:
        if claim["event_id"] and claim["harm"] == "killed" and claim["count_low"] is not None:
            of[claim["event_id"]].append(claim)
    yield "| event | days | place | claims | figures claimed | low | best | high |"
    yield "|---|---|---|---:|---|---:|---:|---:|"
    for event_id, claims in sorted(of.items(), key=lambda each: (-len(each[1]), each[0]))[:MOST]:
        event = events[event_id]
        said = ", ".join(f"{n:,}" for n in sorted({c["count_low"] for c in claims}))
        toll = " | ".join(_number(event[c]) for c in ("deaths_low", "deaths_best", "deaths_high"))
        days = _days(event["date_start"], event["date_end"])
        yield f"| {event_id} | {days} | {event['place_name'] or ''} | {len(claims)} | {said} | {toll} |"
    yield ""


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _days(start: dt.date | None, end: dt.date | None) -> str:
    if start is None:
        return ""
    return str(start) if end in (None, start) else f"{start} to {end}"


def _map(tables: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    yield "## Where"
    yield ""
    yield from _figure("map.svg", "where", "Map of violent events by place")
    vague = sum(e["where_precision"] is not None and e["where_precision"] >= 5 for e in tables["events"])
    yield (
        f"{vague:,} of {len(tables['events']):,} events are placed no closer than a region, a border or a country;"
        " those known by the country alone are not drawn."
        " Borders: Natural Earth (public domain), as internationally recognised; places: GeoNames (CC BY 4.0)."
    )
    yield ""


# ---- contacts
def parties(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[str]]:
    """Return, for each contact that was held, the names of the states and bodies that took part."""
    named = {actor["actor_id"]: actor["name"] for actor in tables["actors"]}
    held = {c["contact_id"] for c in tables["contacts"] if c["status"] == "held" and c["scope"] == "current"}
    found: dict[str, list[str]] = defaultdict(list)
    for row in tables["participants"]:
        name = _party(row, named)
        if row["contact_id"] in held and name and name not in found[row["contact_id"]]:
            found[row["contact_id"]].append(name)
    return dict(found)


def _party(row: Row, named: Mapping[str, str]) -> str | None:
    state = actorbook.states().get(row["country"]) if row["country"] else None
    return state.name if state else named.get(row["actor_id"])


def _contacts(tables: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    yield "## Who talked to whom"
    yield ""
    yield from _figure("contacts.svg", "contacts", "Network of contacts between states and bodies")
    yield (
        "Contacts that were held, by the states, bodies and officials of bodies that took part; a line is as broad as"
        " there were contacts."
    )
    yield ""
    counts = Counter((c["mode"], c["status"]) for c in tables["contacts"])
    yield "| contacts | " + " | ".join(c.label for c in schema.codes("contact_status").values()) + " |"
    yield "|---|" + "---:|" * len(schema.codes("contact_status"))
    for mode in schema.codes("contact_mode").values():
        cells = " | ".join(f"{counts[mode.code, status]:,}" for status in schema.codes("contact_status"))
        yield f"| {mode.label} | {cells} |"
    yield ""


# ---- UCDP
def _ucdp(tables: Mapping[str, Sequence[Row]], rows_of_ged: Sequence[Mapping[str, str]]) -> Iterator[str]:
    published = sorted(a["published_date"] for a in tables["articles"] if a["published_date"])
    events = reference.ours(tables["events"])
    first = min((day for day in published), default=dt.date.max) - reference.NEWS
    rows = sorted(map(reference.Theirs.of, rows_of_ged), key=lambda row: (row.start, row.ged_id))
    inside = [row for row in rows if first <= row.start <= published[-1]]
    compared = reference.compare(inside, events, published)
    yield "## Beside UCDP GED"
    yield ""
    yield (
        f"[data/reference](../data/reference/README.md) holds {len(rows)} rows of the UCDP Georeferenced Event Dataset"
        f" on this conflict, a selection. {len(inside)} lie in the time that our articles cover,"
        f" {len(rows) - len(inside)} outside it. A row and an event of ours meet where their days do, give or take"
        f" {reference.NEAR.days}, and their places"
        f" ({reference.REACH['place']} km from a town, {reference.REACH['division']} km from a province's centre,"
        f" {reference.ALONG_THE_LINE} km from Karabakh's for the line of contact)."
    )
    yield ""
    yield "| rows of UCDP | what we have |"
    yield "|---:|---|"
    counts = Counter(each.verdict for each in compared)
    yield from (f"| {counts[verdict]} | {meaning} |" for verdict, meaning in reference.VERDICTS.items())
    yield ""
    yield "### Each of their rows"
    yield ""
    yield "| UCDP | days | place | dead | ours | why |"
    yield "|---|---|---|---:|---|---|"
    for each in compared:
        row = each.theirs
        dead = f"{row.low}" if row.low == row.high else f"{row.low}–{row.high}"
        ids = " ".join(e.event_id for e in each.events[:3])
        told = f"{each.verdict}: {each.why}"
        yield f"| {row.ged_id} | {_days(row.start, row.end)} | {row.place} | {dead} | {ids} | {told} |"
    yield ""
    yield from _only_ours(events, compared)


def _only_ours(events: Sequence[reference.Ours], compared: Sequence[reference.Compared]) -> Iterator[str]:
    extra = reference.only_ours(events, compared)
    counts = Counter(reason for _, reason in extra)
    yield "### What we have and the file does not"
    yield ""
    yield f"{len(extra)} violent events with a toll, from the first day of those rows on, meet none of them:"
    yield ""
    yield "| events | why |"
    yield "|---:|---|"
    yield from (f"| {counts[reason]} | {meaning} |" for reason, meaning in reference.REASONS.items())
    yield ""
    yield "| event | days | place | dead | articles | why |"
    yield "|---|---|---|---:|---:|---|"
    for event, reason in extra:
        days, why = _days(event.start, event.end), reference.REASONS[reason].split(":")[0]
        yield f"| {event.event_id} | {days} | {event.place} | {_number(event.best)} | {event.articles} | {why} |"
    yield ""
