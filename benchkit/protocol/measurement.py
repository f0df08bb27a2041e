"""What the parent makes of a trial's scores: checks, thresholds, metrics."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from benchkit.errors import describe_error
from benchkit.metrics import UndefinedMetric
from benchkit.metrics.alarms import Alarms
from benchkit.metrics.curves import INVERTED_BELOW
from benchkit.metrics.evaluation import alarms_above, alarms_at
from benchkit.metrics.labels import Labels
from benchkit.metrics.metric import AlarmMetric, ScoreMetric, accepted
from benchkit.metrics.points import best_f1_level
from benchkit.metrics.ranking import Ranking
from benchkit.protocol.thresholds import (
    DEFAULT_POLICIES,
    NoThreshold,
    Threshold,
    find_threshold,
)
from benchkit.protocol.trial import InvalidScores
from benchkit.protocol.truth import Truth
from benchkit.registry.specs import MetricSpec
from benchkit.registry.targets import import_target
from benchkit.results.record import CLEAR, SEQUENCE


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
    warnings
        What a reader should know before believing the numbers, each a sentence.
    """

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
    modality = "series" if truth.frames is None else "image-sequence"
    here = [spec for spec in specs if modality in spec.modalities]
    pointwise = [spec for spec in here if spec.pointwise]
    settings = {"window": truth.window, "period": truth.period}

    whole = _View("", truth.labels, scores, settings)
    whole.measure(here, thresholds, result)
    if truth.frames is not None:
        # (points,) -> (sequences, frames), and one of each sequence
        labels = np.logical_or.reduce(truth.labels.reshape(-1, truth.frames), axis=1)
        highest = scores.reshape(-1, truth.frames).max(axis=1)
        _View(SEQUENCE, labels, highest, settings).measure(pointwise, thresholds, result)
    if truth.ambiguous is not None:
        clear = np.logical_not(truth.ambiguous)
        view = _View(CLEAR, truth.labels[clear], scores[clear], settings)
        view.measure(pointwise, thresholds, result)

    if own_threshold is not None:
        # Also where nobody asked for metrics at it: `benchkit score` may, and cannot find it.
        result.thresholds["own"] = own_threshold
    if "oracle" in policies and whole.ranking.labels.positives:
        level = whole.ranking.share(best_f1_level)
        result.thresholds["oracle"] = whole.ranking.threshold(level)
    auc = result.metrics.get("auc_roc")
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


class _View:
    """Some of the points, or all, or sequences of them; ``prefix`` begins its metrics' names."""

    def __init__(
        self, prefix: str, labels: np.ndarray, scores: np.ndarray, settings: dict[str, Any]
    ) -> None:
        self.prefix = prefix
        # Other people's functions get these arrays, one after the other.
        labels, scores = labels.view(), scores.view()
        labels.flags.writeable = scores.flags.writeable = False
        self.ranking = Ranking(Labels(labels), scores)
        self.settings = settings

    def measure(
        self,
        specs: Iterable[MetricSpec],
        thresholds: dict[str, Threshold | str | None],
        result: Measurement,
    ) -> None:
        """Put the value of every metric into ``result``, or None and the reason."""
        for spec in specs:
            name = self.prefix + spec.name
            if spec.kind == "score":
                _put(result, name, partial(self._over_scores, spec))
                continue
            for policy, found in thresholds.items():
                compute = partial(self._over_alarms, spec, found)
                _put(result, f"{name}@{policy}", compute)

    def _over_scores(self, spec: MetricSpec) -> float:
        function = self._import(spec)
        options = accepted(function, self.settings)
        if isinstance(function, ScoreMetric):
            return function.of(self.ranking, **options)
        return function(self.ranking.labels.flags, self.ranking.scores, **options)

    def _over_alarms(self, spec: MetricSpec, found: Threshold | str | None) -> float:
        if isinstance(found, str):
            raise UndefinedMetric(found)
        function = self._import(spec)
        options = accepted(function, self.settings)
        if found is None:
            best = function.oracle if isinstance(function, AlarmMetric) else best_f1_level
            alarms: Alarms = self.ranking.share(alarms_at, self.ranking.share(best))
        else:
            alarms = self.ranking.share(alarms_above, found.value)
        if isinstance(function, AlarmMetric):
            return function.of(alarms, **options)
        return function(self.ranking.labels.flags, alarms.flags, **options)

    def _import(self, spec: MetricSpec) -> Callable[..., Any]:
        if not len(self.ranking):
            raise UndefinedMetric("no point is left")
        return import_target(spec.target)


def _put(result: Measurement, name: str, compute: Callable[[], float]) -> None:
    """Put a metric's value into ``result``, or None and the reason."""
    result.metrics[name] = None
    try:
        value = float(compute())
    except UndefinedMetric as reason:
        result.undefined[name] = str(reason)
    except Exception as error:  # noqa: BLE001  a metric is a plugin's code; its failure is a reason
        result.undefined[name] = f"the metric raised {describe_error(error)}"
        result.warnings.append(f"{name} is undefined, {result.undefined[name]}")
    else:
        if math.isfinite(value):
            result.metrics[name] = value
        else:
            result.undefined[name] = f"the metric returned {value}"
