"""What data costs: adding a full-size recording, simulating a day."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time

import numpy as np
import pytest

from benchkit_datasets.swat.dataset import Swat
from tests.benchmarks.xlsx_vs_openpyxl import compare
from tests.datasets.owner_files import swat, write_full_swat
from tests.pace import within

ADD = """
import json, sys, time
from pathlib import Path
from benchkit_datasets.swat.dataset import Swat
from tests.memory import peak_gigabytes

*paths, folder = map(Path, sys.argv[1:])
addition = Swat().add(paths, folder)
seconds, gigabytes = time.process_time(), peak_gigabytes()
said = {"facts": dict(addition.facts), "seconds": seconds, "gigabytes": gigabytes}
print(json.dumps(said))
"""
"""In a process of its own, whose memory and time are those of adding."""


@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_full_size_workbooks_are_added_and_loaded_within_their_limits(tmp_path, monkeypatch):
    """496,800 and 449,919 rows: 90 s of one core and 1.5 GB to add, half a second to load."""
    version = swat.VERSIONS[1]
    gaps = tuple(range(1_000, 1_000 + 81 * 5_000, 5_000))
    normal = write_full_swat(tmp_path / "normal.xlsx", version.train)
    attack = write_full_swat(tmp_path / "attack.xlsx", version.test, gaps)
    made = tmp_path / "swat" / "v0"
    made.mkdir(parents=True)
    command = [sys.executable, "-c", ADD, tmp_path / "normal.xlsx", tmp_path / "attack.xlsx", made]

    def add() -> dict:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    said = within(90, add, took=lambda said: said["seconds"])
    assert said["facts"]["anomalous rows"] == "54,621 (12.14%)"
    assert said["facts"]["events"] == "35"
    (made / "manifest.json").write_text("{}")
    monkeypatch.setenv("BENCHKIT_DATA", str(tmp_path))
    dataset = Swat(warmup=0)
    loaded = within(
        0.5, lambda: dataset.load("real", "", dataset.sources("", offline=True)), like="sort"
    )
    for values, file, rows in (
        (loaded.train, normal, version.train.rows),
        (loaded.test, attack, version.test.rows),
    ):
        assert values.shape == (rows, 51)
        whole = rows // 500 * 500
        # (repetitions, 500, channels)
        repeated = values[:whole].reshape(-1, 500, 51)
        assert (repeated == file.values).all()
        assert np.array_equal(values[whole:], file.values[: rows - whole])
    assert np.array_equal(loaded.labels, attack.labels)
    assert len(loaded.test_segments) == 82
    assert said["gigabytes"] < 1.5


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_a_workbook_is_imported_eight_times_as_fast_as_pandas_reads_it(tmp_path):
    """10,000 rows, side by side; by the script at full size, where pandas takes six minutes."""
    pytest.importorskip("openpyxl", reason="openpyxl is what it is compared with")
    ours, theirs = compare(10_000, tmp_path).values()
    assert theirs["processor"] > 8 * ours["processor"]


@pytest.mark.parametrize("plant", ["swat", "wadi"])
def test_a_simulated_day_takes_less_than_ten_seconds(plant):
    """86,400 seconds of a plant, with its sensors and its historian, on one core."""
    simulate = importlib.import_module(f"benchkit_datasets.testbeds.{plant}.simulate").simulate

    def measure() -> float:
        begin = time.process_time()
        recording = simulate()
        seconds = time.process_time() - begin
        return seconds * 86_400 / (len(recording.train) + len(recording.test))

    within(10, measure, took=float)
