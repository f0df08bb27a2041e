"""Confusion counts at every distinct threshold, from one sort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Counts:
    """What an alarm for ``score >= thresholds[i]`` would catch, for every distinct score.

    Parameters
    ----------
    thresholds
        The distinct scores, falling, shape (k,).
    true_positives, false_positives
        Anomalous and normal points with an alarm at each threshold, int64, shape (k,).
    """

    thresholds: np.ndarray
    true_positives: np.ndarray
    false_positives: np.ndarray

    @property
    def positives(self) -> int:
        """Number of anomalous points."""
        return int(self.true_positives[-1])

    @property
    def negatives(self) -> int:
        """Number of normal points."""
        return int(self.false_positives[-1])


def count_all(labels: np.ndarray, scores: np.ndarray) -> Counts:
    """Count for all thresholds at once.

    Parameters
    ----------
    labels
        0 or 1, or boolean, shape (n,).
    scores
        Finite, higher is more anomalous, shape (n,).

    Raises
    ------
    ValueError
        For empty input, different lengths, labels other than 0 and 1, or a score that is not
        finite; the message says which and where.
    """
    labels, scores = check(labels, scores)
    order = np.argsort(scores, kind="stable")[::-1]
    ranked = scores[order]
    last_of_ties = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    caught = np.cumsum(labels[order], dtype=np.int64)[last_of_ties]
    return Counts(ranked[last_of_ties], caught, last_of_ties + 1 - caught)


def check(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return labels as booleans and scores as an array, or raise the ValueError of `count_all`."""
    labels, scores = np.asarray(labels), np.asarray(scores)
    for name, array in (("labels", labels), ("scores", scores)):
        if array.ndim != 1:
            raise ValueError(f"{name} must be one-dimensional, got shape {array.shape}")
    if len(labels) != len(scores):
        raise ValueError(f"there are {len(labels)} labels but {len(scores)} scores")
    if not len(labels):
        raise ValueError("labels and scores are empty")
    if scores.dtype.kind not in "biuf":
        raise ValueError(f"scores must be numbers, got {scores.dtype}")
    wrong = np.flatnonzero(~np.isfinite(scores))
    if len(wrong):
        raise ValueError(f"scores must be finite, got {scores[wrong[0]]} at index {wrong[0]}")
    return as_booleans("labels", labels), scores


def as_booleans(name: str, array: np.ndarray) -> np.ndarray:
    """Return an array of 0 and 1 as booleans; any other value raises ValueError."""
    if array.dtype == bool:
        return array
    wrong = np.flatnonzero((array != 0) & (array != 1))
    if len(wrong):
        raise ValueError(f"{name} must be 0 or 1, got {array[wrong[0]]} at index {wrong[0]}")
    return array.astype(bool)
