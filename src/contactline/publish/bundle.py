"""Packs what the pipeline made and the checks passed into a release, and verifies a bundle."""

import datetime as dt
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from contactline import checks, io, schema
from contactline.publish import codebook, copies, descriptors, diff, gates, shapes
from contactline.publish.descriptors import File
from contactline.records import as_of

CALVER = re.compile(r"20\d\d\.(?:[1-9]|1[0-2])\.(?:0|[1-9]\d*)")
PAGES = ("DATASHEET.md", "ETHICS.md", "ATTRIBUTION.md", "LICENSE-DATA")  # written by hand, the same in every release


@dataclass(frozen=True)
class Source:
    """What a release is made from.

    Attributes:
        tables: folder of the tables.
        reports: folder of the checks' reports.
        lock: dvc.lock.
        previous: folder of the release before, None for the first.
    """

    tables: Path
    reports: Path
    lock: Path
    previous: Path | None = None


def release(version: str, date: dt.date, source: Source, out: Path) -> list[str]:
    """Write the bundle of `version` into `out`, whole or not at all, and return lines that tell what changed.

    Raises:
        GateError: the version is no CalVer, or a gate does not open.
        FileNotFoundError: a table or a report is missing.
    """
    if not CALVER.fullmatch(version):
        raise gates.GateError(f"version {version!r}: not a CalVer like 2026.11.0 (no leading zeros)")
    tables = {
        t.name: io.read_arrow(t.name, source.tables)
        for t in schema.tables().values()
        if t.released and t.name != "changes"
    }
    changed = _changes(version, source)
    tables["changes"] = changed
    _through_the_gates(tables, source)
    content = _content(version, date, tables, source)
    gates.leaks(
        {name: [body.decode("utf-8")] for name, body in content.items() if name.endswith((".md", ".html"))},
        _texts(source),
    )
    _write(content | {gates.SUMS: gates.sums(content)}, out)
    return diff.summary(changed)


def _changes(version: str, source: Source) -> pa.Table:
    if source.previous is None:
        return io.arrow("changes", ())
    old = diff.Release(source.previous, version_of(source.previous))
    found = diff.changes(old, diff.Release(source.tables, version))
    gone = diff.unexplained(found).to_pylist()
    if gone:
        raise gates.GateError(
            f"events: {len(gone)} rows of {old.version} are gone, the first {gone[0]['changed_key']};"
            " rows never leave the table: restore data/ledger"
        )
    return found


def version_of(folder: Path) -> str:
    """Return the version of the release in `folder`.

    Raises:
        GateError: there is no descriptor that says it.
    """
    path = folder / "datapackage.json"
    if not path.is_file():
        raise gates.GateError(f"{path}: missing; {folder} holds no release")
    return str(yaml.safe_load(path.read_text("utf-8"))["version"])


def _texts(source: Source) -> list[tuple[str, str]]:
    return [(row["article_id"], row["text"]) for row in io.stream("texts", source.tables, ["article_id", "text"])]


def _through_the_gates(tables: Mapping[str, pa.Table], source: Source) -> None:
    for group in ("intake", "mentions", "records"):
        if not (source.reports / f"{group}.json").is_file():
            raise gates.GateError(f"{source.reports / group}.json: missing; the checks of {group} have not passed")
    gates.narrow(tables)
    texts = _texts(source)
    by_id = dict(texts)
    gates.spans(tables["evidence"].to_pylist(), by_id)
    gates.figures(io.stream("casualty_mentions", source.tables), by_id)
    gates.leaks(gates.strings(tables), texts)


