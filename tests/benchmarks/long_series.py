"""Score a series that is larger than the memory it may take: what is used, and how long it takes.

    python -m tests.benchmarks.long_series 20000000

A file of that many rows of 51 channels is made (4 KB a hundred rows; the cache takes as much
again), and ``pca`` and ``distance`` score it with a memory limit of 3 GB. The most memory that
the command and all its processes had resident at one moment is what counts: pages of mapped files
are in it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from tests.installed import install

CHANNELS = 51
PLUGIN = """\
import numpy as np

from benchkit import hookimpl
from benchkit.data import Dataset
from benchkit.registry import Card, DatasetSpec
from pathlib import Path


class Long:
    def sources(self, member, *, offline):
        return [Path(__file__).with_name("long.npy")]

    def load(self, variant, member, sources):
        values = np.load(sources[0], mmap_mode="r")
        train = len(values) // 10
        labels = np.zeros(len(values) - train, dtype=bool)
        labels[np.arange(len(labels)) % 10_000 < 300] = True
        return Dataset(values[:train], values[train:], labels)


@hookimpl
def benchkit_register_datasets(register):
    card = Card("made by a script", "none", "run the script.")
    register(DatasetSpec("long", "a long series", "long_plugin:Long", "series", card))
"""


def make_file(path: Path, rows: int) -> None:
    """Write a tenth more rows than asked for, the first tenth to train on, piece by piece."""
    generator = np.random.default_rng(0)
    array = np.lib.format.open_memmap(path, "w+", np.float32, (rows + rows // 9, CHANNELS))
    block = generator.normal(size=(100_000, CHANNELS)).astype(np.float32)
    for start in range(0, len(array), len(block)):
        part = array[start : start + len(block)]
        part[:] = block[: len(part)] + generator.normal(size=CHANNELS).astype(np.float32) / 4
        array.flush()


def watch(process: subprocess.Popen[bytes]) -> int:
    """Return the most bytes that a process and all below it had resident at one moment."""
    most = 0
    while process.poll() is None:
        total = 0
        for each in [psutil.Process(process.pid), *psutil.Process(process.pid).children(True)]:
            try:
                memory = each.memory_info()
            except psutil.Error:
                continue
            total += memory.rss
        most = max(most, total)
        time.sleep(0.05)
    return most


def measure(rows: int, folder: Path, limit: str) -> dict[str, float]:
    """Run the command on a series of so many rows, and return what it took, in MiB and seconds."""
    site = install(
        folder / "site", "long-plugin", {"long": "long_plugin"}, {"long_plugin.py": PLUGIN}
    )
    make_file(site / "long.npy", rows)
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "BENCHKIT_CACHE": str(folder / "cache"),
    }
    command = [sys.executable, "-m", "benchkit", "run", "-d", "pca,distance", "-D", "long"]
    started = time.monotonic()
    process = subprocess.Popen([*command, "--memory-limit", limit], cwd=folder, env=environment)
    most = watch(process)
    if process.returncode:
        raise SystemExit(f"benchkit ended with {process.returncode}")
    records = folder.glob("leaderboards/records/*/record.json")
    by_name = {r["detector"]["name"]: r for r in map(json.loads, map(Path.read_text, records))}
    return {
        "seconds": time.monotonic() - started,
        "resident_mib": most / 2**20,
        **{f"{name}_score_seconds": r["seconds"]["score"] for name, r in by_name.items()},
        **{f"{name}_growth_mib": r["memory"]["growth_mib"] for name, r in by_name.items()},
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for key, value in measure(int(sys.argv[1]), Path(scratch), "3G").items():
            print(f"{key:<24}{value:,.1f}")
