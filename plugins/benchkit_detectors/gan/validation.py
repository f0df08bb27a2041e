"""Validation of input arrays."""

from __future__ import annotations

import numpy as np

AXES = {
    2: ("row", "channel"),
    4: ("sequence", "frame", "line", "column"),
}
CHUNK_VALUES = 1 << 22


def check_input(X: np.ndarray, ndim: int) -> np.ndarray:
    """Return ``X``; raise ValueError where it is invalid.

    Values are checked in chunks, so that a memory-mapped array is never copied as a whole.

    Parameters
    ----------
    X
        2 axes are (rows, channels), 4 are (sequences, frames, height, width).

    Raises
    ------
    ValueError
        It has another number of axes, an empty one, values that are not real numbers, or a NaN or
        an infinite value; the message says where.
    """
    X = np.asarray(X)
    axes = AXES[ndim]
    if X.ndim != ndim:
        raise ValueError(
            f"the input has {X.ndim} axes where {ndim} are needed, one each for {', '.join(axes)}"
        )
    if 0 in X.shape:
        raise ValueError(f"the input has no {axes[X.shape.index(0)]}: its shape is {X.shape}")
    if X.dtype.kind not in "fiub":
        raise ValueError(f"the input holds {X.dtype}, which are not real numbers")
    if X.dtype.kind == "f":
        step = max(CHUNK_VALUES // max(X[0].size, 1), 1)
        for start in range(0, len(X), step):
            # The sum is finite where all values are, and much cheaper than a check of each.
            part = X[start : start + step]
            with np.errstate(over="ignore", invalid="ignore"):
                looks_fine = np.isfinite(part.sum(dtype=np.float64))
            if not looks_fine:
                _refuse(part, start, axes)
    return X


def _refuse(part: np.ndarray, start: int, axes: tuple[str, ...]) -> None:
    wrong = np.argwhere(~np.isfinite(part))
    if len(wrong):
        first = wrong[0]
        value = part[tuple(first)]
        first[0] += start
        place = ", ".join(f"{axis} {i}" for axis, i in zip(axes, first, strict=True))
        raise ValueError(
            f"the input has {value} at {place}: fill or drop what is missing before the detector"
        )
