"""What the parent makes of a trial's scores: checks, thresholds, metrics."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from benchkit.errors import describe_error
from benchkit.metrics import UndefinedMetric
from benchkit.metrics.curves import INVERTED_BELOW
from benchkit.metrics.dense import warn_of_rare
from benchkit.metrics.peaks import NoThreshold
from benchkit.metrics.points import best_f1_level
from benchkit.protocol.chance import measure_chance
from benchkit.protocol.thresholds import (
    DEFAULT_POLICIES,
    Threshold,
    find_threshold,
)
from benchkit.protocol.trial import InvalidScores
from benchkit.protocol.truth import Truth
from benchkit.protocol.views import View, make_views
from benchkit.registry.specs import MetricSpec


@dataclass
class Measurement:
    """What came of measuring; a mapping has the name of a metric or a policy as its key.

    Parameters
    ----------
    metrics
        None where undefined; then ``undefined`` has the reason.
    thresholds, promised
        By policy, where it has one; see `benchkit.protocol.thresholds.Threshold`. That of
        ``oracle`` is the one with the best F1.
    expected, uncertain
        Of each policy that promises something the rate to expect, as mean, lower and upper end of
        its interval; and the policies of which this is much wider than the promise.
    chance
        What scores that know nothing get, see `benchkit.protocol.chance.measure_chance`.
    warnings
        What a reader should know before believing the numbers, each a sentence.
    tracebacks
        Of metrics that raised.
    """

    metrics: dict[str, float | None] = field(default_factory=dict)
    undefined: dict[str, str] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)
    promised: dict[str, float] = field(default_factory=dict)
    expected: dict[str, list[float]] = field(default_factory=dict)
    uncertain: list[str] = field(default_factory=list)
    chance: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)


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

    Of image sequences metrics over frames are given as of a series, and those that are
    ``pointwise`` also over sequences, as ``sequence_name``: a sequence is anomalous if a frame is,
    has an alarm if a frame has, and its score is the highest of its frames. Where labels are
    doubtful in places, ``clear_name`` is the same metric over the other points.

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
    result = Measurement()
    thresholds = _find_thresholds(policies, calibration, scores, own_threshold)
    for policy, found in thresholds.items():
        if isinstance(found, Threshold):
            result.thresholds[policy] = found.value
            if found.promised is not None:
                result.promised[policy] = found.promised
            rate = found.expected
            if rate is not None and found.promised is not None:
                result.expected[policy] = [rate.mean, rate.low, rate.high]
                result.uncertain += [policy] * rate.is_uncertain(found.promised)
    specs = list(specs)
    views = make_views(truth, scores, specs)
    for view in views:
        _measure_view(view, thresholds, result)
    result.chance = measure_chance(truth, specs)

    if own_threshold is not None:
        # Also where nobody asked for metrics at it: `benchkit score` may, and cannot find it.
        result.thresholds["own"] = own_threshold
    whole = views[0].ranking
    if "oracle" in policies and whole.labels.positives:
        threshold = whole.threshold(whole.share(best_f1_level))
        if math.isfinite(threshold):  # it is not below the lowest number of their type
            result.thresholds["oracle"] = threshold
    rare = warn_of_rare(len(truth.labels), whole.labels.positives)
    auc = result.metrics.get("auc_roc")
    if rare and result.metrics.get("vus_pr") is not None:
        result.warnings.append(rare)
    if auc is not None and auc < INVERTED_BELOW:
        result.warnings.append(
            f"AUC-ROC is {auc:.3f}, worse than chance: the scores may point the wrong way"
        )
    return result


def _find_thresholds(
    policies: Sequence[str],
    calibration: np.ndarray,
    scores: np.ndarray,
    own_threshold: float | None,
) -> dict[str, Threshold | str | None]:
    """Return by policy a threshold, or the reason why there is none, or None for the oracle."""
    found: dict[str, Threshold | str | None] = {}
    for policy in policies:
        if policy == "oracle":
            found[policy] = None
        elif policy != "own":
            try:
                found[policy] = find_threshold(policy, calibration, scores)
            except NoThreshold as reason:
                found[policy] = f"no threshold: {reason}"
        elif own_threshold is not None:
            found[policy] = Threshold(own_threshold)
    return found


def _measure_view(
    view: View, thresholds: dict[str, Threshold | str | None], result: Measurement
) -> None:
    """Put the value of every metric of a view into ``result``, or None and the reason."""
    for spec in view.specs:
        name = view.prefix + spec.name
        if spec.kind == "score":
            _put(result, name, partial(view.over_scores, spec))
            continue
        for policy, found in thresholds.items():
            _put(result, f"{name}@{policy}", partial(_over_alarms, view, spec, found))


def _over_alarms(view: View, spec: MetricSpec, found: Threshold | str | None) -> float:
    if isinstance(found, str):
        raise UndefinedMetric(found)
    return view.over_alarms(spec, None if found is None else found.value)


def _put(result: Measurement, name: str, compute: Callable[[], float]) -> None:
    """Put a metric's value into ``result``, or None and the reason."""
    result.metrics[name] = None
    try:
        value = float(compute())
    except UndefinedMetric as reason:
        result.undefined[name] = str(reason)
    except Exception as error:  # noqa: BLE001  a metric is a plugin's code; its failure is a reason
        result.undefined[name] = f"the metric raised {describe_error(error)}"
        result.warnings.append(f"{name} is undefined, {result.undefined[name]}; see log.txt")
        result.tracebacks.append(traceback.format_exc())
    else:
        if math.isfinite(value):
            result.metrics[name] = value
        else:
            result.undefined[name] = f"the metric returned {value}"
