"""Thresholds that are a quantile of scores, by the names that metrics carry."""

from __future__ import annotations

import re

import numpy as np

_TRAIN = re.compile(r"train_q(\d+(?:\.\d+)?)")


def train_percent(policy: str) -> float | None:
    """Return the percentage in a name like ``train_q99`` or ``train_q99.5``.

    None for another name, and where the percentage is not between 0 and 100.
    """
    match = _TRAIN.fullmatch(policy)
    percent = float(match[1]) if match else 0.0
    return percent if 0 < percent < 100 else None


def train_threshold(calibration: np.ndarray, percent: float) -> float:
    """Return the quantile of calibration scores, shape (any,), interpolated between two."""
    return float(np.quantile(calibration, percent / 100))
