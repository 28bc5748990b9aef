"""Conflict events, casualty claims and diplomatic contacts from news, as checked Parquet tables."""

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "load"]


def __getattr__(name: str) -> Any:
    # pandas takes longer to import than `import contactline` may, so `load` brings it only when it is asked for.
    if name == "load":
        from contactline.load import load

        return load
    raise AttributeError(f"module 'contactline' has no attribute {name!r}")
