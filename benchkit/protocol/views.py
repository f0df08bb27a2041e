"""The points that metrics are computed over: all of a test part, its sequences, its clear ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from benchkit.metrics import UndefinedMetric
from benchkit.metrics.alarms import Alarms
from benchkit.metrics.evaluation import alarms_above, alarms_at
from benchkit.metrics.labels import Labels
from benchkit.metrics.metric import AlarmMetric, ScoreMetric, accepted
from benchkit.metrics.points import best_f1_level
from benchkit.metrics.ranking import Ranking
from benchkit.protocol.truth import Truth
from benchkit.registry.specs import MetricSpec
from benchkit.registry.targets import import_target
from benchkit.results.record import CLEAR, SEQUENCE


def make_views(truth: Truth, scores: np.ndarray, specs: Iterable[MetricSpec]) -> list[View]:
    """Return all points first, then sequences and those whose label nobody doubts, if any.

    ``scores`` have shape (points,) and are taken as checked. See
    `benchkit.protocol.measurement.measure` for what each view is of.
    """
    modality = "series" if truth.frames is None else "image-sequence"
    here = [spec for spec in specs if modality in spec.modalities]
    pointwise = [spec for spec in here if spec.pointwise]
    settings = {"window": truth.window, "period": truth.period}
    views = [View("", truth.labels, scores, here, settings)]
    if truth.frames is not None:
        # (points,) -> (sequences, frames), and one of each sequence
        labels = np.logical_or.reduce(truth.labels.reshape(-1, truth.frames), axis=1)
        highest = scores.reshape(-1, truth.frames).max(axis=1)
        views.append(View(SEQUENCE, labels, highest, pointwise, settings))
    if truth.ambiguous is not None:
        clear = np.logical_not(truth.ambiguous)
        views.append(View(CLEAR, truth.labels[clear], scores[clear], pointwise, settings))
    return views


class View:
    """Some of the points, or all, or sequences of them, and the metrics that are over these.

    ``prefix`` begins the metrics' names; ``settings`` are what they may have parameters for.
    """

    def __init__(
        self,
        prefix: str,
        labels: np.ndarray,
        scores: np.ndarray,
        specs: list[MetricSpec],
        settings: dict[str, Any],
    ) -> None:
        self.prefix = prefix
        # Other people's functions get these arrays, one after the other.
        labels, scores = labels.view(), scores.view()
        labels.flags.writeable = scores.flags.writeable = False
        self.ranking = Ranking(Labels(labels), scores)
        self.specs = specs
        self.settings = settings

    def over_scores(self, spec: MetricSpec) -> float:
        """Return a metric over all thresholds; raises what its function does."""
        function = self.load(spec)
        options = accepted(function, self.settings)
        if isinstance(function, ScoreMetric):
            return function.of(self.ranking, **options)
        return function(self.ranking.labels.flags, self.ranking.scores, **options)

    def over_alarms(self, spec: MetricSpec, threshold: float | None) -> float:
        """Return a metric at a threshold, None: at its best one; raises what its function does."""
        function = self.load(spec)
        options = accepted(function, self.settings)
        if threshold is None:
            best = function.oracle if isinstance(function, AlarmMetric) else best_f1_level
            alarms: Alarms = self.ranking.share(alarms_at, self.ranking.share(best))
        else:
            alarms = self.ranking.share(alarms_above, threshold)
        if isinstance(function, AlarmMetric):
            return function.of(alarms, **options)
        return function(self.ranking.labels.flags, alarms.flags, **options)

    def load(self, spec: MetricSpec) -> Callable[..., Any]:
        """Return a metric's function; raises `UndefinedMetric` where there is no point."""
        if not len(self.ranking):
            raise UndefinedMetric("no point is left")
        return import_target(spec.target)
