"""How well scores rank anomalous points above normal ones, over all thresholds."""

from __future__ import annotations

import numpy as np

from benchkit.metrics.metric import ScoreMetric
from benchkit.metrics.ranking import Ranking

INVERTED_BELOW = 0.4
"""An AUC-ROC below this is reported as scores that may point the wrong way."""


@ScoreMetric
def auc_roc(ranking: Ranking) -> float:
    """Return the area under the ROC curve: a tie counts one half.

    Raises `UndefinedMetric` where all points are of one class.
    """
    ranking.labels.need_anomalies()
    ranking.labels.need_normal()
    hits = np.append(0, ranking.true_positives) / ranking.labels.positives
    alarms = np.append(0, ranking.false_positives) / ranking.labels.negatives
    return float(np.sum(np.diff(alarms) * (hits[1:] + hits[:-1]) / 2))


@ScoreMetric
def auc_pr(ranking: Ranking) -> float:
    """Return average precision: precision summed over the steps of recall, not interpolated.

    The step form does not flatter as the trapezoid does (Davis & Goadrich 2006, section 3). It is
    1 where every point is anomalous, and raises `UndefinedMetric` where none is.
    """
    ranking.labels.need_anomalies()
    precision = ranking.true_positives / ranking.flagged
    steps = np.diff(ranking.true_positives, prepend=0) / ranking.labels.positives
    return float(np.sum(steps * precision))
