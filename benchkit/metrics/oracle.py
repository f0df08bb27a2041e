"""The threshold that nobody could have known: chosen by looking at the test labels."""

from __future__ import annotations

import numpy as np

from benchkit.metrics.counts import count_all
from benchkit.metrics.undefined import UndefinedMetric


def best_f1_threshold(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the threshold whose alarms, ``scores > threshold``, have the highest F1.

    Exact over all distinct scores, so any strictly rising transformation of the scores gives the
    same alarms. Of several best thresholds it is the highest. Takes and raises as
    `benchkit.metrics.auc_roc`; raises `UndefinedMetric` where no point is anomalous.
    """
    counts = count_all(labels, scores)
    if not counts.positives:
        raise UndefinedMetric("no point is anomalous")
    alarms = counts.true_positives + counts.false_positives
    best = int(np.argmax(2 * counts.true_positives / (counts.positives + alarms)))
    if best + 1 < len(counts.thresholds):
        return float(counts.thresholds[best + 1])
    return float(np.nextafter(counts.thresholds[-1], -np.inf))
