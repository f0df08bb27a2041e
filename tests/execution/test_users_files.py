"""Files beside a detector and in the working folder: what they are to the harness."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SHADOWS = ("random", "signal", "json", "numpy", "sklearn", "socket", "selectors", "logging")
"""Names of modules that the harness, its server or what they import would take."""

DETECTOR = """
import numpy as np

class Mean:
    def fit(self, X):
        self.mean_ = X.mean(axis=0)
        return self

    def decision_function(self, X):
        return np.abs(X - self.mean_).sum(axis=1)
"""

CHILDREN = """
import multiprocessing
import os

import numpy as np
from joblib import Parallel, delayed
from neighbour import distance


class Row:
    def __init__(self, values):
        self.values = values


def score(row):
    assert os.getpid() != PARENT
    return distance(row.values)


PARENT = int(os.environ.setdefault("PARENT_OF_CHILDREN", str(os.getpid())))


class Base:
    def fit(self, X):
        return self

    def decision_function(self, X):
        return np.concatenate(self.map([Row(part) for part in np.array_split(X, 4)]))


class Loky(Base):
    def map(self, rows):
        return Parallel(n_jobs=2)(delayed(score)(row) for row in rows)


class Spawned(Base):
    def map(self, rows):
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            return pool.map(score, rows)
"""

NEIGHBOUR = """
import numpy as np

def distance(values):
    return np.abs(values).sum(axis=1)
"""


def write_shadows(folder: Path) -> None:
    for name in SHADOWS:
        (folder / f"{name}.py").write_text(f"raise SystemExit('{name}.py was imported')\n")


def test_a_users_file_takes_no_modules_place(session):
    """With random.py and numpy.py in the working folder, and beside the detector, all works."""
    write_shadows(session.folder)
    (session.folder / "mine.py").write_text(DETECTOR)
    session.plots = True  # drawn in processes of their own
    result = session.benchkit("run", "-d", "mine.py:Mean", "-D", "tiny")
    assert result.returncode == 0, result.stderr
    assert "was imported" not in result.stdout + result.stderr
    assert {record["status"] for record, _ in session.records()} == {"ok"}
    assert list((session.folder / "leaderboards" / "plots").glob("*.svg"))


def test_an_empty_entry_of_pythonpath_is_not_the_working_folder(session):
    """Many have one unasked: export PYTHONPATH=$PYTHONPATH:lib where it was not set before."""
    write_shadows(session.folder)
    (session.folder / "mine.py").write_text(DETECTOR)
    session.variables["PYTHONPATH"] = f":{session.environment()['PYTHONPATH']}"
    result = session.benchkit("run", "-d", "mine:Mean", "-D", "tiny", "-q")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("way", ["module", "script"])
def test_both_ways_to_call_the_command_find_a_module_of_the_working_folder(session, way):
    """By its name, after all that is installed, and no plugin that pip left there."""
    (session.folder / "mine.py").write_text(DETECTOR)
    left = session.folder / "left.egg-info"
    left.mkdir()
    (left / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: left\nVersion: 1.0\n")
    (left / "entry_points.txt").write_text("[benchkit]\nleft = mine\n")
    script = Path(sys.executable).with_name("benchkit")
    if way == "script" and not script.is_file():
        pytest.skip("the command is not installed beside this Python")
    command = ["-m", "benchkit"] if way == "module" else [str(script)]
    for arguments in (
        ["run", "-d", "mine:Mean", "-D", "tiny", "-q", "--no-plots"],
        ["list", "plugins"],
    ):
        done = subprocess.run(
            [sys.executable, *command, *arguments],
            cwd=session.folder,
            env=session.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert "left" not in done.stdout
    assert {record["status"] for record, _ in session.records()} == {"ok"}


@pytest.mark.parametrize("arguments", [["list"], ["--help"], ["data", "status"]])
def test_both_ways_to_call_the_command_import_nothing_of_the_working_folder(session, arguments):
    """The script and ``python -m benchkit`` alike."""
    write_shadows(session.folder)
    script = [sys.executable, str(Path(sys.executable).with_name("benchkit"))]
    ways = [[sys.executable, "-m", "benchkit"], *([script] if Path(script[1]).is_file() else [])]
    for way in ways:
        done = subprocess.run(
            [*way, *arguments],
            cwd=session.folder,
            env=session.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert "was imported" not in done.stdout + done.stderr
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "shadows"), [("Loky", False), ("Spawned", False), ("Loky", True), ("Spawned", True)]
)
def test_a_detector_by_path_may_use_processes_of_its_own(session, name, shadows):
    """Functions and classes of its file, and of one beside it, reach joblib's and a spawned pool.

    Called by its path from another folder, which may have files named as Python's modules.
    """
    if shadows:
        write_shadows(session.folder)
    home = session.folder / "my detectors"
    home.mkdir()
    (home / "with-children.py").write_text(CHILDREN)
    (home / "neighbour.py").write_text(NEIGHBOUR)
    target = f"my detectors/with-children.py:{name}"
    result = session.benchkit("run", "-d", target, "-D", "tiny", "--timeout", "200s", "-q")
    assert result.returncode == 0, result.stderr
    assert "resource_tracker" not in result.stderr  # which complains of what is left
    statuses = {r["detector"]["target"]: r["status"] for r, _ in session.records()}
    assert statuses[f"with-children.py:{name}"] == "ok"


def test_what_a_detector_starts_is_not_kept_from_its_own_folder(session):
    """The harness's own protection does not reach the interpreters that a detector starts."""
    (session.folder / "neighbour.py").write_text(NEIGHBOUR)
    (session.folder / "mine.py").write_text(
        "import os, subprocess, sys\n"
        + DETECTOR
        + "subprocess.run([sys.executable, '-c', 'import neighbour'], check=True)\n"
        + "assert 'PYTHONSAFEPATH' not in os.environ\n"
    )
    result = session.benchkit("run", "-d", "mine.py:Mean", "-D", "tiny", "-q")
    assert result.returncode == 0, result.stderr
