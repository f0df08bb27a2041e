"""The rooms and what they may import: docs/architecture.md's table, held against the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import benchkit

ROOT = Path(benchkit.__file__).parent

MAY_IMPORT = {
    "data": {"errors", "files", "steps"},
    "metrics": set(),
    "results": {"errors"},
    "registry": {"errors"},
    "protocol": {
        *("errors", "files", "chunking", "windowing"),
        *("registry", "data", "metrics", "results"),
    },
    "execution": {"errors", "safe_path", "steps", "registry", "protocol", "results", "data"},
    "report": {"errors", "files", "safe_path", "metrics", "results"},
    "timing": {"errors", "files", "steps", "windowing", "registry", "protocol", "execution"},
    "cli": {
        "errors",
        "files",
        "safe_path",
        "registry",
        "protocol",
        "execution",
        "results",
        "report",
        "timing",
        "data",
        "metrics",
    },
}
WARM_SERVER = "execution/preload.py"
"""Imports whatever trials need, the command included, so that the processes it forks are warm."""


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms of benchkit that a module imports when it runs, wherever in it."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "benchkit":
            names |= {f"benchkit.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {n.split(".")[1] for n in names if n.startswith("benchkit.")}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_one_way(room):
    """A room imports only those below it."""
    for path in (ROOT / room).rglob("*.py"):
        if path.relative_to(ROOT).as_posix() != WARM_SERVER:
            assert imported_rooms(path) - {room} <= MAY_IMPORT[room], path


def test_every_room_is_in_the_table():
    """A new room has to say what it may import."""
    rooms = {p.parent.name for p in ROOT.glob("*/__init__.py")}
    assert rooms == set(MAY_IMPORT)


def test_the_harness_names_no_detector_and_no_dataset():
    """benchkit/ imports nothing of the packages that plugins live in."""
    for path in ROOT.rglob("*.py"):
        assert "benchkit_detectors" not in path.read_text(), path
        assert "benchkit_datasets" not in path.read_text(), path


def test_no_module_is_a_drawer():
    """Nothing is called utils, common or helpers."""
    repository = ROOT.parent
    for folder in ("benchkit", "plugins", "datasets"):
        for path in (repository / folder).rglob("*.py"):
            assert path.stem not in {"utils", "common", "helpers", "util", "misc"}, path
