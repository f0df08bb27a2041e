"""Fewer vertices for the same picture: a million points cost what a screen's width costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def take_envelope(
    values: np.ndarray, begins: Sequence[int], columns: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return a polyline through the lowest and the highest value of each of some columns.

    It looks like the line through all values on a picture of so many columns: no spike is lost.

    Parameters
    ----------
    values
        Finite numbers, shape (n,).
    begins
        Indices at which a stretch begins. The polyline has a gap, a NaN, before each but the
        first value.
    columns
        How many equal parts the n values are divided into.

    Returns
    -------
    x, y
        Indices of values and values, each of shape (at most ``6 * columns``,).
    """
    n = len(values)
    starts = column_starts(n, columns)
    cuts = np.array(sorted({b for b in begins if 0 < b < n}), dtype=np.int64)
    # Stretches shorter than a column cannot be told apart: then each column stands by itself.
    crowded = len(cuts) > columns
    if not crowded:
        starts = np.union1d(starts, cuts)
    lasts = np.append(starts[1:], n) - 1
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    rising = values[lasts] >= values[starts]
    # (groups,) of the first and of the second vertex -> (2 * groups,)
    x = np.stack([starts, lasts], axis=1).reshape(-1).astype(np.float64)
    y = np.stack([np.where(rising, low, high), np.where(rising, high, low)], axis=1).reshape(-1)
    gaps = starts[1:] if crowded else cuts
    places = 2 * np.searchsorted(starts, gaps)
    return np.insert(x, places, np.nan), np.insert(y.astype(np.float64), places, np.nan)


def take_cover(flags: np.ndarray, columns: int) -> np.ndarray:
    """Return the stretches of columns in which a flag is set, as indices of flags.

    Of a boolean array of shape (n,), int64, shape (stretches, 2): the first index of each and the
    one after its last. With fewer flags than columns they are the stretches of True.
    """
    starts = column_starts(len(flags), columns)
    hit = np.logical_or.reduceat(flags, starts)
    edges = np.flatnonzero(np.diff(hit, prepend=False, append=False))
    # (2 * stretches,) -> (stretches, 2)
    return np.append(starts, len(flags))[edges].reshape(-1, 2)


def column_starts(n: int, columns: int) -> np.ndarray:
    """Return the first index of each of at most ``columns`` equal parts of n > 0 values."""
    columns = min(n, columns)
    return np.arange(columns, dtype=np.int64) * n // columns


def thin_curve(
    x: np.ndarray, y: np.ndarray, tolerance: float = 0.001, most: int = 1000
) -> tuple[np.ndarray, np.ndarray]:
    """Return some of a curve's vertices: a polyline that nowhere leaves the curve by much.

    Parameters
    ----------
    x
        Rising or equal from vertex to vertex, shape (n,).
    y
        Shape (n,).
    tolerance
        The polyline is within twice this distance of every vertex.
    most
        Vertices; where more are needed the tolerance is doubled until they are not.
    """
    rows = _columns_of_curve(x, y, tolerance)
    kept = rows[_simplify(x[rows], y[rows], tolerance)]
    return (x[kept], y[kept]) if len(kept) <= most else thin_curve(x, y, 2 * tolerance, most)


def _columns_of_curve(x: np.ndarray, y: np.ndarray, width: float) -> np.ndarray:
    """Return the first, lowest, highest and last vertex of each column of x, as indices."""
    column = np.floor((x - x[0]) / width)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    ends = np.append(starts[1:], len(x))
    within = np.repeat(np.arange(len(starts)), ends - starts)
    order = np.lexsort((y, within))  # within each column by y: its ends are the extremes
    return np.unique(np.concatenate([starts, order[starts], order[ends - 1], ends - 1]))


def _simplify(x: np.ndarray, y: np.ndarray, tolerance: float) -> np.ndarray:
    """Return the indices that Douglas and Peucker (1973) keep of a polyline."""
    keep = np.zeros(len(x), dtype=bool)
    keep[[0, -1]] = True
    waiting = [(0, len(x) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        dx, dy = x[last] - x[first], y[last] - y[first]
        px, py = x[first + 1 : last] - x[first], y[first + 1 : last] - y[first]
        length = dx * dx + dy * dy
        # The nearest point of the chord, not of the line through it.
        along = np.clip((px * dx + py * dy) / length, 0, 1) if length else np.zeros_like(px)
        distance = np.hypot(px - along * dx, py - along * dy)
        far = int(distance.argmax())
        if distance[far] > tolerance:
            split = first + 1 + far
            keep[split] = True
            waiting += [(first, split), (split, last)]
    return np.flatnonzero(keep)
