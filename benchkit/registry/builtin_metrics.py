"""benchkit's own metrics, registered through the same hook as anybody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchkit.registry.hooks import hookimpl
from benchkit.registry.specs import MetricSpec

VUS = (
    "as in TSB-AD 1.5: windows from 0 to {window}, 250 thresholds at quantiles of the "
    "scores, square-root ramps beside events, recall times the share of events found"
)
DENSE = (
    "VUS-PR with a threshold at every distinct score until ten times as many points as are "
    "anomalous have an alarm, and beyond that those of the 250"
)
RANGE_AUC = "as in TSB-AD 1.5: of the areas that VUS averages the one at {window}"
TATBUL = "alpha 0.2 for merely touching an event, flat bias, reciprocal cardinality factor"
FALSE_ALARM = "a false alarm is a stretch of alarms that touches no event"
SEHILI = f"{FALSE_ALARM}; precision is multiplied by 1 - false_alarm_rate"


def _point(name: str, summary: str, module: str, **more: Any) -> MetricSpec:
    return MetricSpec(name, summary, f"benchkit.metrics.{module}:{name}", pointwise=True, **more)


def _series(name: str, summary: str, module: str, **more: Any) -> MetricSpec:
    target = f"benchkit.metrics.{module}:{name}"
    return MetricSpec(name, summary, target, modalities=("series",), **more)


METRICS = (
    _series(
        "vus_pr",
        "volume under the precision-recall surface",
        "volume",
        definition=VUS,
        reference="Paparrizos et al. 2022; Boniol et al. 2025, arXiv 2502.13318; TSB-AD 2024",
    ),
    _series(
        "vus_pr_dense",
        "volume under the precision-recall surface, with thresholds where anomalies are rare",
        "dense",
        definition=DENSE,
        reference="Boniol et al. 2025, arXiv 2502.13318, and docs/metrics.md",
    ),
    _series(
        "vus_roc",
        "volume under the ROC surface",
        "volume",
        definition=VUS,
        reference="Paparrizos et al. 2022; Boniol et al. 2025, arXiv 2502.13318; TSB-AD 2024",
    ),
    _point(
        "auc_pr",
        "average precision (area under the precision-recall curve, step form)",
        "curves",
        reference="Davis & Goadrich 2006",
    ),
    _point("auc_roc", "area under the ROC curve", "curves"),
    _series(
        "range_auc_pr",
        "area under the precision-recall curve with ramps beside events",
        "volume",
        definition=RANGE_AUC,
        reference="Paparrizos et al. 2022",
    ),
    _series(
        "range_auc_roc",
        "area under the ROC curve with ramps beside events",
        "volume",
        definition=RANGE_AUC,
        reference="Paparrizos et al. 2022",
    ),
    _point("f1", "harmonic mean of precision and recall", "points", kind="alarm"),
    _point("precision", "share of alarms that are anomalous", "points", kind="alarm"),
    _point("recall", "share of anomalous points with an alarm", "points", kind="alarm"),
    _point(
        "false_alarm_rate",
        "share of normal points with an alarm",
        "points",
        kind="alarm",
        higher_is_better=False,
    ),
    _series(
        "event_f1",
        "harmonic mean of event precision and event recall",
        "events",
        kind="alarm",
        definition=SEHILI,
        reference="Sehili & Zhang 2023, arXiv 2308.13068",
    ),
    _series(
        "event_precision",
        "events found among these and false alarms, less for long false alarms",
        "events",
        kind="alarm",
        definition=SEHILI,
        reference="Sehili & Zhang 2023, arXiv 2308.13068",
    ),
    _series("event_recall", "share of events with an alarm", "events", kind="alarm"),
    _series(
        "composite_f1",
        "harmonic mean of point precision and event recall",
        "events",
        kind="alarm",
        reference="Garg et al. 2021",
    ),
    _series(
        "pa_k_f1",
        "F1 after point adjustment of events found by more than K %, averaged over K",
        "adjustment",
        kind="alarm",
        definition="trapezoid rule over K = 0, 1, ..., 100",
        reference="Kim et al. 2022, arXiv 2109.05257",
    ),
    _series(
        "affiliation_f1",
        "harmonic mean of affiliation precision and recall",
        "affiliation",
        kind="alarm",
        reference="Huet et al. 2022, arXiv 2206.13167",
    ),
    _series(
        "affiliation_precision",
        "how near alarms are to events, against chance",
        "affiliation",
        kind="alarm",
        reference="Huet et al. 2022, arXiv 2206.13167",
    ),
    _series(
        "affiliation_recall",
        "how near events are to alarms, against chance",
        "affiliation",
        kind="alarm",
        reference="Huet et al. 2022, arXiv 2206.13167",
    ),
    _series(
        "range_f1",
        "harmonic mean of range precision and recall",
        "ranges",
        kind="alarm",
        definition=TATBUL,
        reference="Tatbul et al. 2018, arXiv 1803.03639",
    ),
    _series(
        "range_precision",
        "share of each stretch of alarms that is anomalous, less where it touches several events",
        "ranges",
        kind="alarm",
        definition=TATBUL,
        reference="Tatbul et al. 2018, arXiv 1803.03639",
    ),
    _series(
        "range_recall",
        "share of each event with an alarm, less where it is in pieces",
        "ranges",
        kind="alarm",
        definition=TATBUL,
        reference="Tatbul et al. 2018, arXiv 1803.03639",
    ),
    _series(
        "detection_delay",
        "points from the first of an event to its first alarm, mean over events found",
        "events",
        kind="alarm",
        higher_is_better=False,
    ),
    _series(
        "false_alarms_per_1000",
        "false alarms per 1,000 normal points",
        "events",
        kind="alarm",
        higher_is_better=False,
        definition=FALSE_ALARM,
    ),
    _series(
        "false_alarms_per_day",
        "false alarms per day of normal operation",
        "events",
        kind="alarm",
        higher_is_better=False,
        definition=FALSE_ALARM,
    ),
    _series(
        "pa_f1",
        "F1 after point adjustment, by which noise beats most detectors",
        "adjustment",
        kind="alarm",
        legacy=True,
        reference="Kim et al. 2022, arXiv 2109.05257, against it",
    ),
)


@hookimpl
def benchkit_register_metrics(register: Callable[[MetricSpec], None]) -> None:
    """Register the built-in metrics."""
    for spec in METRICS:
        register(spec)
