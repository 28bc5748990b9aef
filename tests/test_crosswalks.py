"""Every event type maps to PLOVER, CAMEO and UCDP, or says why it does not."""

import csv
import re
from importlib import resources

import pytest

from contactline import schema

CROSSWALKS = {"plover": "plover_type", "cameo": "cameo", "ucdp": "type_of_violence"}


def rows(name):
    file = resources.files("contactline") / "codebook" / "crosswalks" / f"event_type_{name}.csv"
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(("name", "column"), CROSSWALKS.items())
def test_every_event_type_maps_or_says_why_not(name, column):
    assert [row["event_type"] for row in rows(name)] == list(schema.codes("event_type"))
    for row in rows(name):
        assert row[column] or row["note"], (
            f"event_type_{name}.csv: {row['event_type']} maps to nothing and says not why"
        )


def test_targets_are_codes_of_the_other_scheme():
    assert {row["plover_type"] for row in rows("plover")} <= set(schema.codes("plover_type"))
    kinds = {kind for row in rows("ucdp") for kind in row["type_of_violence"].split(";") if kind}
    assert kinds <= {str(code) for code in schema.codes("type_of_violence")}
    codes = [code for row in rows("cameo") for code in row["cameo"].split(";") if code]
    assert all(re.fullmatch(r"(?:0[1-9]|1\d|20)\d{1,2}", code) for code in codes)
