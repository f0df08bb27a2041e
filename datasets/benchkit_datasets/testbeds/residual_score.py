"""The score of a detector that knows the physics of the plant: an upper bound."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import median_filter

SMOOTHING = 9
"""Rows; an odd number. A deviation shorter than half of it is ignored."""


def score(residuals: np.ndarray, smoothing: int = SMOOTHING) -> np.ndarray:
    """Return the largest residual around each row, shape (time, k) -> (time,).

    The absolute residuals are median-filtered over ``smoothing`` rows, which preserves edges; the
    score of a row is their maximum.
    """
    scores = np.zeros(len(residuals))
    for column in range(residuals.shape[1]):
        size = np.abs(residuals[:, column])
        np.maximum(scores, median_filter(size, smoothing, mode="nearest"), out=scores)
    return scores
