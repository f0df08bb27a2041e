"""From the values of overlapping windows to one value a row."""

from __future__ import annotations

import numpy as np


class RowMean:
    """The mean of each row over all windows that contain it, gathered batch by batch.

    Parameters
    ----------
    rows, length
        Of the series, and of a window.
    """

    def __init__(self, rows: int, length: int) -> None:
        self.length = length
        self._sums = np.zeros(rows)
        self._counts = np.zeros(rows, np.int32)

    def add(self, starts: np.ndarray, values: np.ndarray) -> None:
        """Add the windows that begin at ``starts``, no two at the same row.

        ``values`` is (windows, length), or (windows,) where a window has one value for all its
        rows.
        """
        for offset in range(self.length):
            rows = starts + offset
            self._sums[rows] += values if values.ndim == 1 else values[:, offset]
            self._counts[rows] += 1

    def mean(self) -> np.ndarray:
        """Return the means, float64 (rows,); NaN for a row that no window contained."""
        with np.errstate(invalid="ignore"):
            return self._sums / self._counts
