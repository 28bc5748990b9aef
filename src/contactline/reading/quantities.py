"""Count phrases of news English to bounds: "at least 49", "between 40 and 50", "a soldier", "dozens"."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """How many persons a phrase supports.

    Attributes:
        low: fewest, None where the phrase sets no lower bound.
        high: most, None where the phrase sets no upper bound.
        kind: a code of `count_kind`.
    """

    low: int | None
    high: int | None
    kind: str
