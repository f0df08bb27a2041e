"""Windows of a time series, as views."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np


def windows(
    X: np.ndarray, length: int, step: int = 1, segments: Sequence[int] | np.ndarray = (0,)
) -> tuple[np.ndarray, np.ndarray]:
    """Return a view of every window of a series, and which of them to take.

    Nothing is copied until windows are picked, so a series that is memory-mapped stays so::

        view, starts = windows(X, 30, step=10)
        for batch in np.array_split(starts, 100):
            network(view[batch])

    Parameters
    ----------
    X
        (rows, channels), with at least ``length`` rows.
    length
        Rows a window, 1 or more.
    step
        Rows from one start to the next, 1 or more.
    segments
        The rows at which a new stretch begins, ascending, the first of them 0. No window that is
        taken has rows of two stretches.

    Returns
    -------
    view
        (rows - length + 1, length, channels), read-only: the window that begins at each row.
    starts
        int64, ascending: of each stretch every ``step``-th row, and the last row at which a window
        begins, so that every row is in a window if ``step`` is at most ``length``. A stretch
        shorter than a window has none.

    Raises
    ------
    ValueError
        There are fewer rows than a window has, a number is below 1, or ``segments`` are not what
        they should be.
    """
    import numpy as np  # not with `import benchkit`, which the command line waits for

    if length < 1 or step < 1:
        raise ValueError(f"a window's length and step must be 1 or more, got {length} and {step}")
    if len(X) < length:
        raise ValueError(f"{len(X)} rows are fewer than a window of {length} has")
    bounds = np.append(segments, len(X))
    if bounds[0] != 0 or (np.diff(bounds) <= 0).any():
        raise ValueError("segments must be ascending row numbers, the first of them 0")
    # (rows - length + 1, channels, length) -> (rows - length + 1, length, channels)
    view = np.lib.stride_tricks.sliding_window_view(X, length, axis=0).swapaxes(1, 2)
    lasts = bounds[1:] - length
    # Of each stretch that has a window: 0, step, 2 step, ... from its beginning, and its last.
    counts = np.maximum((lasts - bounds[:-1]) // step + 1, 0)
    begins = np.repeat(bounds[:-1] - step * (np.cumsum(counts) - counts), counts)
    regular = begins + step * np.arange(counts.sum())
    late = (counts > 0) & ((lasts - bounds[:-1]) % step > 0)
    return view, np.insert(regular, np.cumsum(counts)[late], lasts[late])


def cut_segments(segments: Iterable[int], start: int, stop: int) -> tuple[int, ...]:
    """Return the segments of rows ``start`` to ``stop`` of a series, counted from ``start``."""
    return (0, *(int(row) - start for row in segments if start < row < stop))
