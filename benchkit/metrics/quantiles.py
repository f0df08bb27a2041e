"""Thresholds that are a quantile of scores, by the names that metrics carry."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import cast

import numpy as np

_TRAIN = re.compile(r"train_q(\d+(?:\.\d+)?)")
_CONTAMINATION = re.compile(r"contamination_(\d+(?:\.\d+)?)")

_WHOLE = 2**53
"""Up to here a float holds every whole number."""


def train_percent(policy: str) -> float | None:
    """Return the percentage in a name like ``train_q99`` or ``train_q99.5``.

    None for another name, and where the percentage is not between 0 and 100.
    """
    match = _TRAIN.fullmatch(policy)
    percent = float(match[1]) if match else 0.0
    return percent if 0 < percent < 100 else None


def contamination_percent(policy: str) -> float | None:
    """Return the percentage in a name like ``contamination_5``, None as `train_percent`."""
    match = _CONTAMINATION.fullmatch(policy)
    percent = float(match[1]) if match else 0.0
    return percent if 0 < percent < 100 else None


def train_threshold(calibration: np.ndarray, percent: float) -> float:
    """Return the quantile of calibration scores, shape (any,), as `quantile` does."""
    return quantile(calibration, percent / 100)


def contamination_threshold(scores: np.ndarray, percent: float) -> float:
    """Return the quantile of test scores, shape (any,), above which there are so many percent."""
    return quantile(scores, 1 - percent / 100)


def quantile(values: np.ndarray, share: float) -> float:
    """Return the quantile of finite numbers, shape (any,), interpolated between two.

    As ``np.quantile``, computed in double precision whatever the type of the values; a type wider
    than that keeps its own. Finite where two values are further apart than a float can say. Of
    whole numbers that floats round it is the next whole number below, which is exceeded by the
    same ones.
    """
    if values.dtype.kind in "iu" and max(-int(values.min()), int(values.max())) > _WHOLE:
        return _whole_quantile(values, share)
    if values.dtype.itemsize <= 8:
        values = values.astype(np.float64)
    with np.errstate(over="ignore"):
        scale = 1 if np.isfinite(values.max() - values.min()) else 2
    found = scale * np.quantile(values / scale, share)
    return float(found) if values.dtype == np.float64 else cast(float, found)


def _whole_quantile(values: np.ndarray, share: float) -> int:
    place = (len(values) - 1) * share
    low = math.floor(place)
    part = np.partition(values, [low, math.ceil(place)])
    below, above = int(part[low]), int(part[math.ceil(place)])
    return below + math.floor((above - below) * Fraction(place - low))
