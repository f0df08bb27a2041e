"""No recording that its owners lend on request can get into the repository or into the wheel."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECORDINGS = [
    "SWaT_Dataset_Normal_v1.xlsx",
    "SWaT_Dataset_Attack_v0.csv",
    "WADI_14days.csv",
    "WADI_attackdataLABLE.csv",
    "SWaT.A1 & A2_Dec 2015.zip",
    "train.npy",
    "swat.npz",
    "wadi.parquet",
]
OURS = ("leaderboards/reference/", "tests/metrics/golden")
DATA_SUFFIXES = {
    ".xls", ".xlsx", ".csv", ".zip", ".gz", ".npy", ".npz", ".h5", ".mat", ".parquet", ".pkl"
}  # fmt: skip
LARGEST = 250_000
NUMBERS = re.compile(r"^[^\n]*(?:[,;\t] *-?\d+[.,\d]*){20,} *$", re.MULTILINE)
"""A line of twenty numbers and more, which is what a recording's rows look like."""


def tracked() -> list[str]:
    """Return the files that git keeps; skip where this is no clone."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone: there is no git to ask")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True)
    return listed.stdout.decode().splitlines()


@pytest.mark.parametrize("folder", ["", "datasets/benchkit_datasets/swat/", "tests/", "data/"])
@pytest.mark.parametrize("name", RECORDINGS)
def test_git_does_not_take_a_recording(name, folder):
    """`git add .` passes over it, wherever it lies."""
    tracked()
    asked = ["git", "check-ignore", "-q", folder + name]
    assert subprocess.run(asked, cwd=ROOT, check=False).returncode == 0


def test_no_file_in_git_is_data():
    """By its ending or its size; boards and our own fixtures are named above."""
    for name in tracked():
        if not name.startswith(OURS) and (ROOT / name).is_file():
            assert Path(name).suffix not in DATA_SUFFIXES, name
            assert (ROOT / name).stat().st_size < LARGEST, name


def test_no_file_in_git_holds_rows_of_a_recording():
    """By its content, whatever it is called."""
    for name in tracked():
        if not name.startswith(OURS) and (ROOT / name).is_file():
            rows = NUMBERS.findall((ROOT / name).read_text(errors="replace"))
            assert len(rows) < 20, f"{name} has {len(rows)} rows of 20 numbers and more"


def test_the_wheel_leaves_out_what_lies_beside_the_code(tmp_path):
    """Even files that git has never heard of, in the folders of the packages."""
    copy = tmp_path / "copy"
    ignored = shutil.ignore_patterns(".git", ".tox", "leaderboards", "__pycache__", ".venv*")
    shutil.copytree(ROOT, copy, ignore=ignored)
    (copy / ".gitignore").write_text("")
    for package in ("benchkit/data", "datasets/benchkit_datasets/swat", "plugins"):
        for name in [*RECORDINGS, "notes.txt"]:
            (copy / package / name).write_text("2.427057,522.8467\n")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = [n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n]
    assert {Path(n).suffix for n in names} == {".py", ".typed", ".j2", ".css", ".js"}
