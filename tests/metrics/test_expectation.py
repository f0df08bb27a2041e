"""The false-alarm rate that is expected at a threshold, held against the rate there is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, norm, t

from benchkit.metrics.dependence import effective_size
from benchkit.metrics.expectation import Rate, expect_pot_rate, expect_rate
from benchkit.metrics.peaks import fit_pot
from tests.metrics.series import autoregressive


@pytest.mark.parametrize(("above", "count"), [(2, 200), (10, 1000), (4500, 450_000), (1, 30)])
def test_the_interval_of_independent_scores_is_that_of_clopper_and_pearson(above, count):
    """As scipy has it."""
    scores = np.zeros(count)
    scores[:above] = 1
    found = expect_rate(scores, 0.5, count)
    there = binomtest(above, count).proportion_ci(0.95, method="exact")
    assert (found.low, found.high) == pytest.approx(tuple(there), rel=1e-4)
    assert found.mean == pytest.approx((above + 0.5) / (count + 1))


def expect(policy: str, scores: np.ndarray) -> tuple[float, Rate]:
    """Return a policy's threshold and the rate that is expected there."""
    if policy == "pot":
        fit = fit_pot(scores)
        return fit.threshold, expect_pot_rate(fit, effective_size(scores))
    threshold = float(np.quantile(scores, 0.99))
    return threshold, expect_rate(scores, threshold, effective_size(scores))


def simulate(policy: str, phi: float, length: int, series: int, heavy: bool = False):
    """Return true rates at thresholds of AR(1) series and what was expected: mean, low, high."""
    found = []
    for seed in range(series):
        scores = autoregressive(phi, length, seed=seed)
        threshold, rate = expect(policy, t.ppf(norm.cdf(scores), 3) if heavy else scores)
        true = t.sf(threshold, 3) if heavy else norm.sf(threshold)
        found.append((true, rate.mean, rate.low, rate.high))
    return np.array(found).T


@pytest.mark.parametrize(
    ("policy", "phi", "length", "true_mean"),
    [
        ("pot", 0.99, 2000, 0.0142),
        ("pot", 0.0, 600, 0.0019),
        ("train_q99", 0.99, 2000, 0.0274),
        ("train_q99", 0.0, 1200, 0.0106),
    ],
)
def test_the_interval_has_the_true_rate_in_nine_of_ten_series(policy, phi, length, true_mean):
    """Though the promise is broken by a factor of 14; and the mean is near the rates' mean."""
    true, mean, low, high = simulate(policy, phi, length, series=40)
    assert np.mean((low <= true) & (true <= high)) >= 0.9
    assert mean.mean() == pytest.approx(true_mean, rel=0.6)


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "heavy"), [("pot", 0), ("pot", 1), ("train_q99", 0)])
@pytest.mark.parametrize("length", [600, 2000])
@pytest.mark.parametrize("phi", [0.0, 0.5, 0.9, 0.99])
def test_the_interval_covers_the_true_rate(policy, phi, length, heavy):
    """At 95 %, within what 100 series tell, and less where they are worth below 10 scores.

    Heavy tails are a rising transformation, which no quantile notices.
    """
    true, _, low, high = simulate(policy, phi, length, series=100, heavy=bool(heavy))
    few = length * (1 - phi) / (1 + phi) < 10
    assert np.mean((low <= true) & (true <= high)) >= (0.8 if few else 0.9)


def test_a_broken_promise_is_uncertain_and_a_kept_one_is_not():
    """`pot` at 2,000 scores of AR(1) .99; and at 20,000 independent ones."""
    dependent = expect("pot", autoregressive(0.99, 2000, seed=0))[1]
    independent = expect("pot", autoregressive(0.0, 20_000, seed=0))[1]
    assert dependent.is_uncertain(0.001)
    assert not independent.is_uncertain(0.001)
    assert independent.mean == pytest.approx(0.001, rel=0.1)


def test_other_units_of_the_scores_change_no_rate():
    scores = autoregressive(0.5, 3000, seed=3)
    here, there = expect("pot", scores)[1], expect("pot", scores * 1e-6 + 5)[1]
    assert (there.mean, there.low, there.high) == pytest.approx(
        (here.mean, here.low, here.high), rel=1e-4
    )


@pytest.mark.parametrize("scores", [np.ones(50), np.zeros(1), np.repeat([0.0, 1.0], [90, 10])])
def test_scores_with_ties_have_a_rate(scores):
    """Ties with the threshold are no alarms: none above it is a rate of nearly nothing."""
    rate = expect("train_q99", scores)[1]
    assert 0 <= rate.low < rate.mean < rate.high <= 1
