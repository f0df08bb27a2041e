"""`benchkit.chunks`: all rows once, and no memory that grows with their number."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit import chunking, chunks

READ = """
import sys
import numpy as np
from benchkit import chunks
from tests.memory import peak_gigabytes
X = np.load(sys.argv[1], mmap_mode="c")[3:]
before = peak_gigabytes()
total = sum(float(X[rows].sum(dtype=np.float64)) for rows in chunks(X))
print(total, (peak_gigabytes() - before) * 1e9 / 2**20)
"""


@given(st.integers(0, 500), st.integers(1, 9), st.integers(1, 40))
def test_every_row_is_in_one_chunk(rows, channels, values):
    """In order, whatever the number of rows, and for none there is none."""
    X = np.zeros((rows, channels), np.float32)
    before, chunking.CHUNK_VALUES = chunking.CHUNK_VALUES, values
    try:
        taken = [i for part in chunks(X) for i in range(part.start, part.stop)]
    finally:
        chunking.CHUNK_VALUES = before
    assert taken == list(range(rows))


@pytest.mark.skipif(sys.platform != "linux", reason="pages are given back on Linux only")
def test_a_mapped_array_is_read_in_little_memory(tmp_path):
    """240 MB read, less than 60 of them held, and every value is still what the file has."""
    values = np.random.default_rng(0).random((1_200_000, 50), dtype=np.float32)
    np.save(tmp_path / "X.npy", values)
    command = [sys.executable, "-c", READ, str(tmp_path / "X.npy")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    total, grown = map(float, done.stdout.split())
    assert total == pytest.approx(values[3:].sum(dtype=np.float64))
    assert grown < 60


def test_a_mapped_array_can_be_read_twice(tmp_path):
    """What was given back is read again from the file."""
    np.save(tmp_path / "X.npy", np.arange(6_000_000, dtype=np.float32).reshape(-1, 2))
    X = np.load(tmp_path / "X.npy", mmap_mode="c")
    sums = [sum(float(X[rows].sum(dtype=float)) for rows in chunks(X)) for _ in range(2)]
    assert sums[0] == sums[1] == pytest.approx(5_999_999 * 3_000_000)


@pytest.mark.parametrize("mode", ["c", "r+"])
def test_what_was_changed_in_place_stays_changed(tmp_path, mode):
    """Memory is given back only where the file has the same: nobody's repairs are undone."""
    np.save(tmp_path / "X.npy", np.ones((6_000_000, 2), np.float32))
    X = np.load(tmp_path / "X.npy", mmap_mode=mode)
    X[1_000_000:1_000_010] = 7
    for _ in range(2):
        assert sum(float(X[rows].sum(dtype=float)) for rows in chunks(X)) == 12_000_000 + 20 * 6
