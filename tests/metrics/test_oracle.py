"""The best threshold in hindsight, against trying all of them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_curve

from benchkit.metrics import UndefinedMetric, best_f1_threshold, f1
from benchkit_detectors.baselines.sanity import ConstantDetector


@st.composite
def cases(draw):
    """Draw labels, at least one of them anomalous, and scores with and without ties."""
    n = draw(st.integers(1, 50))
    labels = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    labels[draw(st.integers(0, n - 1))] = True
    numbers = st.sampled_from(
        [st.integers(0, 4), st.integers(-(2**40), 2**40), st.floats(-1e6, 1e6)]
    )
    scores = np.array(draw(st.lists(draw(numbers), min_size=n, max_size=n)))
    dtype = draw(st.sampled_from([scores.dtype, np.float32, np.float64]))
    return labels, scores.astype(dtype)


@given(cases())
@settings(deadline=None)
def test_no_threshold_has_a_better_f1(case):
    """It is as good as the best of all alarms that scores can give, tried one by one."""
    labels, scores = case
    best = max(f1(labels, scores >= threshold) for threshold in np.unique(scores))
    assert f1(labels, scores > best_f1_threshold(labels, scores)) == pytest.approx(best, abs=1e-12)


@given(cases())
@settings(deadline=None)
def test_its_f1_is_the_best_on_scikit_learns_curve(case):
    """precision_recall_curve knows no better point."""
    labels, scores = case
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        p, r, _ = precision_recall_curve(labels, scores.astype(np.float64))
    curve = 2 * p * r / np.where(p + r > 0, p + r, 1)
    found = f1(labels, scores > best_f1_threshold(labels, scores))
    assert found == pytest.approx(curve.max(), abs=1e-12)


@given(cases())
@settings(deadline=None)
def test_of_equally_good_thresholds_it_is_the_highest(case):
    """The fewest alarms for the same F1."""
    labels, scores = case
    alarms = scores > best_f1_threshold(labels, scores)
    fewer = [scores >= t for t in np.unique(scores) if np.sum(scores >= t) < alarms.sum()]
    assert all(f1(labels, other) < f1(labels, alarms) for other in fewer)


@given(cases(), st.lists(st.integers(1, 10**9), min_size=50, max_size=50))
@settings(deadline=None)
def test_a_rising_transformation_gives_the_same_alarms(case, steps):
    """The threshold moves with the scores."""
    labels, scores = case
    levels, index = np.unique(scores, return_inverse=True)
    other = np.cumsum(steps)[: len(levels)][index]
    alarms = scores > best_f1_threshold(labels, scores)
    assert np.array_equal(alarms, other > best_f1_threshold(labels, other))


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any), st.floats(-1e9, 1e9))
@settings(deadline=None)
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
