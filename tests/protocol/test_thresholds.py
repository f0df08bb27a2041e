"""Threshold policies, none of which sees a label."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import genpareto

from benchkit.errors import BenchkitError
from benchkit.protocol.thresholds import (
    DEFAULT_POLICIES,
    POLICIES,
    NoThreshold,
    find_threshold,
    fit_pot,
    parse_policies,
)

NONE = np.array([])


def test_a_quantile_of_the_calibration_scores_promises_what_lies_above_it():
    """Any percentage, whole or not, and the test scores are not looked at."""
    calibration = np.arange(1001.0)
    found = find_threshold("train_q99.5", calibration, NONE)
    assert found.value == pytest.approx(995)
    assert found.promised == pytest.approx(0.005)


def test_contamination_is_a_quantile_of_the_test_scores():
    """It raises the share of alarms that it is told, and promises nothing about normal points."""
    scores = np.random.default_rng(0).normal(size=1000)
    found = find_threshold("contamination_7", NONE, scores)
    assert np.mean(scores > found.value) == pytest.approx(0.07)
    assert found.promised is None


@pytest.mark.parametrize("shape", [-0.2, 0.0, 0.3])
def test_pot_extrapolates_to_the_risk_it_promises(shape):
    """From 20,000 scores with a known tail, the share above it is 1 in 1,000 within a factor."""
    draws = genpareto.rvs(shape, size=20_000, random_state=np.random.default_rng(1))
    found = find_threshold("pot", draws, NONE)
    assert found.promised == 0.001
    assert genpareto.sf(found.value, shape) == pytest.approx(0.001, rel=0.35)


def test_pot_reaches_beyond_all_it_has_seen():
    """The point of a fitted tail: 500 scores say nothing about one in 100,000 otherwise."""
    draws = np.random.default_rng(2).exponential(size=500)
    assert fit_pot(draws, risk=1e-5) > draws.max()


def test_the_tail_of_pot_is_the_most_likely_one():
    """No shape on a fine grid, each with its best scale, makes the peaks more likely."""
    draws = np.random.default_rng(3).standard_t(df=4, size=5000)
    start = np.quantile(draws, 0.98)
    peaks = draws[draws > start] - start
    best, best_threshold = -np.inf, np.nan
    for theta in np.linspace(-0.9 / peaks.max(), 3 / peaks.mean(), 4000):
        if abs(theta) < 1e-9:
            continue
        shape = np.mean(np.log1p(theta * peaks))
        scale = shape / theta
        likelihood = genpareto.logpdf(peaks, shape, scale=scale).sum()
        if likelihood > best:
            rarer = 1e-3 * len(draws) / len(peaks)
            best, best_threshold = likelihood, start + scale / shape * (rarer**-shape - 1)
    assert fit_pot(draws) == pytest.approx(best_threshold, rel=0.01)


def test_pot_moves_with_the_scores():
    """Other units give the same alarms."""
    draws = np.random.default_rng(4).exponential(size=3000)
    assert fit_pot(draws * 1e-6 + 5) == pytest.approx(fit_pot(draws) * 1e-6 + 5, rel=1e-9)


@pytest.mark.parametrize(
    ("calibration", "reason"),
    [
        (np.arange(100.0), "only 2 of 100 calibration scores exceed their 98% quantile"),
        (np.ones(5000), "only 0 of 5000"),
        (np.append(np.zeros(980), np.ones(19)), "are all alike"),
    ],
)
def test_a_tail_of_too_little_is_none(calibration, reason):
    """With what was found and what is needed."""
    with pytest.raises(NoThreshold, match=reason):
        find_threshold("pot", calibration, NONE)


def test_policies_are_a_comma_separated_list():
    """In the order given, each once."""
    text = "oracle, train_q99.9,contamination_0.5,pot,own,pot"
    assert parse_policies(text) == (
        "oracle", "train_q99.9", "contamination_0.5", "pot", "own"
    )  # fmt: skip
    assert parse_policies(",".join(DEFAULT_POLICIES)) == DEFAULT_POLICIES
    assert parse_policies(",".join(POLICIES)) == tuple(POLICIES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trian_q99", "'trian_q99' is no threshold policy: did you mean 'train_q99'?"),
        ("train_q100", "a percentage is between 0 and 100"),
        ("train_q", "did you mean 'train_q99'?"),
        ("contamination_0", "did you mean 'contamination_5'?"),
        (" , ", "no threshold policy is named"),
    ],
)
def test_a_wrong_policy_is_an_error_that_says_the_right_one(text, message):
    """Before any trial runs."""
    with pytest.raises(BenchkitError) as caught:
        parse_policies(text)
    assert message in str(caught.value)


def test_a_policy_that_needs_more_than_scores_is_not_found_here():
    """The oracle needs labels and the detector's own threshold the detector."""
    with pytest.raises(ValueError, match="does not look at scores alone"):
        find_threshold("oracle", NONE, NONE)
