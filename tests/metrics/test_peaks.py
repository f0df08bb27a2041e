"""The threshold of a fitted tail."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import genpareto

from benchkit.metrics.peaks import fit_pot


def test_pot_reaches_beyond_all_it_has_seen():
    """The point of a fitted tail: 500 scores say nothing about one in 100,000 otherwise."""
    draws = np.random.default_rng(2).exponential(size=500)
    assert fit_pot(draws, risk=1e-5).threshold > draws.max()


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
    assert fit_pot(draws).threshold == pytest.approx(best_threshold, rel=0.01)


def test_pot_moves_with_the_scores():
    """Other units give the same alarms."""
    draws = np.random.default_rng(4).exponential(size=3000)
    there = fit_pot(draws * 1e-6 + 5).threshold
    assert there == pytest.approx(fit_pot(draws).threshold * 1e-6 + 5, rel=1e-9)
