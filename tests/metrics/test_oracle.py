"""The best threshold in hindsight, against trying all of them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_curve

from benchkit import metrics
from benchkit.metrics import UndefinedMetric, best_f1_threshold, evaluate, f1
from benchkit.metrics.evaluation import ALARM_METRICS, SCORE_METRICS
from benchkit.metrics.ranking import Ranking
from benchkit.registry.builtin_metrics import METRICS
from benchkit_detectors.baselines.sanity import ConstantDetector
from tests.metrics.drawing import ranked, stretch

OWN = [
    "f1",
    "event_f1",
    "composite_f1",
    "pa_f1",
    "pa_k_f1",
    "range_f1",
    "affiliation_f1",
]
"""Metrics whose oracle is their own best threshold."""

steps = st.lists(st.integers(1, 10**9), min_size=50, max_size=50)


@pytest.mark.parametrize("name", OWN)
@given(case=ranked())
@settings(max_examples=40)
def test_no_threshold_is_better(name, case):
    """It is as good as the best of all alarms that scores can give, tried one by one."""
    labels, scores = case
    metric = getattr(metrics, name)
    best = max(metric(labels, scores >= threshold) for threshold in np.unique(scores))
    found = evaluate(labels, scores, [f"{name}@oracle"])[f"{name}@oracle"]
    assert found == pytest.approx(best, rel=0, abs=1e-12)


@pytest.mark.parametrize("name", OWN)
def test_no_threshold_is_better_on_a_longer_series(name):
    """Hundreds of events, some at both ends, a few of them long, and scores with many ties."""
    generator = np.random.default_rng(5)
    labels = generator.random(1500) < 0.1
    labels[300:420] = labels[-1] = labels[0] = True
    scores = np.round(generator.normal(size=1500) + labels, 1)
    metric = getattr(metrics, name)
    best = max(metric(labels, scores >= threshold) for threshold in np.unique(scores))
    found = evaluate(labels, scores, [f"{name}@oracle"])[f"{name}@oracle"]
    assert found == pytest.approx(best, rel=0, abs=1e-12)


@given(case=ranked(), steps=steps)
@settings(max_examples=40)
def test_a_rising_transformation_changes_nothing(case, steps):
    """To the bit: only the order of scores counts, whatever the metric."""
    labels, scores = case
    other = stretch(scores, steps)
    names = [*SCORE_METRICS, *(f"{name}@oracle" for name in ALARM_METRICS)]
    assert evaluate(labels, scores, names) == evaluate(labels, other, names)


@given(case=ranked(), random=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_where_the_order_of_points_does_not_matter_it_changes_nothing(case, random):
    """To the bit, for every metric that is said to be pointwise."""
    labels, scores = case
    order = list(range(len(labels)))
    random.shuffle(order)
    names = [
        spec.name if spec.kind == "score" else f"{spec.name}@oracle"
        for spec in METRICS
        if spec.pointwise
    ]
    assert evaluate(labels, scores, names) == evaluate(labels[order], scores[order], names)


@pytest.mark.parametrize(
    ("name", "best"),
    [
        ("precision", "f1"),
        ("recall", "f1"),
        ("detection_delay", "f1"),
        ("false_alarm_rate", "f1"),
        ("event_precision", "event_f1"),
        ("range_recall", "range_f1"),
        ("affiliation_recall", "affiliation_f1"),
    ],
)
def test_what_belongs_to_an_f1_is_taken_at_its_threshold(name, best):
    """The best recall alone would be that of the lowest threshold, which is 1 for everybody."""
    assert ALARM_METRICS[name].oracle is ALARM_METRICS[best].oracle


@given(case=ranked())
def test_its_f1_is_the_best_on_scikit_learns_curve(case):
    """precision_recall_curve knows no better point."""
    labels, scores = case
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        p, r, _ = precision_recall_curve(labels, scores.astype(np.float64))
    curve = 2 * p * r / np.where(p + r > 0, p + r, 1)
    found = f1(labels, scores > best_f1_threshold(labels, scores))
    assert found == pytest.approx(curve.max(), abs=1e-12)


@given(case=ranked())
def test_of_equally_good_thresholds_it_is_the_highest(case):
    """The fewest alarms for the same F1."""
    labels, scores = case
    alarms = scores > best_f1_threshold(labels, scores)
    fewer = [scores >= t for t in np.unique(scores) if np.sum(scores >= t) < alarms.sum()]
    assert all(f1(labels, other) < f1(labels, alarms) for other in fewer)


@given(case=ranked())
def test_a_threshold_flags_its_level_and_no_other(case):
    """Scores above the number are those of the level and of the levels above it."""
    ranking = Ranking.of(*case)
    for level in range(len(ranking.thresholds)):
        alarms = ranking.scores > ranking.threshold(level)
        assert np.array_equal(alarms, ranking.levels <= level)


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any), st.floats(-1e9, 1e9))
def test_constant_scores_get_what_always_alarming_gets(labels, score):
    """With a share p of anomalies that is an F1 of 2p/(1+p): what a table gives away."""
    labels, scores = np.array(labels), np.full(len(labels), score)
    share = labels.mean()
    found = f1(labels, scores > best_f1_threshold(labels, scores))
    assert found == pytest.approx(2 * share / (1 + share), abs=1e-12)


def test_the_constant_detector_gets_it_too():
    """Four anomalies in five give the F1 of 0.89 away, as on KDD99."""
    X = np.zeros((100, 3), dtype=np.float32)
    labels = np.arange(100) < 80
    scores = ConstantDetector().fit(X).decision_function(X)
    found = f1(labels, scores > best_f1_threshold(labels, scores))
    assert found == pytest.approx(1.6 / 1.8, abs=1e-12)


def test_there_is_none_without_anomalies():
    """A threshold for finding nothing does not exist."""
    with pytest.raises(UndefinedMetric, match="^no point is anomalous$"):
        best_f1_threshold(np.zeros(3), np.arange(3))
