"""How well scores rank anomalous points above normal ones, over all thresholds."""

from __future__ import annotations

import numpy as np

from benchkit.metrics.counts import Counts, count_all
from benchkit.metrics.undefined import UndefinedMetric


def auc_roc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the ROC curve: a tie counts one half.

    Takes labels and scores of shape (n,), as `benchkit.metrics.counts.count_all` does, and raises
    as it does. Raises `UndefinedMetric` where all points are of one class.
    """
    counts = count_all(labels, scores)
    _need_both(counts)
    hits = np.append(0, counts.true_positives) / counts.positives
    alarms = np.append(0, counts.false_positives) / counts.negatives
    widths, heights = np.diff(alarms), (hits[1:] + hits[:-1]) / 2
    return float(np.sum(widths * heights))


def auc_pr(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return average precision: precision summed over the steps of recall, not interpolated.

    The step form does not flatter as the trapezoid does (Davis & Goadrich 2006, section 3). Takes
    and raises as `auc_roc`; with anomalies only it is 1.
    """
    counts = count_all(labels, scores)
    if not counts.positives:
        raise UndefinedMetric("no point is anomalous")
    precision = counts.true_positives / (counts.true_positives + counts.false_positives)
    steps = np.diff(counts.true_positives, prepend=0) / counts.positives
    return float(np.sum(steps * precision))


def _need_both(counts: Counts) -> None:
    if not counts.positives:
        raise UndefinedMetric("no point is anomalous")
    if not counts.negatives:
        raise UndefinedMetric("every point is anomalous")
