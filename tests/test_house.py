"""The house rules: imports point one way, and each heavy library has one home."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import contactline

SRC = Path(contactline.__file__).parent
ROOT = SRC.parent.parent

# Floors from the ground up; a module may import from its own floor's neighbours below, never from above.
FLOORS = [
    {"schema", "processes"},
    {"reading"},
    {"coding", "intake"},
    {"records"},
    {"io", "progress"},
    {"corpus", "shards", "checks", "violations", "load", "explain", "evaluate", "publish"},
    {"agreement", "cluster", "gold"},
    {"cli"},
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
BESIDE = {("coding", "intake"), ("intake", "coding")}
ONLY_IN = {
    "spacy": "reading/language.py",
    "great_expectations": "checks.py",
    "typer": "cli.py",
    "rensa": "intake",
    "trafilatura": "intake",
}
NOWHERE = {"dvc", "torch"}


def modules():
    return sorted(path for path in SRC.rglob("*.py") if path != SRC / "__init__.py")


def room_of(path):
    parts = path.relative_to(SRC).parts
    return parts[0] if len(parts) > 1 else path.stem


def imports(path):
    """Return the rooms of ours and the packages of others that a module imports anywhere in its text."""
    ours, theirs = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: import ours by full name"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            package, *rest = name.split(".")
            if package != "contactline":
                theirs.add(package)
            elif rest and rest[0] in FLOOR_OF:
                ours.add(rest[0])
    return ours, theirs


def ids(path):
    return str(path.relative_to(SRC))


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_imports_point_one_way(path):
    room = room_of(path)
    ours, _ = imports(path)
    assert room in FLOOR_OF, f"{path.name}: give its room a floor in this test"
    for other in ours - {room}:
        assert FLOOR_OF[other] <= FLOOR_OF[room], f"{room} must not import {other}"
        assert (room, other) not in BESIDE, f"{room} stands beside {other} and must not import it"


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_heavy_libraries_have_one_home(path):
    _, theirs = imports(path)
    here = str(path.relative_to(SRC))
    for package, home in ONLY_IN.items():
        assert package not in theirs or here.startswith(home), f"import {package} only in {home}"
    assert not theirs & NOWHERE, f"{here} must not import {theirs & NOWHERE}"


PURE = {"reading", "coding", "records"}
EFFECTS = {"random", "time", "logging", "requests", "socket", "subprocess"}


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) in PURE], ids=ids)
def test_reading_coding_and_records_are_pure(path):
    _, theirs = imports(path)
    assert not theirs & EFFECTS, f"{path.name} must not use {theirs & EFFECTS}"
    calls = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    assert not calls & {"today", "now", "utcnow", "urandom"}, f"{path.name} must not look at the clock"


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_no_assert_and_no_bare_except_in_the_source(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Assert), f"{path.name}:{node.lineno}: raise instead of assert"
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("command", [["-c", "import contactline"], ["-m", "contactline.cli", "--help"]])
def test_the_entrance_brings_no_heavy_library(command):
    code = "import sys, runpy\n"
    code += (
        command[1]
        if command[0] == "-c"
        else "sys.argv = ['contactline', '--help']\n"
        "try:\n    runpy.run_module('contactline.cli', run_name='__main__')\nexcept SystemExit:\n    pass"
    )
    code += "\nheavy = {'spacy', 'great_expectations', 'pandas', 'pyarrow', 'dvc', 'trafilatura'} & set(sys.modules)\n"
    code += "print('heavy:', sorted(heavy))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_registry_or_a_path_of_a_machine():
    bad = [b"files.pythonhosted" + b".org", b"pypi." + b"org/simple", b"/work" + b"/", b"/root" + b"/", b"/home" + b"/"]
    for path in tracked():
        content = path.read_bytes()
        for word in bad:
            assert word not in content, f"{path.relative_to(ROOT)} contains {word.decode()}"