def _content(version: str, date: dt.date, tables: Mapping[str, pa.Table], source: Source) -> dict[str, bytes]:
    """Return every file of the bundle but SHA256SUMS, by name."""
    content = {f"{name}.parquet": io.path_of(name, source.tables).read_bytes() for name in tables if name != "changes"}
    content["changes.parquet"] = io.to_bytes(tables["changes"])
    held = {name: File.of(f"{name}.parquet", content[f"{name}.parquet"]) for name in tables}
    day = date.isoformat()
    content |= {
        "contactline-csv.zip": copies.csv(tables),
        "contactline-stata.zip": copies.stata(tables, date),
        "contactline.sqlite": copies.sqlite(tables),
        **_shapes(version, tables, source),
        **{page: (files("contactline") / "publish" / "pages" / page).read_bytes() for page in PAGES},
        "codebook.html": codebook.html().encode("utf-8"),
        "codebook.csv": codebook.csv().encode("utf-8"),
        "validation.json": _validation(source),
        "CHANGELOG.md": _changelog(version, day, tables["changes"]).encode("utf-8"),
        "README.md": descriptors.readme(version, day, {name: len(table) for name, table in tables.items()}).encode(
            "utf-8"
        ),
        "CITATION.cff": descriptors.citation(version, day).encode("utf-8"),
        ".zenodo.json": descriptors.text(descriptors.zenodo(version, day)).encode("utf-8"),
        "datapackage.json": descriptors.text(descriptors.data_package(version, day, held)).encode("utf-8"),
        "croissant.json": descriptors.text(descriptors.croissant(version, day, held)).encode("utf-8"),
    }
    described = [File.of(name, body) for name, body in sorted(content.items())]
    lock = yaml.safe_load(source.lock.read_text("utf-8"))
    crate = descriptors.text(descriptors.ro_crate(version, day, described, lock)).encode("utf-8")
    return content | {"ro-crate-metadata.json": crate}


def _shapes(version: str, tables: Mapping[str, pa.Table], source: Source) -> dict[str, bytes]:
    events = tables["events"].to_pylist()
    articles = {row["article_id"]: row for row in tables["articles"].to_pylist()}
    folded = as_of.view("events", tables.__getitem__, fold="acled")
    fatalities = dict(zip(*(folded[c].to_pylist() for c in ("event_id", "deaths_best")), strict=True))
    ged, about_ged = shapes.ged(events)
    acled, about_acled = shapes.acled(events, fatalities)
    plover, about_plover = shapes.plover(io.stream("event_mentions", source.tables), articles, version)
    report = "\n".join(
        ["# What the exports could not carry over\n", *(r.text() for r in (about_ged, about_acled, about_plover))]
    )
    return {
        "export-ged.csv": ged,
        "export-acled.csv": acled,
        "export-plover.jsonl": plover,
        "EXPORTS.md": report.encode("utf-8"),
    }


def _validation(source: Source) -> bytes:
    groups = ("intake", "mentions", "records")
    report: dict[str, Any] = {
        group: yaml.safe_load((source.reports / f"{group}.json").read_text("utf-8")) for group in groups
    }
    return descriptors.text(report).encode("utf-8")


def _changelog(version: str, day: str, changed: pa.Table) -> str:
    lines = (
        "\n".join(f"- {line}" for line in diff.summary(changed))
        if len(changed)
        else "- first release, or no difference"
    )
    return f"# Changelog\n\n## {version} - {day}\n\n{lines}\n"


def _write(content: Mapping[str, bytes], out: Path) -> None:
    draft = out.with_name(out.name + io.DRAFT)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, body in content.items():
        (draft / name).write_bytes(body)
    shutil.rmtree(out, ignore_errors=True)
    draft.rename(out)


def verify(folder: Path) -> list[str]:
    """Check a bundle by itself, without the texts, and return lines that say what was checked.

    Raises:
        GateError: a file is missing, extra or altered, or a cell looks like article text.
        CheckError: a table is not what the codebook says.
    """
    count = gates.same_hashes(folder)
    tables = gates.tables_of(folder)
    gates.narrow(tables)
    for name, table in tables.items():
        broken = [
            outcome
            for outcome in checks.validate(
                schema.table(name), table.to_pandas(), checks.implied(schema.table(name), folder)
            )
            if outcome.stops
        ]
        if broken:
            raise checks.CheckError("\n".join(map(str, broken)))
    return [f"{count} files have the hashes of {gates.SUMS}", f"{len(tables)} tables are what the codebook says"]
