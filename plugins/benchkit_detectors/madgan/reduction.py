"""Scale the channels of a series and keep its principal components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.decomposition import PCA

from benchkit import chunks
from benchkit_detectors.madgan.parameters import Scaling

FIT_ROWS = 200_000
"""At most this many rows, evenly spaced, are looked at for the components."""


class Reduction:
    """Channels to principal components, learned from training rows alone.

    The original fits its scaler and its components on the test file again; here both parts go
    through what the training part taught.

    Parameters
    ----------
    scaling
        ``"standard"``: every channel with mean 0 and standard deviation 1 in training, components
        in these units. ``"range"``: every channel, and then every component, from -1 to 1 in
        training, which is what a generator that ends in tanh can reach. A channel that does not
        vary in training keeps its units.
    components
        How many to keep, at most as many as there are channels or rows; 0 for all channels as
        they are.
    """

    def __init__(self, scaling: Scaling, components: int) -> None:
        self.scaling = scaling
        self.components = components

    def fit(self, X: np.ndarray) -> Reduction:
        """Learn from X, (rows, channels)."""
        sample = np.asarray(X[:: -(-len(X) // FIT_ROWS)], dtype=np.float64)
        self.centre_, self.scale_ = self._scale(sample, 0.0)
        sample = (sample - self.centre_) / self.scale_
        if self.components:
            count = min(self.components, *sample.shape)
            pca = PCA(count, svd_solver="full" if min(sample.shape) < 3 else "covariance_eigh")
            with np.errstate(invalid="ignore", divide="ignore"):  # rows that are all the same
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
        """Return what to subtract and what to divide by, for each column.

        ``size`` is that of the numbers that columns were computed from, 0 for measured ones.
        """
        if self.scaling == "standard":
            centre, scale = values.mean(axis=0), values.std(axis=0)
        else:
            low, high = values.min(axis=0), values.max(axis=0)
            centre, scale = (low + high) / 2, (high - low) / 2
        # What is left of a constant column is rounding.
        return centre, np.where(scale > 1e-9 * (size + np.abs(centre)), scale, 1.0)

    def apply(self, X: np.ndarray) -> np.ndarray:
        """Return the components of X, (rows, channels) -> float32 (rows, components).

        In pieces, so that a memory-mapped series is never there twice.
        """
        reduced = np.empty((len(X), self.axes_.shape[1]), np.float32)
        for rows, scaled in self._scaled(X):
            reduced[rows] = (scaled @ self.axes_ - self.shift_) / self.width_
        return reduced

    def restore(self, reduced: np.ndarray) -> np.ndarray:
        """Return what is shown of the channels, (..., components) -> (..., channels)."""
        scaled = (reduced * self.width_ + self.shift_) @ self.axes_.T + self.mean_
        return scaled * self.scale_ + self.centre_

    def left_out(self, X: np.ndarray) -> np.ndarray:
        """Return how much of each row the components do not show, (rows, channels) -> (rows,).

        The mean absolute difference, in the units of the scaled channels; 0 where all are kept.
        """
        missing = np.zeros(len(X))
        if self.axes_.shape[1] < self.axes_.shape[0]:
            for rows, scaled in self._scaled(X):
                shown = scaled @ self.axes_ @ self.axes_.T
                missing[rows] = np.abs(scaled - shown).mean(axis=1)
        return missing

    def _scaled(self, X: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        for rows in chunks(X):
            yield rows, (X[rows] - self.centre_) / self.scale_ - self.mean_

    def state(self) -> dict[str, np.ndarray]:
        """Return what was learned."""
        return {name: value for name, value in vars(self).items() if name.endswith("_")}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Reduction:
        """Return a fitted reduction from what `state` returned; it cannot be fitted again."""
        reduction = cls.__new__(cls)
        vars(reduction).update(state)
        return reduction
