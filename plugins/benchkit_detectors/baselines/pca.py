"""Principal components: a row is anomalous if few components cannot give it back."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from benchkit_detectors.baselines.chunks import row_chunks


class PCADetector:
    """Squared reconstruction error outside the principal subspace of the training rows.

    Channels are standardised first; a channel that is constant in training keeps its units.

    Parameters
    ----------
    components
        A whole number is how many components to keep, at most as many as there are rows and one
        fewer than there are channels; a fraction below 1 is the share of variance that they must
        explain.
    random_state
        For scikit-learn's randomised solver, which it picks for many channels and few components.
    """

    def __init__(self, components: int | float = 0.9, random_state: int = 0) -> None:
        self.components = components
        self.random_state = random_state

    def fit(self, X: np.ndarray) -> PCADetector:
        """Fit on X, shape (rows, channels). Raises ValueError for a senseless ``components``."""
        components = self.components
        if not isinstance(components, int | float) or not (
            0 < components < 1 or (components >= 1 and components % 1 == 0)
        ):
            raise ValueError(
                f"components must be a whole number or a fraction below 1, got {components}"
            )
        if components >= 1:
            components = min(int(components), *X.shape)
        self.scaler_ = StandardScaler().fit(X)
        if np.array_equal(X.min(axis=0), X.max(axis=0)):
            # Rows that do not vary span nothing, and every step away from them counts.
            self.mean_ = np.zeros(X.shape[1], dtype=X.dtype)
            self.components_ = np.empty((0, X.shape[1]), dtype=X.dtype)
            return self
        pca = PCA(components, random_state=self.random_state).fit(self.scaler_.transform(X))
        # With all directions kept every row could be given back, and nothing would be anomalous.
        self.mean_, self.components_ = pca.mean_, pca.components_[: X.shape[1] - 1]
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return the reconstruction error of each row of X, shape (rows, channels) -> (rows,)."""
        scores = np.empty(len(X))
        for rows in row_chunks(X):
            centred = self.scaler_.transform(X[rows]) - self.mean_
            kept = centred @ self.components_.T @ self.components_
            scores[rows] = np.sum((centred - kept) ** 2, axis=1, dtype=np.float64)
        return scores
