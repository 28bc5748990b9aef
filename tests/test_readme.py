"""The README's every line of code runs, and every command in it is one, with these options."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
import typer

import contactline
from contactline import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
VERSION = "2026.11.0"
REPOSITORY = "path/or/address/of/contactline"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.M | re.S)


def commands():
    """Return every shell line of the README, in blocks and within sentences, without its comment."""
    lines = [line.split("  #")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    inline = re.findall(r"`((?:contactline|dvc|make|python|pip) [^`]+)`", README)
    return list(dict.fromkeys(line for line in [*lines, *inline] if line))


PYTHON = [block for block in blocks("python") if REPOSITORY not in block]
PARSERS = {"contactline", "dvc", "make", "python", "python3", "pip"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that has the sample's tables, as its own and as a release."""
    sample = Path(str(files("contactline") / "sample"))
    release = tmp_path / "data/release" / VERSION
    for folder in (tmp_path / "data/tables", release):
        shutil.copytree(sample, folder)
    (release / "datapackage.json").write_text(json.dumps({"version": VERSION, "created": "2026-11-22T00:00:00Z"}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_readme_has_what_is_tested():
    assert len(PYTHON) >= 2
    assert len(commands()) >= 15


@pytest.mark.parametrize("block", PYTHON)
def test_its_python_runs(block, project):
    made = {}
    exec(compile(block, "README.md", "exec"), made)  # our own page
    frames = [value for value in made.values() if hasattr(value, "columns")]
    assert frames
    assert all(len(frame) for frame in frames)


def test_a_table_needs_none_of_our_code(project):
    (line,) = re.findall(r"`(pd\.read_parquet\([^`]+\))`", README)
    assert len(eval(line, {"pd": pd})) == len(contactline.load("casualties"))


@pytest.mark.parametrize("line", commands())
def test_its_commands_are_commands(line):
    words = shlex.split(line, comments=True)
    while "=" in words[0]:
        words = words[1:]
    program, *arguments = words
    program = Path(program).name
    assert program in PARSERS, f"{program}: teach this test to check it"
    if program == "contactline":
        command = typer.main.get_command(cli.app).commands[arguments[0]]
        command.make_context(arguments[0], arguments[1:])
    elif program == "dvc":
        from dvc.cli.parser import get_main_parser

        get_main_parser().parse_args(arguments)
    elif program == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M)
        assert set(arguments) <= set(targets)
    elif program.startswith("python"):
        assert arguments[0] == "-m"
        assert find_spec(arguments[1])


@pytest.mark.parametrize(
    "page", [Path("README.md"), *(p.relative_to(ROOT) for p in sorted(ROOT.glob("docs/*.md")))], ids=str
)
def test_links_lead_somewhere(page):
    here = ROOT / page
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", here.read_text(encoding="utf-8")):
        assert "://" in link or (here.parent / link).exists(), f"{page}: nothing at {link}"


def test_a_wrong_option_would_be_found():
    command = typer.main.get_command(cli.app).commands["release"]
    with pytest.raises(Exception, match=r"[Nn]o such option"):
        command.make_context("release", [VERSION, "--dat", "2026-11-22"])


# ---- by DVC, from a git tag
def run(*words, cwd):
    done = subprocess.run(
        [sys.executable, "-m", *words] if words[0] == "dvc" else words, cwd=cwd, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tagged(tmp_path_factory):
    """A clone of a repository that has the sample's events, pushed to a remote on this machine and tagged."""
    root = tmp_path_factory.mktemp("dvc")
    origin = root / "origin"
    (origin / "data/tables").mkdir(parents=True)
    shutil.copy(str(files("contactline") / "sample" / "events.parquet"), origin / "data/tables/events.parquet")
    stage = {"cmd": "true", "outs": ["data/tables/events.parquet"]}
    (origin / "dvc.yaml").write_text(json.dumps({"stages": {"records": stage}}))
    run("git", "init", "-q", cwd=origin)
    run("dvc", "init", "-q", cwd=origin)
    (origin / ".gitignore").write_text("/data/tables/\n")
    settings = "[core]\n    analytics = false\n    remote = here\n['remote \"here\"']\n    url = "
    (origin / ".dvc/config").write_text(f"{settings}{root / 'remote'}\n")
    run("dvc", "commit", "-q", "-f", cwd=origin)
    run("dvc", "push", "-q", cwd=origin)
    run("git", "add", "-A", cwd=origin)
    run("git", "-c", "user.name=Arnor", "-c", "user.email=a@arnor.example", "commit", "-qm", "Release", cwd=origin)
    run("git", "tag", VERSION, cwd=origin)
    run("git", "clone", "-q", str(origin), str(root / "clone"), cwd=root)
    return root / "clone"


def test_dvc_gets_a_table_of_a_tag(tagged, tmp_path):
    (line,) = [line for line in commands() if line.startswith("dvc get")]
    run(*shlex.split(line.replace(REPOSITORY, str(tagged))), cwd=tmp_path)
    assert len(pd.read_parquet(tmp_path / "events.parquet")) == len(contactline.load_sample("events"))


def test_dvcs_api_reads_a_table_of_a_tag(tagged):
    (block,) = [block for block in blocks("python") if REPOSITORY in block]
    made = {}
    exec(compile(block.replace(REPOSITORY, str(tagged)), "README.md", "exec"), made)
    assert len(made["events"]) == len(contactline.load_sample("events"))
