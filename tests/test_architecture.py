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
    "registry": {"errors", "files"},
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


VAGUE_NAMES = {"utils", "util", "common", "helpers", "misc"}
"""They say nothing about what a module has."""

UNIQUE_CLASS_NAMES = ("datasets/benchkit_datasets", "plugins/benchkit_detectors")
"""Packages that share one list of class names; add a package when no name occurs twice."""

NO_IMPORT_CIRCLE = ("datasets/benchkit_datasets", "plugins/benchkit_detectors")
"""Packages without a circle of imports; add a package when it has none."""


def python_files(folder: str) -> list[Path]:
    """Return the modules below a folder of the repository."""
    return sorted((ROOT.parent / folder).rglob("*.py"))


def module_name(path: Path, package: Path) -> str:
    """Return the dotted name of a module of a package; of a package, that of its folder."""
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def imported_modules(path: Path, known: set[str]) -> set[str]:
    """Return which of the known modules a module imports, in functions and for types as well."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # `from package import name` imports the module `package.name` if there is one.
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (names & known) or {str(node.module)}
    return found & known


@pytest.mark.parametrize("folder", ["benchkit", "plugins", "datasets", "tests", "docs"])
def test_no_module_has_a_vague_name(folder):
    """No module and no folder of modules is called utils, common, helpers or misc."""
    for path in python_files(folder):
        assert not VAGUE_NAMES & {path.stem, path.parent.name}, path


def test_public_class_names_are_unique():
    """A class name that a reader meets in two modules means the same class."""
    modules: dict[str, list[str]] = {}
    for folder in UNIQUE_CLASS_NAMES:
        for path in python_files(folder):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    modules.setdefault(node.name, []).append(str(path.relative_to(ROOT.parent)))
    assert {name: paths for name, paths in modules.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("folder", NO_IMPORT_CIRCLE)
def test_no_import_circle(folder):
    """Modules can be read one after the other, each after all that it imports."""
    paths = {module_name(path, ROOT.parent / folder): path for path in python_files(folder)}
    waiting = {name: imported_modules(path, set(paths)) for name, path in paths.items()}
    while ready := [name for name, needed in waiting.items() if not needed & set(waiting)]:
        for name in ready:
            del waiting[name]
    assert sorted(waiting) == []
