"""benchkit's own metrics, registered through the same hook as anybody's."""

from __future__ import annotations

from collections.abc import Callable

from benchkit.registry.hooks import hookimpl
from benchkit.registry.specs import MetricSpec

METRICS = (
    MetricSpec("auc_roc", "area under the ROC curve", "benchkit.metrics.curves:auc_roc"),
    MetricSpec(
        "auc_pr",
        "average precision (area under the precision-recall curve, step form)",
        "benchkit.metrics.curves:auc_pr",
        reference="Davis & Goadrich 2006",
    ),
    MetricSpec(
        "precision",
        "share of alarms that are anomalous",
        "benchkit.metrics.points:precision",
        "alarm",
    ),
    MetricSpec(
        "recall",
        "share of anomalous points with an alarm",
        "benchkit.metrics.points:recall",
        "alarm",
    ),
    MetricSpec(
        "f1", "harmonic mean of precision and recall", "benchkit.metrics.points:f1", "alarm"
    ),
)


@hookimpl
def benchkit_register_metrics(register: Callable[[MetricSpec], None]) -> None:
    """Register the built-in metrics."""
    for spec in METRICS:
        register(spec)
