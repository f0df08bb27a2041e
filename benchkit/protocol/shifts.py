"""Channels stored less an offset, since float32 would round away what varies in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

LARGEST = float(np.finfo(np.float32).max)
"""What float32 reaches."""


@dataclass(frozen=True)
class Shift:
    """Values of a channel are stored as ``(value - offset) / 2**exponent``.

    ``offset`` is a value of the training part, in its own type. ``channel`` is the number of a
    series' channel; an image sequence is one channel.
    """

    channel: int
    offset: Any
    exponent: int

    @property
    def exactly(self) -> tuple[int, str, int]:
        """Channel, offset and exponent, as what decides a fingerprint."""
        return self.channel, str(self.offset), self.exponent

    def __str__(self) -> str:
        offset = float(self.offset) if isinstance(self.offset, Fraction) else self.offset
        less = f"less {offset!s}" if offset else ""
        divided = f"divided by 2^{self.exponent}" if self.exponent else ""
        return ", ".join(words for words in (less, divided) if words)


def as_channels(values: np.ndarray) -> np.ndarray:
    """Return values with one column a channel."""
    # (sequences, frames, height, width) -> (all, 1)
    return values if values.ndim == 2 else values.reshape(-1, 1)


def common_type(left: np.dtype[Any], right: np.dtype[Any]) -> np.dtype[Any]:
    """Return a type that holds numbers of both; numpy's would round integers of 64 bits."""
    found = np.result_type(left, right)
    wide = any(dtype.kind in "iu" and dtype.itemsize == 8 for dtype in (left, right))
    return np.dtype(np.longdouble) if wide and found.kind == "f" else found


def as_type(values: np.ndarray, dtype: np.dtype[Any]) -> np.ndarray:
    """Return finite values in a type that `common_type` gave."""
    if dtype.kind == "O" and values.dtype.kind != "O":
        exact = np.frompyfunc(lambda value: Fraction(*value.as_integer_ratio()), 1, 1)
        return np.asarray(exact(values.astype(np.longdouble)), object)
    return values.astype(dtype, copy=False)


def subtract(values: np.ndarray, offsets: np.ndarray, exponents: np.ndarray) -> np.ndarray:
    """Return ``(values - offsets) / 2**exponents``, as floats rounded only once.

    Parameters
    ----------
    values
        (rows, channels); integers are subtracted as integers, whatever their size.
    offsets, exponents
        (channels,), offsets in the type of the values.
    """
    if values.dtype.kind == "O":
        scales = [Fraction(2) ** int(e) for e in exponents]
        exact = np.frompyfunc(lambda x, offset, scale: float((x - offset) / scale), 3, 1)
        return np.asarray(exact(values, offsets, np.array(scales, object)), np.float64)
    if values.dtype.kind in "iu":
        above = values >= offsets
        # Modulo 2**64 the difference of any two is right.
        left, right = values.astype(np.uint64), offsets.astype(np.uint64)
        sizes = np.where(above, left - right, right - left).astype(np.float64)
        return np.ldexp(np.where(above, sizes, -sizes), -exponents)
    if exponents.any():
        return np.asarray(np.ldexp(values, -exponents) - np.ldexp(offsets, -exponents))
    return np.asarray(values - offsets)


def to_float32(values: np.ndarray, shifts: Iterable[Shift]) -> np.ndarray:
    """Return values as float32, C-contiguous, in their own shape; infinite beyond its reach."""
    with np.errstate(over="ignore"):
        floats = np.ascontiguousarray(values, dtype=np.float32)
        found = list(shifts)
        if found:
            channels = [shift.channel for shift in found]
            offsets = np.array([shift.offset for shift in found])
            exponents = np.array([shift.exponent for shift in found])
            table, result = as_channels(values), as_channels(floats)
            moved = as_type(table[:, channels], offsets.dtype)
            result[:, channels] = subtract(moved, offsets, exponents)
    return floats
