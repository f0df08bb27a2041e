"""Preprocessing of a recording as in the literature: warm-up and down-sampling."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from benchkit.data import Dataset

_BLOCKS = 4_096
"""Number of blocks processed at once."""


def drop_warmup(dataset: Dataset, rows: int) -> Dataset:
    """Return a dataset without the first rows of its training part.

    Raises
    ------
    ValueError
        No training row would remain.
    """
    if rows >= len(dataset.train):
        raise ValueError(
            f"a warm-up of {rows:,} rows drops all {len(dataset.train):,} training rows"
        )
    if not rows:
        return dataset
    segments = (0, *(start - rows for start in dataset.train_segments if start > rows))
    notes = (*dataset.notes, f"The first {rows:,} training rows are dropped as warm-up.")
    return replace(dataset, train=dataset.train[rows:], train_segments=segments, notes=notes)


def downsample(dataset: Dataset, *, median: int = 1, every: int = 1) -> Dataset:
    """Return a dataset with one row per block of rows.

    Blocks start at the beginning of each segment and never span a gap; the last block of a
    segment has the remaining rows. A block is anomalous if any of its rows is.

    Parameters
    ----------
    dataset
        A series.
    median
        Rows per block, replaced by the median of each channel (float32).
    every
        Rows per block, of which the first is kept. Not together with ``median``.
    """
    size = max(median, every)
    if size == 1:
        return dataset
    train_starts = _starts(len(dataset.train), dataset.train_segments, size)
    test_starts = _starts(len(dataset.test), dataset.test_segments, size)
    train, test = (
        values[starts] if median == 1 else _medians(values, starts, size)
        for values, starts in ((dataset.train, train_starts), (dataset.test, test_starts))
    )
    return replace(
        dataset,
        train=train,
        test=test,
        labels=np.logical_or.reduceat(dataset.labels, test_starts),
        train_segments=tuple(np.searchsorted(train_starts, dataset.train_segments).tolist()),
        test_segments=tuple(np.searchsorted(test_starts, dataset.test_segments).tolist()),
        period=None if dataset.period is None else dataset.period * size,
    )


def _starts(rows: int, segments: tuple[int, ...], size: int) -> np.ndarray:
    """Return the first row of every block, in ascending order."""
    bounds = pairwise([*segments, rows])
    return np.concatenate([np.arange(begin, end, size) for begin, end in bounds])


def _medians(values: np.ndarray, starts: np.ndarray, size: int) -> np.ndarray:
    """Return the median of each channel over each block: float32, (blocks, channels)."""
    ends = np.append(starts[1:], len(values))
    result = np.empty((len(starts), values.shape[1]), np.float32)
    whole = ends - starts == size
    for begin in range(0, len(starts), _BLOCKS):
        chosen = begin + np.flatnonzero(whole[begin : begin + _BLOCKS])
        # (blocks, size, channels)
        blocks = values[starts[chosen, None] + np.arange(size)]
        result[chosen] = np.median(blocks, axis=1)
    for block in np.flatnonzero(~whole):
        result[block] = np.median(values[starts[block] : ends[block]], axis=0)
    return result
