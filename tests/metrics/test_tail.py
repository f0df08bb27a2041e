"""The fit of a generalised Pareto tail, held against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import genpareto

from benchkit.metrics.tail import fit_tail


@given(st.floats(-0.7, 2), st.integers(10, 2000), st.integers(0, 10_000), st.floats(1e-3, 1e3))
def test_nothing_that_scipy_finds_is_more_likely(shape, count, seed, scale):
    """Where its shape is one with a maximum; both fits are of the same peaks."""
    peaks = genpareto.rvs(shape, scale=scale, size=count, random_state=seed)
    found = fit_tail(peaks)
    theirs, _, width = genpareto.fit(peaks / scale, floc=0)
    if theirs >= -1:
        best = genpareto.logpdf(peaks, theirs, scale=width * scale).mean()
        assert genpareto.logpdf(peaks, found[0], scale=found[1]).mean() >= best - 1e-9


@pytest.mark.parametrize("shape", [-0.4, 0.0, 0.5, 1.5])
def test_the_shape_of_many_peaks_is_found(shape):
    peaks = genpareto.rvs(shape, scale=3, size=200_000, random_state=0)
    assert fit_tail(peaks) == pytest.approx((shape, 3), abs=0.03)


def test_a_likelihood_without_a_maximum_ends_at_the_bound():
    """Of few peaks below a sharp end, the likelihood grows for ever as the shape falls."""
    peaks = np.append(np.linspace(0.99, 1, 9), 0.5)
    assert fit_tail(peaks) == (-1, 1)


def test_peaks_that_repeat_count_as_often_as_they_are_there():
    peaks = np.round(np.random.default_rng(0).exponential(size=500), 1) + 0.05
    twice = np.concatenate([peaks, peaks])
    assert fit_tail(twice) == pytest.approx(fit_tail(peaks), rel=1e-6)
