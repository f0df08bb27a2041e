"""Principal components: reconstruction error outside the principal subspace."""

from __future__ import annotations

import numpy as np

from benchkit import chunks
from benchkit_detectors.baselines.moments import take_covariance, take_moments


class PCADetector:
    """Squared reconstruction error outside the principal subspace of the training rows.

    Channels are standardised first; a channel that is constant in training keeps its units. The
    subspace is spanned by eigenvectors of the covariance, which is accumulated in chunks:
    scikit-learn's PCA needs several copies of the training part.

    Parameters
    ----------
    components
        A whole number is the number of components, at most the number of rows and one less than
        the number of channels; a fraction below 1 is the share of variance to explain.
    """

    def __init__(self, components: int | float = 0.9) -> None:
        self.components = components

    def fit(self, X: np.ndarray) -> PCADetector:
        """Fit on X, shape (rows, channels). Raises ValueError for invalid ``components``."""
        components = self.components
        if not isinstance(components, int | float) or not (
            0 < components < 1 or (components >= 1 and components % 1 == 0)
        ):
            raise ValueError(
                f"components must be a whole number or a fraction below 1, got {components}"
            )
        self.moments_ = take_moments(X)
        variances, axes = np.linalg.eigh(take_covariance(X, self.moments_))
        explained = np.cumsum(variances[::-1].clip(min=0))
        if components < 1:
            components = np.searchsorted(explained, components * explained[-1]) + 1
        # With all directions kept every row would be reconstructed, and nothing anomalous;
        # constant rows span nothing, and every deviation from them counts.
        most = min(X.shape[1] - 1, len(X)) if explained[-1] > 0 else 0
        kept = min(int(components), most)
        # (channels, channels) -> (kept, channels), the greatest variance first
        self.components_ = axes.T[::-1][:kept].astype(X.dtype)
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return the reconstruction error of each row of X, shape (rows, channels) -> (rows,)."""
        scores = np.empty(len(X))
        for rows in chunks(X):
            centred = self.moments_.standardise(X[rows])
            kept = centred @ self.components_.T @ self.components_
            scores[rows] = np.sum((centred - kept) ** 2, axis=1, dtype=np.float64)
        return scores
