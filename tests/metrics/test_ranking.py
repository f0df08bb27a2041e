"""AUC-ROC and AUC-PR against scikit-learn, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from benchkit.metrics import UndefinedMetric, auc_pr, auc_roc
from benchkit.metrics.ranking import Ranking


@st.composite
def cases(draw, both: bool = True):
    """Draw labels and scores: tied or not, of whole numbers or floats, of any usual type."""
    n = draw(st.integers(2, 60))
    labels = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    if both:
        labels[:2] = [True, False]
    numbers = draw(
        st.sampled_from(
            [
                st.integers(0, 3),
                st.integers(-(2**40), 2**40),
                st.floats(-1e6, 1e6),
                st.floats(-1, 1, width=32),
            ]
        )
    )
    scores = np.array(draw(st.lists(numbers, min_size=n, max_size=n)))
    return labels, scores


@given(cases())
def test_auc_roc_is_that_of_scikit_learn(case):
    """To 1e-12, whatever the ties and the type of the scores."""
    assert auc_roc(*case) == pytest.approx(roc_auc_score(*case), rel=0, abs=1e-12)


@given(cases())
def test_auc_pr_is_the_average_precision_of_scikit_learn(case):
    """To 1e-12, whatever the ties and the type of the scores."""
    assert auc_pr(*case) == pytest.approx(average_precision_score(*case), rel=0, abs=1e-12)


def test_both_agree_with_scikit_learn_on_a_long_series():
    """The error does not grow with the length: 200,000 points, a third of them tied."""
    generator = np.random.default_rng(0)
    labels = generator.random(200_000) < 0.03
    scores = np.round(generator.normal(labels, 1), 3)
    assert auc_roc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)
    expected = average_precision_score(labels, scores)
    assert auc_pr(labels, scores) == pytest.approx(expected, abs=1e-12)


@given(cases(), st.lists(st.integers(1, 10**9), min_size=60, max_size=60))
def test_only_the_order_of_scores_counts(case, steps):
    """Any strictly rising transformation leaves both areas as they were, to the bit."""
    labels, scores = case
    levels, index = np.unique(scores, return_inverse=True)
    other = np.cumsum(steps)[: len(levels)][index]
    assert auc_roc(labels, scores) == auc_roc(labels, other)
    assert auc_pr(labels, scores) == auc_pr(labels, other)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_count(case, random):
    """Two points that change places, ties included, change nothing."""
    labels, scores = case
    order = list(range(len(labels)))
    random.shuffle(order)
    assert auc_roc(labels, scores) == auc_roc(labels[order], scores[order])
    assert auc_pr(labels, scores) == auc_pr(labels[order], scores[order])


@given(cases())
def test_turning_the_scores_round_turns_auc_roc_round(case):
    """A detector that scores the wrong way gets one minus its area."""
    labels, scores = case
    assert auc_roc(labels, -scores) == pytest.approx(1 - auc_roc(labels, scores), abs=1e-12)


def test_constant_scores_are_worth_chance():
    """A tie counts one half in AUC-ROC, and AUC-PR is the share of anomalies."""
    labels = np.array([0, 0, 0, 1])
    assert auc_roc(labels, np.zeros(4)) == 0.5
    assert auc_pr(labels, np.zeros(4)) == 0.25


def test_a_perfect_ranking_has_both_areas_one():
    """The upper end of the scale is reached exactly."""
    labels = np.array([0, 1, 0, 1])
    assert auc_roc(labels, labels) == auc_pr(labels, labels) == 1


@given(cases(both=False))
def test_counts_are_those_of_every_threshold(case):
    """At each distinct score, falling, stands what an alarm from there on would catch."""
    labels, scores = case
    ranking = Ranking.of(labels, scores)
    assert ranking.thresholds.tolist() == sorted(set(scores.tolist()), reverse=True)
    for level, threshold in enumerate(ranking.thresholds):
        assert ranking.flagged[level] == np.sum(scores >= threshold)
        assert ranking.true_positives[level] == np.sum(labels & (scores >= threshold))
        assert ranking.false_positives[level] == np.sum(~labels & (scores >= threshold))
        assert np.array_equal(ranking.levels == level, scores == threshold)


def test_an_area_without_anomalies_does_not_exist():
    """It is undefined, not zero, and the reason is given."""
    for metric in (auc_roc, auc_pr):
        with pytest.raises(UndefinedMetric, match="^no point is anomalous$"):
            metric(np.zeros(5), np.arange(5))


def test_auc_roc_without_normal_points_does_not_exist():
    """There is no false alarm to count; AUC-PR is one there."""
    with pytest.raises(UndefinedMetric, match="^every point is anomalous$"):
        auc_roc(np.ones(5), np.arange(5))
    assert auc_pr(np.ones(5), np.arange(5)) == 1
