"""Scores with known dependence, for tests of what is concluded from scores."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter


def autoregressive(phi: float, length: int, *, seed: int) -> np.ndarray:
    """Return a stationary AR(1) series whose values are standard normal, (length,)."""
    steps = np.random.default_rng(seed).normal(size=length)
    steps[1:] *= np.sqrt(1 - phi**2)
    return np.asarray(lfilter([1.0], [1.0, -phi], steps))
