"""Pure functions of labels and scores; numpy only, and nothing else of benchkit."""

from benchkit.metrics.alarms import f1, precision, recall
from benchkit.metrics.oracle import best_f1_threshold
from benchkit.metrics.ranking import auc_pr, auc_roc
from benchkit.metrics.undefined import UndefinedMetric

__all__ = [
    "UndefinedMetric",
    "auc_pr",
    "auc_roc",
    "best_f1_threshold",
    "f1",
    "precision",
    "recall",
]
