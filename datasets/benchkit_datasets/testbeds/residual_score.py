"""From the residuals of a plant's physics to one score a row: the oracle."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import median_filter

SMOOTHING = 9
"""Rows; an odd number. A disagreement that is shorter than half of it is forgiven."""


def score(residuals: np.ndarray, smoothing: int = SMOOTHING) -> np.ndarray:
    """Return the largest disagreement around each row, shape (time, k) -> (time,).

    Each residual is replaced by the median of its size in ``smoothing`` rows, which leaves edges
    where they are; the largest of a row is its score.
    """
    scores = np.zeros(len(residuals))
    for column in range(residuals.shape[1]):
        size = np.abs(residuals[:, column])
        np.maximum(scores, median_filter(size, smoothing, mode="nearest"), out=scores)
    return scores
