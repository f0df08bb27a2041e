"""How many independent scores a dependent series is worth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from benchkit.metrics.dependence import effective_size
from tests.metrics.series import autoregressive


@pytest.mark.parametrize("phi", [0.5, 0.9])
def test_an_autoregressive_series_is_worth_what_theory_says(phi):
    """The autocorrelation of "above the 80 % quantile" from scipy's bivariate normal."""
    level = norm.ppf(0.8)
    correlations = [
        (multivariate_normal.cdf([-level] * 2, cov=[[1, phi**k], [phi**k, 1]]) - 0.04) / 0.16
        for k in range(1, 60)
    ]
    found = effective_size(autoregressive(phi, 100_000, seed=0))
    assert found == pytest.approx(100_000 / (1 + 2 * sum(correlations)), rel=0.2)


def test_independent_scores_are_worth_their_number():
    found = effective_size(np.random.default_rng(0).normal(size=20_000))
    assert found == pytest.approx(20_000, rel=0.05)


def test_a_change_of_scale_changes_nothing():
    """Only the order of scores counts."""
    scores = autoregressive(0.9, 3000, seed=1)
    assert effective_size(np.exp(scores)) == effective_size(scores)


@pytest.mark.parametrize("scores", [np.ones(500), np.zeros(1), np.arange(3.0)])
def test_where_nothing_can_be_said_it_is_within_its_bounds(scores):
    assert 1 <= effective_size(scores) <= len(scores)


def test_scores_that_only_rise_are_worth_few():
    """One excursion above each level, however many scores it has."""
    assert effective_size(np.arange(10_000.0)) < 20
