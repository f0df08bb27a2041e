"""What float32 flattens all the same: where no offset helps, or comes too late."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from benchkit.protocol.shifts import Shift, as_type, subtract

COARSE = 0.1
"""The share of its steps by which float32 moves a value from which on a note says so."""

_LEAST = 2.0**-100
"""Smaller values beside larger ones are next to nothing."""
_SAMPLE_VALUES = 2**19


def typical(blocks: Iterable[np.ndarray]) -> np.ndarray:
    """Return the median of each column's numbers that are not 0, float64; nan where all are."""
    with np.errstate(over="ignore"):
        sizes = np.concatenate([block.astype(np.float64) for block in blocks])
    sizes[sizes == 0] = np.inf  # sorted behind the others
    ordered = np.sort(sizes, axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    middle = ordered[np.maximum(count - 1, 0) // 2, np.arange(ordered.shape[1])]
    return np.where(count > 0, middle, np.nan)


def find_coarse_pixels(
    train: np.ndarray, dtype: np.dtype[Any], shifts: tuple[Shift, ...]
) -> tuple[tuple[int, str], ...]:
    """Return the frames, with how many pixels float32 flattens; nothing where it flattens none.

    All pixels have one offset, which is none for a pixel that lies far from the others.
    """
    count = max(2, _SAMPLE_VALUES // (train.size // len(train)))
    some = np.unique(np.linspace(0, len(train) - 1, count).astype(int))
    # (sequences, frames, height, width) -> (frames, pixels)
    pixels = as_type(np.asarray(train[some]), dtype).reshape(-1, train.shape[2] * train.shape[3])
    offset, exponent = (shifts[0].offset, shifts[0].exponent) if shifts else (0, 0)
    width = pixels.shape[1]
    moved = subtract(pixels, np.full(width, offset, dtype), np.full(width, exponent))
    values = moved.astype(np.float64)
    steps = typical([np.abs(np.diff(values, axis=0))])
    sizes = np.abs(values).max(axis=0)
    with np.errstate(over="ignore"):
        lost = np.abs(values.astype(np.float32) - values).mean(axis=0)
    # A few units in the last place are no variation, nor is what is next to nothing.
    real = (steps > 4 * np.spacing(sizes)) & (sizes > _LEAST)
    wrong = np.flatnonzero(real & (lost > COARSE * steps))
    if not len(wrong):
        return ()
    first = wrong[0]
    where = divmod(int(first), train.shape[3])
    return (
        (
            0,
            f"{len(wrong)} of {width} pixels, the first at {where}: steps of {steps[first]:.2g}, "
            f"values to {sizes[first]:.2g}; bring pixels of other units into one range",
        ),
    )


def find_arrived_coarse(blocks: list[np.ndarray]) -> tuple[tuple[int, str], ...]:
    """Return the channels of a float32 array that move by the last digit only.

    Whoever made them cast what varied on a large offset. Whole numbers up to 2**24 are exact.
    """
    steps = typical(np.abs(np.diff(block.astype(np.float64), axis=0)) for block in blocks)
    sizes = np.max([np.abs(block).max(axis=0) for block in blocks], axis=0)
    counts = np.all([(block == np.rint(block)).all(axis=0) for block in blocks], axis=0)
    counts &= sizes <= 2**24
    wrong = ~counts & (steps <= 2 * np.spacing(sizes))
    return tuple(
        (int(i), f"steps of {steps[i]:.2g}, values to {sizes[i]:.2g}; give it as float64")
        for i in np.flatnonzero(wrong)
    )
