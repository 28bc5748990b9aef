"""The rulebook's files, opened once: words, names, places and thresholds are data that a country expert can edit."""

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def load(name: str) -> Any:
    """Return what `rulebook/<name>.yml` holds. It is shared: do not change it."""
    file = resources.files("contactline") / "rulebook" / f"{name}.yml"
    return yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
