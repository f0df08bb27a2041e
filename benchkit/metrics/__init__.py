"""Metrics of anomaly detection; numpy only, and nothing else of benchkit."""

from benchkit.metrics.curves import auc_pr, auc_roc
from benchkit.metrics.points import best_f1_threshold, f1, false_alarm_rate, precision, recall
from benchkit.metrics.undefined import UndefinedMetric
from benchkit.metrics.volume import range_auc_pr, range_auc_roc, vus_pr, vus_roc

__all__ = [
    "UndefinedMetric",
    "auc_pr",
    "auc_roc",
    "best_f1_threshold",
    "f1",
    "false_alarm_rate",
    "precision",
    "range_auc_pr",
    "range_auc_roc",
    "recall",
    "vus_pr",
    "vus_roc",
]
