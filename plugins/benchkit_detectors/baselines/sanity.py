"""The three sanity baselines, which every detector should exceed."""

from __future__ import annotations

import numpy as np

from benchkit import chunks
from benchkit_detectors.baselines.moments import take_moments


class RandomDetector:
    """A uniform random score for every row: chance level on every metric."""

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, X: np.ndarray) -> RandomDetector:
        """Reset the random generator; the data are not used."""
        self.generator_ = np.random.default_rng(self.random_state)
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return one number in [0, 1) per row of X, shape (rows,)."""
        return self.generator_.random(len(X))


class ConstantDetector:
    """The same score for every row.

    With a threshold above it this is "never alarm", below it "always alarm": its F1 at the oracle
    threshold is the lower bound in a table with many anomalies.
    """

    def fit(self, X: np.ndarray) -> ConstantDetector:
        """Do nothing."""
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return a zero per row of X, shape (rows,)."""
        return np.zeros(len(X))


class DistanceDetector:
    """Euclidean distance from the training mean, channels standardised.

    A channel that is constant in training keeps its units. On KDD99 it exceeds published GAN
    detectors (see the dataset's page).
    """

    def fit(self, X: np.ndarray) -> DistanceDetector:
        """Take mean and standard deviation of the channels of X, shape (rows, channels)."""
        self.moments_ = take_moments(X)
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return the distance of each row of X, shape (rows, channels) -> (rows,)."""
        scores = np.empty(len(X))
        for rows in chunks(X):
            scores[rows] = np.linalg.norm(self.moments_.standardise(X[rows]), axis=1)
        return scores
