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
OURS = ("leaderboards/reference/", "leaderboards/timing.json", "tests/metrics/golden")
DATA_SUFFIXES = {
    ".xls", ".xlsx", ".csv", ".zip", ".gz", ".npy", ".npz", ".h5", ".mat", ".parquet", ".pkl"
}  # fmt: skip
LARGEST = 250_000
NUMBER = re.compile(r" *[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)? *")
LEAST = 20
"""Numbers one after the other in a line, which is what a recording's rows look like."""


def is_row(line: str) -> bool:
    """Whether a line has so many numbers, one after the other."""
    count = 0
    for cell in re.split(r"[,;\t]", line):
        count = count + 1 if NUMBER.fullmatch(cell) else 0
        if count == LEAST:
            return True
    return False


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


def test_a_row_of_numbers_is_known_whatever_stands_beside_them():
    """A time before, a label behind, and whatever separates them."""
    numbers = ["1.5", "-2", "3e-4", "0."] * 5
    for between in (",", ";", "\t", ", "):
        row = between.join(["28/12/2015 10:00:00 AM", *numbers, "Normal"])
        assert is_row(row)
        assert not is_row(row.replace("1.5", "a", 1))


def test_no_file_in_git_holds_rows_of_a_recording():
    """By its content, whatever it is called."""
    for name in tracked():
        if not name.startswith(OURS) and (ROOT / name).is_file():
            lines = (ROOT / name).read_text(errors="replace").splitlines()
            rows = sum(map(is_row, lines))
            assert rows < LEAST, f"{name} has {rows} rows of {LEAST} numbers and more"


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
