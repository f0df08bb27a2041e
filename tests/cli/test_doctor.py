"""`benchkit doctor` says what is here, and what is wrong with it."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

import pytest

from benchkit import __version__
from tests.bad_plugins import STATUS, install_promising
from tests.installed import install
from tests.session import Session

SLOW_AND_LACKING = """\
import time

from benchkit import hookimpl
from benchkit.registry import DetectorSpec

time.sleep(0.6)


@hookimpl
def benchkit_register_detectors(register):
    register(DetectorSpec("lacking", "s", "m:C", requires=("no_such_package.part", "json")))
"""


def problems(text: str) -> list[str]:
    return [x.removeprefix("wrong: ") for x in text.splitlines() if x.startswith("wrong: ")]


def test_a_healthy_installation_has_nothing_wrong(tmp_path):
    """Exit code 0; versions, devices, plugins and folders are shown."""
    result = Session(tmp_path, []).benchkit("doctor")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("\nnothing is wrong\n")
    text = " ".join(result.stdout.split())
    assert f"benchkit {__version__}" in text
    assert f"python {platform.python_version()}" in text
    assert "torch" in text
    assert "cpu" in text.partition("devices")[2].partition("plugins")[0]
    assert "benchkit-detectors benchkit" in text
    assert f"cache {os.environ['BENCHKIT_CACHE']}" in text


def test_every_broken_plugin_is_something_wrong(bad_session):
    """Exit code 1, and a line for each of them and for each contested name."""
    result = bad_session.benchkit("doctor")
    assert result.returncode == 1
    found = problems(result.stdout)
    broken = {n: s.removeprefix("broken: ") for n, s in STATUS.items() if s.startswith("broken")}
    for name, error in broken.items():
        assert any(x.startswith(f"plugin {name!r} cannot be loaded, {error}") for x in found)
    for name in ("thief-plugin", "twin-one", "twin-two"):
        assert f"plugin {name!r}: {STATUS[name]}" in found
    assert len(found) == len(broken) + 3
    assert "nothing is wrong" not in result.stdout


def test_the_tracebacks_of_broken_plugins_are_in_the_file_that_is_named(bad_session):
    """A line is seldom all that its author needs."""
    result = bad_session.benchkit("doctor")
    (path,) = set(re.findall(r"\(traceback: (.*?)\)", result.stdout))
    text = Path(path).read_text()
    assert "raising-plugin:\nTraceback (most recent call last):" in text
    assert "in benchkit_register_detectors" in text
    assert "Traceback" not in result.stdout + result.stderr


@pytest.fixture
def odd_session(tmp_path) -> Session:
    """Return a session with a slow plugin, a wrong data folder and a cache folder in use."""
    site, cache = tmp_path / "site", tmp_path / "cache"
    install(site, "slow-plugin", {"slow": "slow"}, {"slow.py": SLOW_AND_LACKING})
    cache.mkdir()
    (cache / "arrays").write_bytes(bytes(3 * 2**20))
    folders = os.pathsep.join([str(tmp_path / "gone"), str(cache)])
    variables = {"BENCHKIT_DATA": folders, "BENCHKIT_CACHE": str(cache)}
    return Session(tmp_path, [site], variables)


def test_other_trouble_is_found_too(odd_session):
    """A plugin that slows every command, a package that is missing, a folder that is not there."""
    result = odd_session.benchkit("doctor")
    assert result.returncode == 1
    slow, lacking, gone = problems(result.stdout)
    assert slow.startswith("plugin 'slow' takes ")
    assert "import nothing heavy" in slow
    assert lacking == "detector 'lacking' needs no_such_package.part, which is not installed"
    assert gone == f"BENCHKIT_DATA names {odd_session.folder}/gone, which is no folder"
    assert f"{odd_session.folder}/gone (not there)" in result.stdout
    assert f"{odd_session.folder}/cache (3 MiB)" in result.stdout


def test_what_plugins_name_is_imported(tmp_path):
    """Each target that a run could not use is something wrong, one that ends its process too."""
    session = Session(tmp_path, [install_promising(tmp_path / "site")])
    result = session.benchkit("doctor")
    assert result.returncode == 1
    lost, misspelt, raises, empty, absent = problems(result.stdout)
    assert lost.startswith("detector 'lost' cannot be used: ModuleNotFoundError: No module named")
    assert misspelt.endswith("promised has no 'Mime': did you mean 'Mine'?")
    assert raises == "detector 'raises' cannot be used: the process ended itself with exit code 3"
    assert empty == "dataset 'empty' cannot be used: promised:Mine has no sources and no load"
    assert absent.startswith("metric 'absent' cannot be used: ImportError: promised has no")


def test_it_is_two_columns(tmp_path):
    """Names of any length stand apart from values, at 80 columns too."""
    session = Session(tmp_path, [], {"COLUMNS": "80"})
    lines = session.benchkit("doctor").stdout.splitlines()
    folders = lines.index("folders")
    assert max(map(len, lines[:folders])) <= 80
    start = lines.index("environment") + 1
    block = lines[start : lines.index("", start)]
    named = [line for line in block if line[2] != " "]
    column = max(len(line.split("  ")[1]) for line in named) + 4
    assert all(line[column - 2 : column] == "  " and line[column] != " " for line in named)
    kind = [line for line in named if line.startswith("  processor kind")]
    assert all("family" in line for line in kind)
