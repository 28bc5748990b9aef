"""What a researcher gets from `pip install contactline`: the loader and its sample, and nothing that builds."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import contactline

ROOT = Path(contactline.__file__).parent.parent.parent
# Names that the loader alone may bring in, beside what these bring in themselves.
CORE = ("pandas", "platformdirs", "pooch", "pyarrow", "pyyaml", "typer")
TRY = """
import socket, sys
def closed(*_):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = closed
import contactline
assert not {"pandas", "pyarrow", "yaml"} & set(sys.modules), "import contactline is not light"
assert len(contactline.load_sample("events")) > 20
assert len(contactline.load("casualties", version="2031.5.0", folder=sys.argv[1])) > 0
assert len(contactline.load_sample("events", as_of="2022-09-13", fold="ibc")) > 0
print(contactline.describe("deaths_best"), contactline.list_versions())
print(contactline.cite("2031.5.0", folder=sys.argv[1]))
try:
    import spacy
except ImportError:
    print("no builder here")
"""


def core():
    """Return the distributions that the loader needs, and those that these need."""
    found, waiting = set(), list(CORE)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in found:
            found.add(name)
            needed = [Requirement(line) for line in requires(name) or ()]
            waiting += [r.name for r in needed if r.marker is None or r.marker.evaluate({"extra": ""})]
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    made = tmp_path_factory.mktemp("wheel")
    source = made / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-c", "from hatchling.build import build_wheel as b; print(b('..'))"]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (path,) = made.glob("*.whl")
    return path


def test_the_wheel_asks_for_the_loader_alone(wheel):
    metadata = zipfile.ZipFile(wheel).read(f"contactline-{contactline.__version__}.dist-info/METADATA").decode()
    asked = [line.removeprefix("Requires-Dist: ") for line in metadata.splitlines() if "Requires-Dist" in line]
    plain = {Requirement(line).name for line in asked if "extra ==" not in line}
    assert plain == set(CORE)


def test_an_empty_environment_loads_offline(wheel, tmp_path):
    from importlib.metadata import distribution

    from samples import write_all

    folder = tmp_path / "2031.5.0"
    write_all(folder)
    (folder / "datapackage.json").write_text('{"version": "2031.5.0", "created": "2031-05-09T00:00:00Z"}')
    venv.create(tmp_path / "venv", symlinks=True)
    (site,) = (tmp_path / "venv/lib").glob("python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    # Offline, what the wheel requires is linked from here instead of downloaded; nothing else is.
    for name in core():
        tops = {Path(file).parts[0] for file in distribution(name).files or () if ".." not in Path(file).parts}
        for top in tops:
            there = Path(str(distribution(name).locate_file(top)))
            if there.exists() and not (site / top).exists():
                (site / top).symlink_to(there)
    plain = {k: v for k, v in os.environ.items() if k != "PYTHONPATH" and not k.startswith("CONTACTLINE")}
    done = subprocess.run(
        [tmp_path / "venv/bin/python", "-I", "-c", TRY, folder], env=plain, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("no builder here\n")
    assert "Version 2031.5.0" in done.stdout
