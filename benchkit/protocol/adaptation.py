"""Give a detector the shape and the score direction that it was written for."""

from __future__ import annotations

import sys
from typing import Any, Literal

import numpy as np

Adaptation = Literal["none", "frames-as-rows"]


def choose_adaptation(modalities: tuple[str, ...], modality: str) -> Adaptation | None:
    """Return how a detector of these modalities can take a dataset of this one; None if it cannot.

    A detector of series gets the frames of image sequences as rows, one channel a pixel.
    """
    if modality in modalities:
        return "none"
    if modality == "image-sequence" and "series" in modalities:
        return "frames-as-rows"
    return None


def adapt(array: np.ndarray, adaptation: Adaptation) -> np.ndarray:
    """Return a view of ``array`` in the shape that the detector takes."""
    if adaptation == "none":
        return array
    sequences, frames, height, width = array.shape
    # (sequences, frames, height, width) -> (sequences * frames, height * width)
    return array.reshape(sequences * frames, height * width)


def score_shape(array: np.ndarray) -> tuple[int, ...]:
    """Return the shape that the scores of an adapted array must have: one per row or frame."""
    return array.shape[:1] if array.ndim == 2 else array.shape[:2]


def score_sign(detector: Any) -> int:
    """Return -1 for scikit-learn's outlier estimators, whose low scores are anomalous, else 1."""
    base = sys.modules.get("sklearn.base")
    return -1 if base is not None and isinstance(detector, base.OutlierMixin) else 1
