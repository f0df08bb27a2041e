"""Listing and helping are quick because nothing heavy is imported for them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchkit.results.store import RECORD
from tests.report.many import make_records

HEAVY = {"torch", "pandas", "sklearn", "matplotlib", "scipy"}

CODE = """\
import atexit, json, os, sys
atexit.register(lambda: os.write(2, json.dumps(sorted(sys.modules)).encode()))
sys.argv = ["benchkit", *sys.argv[1:]]
{}
"""


def imported(statement: str, *arguments: str) -> set[str]:
    """Return the top-level packages that a process has imported once a statement has run."""
    command = [sys.executable, "-c", CODE.format(statement), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return {name.partition(".")[0] for name in json.loads(result.stderr.splitlines()[-1])}


def test_importing_benchkit_imports_nothing_heavy():
    """A plugin that imports benchkit for the hook costs the same as benchkit, next to nothing."""
    packages = imported("from benchkit import hookimpl")
    assert "pluggy" in packages
    assert not packages & {*HEAVY, "numpy", "click", "rich"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["list"],
        ["list", "--json"],
        ["list", "detectors"],
        ["leaderboard", "--help"],
        ["info", "kdd99"],
    ],
    ids=" ".join,
)
def test_a_light_verb_imports_nothing_heavy(arguments):
    """What lists, helps or shows a card reads specs alone."""
    packages = imported("from benchkit.cli.main import main\nmain()", *arguments)
    assert "benchkit" in packages
    assert not packages & HEAVY


def test_making_boards_imports_little(tmp_path):
    """Which each run ends with: scipy for intervals and pyarrow for parquet, but no pandas."""
    for number, record in enumerate(make_records(20)):
        folder = tmp_path / "records" / f"trial-{number}"
        folder.mkdir(parents=True)
        (folder / RECORD).write_text(record.to_json())
    arguments = ["leaderboard", "--no-plots", "--out", str(tmp_path)]
    packages = imported("from benchkit.cli.main import main\nmain()", *arguments)
    assert "pyarrow" in packages
    assert not packages & (HEAVY - {"scipy"})
