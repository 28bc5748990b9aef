"""What a researcher may vary in joining: the `records` section of `params.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from contactline import schema


@dataclass(frozen=True)
class Params:
    """The `records` section of `params.yaml`, which gives each value its unit and reason."""

    days_apart: Mapping[str, int]
    publication_lag: int
    news_days: int
    short_days: int
    weight_place: float
    weight_date: float
    weight_sides: float
    weight_type: float
    event_threshold: float
    chain_days: int
    running_toll: int
    undated_figure: int
    summed_up: int
    small_figure: int
    contact_days: int
    contact_threshold: float
    planned_days: int
    statement_days: int

    @classmethod
    def read(cls, section: Mapping[str, Any]) -> "Params":
        """Return the section as an object.

        Raises:
            ValueError: a value is missing or unknown, or `days_apart` does not name every event_group.
        """
        known = {field.name for field in fields(cls)}
        if known != set(section):
            raise ValueError(
                f"params.yaml: records needs {', '.join(sorted(known - set(section))) or 'nothing more'}"
                f" and does not know {', '.join(sorted(set(section) - known)) or 'nothing'}"
            )
        groups = set(schema.codes("event_group"))
        if groups != set(section["days_apart"]):
            wrong = ", ".join(sorted(str(group) for group in groups ^ set(section["days_apart"])))
            raise ValueError(f"params.yaml: records.days_apart must name each event_group once; see {wrong}")
        return cls(**section)
