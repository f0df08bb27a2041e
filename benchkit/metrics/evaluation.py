"""All metrics at once, without the harness."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchkit.metrics import adjustment, affiliation, curves, dense, events, points, ranges, volume
from benchkit.metrics.alarms import Alarms
from benchkit.metrics.checks import (
    check_calibration,
    check_period,
    check_threshold,
    check_window,
)
from benchkit.metrics.metric import AlarmMetric, ScoreMetric, accepted
from benchkit.metrics.names import nearest_metric, nearest_policy
from benchkit.metrics.peaks import fit_pot
from benchkit.metrics.quantiles import (
    contamination_percent,
    contamination_threshold,
    train_percent,
    train_threshold,
)
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.undefined import UndefinedMetric

SCORE_METRICS: dict[str, ScoreMetric] = {
    "vus_pr": volume.vus_pr,
    "vus_pr_dense": dense.vus_pr_dense,
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


POLICIES = ("oracle", "train_q99", "pot", "own", "contamination_5")
"""Threshold policies; any other percentage is one likewise, and a number is a threshold."""

_NUMBER = re.compile(r"[+-]?(\d+|\d+\.\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def evaluate(
    labels: np.ndarray,
    scores: np.ndarray,
    metrics: str | Iterable[str] | None = None,
    window: int = 100,
    calibration: np.ndarray | None = None,
    period: float | None = None,
    own_threshold: float | None = None,
) -> dict[str, float | None]:
    """Return metrics by name, from one sort of the scores.

    Parameters
    ----------
    labels
        0 or 1 for every point, shape (n,).
    scores
        Finite, higher is more anomalous, shape (n,).
    metrics
        One name or several: those of `SCORE_METRICS`, and those of `ALARM_METRICS` followed by a
        threshold policy: ``@oracle``; with ``calibration`` ``@train_q99`` or any other
        percentage, and ``@pot``; with ``own_threshold`` ``@own``; ``@contamination_5`` or any
        other percentage; or a number, ``@0.7``, which is the threshold itself. An alarm is a score
        above the threshold. None: all but the legacy ones, at ``oracle`` and, where there is what
        they need, ``train_q99`` and ``own``.
    window
        In points, up to 10,000: the largest window of VUS and the window of range-AUC.
    calibration
        Scores of points that are taken for normal and were not learned from, shape (any,).
    period
        Seconds from one point to the next, for false alarms per day.
    own_threshold
        The detector's own.

    Returns
    -------
    dict
        A float for each name, or None where the metric is undefined for these labels and scores;
        the function of that name in `benchkit.metrics` says why when it is called.

    Raises
    ------
    ValueError
        For a name that is not known, with the nearest that is; for a threshold policy without
        what it needs; for arrays and settings that are not as above, masked values, and labels and
        scores that have different indices: the message says which and where.
    """
    ranking = Ranking.of(labels, scores)
    known = _Known(
        None if calibration is None else check_calibration(calibration),
        None if own_threshold is None else check_threshold("own_threshold", own_threshold),
    )
    settings = {"window": check_window(window), "period": check_period(period)}
    names = _all_names(known, period is not None) if metrics is None else _as_names(metrics)
    chosen = {name: find_metric(name) for name in names}
    values: dict[str, float | None] = {}
    for name, (metric, policy) in chosen.items():
        options = accepted(metric.of, settings)
        try:
            if isinstance(metric, ScoreMetric):
                values[name] = float(metric.of(ranking, **options))
            else:
                alarms = _raise_alarms(ranking, metric, policy, known)
                values[name] = float(metric.of(alarms, **options))
        except UndefinedMetric:
            values[name] = None
    return values


def find_metric(name: str) -> tuple[ScoreMetric | AlarmMetric, str]:
    """Return the metric of a name and its policy, "" for one over all thresholds.

    Raises ValueError for a name that is not known, with the nearest that is.
    """
    if not isinstance(name, str):
        raise ValueError(f"metrics are named by texts such as 'vus_pr', got {name!r}")
    base, at, policy = name.partition("@")
    if base in SCORE_METRICS and not at:
        return SCORE_METRICS[base], ""
    if base in ALARM_METRICS and _is_policy(policy):
        return ALARM_METRICS[base], policy
    raise ValueError(f"{name!r} is no metric; {_explain(base, policy)}")


def alarms_at(ranking: Ranking, level: int) -> Alarms:
    """Return the alarms for a threshold at a level."""
    return Alarms(ranking.labels, ranking.levels <= level)


def alarms_above(ranking: Ranking, threshold: float) -> Alarms:
    """Return the alarms for a threshold: at scores above it, so that ties with it raise none."""
    return Alarms(ranking.labels, ranking.above(threshold))


@dataclass(frozen=True, eq=False)
class _Known:
    """What thresholds may be made from, None where it was not given."""

    calibration: np.ndarray | None
    own_threshold: float | None


def _raise_alarms(ranking: Ranking, metric: AlarmMetric, policy: str, known: _Known) -> Alarms:
    if policy == "oracle":
        return ranking.share(alarms_at, ranking.share(metric.oracle))
    return ranking.share(alarms_above, ranking.share(_find_threshold, policy, known))


def _find_threshold(ranking: Ranking, policy: str, known: _Known) -> float:
    if policy == "own":
        if known.own_threshold is None:
            raise ValueError("own needs the detector's threshold: give own_threshold=")
        return known.own_threshold
    if _NUMBER.fullmatch(policy):
        return check_threshold("a threshold", _as_number(policy))
    share = contamination_percent(policy)
    if share is not None:
        return contamination_threshold(ranking.scores, share)
    if known.calibration is None:
        raise ValueError(f"{policy} needs calibration scores: give calibration=")
    percent = train_percent(policy)
    if percent is None:
        return fit_pot(known.calibration).threshold
    return train_threshold(known.calibration, percent)


def _is_policy(policy: str) -> bool:
    percent = train_percent(policy) or contamination_percent(policy)
    return policy in POLICIES or percent is not None or _NUMBER.fullmatch(policy) is not None


def _as_number(policy: str) -> float:
    return int(policy) if policy.lstrip("+-").isdecimal() else float(policy)


def _explain(base: str, policy: str) -> str:
    """Return what somebody who typed a wrong name should type."""
    metric = nearest_metric(base, [*SCORE_METRICS, *ALARM_METRICS])
    if metric is None:
        return f"there are {', '.join([*SCORE_METRICS, *ALARM_METRICS])}"
    if metric in SCORE_METRICS:
        if metric == base:
            return f"{base} is over all thresholds: leave out '@{policy}'"
        return f"did you mean {metric!r}?"
    right = policy if _is_policy(policy) else nearest_policy(policy, POLICIES) if policy else None
    if right is not None:
        return f"did you mean '{metric}@{right}'?"
    example = f"{metric}@oracle, {metric}@train_q99, {metric}@own, or at a number, {metric}@0.7"
    return f"say at which threshold: {example}"


def _as_names(metrics: Any) -> list[str]:
    if isinstance(metrics, str):
        return [metrics]
    try:
        return list(metrics)
    except TypeError:
        raise ValueError(f"metrics must be names such as 'vus_pr', got {metrics!r}") from None


def _all_names(known: _Known, clocked: bool) -> list[str]:
    policies = ["train_q99"] if known.calibration is not None else []
    policies += ["own"] if known.own_threshold is not None else []
    left_out = LEGACY if clocked else LEGACY | {"false_alarms_per_day"}
    shown = [name for name in ALARM_METRICS if name not in left_out]
    at = [f"{name}@{policy}" for policy in (*policies, "oracle") for name in shown]
    return [*SCORE_METRICS, *at]
