"""Scaling of channels and reduction to principal components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.decomposition import PCA

from benchkit import chunks
from benchkit_detectors.madgan.parameters import Scaling

FIT_ROWS = 200_000
"""Maximum number of rows, evenly spaced, that the components are computed from."""


class Reduction:
    """Channels to principal components, fitted on training rows only.

    The original fits its scaler and components again on the test file.

    Parameters
    ----------
    scaling
        ``"standard"``: every channel with mean 0 and standard deviation 1 in training, components
        in these units. ``"range"``: every channel, and then every component, from -1 to 1 in
        training, the range of a generator that ends in tanh. A channel that is constant in
        training keeps its units.
    components
        Number of components, at most the number of channels or rows; 0 keeps all channels.
    """

    def __init__(self, scaling: Scaling, components: int) -> None:
        self.scaling = scaling
        self.components = components

    def fit(self, X: np.ndarray) -> Reduction:
        """Fit on X, (rows, channels)."""
        sample = np.asarray(X[:: -(-len(X) // FIT_ROWS)], dtype=np.float64)
        self.centre_, self.scale_ = self._scale(sample, 0.0)
        sample = (sample - self.centre_) / self.scale_
        if self.components:
            count = min(self.components, *sample.shape)
            pca = PCA(count, svd_solver="full" if min(sample.shape) < 3 else "covariance_eigh")
            with np.errstate(invalid="ignore", divide="ignore"):  # constant rows
                sample = pca.fit_transform(sample)
            self.mean_, self.axes_ = pca.mean_, pca.components_.T  # (channels,), (channels, count)
        else:
            channels = sample.shape[1]
            self.mean_, self.axes_ = np.zeros(channels), np.eye(channels)
        if self.scaling == "range":
            self.shift_, self.width_ = self._scale(sample, 1.0)
        else:
            self.shift_, self.width_ = np.zeros(sample.shape[1]), np.ones(sample.shape[1])
        return self

    def _scale(self, values: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the offset and the scale of each column.

        ``size`` is the magnitude of the numbers that columns were computed from, 0 for measured
        ones.
        """
        if self.scaling == "standard":
            centre, scale = values.mean(axis=0), values.std(axis=0)
        else:
            low, high = values.min(axis=0), values.max(axis=0)
            centre, scale = (low + high) / 2, (high - low) / 2
        # The spread of a constant column is rounding error.
        return centre, np.where(scale > 1e-9 * (size + np.abs(centre)), scale, 1.0)

    def apply(self, X: np.ndarray) -> np.ndarray:
        """Return the components of X, (rows, channels) -> float32 (rows, components).

        In chunks, so that a memory-mapped series is never copied as a whole.
        """
        reduced = np.empty((len(X), self.axes_.shape[1]), np.float32)
        for rows, scaled in self._scaled(X):
            reduced[rows] = (scaled @ self.axes_ - self.shift_) / self.width_
        return reduced

    def restore(self, reduced: np.ndarray) -> np.ndarray:
        """Return the projection on the channels, (..., components) -> (..., channels)."""
        scaled = (reduced * self.width_ + self.shift_) @ self.axes_.T + self.mean_
        return scaled * self.scale_ + self.centre_

    def outside(self, X: np.ndarray) -> np.ndarray:
        """Return the residual outside the principal subspace, (rows, channels) -> (rows,).

        The mean absolute difference, in units of the scaled channels; 0 where all are kept.
        """
        residuals = np.zeros(len(X))
        if self.axes_.shape[1] < self.axes_.shape[0]:
            for rows, scaled in self._scaled(X):
                projected = scaled @ self.axes_ @ self.axes_.T
                residuals[rows] = np.abs(scaled - projected).mean(axis=1)
        return residuals

    def _scaled(self, X: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        for rows in chunks(X):
            yield rows, (X[rows] - self.centre_) / self.scale_ - self.mean_

    def state(self) -> dict[str, np.ndarray]:
        """Return what was learned."""
        return {name: value for name, value in vars(self).items() if name.endswith("_")}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Reduction:
        """Return the fitted reduction that has this `state`; it cannot be fitted again."""
        reduction = cls.__new__(cls)
        vars(reduction).update(state)
        return reduction
