"""The scores that a threshold came from, as detectors publish them."""

from __future__ import annotations

import numpy as np

MOST_REFERENCES = 20_000
"""Enough for a histogram, and for a quantile of one in a thousand."""


def thin(scores: np.ndarray) -> np.ndarray:
    """Return at most 20,000 of ``scores``, any shape, evenly spaced: float32 (some,)."""
    flat = np.ravel(scores)
    return flat[:: max(-(-len(flat) // MOST_REFERENCES), 1)].astype(np.float32)
