"""The density ratio model: how much mass each of two samples' scores has for normal items."""

from __future__ import annotations

import numpy as np

NEWTON_STEPS = 25
SMALL_STEP = 1e-4
RIDGE = 1e-3
"""Keeps the regression finite where the two samples do not overlap."""
SCORES_PER_TERM = 30
"""Held-out scores asked for each term beyond the constant."""
MOST_TERMS = 5


def terms(pooled: np.ndarray, held_out: int) -> np.ndarray:
    """Return q of each pooled score, (scores, terms): powers of the log-odds of its rank.

    Ranks depend on order alone, so that no unit of a score matters. ``held_out`` is how many of
    the scores are real: few of them get few terms, fewer than 30 the constant only.
    """
    ordered = np.sort(pooled)
    rank = np.searchsorted(ordered, pooled, "left") + np.searchsorted(ordered, pooled, "right")
    share = (rank + 1) / (2 * len(pooled) + 2)
    count = 1 + min(MOST_TERMS, held_out // SCORES_PER_TERM)
    return np.vander(np.log(share / (1 - share)) / 3, count, increasing=True)


def masses(
    powers: np.ndarray, worth: np.ndarray, counts: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mass of each pooled score under the normal distribution, and the slope b.

    Newton's method on the weighted logistic regression of real against drawn scores.

    Parameters
    ----------
    powers
        (draws + held-out items, terms), draws first.
    worth, counts
        What each draw counts, (draws,), and how often each held-out item is there, (items,).
    start
        The slope to begin with, (terms,).
    """
    size = np.concatenate([worth, counts])
    if not len(counts):
        return size, start
    real = np.concatenate([np.zeros(len(worth)), np.ones(len(counts))])
    offset = np.log(counts.sum() / worth.sum())
    ridge = RIDGE * np.eye(powers.shape[1])

    def cost(slope: np.ndarray) -> float:
        odds = powers @ slope + offset
        return float(size @ (np.logaddexp(0, odds) - real * odds) + RIDGE * (slope @ slope) / 2)

    slope, now = start, cost(start)
    for _ in range(NEWTON_STEPS):
        share = _logistic(powers @ slope + offset)
        gradient = powers.T @ (size * (real - share)) - RIDGE * slope
        curvature = (powers * (size * share * (1 - share))[:, None]).T @ powers + ridge
        step = np.linalg.solve(curvature, gradient)
        while (ahead := cost(slope + step)) > now and np.abs(step).max() > SMALL_STEP:
            step = step / 2
        slope, now = slope + step, ahead
        if np.abs(step).max() <= SMALL_STEP:
            break
    return size * _logistic(powers @ slope + offset), slope


def _logistic(odds: np.ndarray) -> np.ndarray:
    return (1 + np.tanh(odds / 2)) / 2
