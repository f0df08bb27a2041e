"""How the packages of the GAN detectors are built: docs/architecture.md, held against the code."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import benchkit_detectors
from benchkit_detectors.madgan.detector import MADGANDetector
from benchkit_detectors.madgan_cnn.detector import MADGANCNNDetector
from benchkit_detectors.mcgan.detector import MCGANDetector

ROOT = Path(benchkit_detectors.__file__).parent
DETECTORS = (MADGANDetector, MADGANCNNDetector, MCGANDetector)
each_package = pytest.mark.parametrize("package", ["madgan", "madgan_cnn", "mcgan"])


def imports(path: Path) -> set[str]:
    """Return the modules that a module imports, in functions and for types as well."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


@each_package
def test_imports_run_towards_the_detector(package):
    """No module of a package imports its detector, and none imports another detector's."""
    allowed = ("benchkit_detectors.gan.", f"benchkit_detectors.{package}.")
    for path in (ROOT / package).glob("*.py"):
        ours = {name for name in imports(path) if name.startswith("benchkit_detectors")}
        assert all(name.startswith(allowed) for name in ours), path
        assert f"benchkit_detectors.{package}.detector" not in ours, path


@each_package
def test_losses_know_nothing_but_tensors(package):
    """They are pure functions, also the adversarial ones that all share."""
    for path in (ROOT / package / "losses.py", ROOT / "gan" / "losses.py"):
        assert imports(path) <= {"__future__", "torch", "torch.nn.functional"}


@each_package
def test_detector_has_the_interface_only(package):
    """It stays below 250 lines."""
    assert len((ROOT / package / "detector.py").read_text().splitlines()) < 250


def test_one_thing_has_one_name_in_all_detectors():
    """Names that were used for what now has another one are parameters of none."""
    old = {"alpha", "false_alarms", "lam", "weight", "rate", "held_out", "tail_share"}
    shared = {"learning_rate", "patience", "random_state", "device", "precision"}
    for detector in DETECTORS:
        parameters = set(inspect.signature(detector).parameters)
        assert shared <= parameters
        assert not parameters & old


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda c: c.__name__)
def test_page_lists_parameters_that_there_are(detector):
    """Each name in the first column of its last table of parameters is one."""
    page = detector.__module__.split(".")[1].replace("_", "-")
    text = (ROOT.parents[1] / "docs" / "detectors" / f"{page}.md").read_text()
    table = text.partition("## Parameters")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    names = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert len(names) > 10
    assert names <= set(inspect.signature(detector).parameters)
