"""Made-up articles and mentions of the wars between Arnor and Gondor, for the tests of the records."""

import datetime as dt
from pathlib import Path

import yaml

from contactline import schema
from contactline.records import corrections
from contactline.records.tables import build

PARAMS = yaml.safe_load((Path(__file__).parent.parent / "params.yaml").read_text(encoding="utf-8"))["records"]
NO_CORRECTIONS = corrections.read("{values: [], apart: []}")
# name -> place_id, country, admin1, latitude, longitude, where_precision
PLACES = {
    "Osgiliath": ("101", "GON", "Anorien", 41.0, 45.0, 1),
    "Minas Tirith": ("102", "GON", "Anorien", 41.2, 44.9, 1),
    "Pelargir": ("103", "GON", "Lebennin", 40.0, 45.2, 1),
    "Fornost": ("201", "ARN", "North Downs", 45.0, 40.0, 1),
    "Bree": ("202", "ARN", "Bree-land", 44.5, 40.5, 1),
    "Anorien": ("110", "GON", "Anorien", 41.1, 44.8, 4),
    "Lebennin": ("111", "GON", "Lebennin", 40.1, 45.1, 4),
    "Gondor": ("100", "GON", None, 41.0, 45.0, 6),
    "Arnor": ("200", "ARN", None, 45.0, 40.0, 6),
    "border": (None, "GON", None, None, None, 5),
    "Southern Marches": ("130", "GON", None, 40.5, 45.0, 5),
    "Old Mill": (None, "GON", None, None, None, None),
}
MENTIONS = ("casualty_mentions", "contact_mentions", "contact_participants", "statement_mentions", "event_mentions")


def day(text):
    return dt.date.fromisoformat(text) if isinstance(text, str) else text


def place(name):
    if name is None:
        return {}
    columns = ("place_id", "country", "admin1", "latitude", "longitude", "where_precision")
    return {"place_name": name, **dict(zip(columns, PLACES[name], strict=True))}


def date(text, basis="stated"):
    """Return date_* columns from "2031-05-03", "2031-05-03/2031-05-05", "2031-05" or "2031"."""
    if text is None:
        return {}
    start, _, end = text.partition("/")
    if len(start) == 4:
        start, end, precision = f"{start}-01-01", f"{start}-12-31", 5
    elif len(start) == 7:
        first = dt.date.fromisoformat(f"{start}-01")
        start, end = str(first), str((first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1))
        precision = 4
    else:
        length = (day(end or start) - day(start)).days + 1
        precision = 1 if length == 1 else 2 if length <= 6 else 4 if length <= 31 else 5
    return {"date_start": day(start), "date_end": day(end or start), "date_precision": precision, "date_basis": basis}


class Corpus:
    """Articles and their mentions, as the stage gets them."""

    def __init__(self):
        self.articles = []
        self.mentions = {name: [] for name in MENTIONS}

    def article(self, article_id, published="2031-05-04", publisher="Red Book", duplicate_of=None):
        self.articles.append(
            {
                "article_id": article_id,
                "publisher": publisher,
                "published_date": day(published),
                "published_date_basis": "given",
                "language": "en",
                "char_count": 100_000,
                "text_sha256": "0" * 64,
                "duplicate_of": duplicate_of,
                "delivery": "made-up",
            }
        )
        return self

    def _add(self, table, article_id, row, at=None, rule="test-01"):
        number = sum(
            r["article_id"] == article_id for name in MENTIONS for r in self.mentions[name] if "article_id" in r
        )
        start = number * 100 if at is None else at
        kind = table.removesuffix("_mentions")
        names = schema.table(table).names
        full = dict.fromkeys(names) | {
            "mention_id": f"{article_id}-{kind}-{number}",
            "article_id": article_id,
            "sentence_start": start,
            "sentence_end": start + 90,
            "span_start": start + 10 + number % 50,
            "span_end": start + 75,
            "rule_id": rule,
        }
        self.mentions[table].append(full | row)
        return full["mention_id"]

    def event(self, article_id, what="battle", when="2031-05-03", where=None, sides="ARN GON", **more):
        kinds = {
            "battle": "Armed clash",
            "remote": "Shelling/artillery/missile attack",
            "civilians": "Attack",
            "territory": "Non-state actor overtakes territory",
            "movement": "Change to group/activity",
            "agreement": "Agreement",
            "capture": "Arrests",
            "protest": "Peaceful protest",
            "strategic": "Other",
        }
        first, second = [*(None if s == "?" else s for s in sides.split()), None, None][:2]
        row = {
            "event_group": what,
            "event_type": more.pop("type", kinds[what]),
            "plover_type": "ASSAULT",
            "actor1": more.pop("actor1", first),
            "actor1_country": first,
            "actor2": more.pop("actor2", second),
            "actor2_country": second,
            **place(where),
            **date(when, more.pop("basis", "stated")),
            "scope": "current",
            "modality": "asserted",
        }
        at = more.pop("at", None)
        self._add("event_mentions", article_id, row | more, at)
        return self

    def claim(self, article_id, low, high=None, of="ARN", by=None, when="2031-05-03", where=None, **more):
        country = more.pop("by_country", "ARN" if by else None)
        row = {
            "harm": "killed",
            "count_low": low,
            "count_high": high,
            "count_kind": "vague" if low is None and high is None else "exact" if low == high else "at_least",
            "count_text": f"{low} soldiers",
            "victim_country": of,
            "victim_status": "military",
            "claimant": by,
            "claimant_country": country,
            "attribution": "narrator" if by is None else "own_side" if country == of else "other_side",
            "basis": "incident",
            **place(where),
            **date(when, more.pop("basis_of_date", "stated")),
            "scope": "current",
            "modality": "asserted",
        }
        at = more.pop("at", None)
        self._add("casualty_mentions", article_id, row | more, at)
        return self

    def contact(self, article_id, parties, mode="call", status="held", when="2031-05-03", where=None, **more):
        """`parties`: "ARN Aragorn, GON Denethor/steward, - Council of Wizards/host": country, name, role or office."""
        row = {"mode": mode, "status": status, **place(where), **date(when, more.pop("basis", "stated"))}
        mention_id = self._add("contact_mentions", article_id, row | {"scope": "current"} | more)
        for position, party in enumerate(parties.split(", "), start=1):
            country, _, name = party.partition(" ")
            name, _, detail = name.partition("/")
            role = detail if detail in schema.codes("contact_role") else "participant"
            country = None if country == "-" else country
            state = name in PLACES
            self.mentions["contact_participants"].append(
                {
                    "mention_id": mention_id,
                    "position": position,
                    "role": role,
                    "name": name,
                    "office": detail if detail and role == "participant" else None,
                    "actor_id": f"state:{country}"
                    if state
                    else f"person:{country}:{name.lower()}"
                    if country
                    else None,
                    "country": country,
                }
            )
        return self

    def statement(self, article_id, speaker, kind="accuse", targets="GON", country="ARN", when="2031-05-03", **more):
        row = {
            "speaker": speaker,
            "speaker_country": country,
            "kind": kind,
            "targets": targets,
            "scope": "current",
            **date(when, more.pop("basis", "stated")),
        }
        self._add("statement_mentions", article_id, row | more)
        return self

    def build(self, ledger=None, corrected_by=NO_CORRECTIONS, **params):
        return build(self.mentions, self.articles, ledger or {}, corrected_by, PARAMS | params)

    def tables(self, **kwargs):
        """Return the built tables as lists of rows."""
        return {name: table.to_pylist() for name, table in self.build(**kwargs)[0].items()}
