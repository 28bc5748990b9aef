"""Agreement between two codings of the same articles."""

import json

import pytest

from contactline import agreement, cli, io
from samples import write_all

CLAIM = {
    "harm": "killed",
    "low": 12,
    "high": None,
    "victim_country": "GON",
    "victim_status": "military",
    "claimant": "Denethor",
    "scope": "current",
}
CONTACT = {
    "mode": "call",
    "status": "held",
    "date": "2031-05-03",
    "scope": "current",
    "participants": [{"name": "Aragorn", "country": "ARN"}, {"name": "Denethor", "country": "GON"}],
}
STATEMENT = {"speaker": "Aragorn", "country": "ARN", "kind": "accuse", "targets": ["GON", "Mordor"]}
EVENT = {
    "type": "battle",
    "place": "Osgiliath",
    "country": "GON",
    "start": "2031-05-03",
    "end": None,
    "scope": "current",
}


def write(path, *articles):
    path.write_text("\n".join(json.dumps({"id": f"a{i}", **tables}) for i, tables in enumerate(articles)) + "\n")
    return path


@pytest.fixture
def coded(tmp_path):
    """Return a function that compares two codings, each a list of articles."""

    def compare(one, other):
        pair = (write(tmp_path / "a.jsonl", *one), write(tmp_path / "b.jsonl", *other))
        return agreement.agreement(*map(agreement.read, pair))

    return compare


def column(agreed, table, name):
    (found,) = [each for each in agreed if (each.table, each.column) == (table, name)]
    return found


def test_a_coding_agrees_with_itself(coded):
    whole = {"casualties": [CLAIM, CLAIM | {"low": 30, "victim_country": "ARN"}], "contacts": [CONTACT]}
    whole |= {"statements": [STATEMENT], "events": [EVENT]}
    found, agreed = coded([whole], [whole])
    assert [(each.rows, each.aligned, each.share) for each in found] == [
        ((2, 2), 2, 1.0),
        ((1, 1), 1, 1.0),
        ((1, 1), 1, 1.0),
        ((1, 1), 1, 1.0),
    ]
    assert {each.share for each in agreed} == {1.0}
    assert column(agreed, "casualties", "victim_country").alpha == 1.0
    assert column(agreed, "casualties", "scope").alpha is None  # one value only: nothing to measure


def test_rows_that_only_one_has_lower_the_share(coded):
    found, _ = coded([{"casualties": [CLAIM, CLAIM | {"harm": "wounded"}]}], [{"casualties": [CLAIM]}])
    assert (found[0].rows, found[0].aligned) == ((2, 1), 1)
    assert found[0].share == pytest.approx(2 / 3)


def test_alpha_is_the_textbooks():
    # Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", examples A and B.
    binary = list(zip("0100000010", "1110010000", strict=True))
    assert agreement.alpha(binary, "nominal") == pytest.approx(0.095, abs=0.001)
    nominal = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
    assert agreement.alpha(nominal, "nominal") == pytest.approx(0.692, abs=0.001)


def test_far_figures_disagree_more_than_near_ones():
    near, far = (agreement.alpha([(12, 12), (49, n), (7, 7), (None, 3)], "ratio") for n in (50, 105))
    assert near > 0.99 > far
    assert agreement.alpha([(12, None)], "ratio") is None


def test_disagreement_is_told_by_column(coded):
    other = [CLAIM | {"victim_country": "ARN", "claimant": "Denethor II"}, CLAIM | {"low": 30}]
    _, agreed = coded([{"casualties": [CLAIM, CLAIM | {"low": 30, "high": 40}]}], [{"casualties": other}])
    country = column(agreed, "casualties", "victim_country")
    assert (country.pairs, country.share) == (2, 0.5)
    assert country.alpha < 0.5
    assert column(agreed, "casualties", "claimant").share == 1.0
    assert column(agreed, "casualties", "claimant").alpha is None
    assert column(agreed, "casualties", "high").share == 0.5


def test_what_one_did_not_judge_is_not_compared(coded):
    bare = {k: v for k, v in CLAIM.items() if k != "victim_status"}
    found, agreed = coded([{"casualties": [bare], "events": [EVENT]}, {"casualties": []}], [{"casualties": [CLAIM]}])
    assert [each.rows for each in found] == [(1, 1), (0, 0), (0, 0), (0, 0)]
    assert "victim_status" not in {each.column for each in agreed}


def test_annotations_are_compared_with_the_machines_tables(tmp_path):
    write_all(tmp_path / "tables")
    (row, *_) = io.read_arrow("casualty_mentions", tmp_path / "tables").to_pylist()
    claim = CLAIM | {"harm": row["harm"], "low": row["count_low"], "victim_country": row["victim_country"]}
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        json.dumps({"id": row["article_id"], "casualties": [claim]})
        + "\n"
        + json.dumps({"id": "other", "events": [EVENT]})
    )
    found, agreed = agreement.agreement(agreement.read(gold), agreement.read(tmp_path / "tables"))
    assert found[0].aligned == 1
    assert column(agreed, "casualties", "victim_country").share == 1.0
    assert found[3].rows == (1, 0)  # the tables hold all there is: an article without mentions has none


def test_the_command_prints_it_and_can_write_it(tmp_path, capsys):
    one = write(tmp_path / "a.jsonl", {"casualties": [CLAIM, CLAIM | {"low": 30}]})
    two = write(tmp_path / "b.jsonl", {"casualties": [CLAIM, CLAIM | {"low": 30, "scope": "background"}]})
    cli.agreement(one, two, tmp_path / "out.csv")
    said = capsys.readouterr().out
    assert "casualties: 2 and 2 rows, 2 the same (100%)" in said
    assert "  scope: 50% of 2 agree, alpha 0.00" in said
    assert (tmp_path / "out.csv").read_text().splitlines()[:2] == [
        "table,column,pairs,share,alpha",
        "casualties,low,2,1.0000,1.0000",
    ]


@pytest.mark.parametrize(
    ("line", "error", "message"),
    [
        (None, FileNotFoundError, r"b.jsonl: neither a file of annotations nor a folder of mention tables"),
        ('{"casualties": []}', ValueError, r"b.jsonl, line 1: no annotation; it has no id"),
        ('{"id": "z", "casualties": []}', ValueError, r"the two codings have no article in common; their ids must be"),
    ],
)
def test_what_cannot_be_compared_is_said(tmp_path, line, error, message):
    one = write(tmp_path / "a.jsonl", {"casualties": [CLAIM]})
    if line:
        (tmp_path / "b.jsonl").write_text(line)
    with pytest.raises(error, match=message):
        agreement.agreement(agreement.read(one), agreement.read(tmp_path / "b.jsonl"))
