"""How fast windows are cut out of a series, and their scores made into scores of rows."""

from __future__ import annotations

import numpy as np

from benchkit import windows
from benchkit_detectors.gan.windowing import OverlapMean

ROWS, CHANNELS, LENGTH, STEP = 2_000, 51, 30, 10


def test_cutting_windows(timed):
    """Picked batch by batch, as a detector does; of a size that stays in the cache of a core."""
    series = np.random.default_rng(0).normal(size=(ROWS, CHANNELS)).astype(np.float32)
    segments = np.arange(0, ROWS, 200)

    def cut() -> int:
        view, starts = windows(series, LENGTH, STEP, segments)
        for begin in range(0, len(starts), 64):
            view[starts[begin : begin + 64]].copy()
        return len(starts)

    size = f"{ROWS:,} × {CHANNELS}, length {LENGTH}, step {STEP}, 10 segments"
    assert timed(cut, like="sort", size=size) >= ROWS // STEP - 10 * LENGTH // STEP


def test_finding_windows(timed):
    """The rows at which windows begin; nothing of the series is read."""
    series = np.zeros((100_000, 1), np.float32)
    segments = np.arange(0, len(series), 5_000)
    _, starts = timed(
        windows, series, LENGTH, 1, segments, like="sort", size="100,000 rows, step 1, 20 segments"
    )
    assert len(starts) == len(series) - len(segments) * (LENGTH - 1)


def test_scores_of_windows_become_scores_of_rows(timed):
    """The mean over the windows that cover a row."""
    rows = 60_000
    starts = np.arange(0, rows - LENGTH, STEP)
    values = np.random.default_rng(0).normal(size=(len(starts), LENGTH))

    def aggregate() -> np.ndarray:
        mean = OverlapMean(rows, LENGTH)
        mean.add(starts, values)
        return mean.mean()

    size = f"{rows:,} rows, windows of {LENGTH} at every {STEP}th"
    found = timed(aggregate, like="sort", size=size)
    assert np.isfinite(found[: starts[-1]]).all()
