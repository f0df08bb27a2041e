"""What scores that know nothing get on the very labels that a detector is measured on."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from benchkit.metrics.metric import ScoreMetric
from benchkit.protocol.truth import Truth
from benchkit.protocol.views import View, make_views
from benchkit.registry.specs import MetricSpec

FEWEST, MOST = 1, 3
"""Draws of random scores, each of which is also turned round: antithetic variates (Hammersley &
Morton 1956), of which three pairs are worth ten independent draws, and AUC-ROC is exactly 0.5."""
SCORES = 60_000
"""So many random scores are drawn in all, between these bounds: long series differ less."""
KEPT = 64
"""Test parts whose levels are kept."""

_levels: dict[bytes, dict[str, float]] = {}


def measure_chance(truth: Truth, specs: Sequence[MetricSpec]) -> dict[str, float]:
    """Return the mean of each metric over draws of random scores, by its name.

    Of benchkit's metrics over all thresholds, and those of others that are a `ScoreMetric`; a
    metric that is undefined for these labels has none. It depends on labels, window and clock
    alone, and is computed once for these in a process. The draws have fixed seeds.
    """
    key = _identify(truth, specs)
    if key not in _levels:
        if len(_levels) == KEPT:
            del _levels[next(iter(_levels))]
        _levels[key] = _draw(truth, [spec for spec in specs if spec.kind == "score"])
    return dict(_levels[key])


def _draw(truth: Truth, specs: Sequence[MetricSpec]) -> dict[str, float]:
    points = len(truth.labels)
    values: dict[str, list[float]] = defaultdict(list)
    for seed in range(min(MOST, max(FEWEST, -(-SCORES // max(points, 1))))):
        # In single precision a long series would have ties.
        drawn = np.random.default_rng(seed).random(points)
        for scores in (drawn, 1 - drawn):
            for view in make_views(truth, scores, specs):
                for spec in view.specs:
                    value = _compute(view, spec)
                    if math.isfinite(value):
                        values[view.prefix + spec.name].append(value)
    return {name: float(np.mean(drawn)) for name, drawn in values.items()}


def _compute(view: View, spec: MetricSpec) -> float:
    """Return the metric, NaN where there is none; measuring a detector says why."""
    try:
        return view.over_scores(spec) if isinstance(view.load(spec), ScoreMetric) else math.nan
    except Exception:  # noqa: BLE001  a metric is a plugin's code
        return math.nan


def _identify(truth: Truth, specs: Sequence[MetricSpec]) -> bytes:
    found = hashlib.blake2b(np.packbits(truth.labels).tobytes())
    if truth.ambiguous is not None:
        found.update(np.packbits(truth.ambiguous).tobytes())
    rest = (len(truth.labels), truth.ambiguous is None, truth.frames, truth.window, truth.period)
    found.update(repr((rest, [(spec.name, spec.target) for spec in specs])).encode())
    return found.digest()
