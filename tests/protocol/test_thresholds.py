"""Threshold policies, none of which sees a label."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import genpareto

from benchkit.errors import BenchkitError
from benchkit.metrics.peaks import NoThreshold
from benchkit.protocol.thresholds import (
    DEFAULT_POLICIES,
    POLICIES,
    find_threshold,
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
