"""What metrics refuse to be computed from, and how they say so."""

from __future__ import annotations

import numpy as np


def check(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return labels as booleans and scores as an array, both of shape (n,).

    Raises ValueError for empty input, another shape, different lengths, labels other than 0 and 1,
    or a score that is not finite; the message says which and where.
    """
    labels, scores = np.asarray(labels), np.asarray(scores)
    check_lengths(labels, scores, "scores")
    check_finite("scores", scores)
    return as_booleans("labels", labels), scores


def check_lengths(labels: np.ndarray, values: np.ndarray, name: str) -> None:
    """Raise ValueError unless both are of shape (n,) with the same n, which is not 0."""
    for what, array in (("labels", labels), (name, values)):
        if array.ndim != 1:
            raise ValueError(f"{what} must be one-dimensional, got shape {array.shape}")
    if len(labels) != len(values):
        raise ValueError(f"there are {len(labels)} labels but {len(values)} {name}")
    if not len(labels):
        raise ValueError(f"labels and {name} are empty")


def check_finite(name: str, values: np.ndarray) -> None:
    """Raise ValueError unless every value is a real number; ``values`` has shape (n,)."""
    if values.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be numbers, got {values.dtype}")
    finite = np.isfinite(values)
    if not finite.all():
        wrong = int(np.argmin(finite))
        raise ValueError(f"{name} must be finite, got {values[wrong]} at index {wrong}")


def as_booleans(name: str, values: np.ndarray) -> np.ndarray:
    """Return an array of 0 and 1, shape (n,), as booleans; any other value raises ValueError."""
    if values.dtype == bool:
        return values
    wrong = np.flatnonzero((values != 0) & (values != 1))
    if len(wrong):
        raise ValueError(f"{name} must be 0 or 1, got {values[wrong[0]]} at index {wrong[0]}")
    return values.astype(bool)
