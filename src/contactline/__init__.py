"""Conflict events, casualty claims and diplomatic contacts from news, as checked Parquet tables."""

from contactline.load import load

__version__ = "0.1.0"
__all__ = ["__version__", "load"]
