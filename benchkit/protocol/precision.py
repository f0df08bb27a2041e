"""Where float32 would round away what varies in a channel: what to subtract first.

A counter, an epoch time or a pressure in pascal varies by little on a large offset: at 1e8
neighbouring float32 numbers are 8 apart. Such a channel is stored less its offset, and divided by
a power of two where float32 does not reach that far; all others are stored as they are. Offset
and scale come from the training part alone; the test part has a say only in whether they are
needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchkit.chunking import chunks
from benchkit.protocol.flattening import (
    COARSE,
    find_arrived_coarse,
    find_coarse_pixels,
    typical,
)
from benchkit.protocol.shifts import LARGEST, Shift, as_channels, as_type, common_type, subtract

TOLERANCE = 0.01
"""The share of its steps by which float32 may move a value, on average over those that vary."""
FAR_ROWS = 0.5
"""The share from which on a note says so of the test part alone."""
GAIN = 4.0
"""A channel is shifted only where that makes the rounding so many times smaller."""

_FAR = 100
"""Values beyond two to the power of this, above or below, are scaled where they are shifted."""
_BLOCKS, _SAMPLE_ROWS, _SAMPLE_VALUES = 64, 2**16, 2**19
"""Stretches of consecutive training rows that are looked at; at most so many rows and values."""


@dataclass(frozen=True)
class Survey:
    """What was found about an array's channels.

    ``shifts`` are those to make; ``coarse`` are the channels, with a few words each, of which
    float32 keeps only a part all the same.
    """

    shifts: tuple[Shift, ...] = ()
    coarse: tuple[tuple[int, str], ...] = ()


def survey(train: np.ndarray, test: np.ndarray, reach: np.ndarray) -> Survey:
    """Find the channels of finite arrays that must be shifted before they become float32.

    Costs a look at 65,536 training rows where no channel comes near to its digits, which is nearly
    always, and else one pass over both parts.

    Parameters
    ----------
    train, test
        Series, (rows, channels), or image sequences, of which all values are one channel. As
        objects they are `Fraction`.
    reach
        The largest magnitude of each channel in both parts, 0 where it never varies.
    """
    dtype = common_type(train.dtype, test.dtype)
    blocks = [as_type(block, dtype) for block in _sample(train)]
    if dtype.kind != "O" and np.can_cast(dtype, np.float32):
        return Survey(coarse=find_arrived_coarse(blocks) if dtype == np.float32 else ())
    rows = np.concatenate(blocks)
    offsets = np.sort(rows, axis=0)[len(rows) // 2]
    # Half of a difference cannot overflow.
    halves = np.array([1 if size > LARGEST else 0 for size in reach], np.int64)
    with np.errstate(over="ignore"):
        steps = typical(
            np.abs(np.diff(subtract(block, offsets, halves), axis=0)) for block in blocks
        )
        deviations = typical(np.abs(subtract(block, offsets, halves)) for block in blocks)
    exponents = _exponents(deviations, halves, offsets)
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.ldexp(steps, halves - exponents)
        rounding = np.maximum(np.ldexp(reach, -24 - exponents), np.ldexp(1.0, -150 - exponents))
        fine = (rounding <= TOLERANCE * steps) & (reach <= LARGEST) | (reach == 0)
    suspects = np.flatnonzero(~fine)
    found = Survey()
    if len(suspects):
        picked = offsets[suspects], exponents[suspects]
        parts = [_Losses.count(part, suspects, *picked, steps[suspects]) for part in (train, test)]
        found = _judge(suspects, *picked, parts, reach[suspects], steps[suspects])
    if train.ndim == 4 and dtype.kind != "O" and not found.coarse:
        return Survey(found.shifts, find_coarse_pixels(train, dtype, found.shifts))
    return found


@dataclass
class _Losses:
    """What float32 makes of channels, as they are (``raw``) and shifted (``new``).

    All are (channels,): the sum of what it moves values by, in steps and at most one step a value;
    the largest such move; how many values are not the offset; how near the nearest comes to it.
    """

    raw: np.ndarray
    new: np.ndarray
    worst_raw: np.ndarray
    worst_new: np.ndarray
    moved: np.ndarray
    nearest: np.ndarray

    @classmethod
    def count(
        cls,
        array: np.ndarray,
        channels: np.ndarray,
        offsets: np.ndarray,
        exponents: np.ndarray,
        steps: np.ndarray,
    ) -> _Losses:
        found = cls(*(np.zeros(len(channels)) for _ in range(6)))
        found.nearest += np.inf
        wide = 4 * max(1, array.size // len(array))  # a chunk is there several times
        for rows in chunks(array, values_per_row=wide, desc="looking for offsets"):
            with np.errstate(over="ignore", invalid="ignore"):
                values = as_type(as_channels(array[rows])[:, channels], offsets.dtype)
                found._add(values, offsets, exponents, steps)
        return found

    def _add(
        self, values: np.ndarray, offsets: np.ndarray, exponents: np.ndarray, steps: np.ndarray
    ) -> None:
        exact = subtract(values, offsets, exponents).astype(np.float64)
        kept = values.astype(np.float32).astype(np.float64) - offsets.astype(np.float32)
        raw = np.abs(np.ldexp(kept, -exponents) - exact)
        raw[np.isnan(raw)] = np.inf  # infinite less infinite
        new = np.abs(exact.astype(np.float32) - exact)
        moves = exact != 0
        self.moved += moves.sum(axis=0)
        self.raw += np.minimum(raw / steps, 1).sum(axis=0, where=moves)
        self.new += np.minimum(new / steps, 1).sum(axis=0, where=moves)
        self.worst_raw = np.maximum(self.worst_raw, raw.max(axis=0))
        self.worst_new = np.maximum(self.worst_new, new.max(axis=0))
        sizes = np.where(moves, np.abs(exact), np.inf)
        self.nearest = np.minimum(self.nearest, sizes.min(axis=0))

    def shares(self, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how much is lost raw and shifted; ``units`` are nan where steps are known."""
        count = np.maximum(self.moved, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            rare = [np.minimum(worst / units, 1) for worst in (self.worst_raw, self.worst_new)]
        raw, new = (
            np.where(np.isnan(units), known / count, bound)
            for known, bound in zip((self.raw, self.new), rare, strict=True)
        )
        varies = self.moved > 0
        return np.where(varies, raw, 0), np.where(varies, new, 0)


def _judge(
    channels: np.ndarray,
    offsets: np.ndarray,
    exponents: np.ndarray,
    parts: list[_Losses],
    reach: np.ndarray,
    steps: np.ndarray,
) -> Survey:
    # Of what hardly ever varies, the smallest variation counts: an event may be short. A few
    # units in the last place are no variation.
    nearest = np.minimum(*(part.nearest for part in parts))
    units = np.where(np.isnan(steps), np.maximum(nearest, _grain(offsets, exponents)), np.nan)
    shares = [part.shares(units) for part in parts]
    helps = [(raw > TOLERANCE) & (GAIN * new <= raw) for raw, new in shares]
    made = np.logical_or(*helps) | (reach > LARGEST)
    left = [np.where(made, new, raw) for raw, new in shares]
    # What float32 loses of some test rows that are far away is no news.
    train, test = left
    left_over = np.where((parts[0].moved > 0) & (test < FAR_ROWS), train, test)
    sizes = np.ldexp(np.where(np.isnan(steps), units, steps), exponents)
    return Survey(
        tuple(
            Shift(int(channels[i]), offsets[i], int(exponents[i])) for i in np.flatnonzero(made)
        ),
        tuple(
            (int(channels[i]), f"steps of {sizes[i]:.2g}, values to {reach[i]:.2g}")
            for i in np.flatnonzero(left_over > COARSE)
        ),
    )


def _sample(array: np.ndarray) -> list[np.ndarray]:
    """Return evenly spread stretches of an array, each (rows, channels)."""
    per_row = max(1, array.size // len(array))
    most = max(2, min(_SAMPLE_ROWS, _SAMPLE_VALUES // per_row))
    if len(array) <= most:
        return [as_channels(np.asarray(array))]
    count = max(1, min(_BLOCKS, most // 2))
    length = most // count
    begins = np.linspace(0, len(array) - length, count).astype(int).tolist()
    return [as_channels(np.asarray(array[begin : begin + length])) for begin in begins]


def _exponents(deviations: np.ndarray, halves: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return for each channel the power of two of its spread, 0 where float32 is at ease with it.

    A channel that does not vary has the size of its value.
    """
    powers = np.frexp(np.nan_to_num(deviations))[1] + halves
    alone = np.array([_size(offset) for offset in offsets])
    powers = np.where(np.isnan(deviations), alone, powers)
    return np.where(np.abs(powers) > _FAR, powers, 0)


def _size(offset: Any) -> int:
    return int(np.frexp(float(offset))[1]) if np.isfinite(float(offset)) else 0


def _grain(offsets: np.ndarray, exponents: np.ndarray) -> np.ndarray:
    """Return four units in the last place of float offsets, scaled; 0 for what is exact."""
    if offsets.dtype.kind != "f":
        return np.zeros(len(offsets))
    with np.errstate(over="ignore"):
        return np.asarray(4 * np.ldexp(np.spacing(np.abs(offsets)), -exponents), np.float64)
