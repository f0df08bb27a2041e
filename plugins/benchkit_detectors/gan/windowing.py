"""From rows to windows that overlap, and back to one value a row."""

from __future__ import annotations

import numpy as np


class OverlapMean:
    """The mean of each row over all windows that contain it, accumulated batch by batch.

    Parameters
    ----------
    rows, length
        Number of rows of the series, and of a window.
    """

    def __init__(self, rows: int, length: int) -> None:
        self.length = length
        self._sums = np.zeros(rows)
        self._counts = np.zeros(rows, np.int32)

    def add(self, starts: np.ndarray, values: np.ndarray) -> None:
        """Add the windows that begin at ``starts``, which must be distinct.

        ``values`` is (windows, length), or (windows,) where a window has one value for all its
        rows.
        """
        for offset in range(self.length):
            rows = starts + offset
            self._sums[rows] += values if values.ndim == 1 else values[:, offset]
            self._counts[rows] += 1

    def mean(self) -> np.ndarray:
        """Return the means, float64 (rows,); NaN for a row that no window contains."""
        with np.errstate(invalid="ignore"):
            return self._sums / self._counts


def pad_segments(
    values: np.ndarray, segments: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray | slice]:
    """Pad every segment of fewer than ``length`` rows by repeating its first row.

    Parameters
    ----------
    values
        (rows, channels).
    segments
        First row of each segment, ascending, the first of them 0.
    length
        Least number of rows that each segment has afterwards.

    Returns
    -------
    values, segments
        With the padding; unchanged where none is needed.
    kept
        Index that selects the original rows from the padded ones.
    """
    missing = np.maximum(length - np.diff(np.append(segments, len(values))), 0)
    if not missing.any():
        return values, segments, slice(None)
    times = np.ones(len(values), np.int64)
    times[segments] += missing
    begins = segments + np.cumsum(missing) - missing
    return np.repeat(values, times, axis=0), begins, np.cumsum(times) - 1
