"""Give a detector the shape and the score direction that it was written for."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Literal

import numpy as np

_DEEPEST = 20
"""Estimators around an estimator that are looked into."""

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
    """Return -1 where low scores are anomalous, as of scikit-learn's outlier estimators, else 1.

    What is one of these scikit-learn says itself: pipelines, searches and other composition answer
    for what they are made of, once fitted. PyOD's detectors call themselves outlier detectors
    too, and their high scores are anomalous; they are known by ``decision_scores_``.
    """
    base = sys.modules.get("sklearn.base")
    if base is None or not _is_outlier_estimator(detector, base):
        return 1
    return 1 if hasattr(_innermost(detector, base), "decision_scores_") else -1


def _is_outlier_estimator(detector: Any, base: ModuleType) -> bool:
    # Before there were tags, a class said by `_estimator_type` what it is.
    said = getattr(detector, "_estimator_type", None) == "outlier_detector"
    if said or isinstance(detector, base.OutlierMixin):
        return True
    try:
        return bool(base.is_outlier_detector(detector))
    except (AttributeError, TypeError, ValueError):  # it has no tags: not scikit-learn's
        return False


def _innermost(detector: Any, base: ModuleType) -> Any:
    """Return the estimator that gives a composition of scikit-learn its scores."""
    for _ in range(_DEEPEST):
        if isinstance(detector, base.OutlierMixin):
            break
        steps = getattr(detector, "steps", None)
        inside = [steps[-1][1]] if isinstance(steps, list) and steps else []
        inside += [getattr(detector, name, None) for name in ("best_estimator_", "estimator_")]
        inside += [getattr(detector, "estimator", None)]
        found = [e for e in inside if e is not None and _is_outlier_estimator(e, base)]
        if not found:
            break
        detector = found[0]
    return detector
