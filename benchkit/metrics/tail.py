"""The tail of a distribution: a generalised Pareto distribution fitted to what exceeds a level."""

from __future__ import annotations

import numpy as np

_POINTS = 96
_ROUNDS = 6
"""Points of the grid, and how often it is narrowed: its last step is 1e-9 of the first."""
_NEAREST, _FARTHEST = 1e-6, 1e12
"""How near the shape's lower bound comes, and how heavy a tail may be, both as 1 + theta * max."""


def fit_tail(peaks: np.ndarray) -> tuple[float, float]:
    """Return shape and scale of the most likely generalised Pareto distribution.

    By the profile likelihood: of theta, the shape divided by the scale, everything else follows
    (Grimshaw 1993, "Computing Maximum Likelihood Estimates for the Generalized Pareto
    Distribution", Technometrics 35), so one number is searched for, on a grid that narrows. The
    estimate is a local maximum with a shape above -1; below, the likelihood grows without bounds
    (Smith 1985, "Maximum likelihood estimation in a class of nonregular cases", Biometrika 72).
    Where there is none, as of few peaks under a sharp end, it is the bound: all values up to the
    largest peak are as likely.

    Parameters
    ----------
    peaks
        What exceeds the level and by how much, all above 0, (peaks,); at least two that differ.
    """
    top, mean = float(peaks.max()), float(peaks.mean())
    # What peaks that are alike add is computed once, as where scores are rounded.
    values, counts = np.unique(peaks, return_counts=True)
    weights = counts / counts.sum()

    def assess(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return shapes, scales and mean log-likelihoods, each (points,)."""
        theta = np.expm1(grid) / top
        shapes = np.array([np.log1p(t * values) @ weights for t in theta])
        scales = np.divide(shapes, theta, out=np.full(len(grid), mean), where=theta != 0)
        likelihoods = -np.log(scales) - shapes - 1
        return shapes, scales, np.where(shapes > -1, likelihoods, np.inf)

    grid = np.linspace(np.log(_NEAREST), np.log(_FARTHEST), _POINTS)
    likelihoods = assess(grid)[2]
    # What lies beyond the bound counts as infinite, so that the first point before it is no peak.
    inner = likelihoods[1:-1]
    peaked = (inner >= likelihoods[:-2]) & (inner >= likelihoods[2:]) & np.isfinite(inner)
    if not peaked.any():
        return -1.0, top
    best = 1 + int(np.where(peaked, inner, -np.inf).argmax())
    for _ in range(_ROUNDS):
        grid = np.linspace(grid[best - 1], grid[best + 1], _POINTS)
        shapes, scales, likelihoods = assess(grid)
        best = int(likelihoods[1:-1].argmax()) + 1
    return float(shapes[best]), float(scales[best])
