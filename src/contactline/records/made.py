"""What a build hands out as it goes."""

from typing import NamedTuple

import pyarrow as pa

from contactline.records.ledger import Entry


class Made(NamedTuple):
    """Tables of records and parts of the ledger that are complete; who takes them out keeps memory small.

    Attributes:
        tables: Arrow tables by name, as the codebook has them, in no order.
        ledger: table -> its entries, in order of id.
    """

    tables: dict[str, pa.Table]
    ledger: dict[str, list[Entry]]
