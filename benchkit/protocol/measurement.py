"""What the parent makes of a trial's scores: checks, thresholds, metrics."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchkit.metrics import UndefinedMetric, best_f1_threshold
from benchkit.protocol import rules
from benchkit.protocol.trial import InvalidScores
from benchkit.protocol.truth import Truth
from benchkit.registry.specs import MetricSpec
from benchkit.registry.targets import import_target

POLICIES = {
    "train_q99": (
        f"the {rules.TRAIN_QUANTILE:.0%} quantile of the scores of the calibration tail, "
        "which is training data that the detector did not fit on"
    ),
    "own": (
        "the detector's own threshold, learned without labels; "
        "only where a detector has one, as `threshold_`"
    ),
    "oracle": "the threshold with the best F1 on the test labels, which nobody has in practice",
}
"""Threshold policies, and what each was allowed to look at."""


DEFAULT_POLICIES = ("train_q99", "pot", "own", "oracle")


@dataclass
class Measurement:
    """Metrics by name; ``undefined`` gives the reason for every metric that is None."""

    metrics: dict[str, float | None] = field(default_factory=dict)
    undefined: dict[str, str] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)
    promised: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def check_scores(scores: np.ndarray, part: str, *, points: int, may_be_constant: bool) -> None:
    """Raise `InvalidScores` unless there are ``points`` finite scores that are not all the same.

    ``part`` names them in the message. ``may_be_constant`` is for the sanity row that is meant to.
    """
    if scores.shape != (points,):
        raise InvalidScores(f"there are {scores.size} {part} scores for {points} points")
    wrong = np.flatnonzero(~np.isfinite(scores))
    if len(wrong):
        raise InvalidScores(
            f"{len(wrong)} of {points} {part} scores are NaN or infinite, the first at {wrong[0]}"
        )
    if points > 1 and not may_be_constant and scores.min() == scores.max():
        raise InvalidScores(f"all {points} {part} scores are {scores[0]:g}")


def measure(
    truth: Truth,
    scores: np.ndarray,
    calibration: np.ndarray,
    specs: Iterable[MetricSpec],
    own_threshold: float | None = None,
    policies: Sequence[str] = DEFAULT_POLICIES,
) -> Measurement:
    """Compute every metric over checked scores.

    Parameters
    ----------
    truth
        What is known of the test points.
    scores
        Of the test points, shape (points,).
    calibration
        Scores of the calibration tail, shape (any,).
    specs
        The metrics; those over alarms are computed once for each policy.
    own_threshold
        The detector's; without one there are no metrics of the policy ``own``.
    policies
        Names of threshold policies; see `benchkit.protocol.thresholds`.
    """
    labels = truth.labels
    result = Measurement()
    result.thresholds["train_q99"] = float(np.quantile(calibration, rules.TRAIN_QUANTILE))
    if own_threshold is not None:
        result.thresholds["own"] = own_threshold
    no_oracle = ""
    try:
        result.thresholds["oracle"] = best_f1_threshold(labels, scores)
    except UndefinedMetric as reason:
        no_oracle = str(reason)
    alarms = {policy: scores > threshold for policy, threshold in result.thresholds.items()}
    for spec in specs:
        if spec.kind == "score":
            _compute(spec, spec.name, labels, scores, result)
            continue
        for policy in POLICIES:
            name = f"{spec.name}@{policy}"
            if policy in alarms:
                _compute(spec, name, labels, alarms[policy], result)
            elif policy == "oracle":
                result.metrics[name], result.undefined[name] = None, no_oracle
    auc = result.metrics.get("auc_roc")
    if auc is not None and auc < rules.INVERTED_BELOW:
        result.warnings.append(
            f"AUC-ROC is {auc:.3f}, worse than chance: the scores may point the wrong way"
        )
    return result


def _compute(
    spec: MetricSpec, name: str, labels: np.ndarray, values: np.ndarray, result: Measurement
) -> None:
    """Put the metric's value into ``result``, or None and the reason."""
    result.metrics[name] = None
    try:
        value = float(import_target(spec.target)(labels, values))
    except UndefinedMetric as reason:
        result.undefined[name] = str(reason)
    except Exception as error:  # noqa: BLE001  a metric is a plugin's code; its failure is a reason
        result.undefined[name] = f"the metric raised {type(error).__name__}: {error}"
        result.warnings.append(f"{name} is undefined, {result.undefined[name]}")
    else:
        if math.isfinite(value):
            result.metrics[name] = value
        else:
            result.undefined[name] = f"the metric returned {value}"
