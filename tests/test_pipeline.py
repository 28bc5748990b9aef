"""dvc.yaml against the code: each stage names every module and data folder that it reaches."""

import ast
from pathlib import Path

import pytest
import yaml

import contactline
from contactline import schema

SRC = Path(contactline.__file__).parent
ROOT = SRC.parent.parent
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
DATA = {  # what a room reads besides modules
    "schema.py": {"codebook"},
    "intake": {"rulebook"},
    "reading": {"rulebook"},
    "coding": {"rulebook"},
    "records": {"rulebook"},
}
COMMANDS = {
    node.name: node for node in ast.parse((SRC / "cli.py").read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
}


def modules(tree):
    """Return the paths of our modules that a piece of code imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] == "contactline":
                for depth in range(1, len(parts) + 1):
                    base = SRC.joinpath(*parts[1:depth])
                    found |= {p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()}
    return found - {SRC / "__init__.py"}


def helpers(command):
    """Return the functions of cli.py that a command calls, itself first."""
    called = {n.func.id for n in ast.walk(command) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    return [command, *(COMMANDS[name] for name in sorted(called & COMMANDS.keys()))]


def reached(command):
    """Return the rooms that a command reaches: folders and modules of the package, and their data."""
    waiting = set().union(*(modules(function) for function in helpers(COMMANDS[command])))
    seen = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting |= modules(ast.parse(path.read_text("utf-8")))
    rooms = {path.relative_to(SRC).parts[0] for path in seen} | {"cli.py"}
    return rooms | set().union(*(DATA.get(room, set()) for room in rooms))


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_names_what_its_command_reaches(name):
    command = STAGES[name]["cmd"].split()[1]
    listed = {
        Path(dep).relative_to("src/contactline").as_posix() for dep in STAGES[name]["deps"] if dep.startswith("src")
    }
    assert listed == reached(command), f"mend the deps of {name} in dvc.yaml"


def paths(stage, key):
    return [next(iter(out)) if isinstance(out, dict) else out for out in STAGES[stage].get(key, [])]


@pytest.mark.parametrize("group", ["intake", "mentions", "records"])
def test_every_table_of_a_group_is_made_and_checked(group):
    maker = {"intake": "articles", "mentions": "mentions", "records": "records"}[group]
    wanted = {f"data/tables/{table.name}.parquet" for table in schema.group(group)}
    assert {out for out in paths(maker, "outs") if out.startswith("data/tables")} == wanted
    assert wanted <= set(paths(f"check-{group}", "deps"))
    assert {f"expectations/{table.name}.yml" for table in schema.group(group)} <= set(paths(f"check-{group}", "deps"))


@pytest.mark.parametrize(("stage", "gate"), [("mentions", "intake"), ("records", "mentions")])
def test_a_stage_waits_for_the_check_before_it(stage, gate):
    assert f"reports/checks/{gate}.json" in paths(stage, "deps")


def test_every_expectation_file_has_its_table():
    assert {path.stem for path in (ROOT / "expectations").glob("*.yml")} == set(schema.tables())


def test_every_parameter_is_read_by_a_stage():
    sections = set(yaml.safe_load((ROOT / "params.yaml").read_text("utf-8")))
    assert sections == {section for stage in STAGES.values() for section in stage.get("params", [])}
