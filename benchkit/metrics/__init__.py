"""Metrics of anomaly detection; numpy only, and nothing else of benchkit.

Each metric is a function of ``(labels, scores)`` or of ``(labels, alarms)``; `evaluate` gives them
all from one sort. Points are rows of a series in order of time.
"""

from benchkit.metrics.adjustment import pa_f1, pa_k_f1
from benchkit.metrics.affiliation import (
    affiliation_f1,
    affiliation_precision,
    affiliation_recall,
)
from benchkit.metrics.curves import auc_pr, auc_roc
from benchkit.metrics.dense import vus_pr_dense
from benchkit.metrics.evaluation import evaluate
from benchkit.metrics.events import (
    composite_f1,
    detection_delay,
    event_f1,
    event_precision,
    event_recall,
    false_alarms_per_1000,
    false_alarms_per_day,
)
from benchkit.metrics.points import best_f1_threshold, f1, false_alarm_rate, precision, recall
from benchkit.metrics.ranges import range_f1, range_precision, range_recall
from benchkit.metrics.undefined import UndefinedMetric
from benchkit.metrics.volume import range_auc_pr, range_auc_roc, vus_pr, vus_roc

__all__ = [
    "UndefinedMetric",
    "affiliation_f1",
    "affiliation_precision",
    "affiliation_recall",
    "auc_pr",
    "auc_roc",
    "best_f1_threshold",
    "composite_f1",
    "detection_delay",
    "evaluate",
    "event_f1",
    "event_precision",
    "event_recall",
    "f1",
    "false_alarm_rate",
    "false_alarms_per_1000",
    "false_alarms_per_day",
    "pa_f1",
    "pa_k_f1",
    "precision",
    "range_auc_pr",
    "range_auc_roc",
    "range_f1",
    "range_precision",
    "range_recall",
    "recall",
    "vus_pr",
    "vus_pr_dense",
    "vus_roc",
]
