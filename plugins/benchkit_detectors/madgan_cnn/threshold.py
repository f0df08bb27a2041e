"""The threshold: a generalised Pareto tail fitted to held-out scores."""

from __future__ import annotations

import math

import numpy as np

TAIL = 0.1
"""Fraction of the highest held-out scores that the tail is fitted to."""

MIN_TAIL_SCORES = 20
"""With fewer scores in the tail, its shape is not estimated but taken as exponential."""


def tail_threshold(scores: np.ndarray, false_alarm_rate: float) -> float:
    """Return the threshold that a fraction ``false_alarm_rate`` of such scores exceeds.

    Above the 90 % quantile the scores follow a generalised Pareto distribution (Pickands 1975)
    whose parameters are estimated from weighted moments (Hosking & Wallis 1987), so that the
    threshold does not depend on the one or two highest scores only, and may exceed them.

    Parameters
    ----------
    scores
        Of held-out normal frames, any shape, one or more.
    false_alarm_rate
        Above 0 and below 1.
    """
    ordered = np.sort(np.ravel(scores).astype(np.float64))
    fraction = max(TAIL, false_alarm_rate)
    start = float(np.quantile(ordered, 1 - fraction))
    excess = ordered[ordered > start] - start
    if false_alarm_rate >= TAIL or not len(excess):
        return start
    mean = float(excess.mean())
    shape = 0.0
    if len(excess) >= MIN_TAIL_SCORES:
        ranks = (np.arange(len(excess), 0, -1) - 0.65) / len(excess)
        weighted = float((ranks * excess).mean())
        if mean > 2 * weighted:
            shape = float(np.clip(2 - mean / (mean - 2 * weighted), -0.5, 0.5))
    scale = mean * (1 - shape)
    ratio = fraction / false_alarm_rate
    if abs(shape) < 1e-6:
        return start + scale * math.log(ratio)
    return start + scale / shape * (ratio**shape - 1)
