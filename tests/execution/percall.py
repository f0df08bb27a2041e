"""Detectors whose scores depend on the call, in several ways, which a test runs by their path."""

import numpy as np


class Distance:
    """Scores as it should, though it writes into its input and uses its memory again."""

    memory = np.empty(10_000)

    def fit(self, X):
        self.mean_ = X.mean(axis=0)
        return self

    def decision_function(self, X):
        X -= self.mean_
        self.memory[: len(X)] = np.linalg.norm(X, axis=1)
        return self.memory[: len(X)]


class MinMax(Distance):
    def decision_function(self, X):
        scores = super().decision_function(X)
        return (scores - scores.min()) / np.ptp(scores)


class OnlyTwice(Distance):
    calls = 0

    def decision_function(self, X):
        self.calls += 1
        if self.calls > 2:
            raise RuntimeError("I have scored what there is")
        return super().decision_function(X)
