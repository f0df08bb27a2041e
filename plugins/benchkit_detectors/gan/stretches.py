"""Stretches of rows that are shorter than a window."""

from __future__ import annotations

import numpy as np


def pad_stretches(
    values: np.ndarray, segments: np.ndarray, least: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray | slice]:
    """Put the first row of every stretch of fewer than ``least`` rows before it, repeated.

    Parameters
    ----------
    values
        (rows, channels).
    segments
        The rows at which stretches begin, ascending, the first of them 0.
    least
        Rows that each stretch will have, or more.

    Returns
    -------
    values, segments
        With the rows that were put in; as they were, where none had to be.
    kept
        Takes the rows that were there before from those returned.
    """
    missing = np.maximum(least - np.diff(np.append(segments, len(values))), 0)
    if not missing.any():
        return values, segments, slice(None)
    times = np.ones(len(values), np.int64)
    times[segments] += missing
    begins = segments + np.cumsum(missing) - missing
    return np.repeat(values, times, axis=0), begins, np.cumsum(times) - 1
