"""Means, deviations and covariances of a series that may exceed memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit import chunks


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of the channels of a series.

    Attributes
    ----------
    mean, deviation, varies
        Of each channel, (channels,): its mean, its standard deviation, and whether it is not
        constant.
    """

    mean: np.ndarray
    deviation: np.ndarray
    varies: np.ndarray

    @property
    def scale(self) -> np.ndarray:
        """The divisor of standardisation: 1 for a constant channel."""
        return np.where(self.varies, self.deviation, 1).astype(self.deviation.dtype)

    def standardise(self, X: np.ndarray) -> np.ndarray:
        """Return (X - mean) / scale for X of shape (rows, channels)."""
        return (X - self.mean) / self.scale


def take_moments(X: np.ndarray) -> Moments:
    """Return the moments of X, shape (rows, channels), in two passes with float64 sums."""
    total = np.zeros(X.shape[1])
    low, high = np.full(X.shape[1], np.inf), np.full(X.shape[1], -np.inf)
    for rows in chunks(X):
        total += X[rows].sum(axis=0, dtype=np.float64)
        low, high = np.minimum(low, X[rows].min(axis=0)), np.maximum(high, X[rows].max(axis=0))
    mean = total / len(X)
    squares = np.zeros(X.shape[1])
    for rows in chunks(X):
        squares += ((X[rows] - mean) ** 2).sum(axis=0)
    deviation = np.sqrt(squares / len(X)).astype(X.dtype)
    # Rounding gives a constant channel a tiny deviation, too.
    return Moments(mean.astype(X.dtype), deviation, (high > low) & (deviation > 0))


def take_covariance(X: np.ndarray, moments: Moments) -> np.ndarray:
    """Return the covariance of the standardised channels of X, float64 (channels, channels)."""
    products = np.zeros((X.shape[1], X.shape[1]))
    for rows in chunks(X):
        values = moments.standardise(X[rows]).astype(np.float64)
        products += values.T @ values
    return products / len(X)
