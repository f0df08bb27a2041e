"""Nearest neighbours: distance to the training rows."""

from __future__ import annotations

from numbers import Integral

import numpy as np
from sklearn.neighbors import NearestNeighbors

from benchkit import chunks
from benchkit_detectors.baselines.moments import take_moments


class KNNDetector:
    """Distance to the k-th nearest of a sample of the training rows, channels standardised.

    Parameters
    ----------
    neighbours
        k.
    sample
        Number of training rows that are kept, drawn without replacement; all where there are
        fewer. The cost of scoring is proportional to it.
    random_state
        Seed of the sample.
    """

    def __init__(self, neighbours: int = 5, sample: int = 5000, random_state: int = 0) -> None:
        self.neighbours = neighbours
        self.sample = sample
        self.random_state = random_state

    def fit(self, X: np.ndarray) -> KNNDetector:
        """Keep a sample of X, (rows, channels). Raises ValueError for an invalid parameter."""
        for name in ("neighbours", "sample"):
            value = getattr(self, name)
            if not isinstance(value, Integral) or value < 1:
                raise ValueError(f"{name} must be a whole number above 0, got {value!r}")
        kept = X
        if len(X) > self.sample:
            draw = np.random.default_rng(self.random_state)
            kept = X[np.sort(draw.choice(len(X), self.sample, replace=False))]
        self.moments_ = take_moments(X)
        self.search_ = NearestNeighbors(n_neighbors=min(self.neighbours, len(kept)))
        self.search_.fit(self.moments_.standardise(kept))
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return the distance of each row of X, shape (rows, channels) -> (rows,)."""
        scores = np.empty(len(X))
        for rows in chunks(X, values_per_row=4 * X.shape[1]):
            distances, _ = self.search_.kneighbors(self.moments_.standardise(X[rows]))
            scores[rows] = distances[:, -1]
        return scores
