"""All metrics at once, without the harness."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import numpy as np

from benchkit.metrics import adjustment, affiliation, curves, events, points, ranges, volume
from benchkit.metrics.alarms import Alarms
from benchkit.metrics.checks import check_finite
from benchkit.metrics.metric import AlarmMetric, ScoreMetric, accepted
from benchkit.metrics.quantiles import train_percent, train_threshold
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.undefined import UndefinedMetric

SCORE_METRICS: dict[str, ScoreMetric] = {
    "vus_pr": volume.vus_pr,
    "vus_roc": volume.vus_roc,
    "auc_pr": curves.auc_pr,
    "auc_roc": curves.auc_roc,
    "range_auc_pr": volume.range_auc_pr,
    "range_auc_roc": volume.range_auc_roc,
}
"""Metrics over all thresholds, by name."""

ALARM_METRICS: dict[str, AlarmMetric] = {
    "f1": points.f1,
    "precision": points.precision,
    "recall": points.recall,
    "event_f1": events.event_f1,
    "event_precision": events.event_precision,
    "event_recall": events.event_recall,
    "composite_f1": events.composite_f1,
    "pa_k_f1": adjustment.pa_k_f1,
    "affiliation_f1": affiliation.affiliation_f1,
    "affiliation_precision": affiliation.affiliation_precision,
    "affiliation_recall": affiliation.affiliation_recall,
    "range_f1": ranges.range_f1,
    "range_precision": ranges.range_precision,
    "range_recall": ranges.range_recall,
    "detection_delay": events.detection_delay,
    "false_alarm_rate": points.false_alarm_rate,
    "false_alarms_per_1000": events.false_alarms_per_1000,
    "false_alarms_per_day": events.false_alarms_per_day,
    "pa_f1": adjustment.pa_f1,
}
"""Metrics at one threshold, by name."""

LEGACY = frozenset({"pa_f1"})
"""Metrics that are there for comparison with old tables, and only on request."""


def evaluate(
    labels: np.ndarray,
    scores: np.ndarray,
    metrics: Iterable[str] | None = None,
    window: int = 100,
    calibration: np.ndarray | None = None,
    period: float | None = None,
) -> dict[str, float | None]:
    """Return metrics by name, from one sort of the scores.

    Parameters
    ----------
    labels
        0 or 1 for every point, shape (n,).
    scores
        Finite, higher is more anomalous, shape (n,).
    metrics
        Names: those of `SCORE_METRICS`, and those of `ALARM_METRICS` followed by a threshold
        policy, ``@oracle`` or, with ``calibration``, ``@train_q99`` or any other percentage. None:
        all that can be computed, with both policies, but for the legacy ones.
    window
        In points: the largest window of VUS and the window of range-AUC.
    calibration
        Scores of points that are taken for normal and were not learned from, shape (any,).
    period
        Seconds from one point to the next, for false alarms per day.

    Returns
    -------
    dict
        A float for each name, or None where the metric is undefined for these labels and scores;
        the function of that name in `benchkit.metrics` says why when it is called.

    Raises
    ------
    ValueError
        For a name that is not known, with the nearest that is; for a threshold policy without
        what it needs; for arrays that are not as above: the message says which and where.
    """
    ranking = Ranking.of(labels, scores)
    tail = None if calibration is None else _check_calibration(calibration)
    names = _all_names(tail is not None, period is not None) if metrics is None else list(metrics)
    chosen = {name: find_metric(name) for name in names}
    settings = {"window": window, "period": period}
    values: dict[str, float | None] = {}
    for name, (metric, policy) in chosen.items():
        options = accepted(metric.of, settings)
        try:
            if isinstance(metric, ScoreMetric):
                values[name] = float(metric.of(ranking, **options))
            else:
                alarms = _raise_alarms(ranking, metric, policy, tail)
                values[name] = float(metric.of(alarms, **options))
        except UndefinedMetric:
            values[name] = None
    return values


def find_metric(name: str) -> tuple[ScoreMetric | AlarmMetric, str]:
    """Return the metric of a name and its policy, "" for one over all thresholds.

    Raises ValueError for a name that is not known.
    """
    base, at, policy = name.partition("@")
    if base in SCORE_METRICS and not at:
        return SCORE_METRICS[base], ""
    known = policy == "oracle" or train_percent(policy) is not None
    if base in ALARM_METRICS and known:
        return ALARM_METRICS[base], policy
    if base in SCORE_METRICS:
        reason = f"{base} is over all thresholds: leave out '@{policy}'"
    elif base not in ALARM_METRICS:
        near = difflib.get_close_matches(base, [*SCORE_METRICS, *ALARM_METRICS], n=1, cutoff=0)
        reason = f"did you mean {near[0]!r}?"
    else:
        reason = f"say at which threshold: {base}@oracle, {base}@train_q99"
    raise ValueError(f"{name!r} is no metric; {reason}")


def alarms_at(ranking: Ranking, level: int) -> Alarms:
    """Return the alarms for a threshold at a level."""
    return Alarms(ranking.labels, ranking.levels <= level)


def alarms_above(ranking: Ranking, threshold: float) -> Alarms:
    """Return the alarms for a threshold: at scores above it, so that ties with it raise none."""
    # As a plain float it would be rounded to the scores' own precision first.
    return Alarms(ranking.labels, ranking.scores > np.float64(threshold))


def _raise_alarms(
    ranking: Ranking, metric: AlarmMetric, policy: str, calibration: np.ndarray | None
) -> Alarms:
    percent = train_percent(policy)
    if percent is None:
        return ranking.share(alarms_at, ranking.share(metric.oracle))
    if calibration is None:
        raise ValueError(f"{policy} needs calibration scores: give calibration=")
    return ranking.share(alarms_above, train_threshold(calibration, percent))


def _all_names(calibrated: bool, clocked: bool) -> list[str]:
    policies = ["train_q99", "oracle"] if calibrated else ["oracle"]
    left_out = LEGACY if clocked else LEGACY | {"false_alarms_per_day"}
    shown = [name for name in ALARM_METRICS if name not in left_out]
    return [*SCORE_METRICS, *(f"{name}@{policy}" for policy in policies for name in shown)]


def _check_calibration(calibration: np.ndarray) -> np.ndarray:
    values = np.asarray(calibration)
    if values.ndim != 1 or not len(values):
        raise ValueError(f"calibration must be one-dimensional, not empty; shape {values.shape}")
    check_finite("calibration", values)
    return values
