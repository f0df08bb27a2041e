"""The density ratio model: the mass of each pooled score under the normal distribution."""

from __future__ import annotations

import numpy as np

NEWTON_STEPS = 25
STEP_TOLERANCE = 1e-4
RIDGE = 1e-3
"""Keeps the regression finite where the two samples do not overlap."""
SCORES_PER_TERM = 30
"""Held-out scores required for each term beyond the constant."""
MAX_TERMS = 5


def terms(pooled: np.ndarray, held_out: int) -> np.ndarray:
    """Return q of each pooled score, (scores, terms): powers of the log-odds of its rank.

    Ranks make the result independent of the units of scores. ``held_out`` is the number of
    held-out scores: the fewer, the fewer terms; below 30 only the constant.
    """
    ordered = np.sort(pooled)
    rank = np.searchsorted(ordered, pooled, "left") + np.searchsorted(ordered, pooled, "right")
    quantile = (rank + 1) / (2 * len(pooled) + 2)
    count = 1 + min(MAX_TERMS, held_out // SCORES_PER_TERM)
    return np.vander(np.log(quantile / (1 - quantile)) / 3, count, increasing=True)


def masses(
    powers: np.ndarray, weights: np.ndarray, counts: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mass of each pooled score under the normal distribution, and the slope b.

    Newton's method on the weighted logistic regression of held-out against drawn scores.

    Parameters
    ----------
    powers
        (draws + held-out items, terms), draws first.
    weights, counts
        Weight of each draw, (draws,), and number of copies of each held-out item, (items,).
    start
        Initial slope, (terms,).
    """
    size = np.concatenate([weights, counts])
    if not len(counts):
        return size, start
    real = np.concatenate([np.zeros(len(weights)), np.ones(len(counts))])
    offset = np.log(counts.sum() / weights.sum())
    ridge = RIDGE * np.eye(powers.shape[1])

    def loss(slope: np.ndarray) -> float:
        logits = powers @ slope + offset
        entropy = size @ (np.logaddexp(0, logits) - real * logits)
        return float(entropy + RIDGE * (slope @ slope) / 2)

    slope, current = start, loss(start)
    for _ in range(NEWTON_STEPS):
        fitted = _sigmoid(powers @ slope + offset)
        gradient = powers.T @ (size * (real - fitted)) - RIDGE * slope
        hessian = (powers * (size * fitted * (1 - fitted))[:, None]).T @ powers + ridge
        step = np.linalg.solve(hessian, gradient)
        while (following := loss(slope + step)) > current and np.abs(step).max() > STEP_TOLERANCE:
            step = step / 2
        slope, current = slope + step, following
        if np.abs(step).max() <= STEP_TOLERANCE:
            break
    return size * _sigmoid(powers @ slope + offset), slope


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return (1 + np.tanh(logits / 2)) / 2
