"""Where the tables of a release lie: a folder, the project, the cache or a mirror."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from contactline import io

TABLES, RELEASES = Path("data/tables"), Path("data/release")
REGISTRY = Path(str(files("contactline") / "load" / "registry.yml"))
DESCRIPTOR, SUMS = "datapackage.json", "SHA256SUMS"
# Settings, from the environment.
MIRRORS = "CONTACTLINE_MIRRORS"  # addresses of folders that hold one folder a release, blanks between them
CACHE = "CONTACTLINE_CACHE"  # folder that fetched tables are kept in
OFFLINE = "CONTACTLINE_OFFLINE"  # anything but nothing: fetch nothing

Registry = Mapping[str, Mapping[str, Any]]
"""version -> date, files (name -> SHA-256)."""


def registry() -> Registry:
    """Return the published releases with the hash of each of their tables, by version."""
    said: Registry | None = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))["releases"]
    return said or {}


def register(folder: Path) -> str:
    """Enter the release in `folder` into the registry, so that every copy of it can be told from another.

    Returns:
        Its version.

    Raises:
        ValueError: `folder` holds no release, or another one of that version is entered.
    """
    said = _said(folder)
    if said is None or not (folder / SUMS).is_file():
        raise ValueError(f"{folder}: no release here; it has no {DESCRIPTOR} or no {SUMS}")
    sums = (line.split("  ", 1) for line in (folder / SUMS).read_text("ascii").splitlines())
    entry = {"date": said["date"], "files": {name: digest for digest, name in sums if name.endswith(".parquet")}}
    known, version = dict(registry()), said["version"]
    if known.get(version, entry) != entry:
        raise ValueError(
            f"{folder}: another release {version} is registered; a release never changes, so number it anew"
        )
    ordered = {each: (known | {version: entry})[each] for each in sorted({*known, version}, key=_number)}
    head = "".join(line for line in REGISTRY.read_text("utf-8").splitlines(keepends=True) if line.startswith("#"))
    REGISTRY.write_text(head + yaml.safe_dump({"releases": ordered}, sort_keys=False), encoding="utf-8")
    return str(version)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _said(folder: Path) -> dict[str, str] | None:
    """Return version and date that the release in `folder` says of itself; None where there is none."""
    path = folder / DESCRIPTOR
    if not path.is_file():
        return None
    document = json.loads(path.read_text(encoding="utf-8"))
    return {"version": str(document["version"]), "date": str(document["created"])[:10]}


def _lying(folder: Path | None) -> dict[str, Path]:
    """Return the releases in `folder`, or the project, by version: it may be one, or hold one a folder."""
    root = RELEASES if folder is None else folder
    inside = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return {said["version"]: each for each in [*inside, root] if (said := _said(each)) is not None}


def versions(folder: Path | None) -> list[str]:
    """Return the versions that lie in `folder`, or the project, or are registered; the oldest first."""
    return sorted({*_lying(folder), *registry()}, key=_number)


def dated(version: str | None, folder: Path | None) -> tuple[str, str]:
    """Return a version and the day of its release; the newest where `version` is None.

    Raises:
        ValueError: the version is unknown.
    """
    known = versions(folder)
    if version is None and not known:
        raise ValueError(f"no release is known that could be cited; the tables of {TABLES} are not released")
    wanted = version or known[-1]
    if wanted not in known:
        raise _unknown(wanted, known)
    said = _said(_lying(folder)[wanted]) if wanted in _lying(folder) else None
    return wanted, said["date"] if said else str(registry()[wanted]["date"])


def _unknown(version: str, known: list[str]) -> ValueError:
    listed = f"known are {', '.join(known)}" if known else "none is published yet"
    return ValueError(f"no release {version!r} is known; {listed}; leave version out to read {TABLES}")


def paths(version: str | None, folder: Path | None) -> Callable[[str], Path]:
    """Return the function that gives the file of a table, fetching it where it must.

    Raises:
        ValueError: the version is unknown.
        FileNotFoundError: there are neither tables nor releases.
    """
    if version is None:
        here = TABLES if folder is None else folder
        if folder is not None or TABLES.is_dir():
            return lambda name: _made(name, here)
        known = versions(None)
        if not known:
            raise FileNotFoundError(
                f"{TABLES}: not here, and no release is published yet; run `dvc repro` in the project,"
                " give folder=, or try contactline.load_sample"
            )
        version = known[-1]
    lying, wanted = _lying(folder), version
    if wanted in lying:
        return lambda name: _made(name, lying[wanted])
    if wanted not in registry():
        raise _unknown(wanted, versions(folder))
    return lambda name: _fetched(name, wanted)


def _made(name: str, folder: Path) -> Path:
    path = io.path_of(name, folder)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: the table {name!r} has not been made; run `dvc repro`")
    return path


# ---- the cache, and the mirrors behind it
def cache() -> Path:
    """Return the folder that fetched tables are kept in."""
    import platformdirs

    return Path(os.environ.get(CACHE) or platformdirs.user_cache_path("contactline"))


def _fetched(name: str, version: str) -> Path:
    """Return a registered table from the cache, or the first mirror that has it; its hash is the registered one.

    Raises:
        ValueError: the release has no such table.
        FileNotFoundError: it is not in the cache, and may not be or cannot be fetched.
    """
    known, file = registry()[version]["files"], f"{name}.parquet"
    if file not in known:
        raise ValueError(f"release {version} has no table {name!r}; it has {', '.join(f[:-8] for f in sorted(known))}")
    path = cache() / version / file
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == known[file]:
        return path
    if os.environ.get(OFFLINE):
        raise FileNotFoundError(f"{path}: not in the cache, and {OFFLINE} is set; unset it to fetch, or give folder=")
    mirrors = os.environ.get(MIRRORS, "").split()
    if not mirrors:
        raise FileNotFoundError(
            f"{path}: not in the cache, and no mirror is set; set {MIRRORS} to addresses that hold releases,"
            " or give folder="
        )
    return _retrieved(path, [f"{mirror.rstrip('/')}/{version}/{file}" for mirror in mirrors], known[file])


def _retrieved(path: Path, addresses: list[str], digest: str) -> Path:
    import pooch

    pooch.get_logger().setLevel("WARNING")
    failures = []
    for address in addresses:
        try:
            return Path(pooch.retrieve(address, f"sha256:{digest}", fname=path.name, path=path.parent))
        except (OSError, ValueError) as error:  # what a mirror can do: be away, lack it, hold another file
            failures.append(f"{address}: {error}")
    raise FileNotFoundError("\n".join([f"{path}: no mirror gave it:", *failures]))
