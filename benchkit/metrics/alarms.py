"""How good a set of alarms is, point by point."""

from __future__ import annotations

import numpy as np

from benchkit.metrics.counts import as_booleans, check
from benchkit.metrics.undefined import UndefinedMetric


def precision(labels: np.ndarray, alarms: np.ndarray) -> float:
    """Return the share of alarms that are anomalous; both arguments 0/1, shape (n,).

    Raises `UndefinedMetric` where there is no alarm.
    """
    labels, alarms = _booleans(labels, alarms)
    if not alarms.any():
        raise UndefinedMetric("no point has an alarm")
    return float(labels[alarms].mean())


def recall(labels: np.ndarray, alarms: np.ndarray) -> float:
    """Return the share of anomalous points that have an alarm; both arguments 0/1, shape (n,).

    Raises `UndefinedMetric` where no point is anomalous.
    """
    labels, alarms = _booleans(labels, alarms)
    if not labels.any():
        raise UndefinedMetric("no point is anomalous")
    return float(alarms[labels].mean())


def f1(labels: np.ndarray, alarms: np.ndarray) -> float:
    """Return the harmonic mean of precision and recall; both arguments 0/1, shape (n,).

    It is 0 where there are anomalies and no alarm, since recall is. Raises `UndefinedMetric` where
    no point is anomalous.
    """
    labels, alarms = _booleans(labels, alarms)
    if not labels.any():
        raise UndefinedMetric("no point is anomalous")
    return float(2 * np.sum(labels & alarms) / (labels.sum() + alarms.sum()))


def _booleans(labels: np.ndarray, alarms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    labels, alarms = check(labels, alarms)
    return labels, as_booleans("alarms", alarms)
