"""Fewer vertices for the same picture: no spike is lost, no gap is bridged."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchkit.metrics.ranking import Ranking
from benchkit.report.plots.roc import trace_pr, trace_roc
from benchkit.report.plots.thinning import column_starts, take_cover, take_envelope, thin_curve

RANDOM = np.random.default_rng(0)


@given(
    n=st.integers(1, 3000),
    columns=st.integers(1, 400),
    begins=st.lists(st.integers(-5, 3100), max_size=30),
    seed=st.integers(0, 99),
)
@settings(max_examples=60)
def test_no_spike_is_lost(n, columns, begins, seed):
    """In every column the polyline has the lowest and the highest value that is there."""
    values = np.random.default_rng(seed).standard_cauchy(n)
    x, y = take_envelope(values, begins, columns)
    assert len(x) <= 6 * min(columns, n)
    known, starts = np.isfinite(x), column_starts(n, columns)
    column = np.searchsorted(starts, x[known], side="right") - 1
    for number, part in enumerate(np.split(values, starts[1:])):
        here = y[known][column == number]
        assert (here.min(), here.max()) == (part.min(), part.max())


@pytest.mark.parametrize("n", [50, 5000])
@pytest.mark.parametrize("count", [1, 7, 40])
def test_a_gap_is_not_bridged(n, count):
    """Between the last vertex before a gap and the first after it stands a NaN."""
    begins = np.unique(RANDOM.integers(1, n, count))
    x, _ = take_envelope(RANDOM.random(n), begins.tolist(), 100)
    for before, after in itertools.pairwise(x):
        if np.isfinite(before) and np.isfinite(after):
            assert not np.any((begins > before) & (begins <= after))


def test_gaps_closer_than_a_pixel_leave_strokes_apart():
    """With more gaps than columns no line leads from one column to the next."""
    x, _ = take_envelope(RANDOM.random(10_000), list(range(0, 10_000, 3)), 100)
    pieces = [p for p in np.split(x, np.flatnonzero(np.isnan(x))) if np.isfinite(p).any()]
    assert len(pieces) == 100
    assert max(np.nanmax(p) - np.nanmin(p) for p in pieces) < 100


def test_a_short_line_is_the_line_itself():
    """With fewer values than columns every value is a vertex."""
    values = RANDOM.random(30)
    x, y = take_envelope(values, [0], 100)
    assert dict(zip(x, y, strict=True)) == dict(enumerate(values))


def test_a_single_anomalous_point_of_a_million_is_shaded():
    """A column is covered where one of its points is."""
    flags = np.zeros(1_000_000, dtype=bool)
    flags[[123_456, 999_999]] = True
    cover = take_cover(flags, 900)
    assert len(cover) == 2
    for (start, stop), at in zip(cover, (123_456, 999_999), strict=True):
        assert start <= at < stop <= start + 1200


def test_short_stretches_are_covered_exactly():
    """With fewer points than columns the cover is the stretches of True."""
    flags = np.array([1, 1, 0, 0, 1, 0, 1], dtype=bool)
    assert take_cover(flags, 100).tolist() == [[0, 2], [4, 5], [6, 7]]


def _distance(x, y, to_x, to_y):
    """Return how far each of some points is from a polyline."""
    least = np.full(len(x), np.inf)
    for i in range(len(to_x) - 1):
        dx, dy = to_x[i + 1] - to_x[i], to_y[i + 1] - to_y[i]
        length = dx * dx + dy * dy
        at = ((x - to_x[i]) * dx + (y - to_y[i]) * dy) / length if length else np.zeros(len(x))
        at = np.clip(at, 0, 1)
        least = np.minimum(least, np.hypot(x - to_x[i] - at * dx, y - to_y[i] - at * dy))
    return least


@pytest.mark.parametrize("trace", [trace_roc, trace_pr])
@pytest.mark.parametrize("overlap", [0.2, 1.0, 5.0])
def test_a_thinned_curve_is_the_curve(trace, overlap):
    """No vertex of the exact curve is farther from it than twice the tolerance."""
    labels = RANDOM.random(20_000) < 0.1
    scores = RANDOM.normal(0, overlap, 20_000) + labels
    x, y = trace(Ranking.of(labels, scores))
    thin_x, thin_y = thin_curve(x, y, 0.001)
    assert len(thin_x) <= 1000
    assert (thin_x[0], thin_y[0], thin_x[-1], thin_y[-1]) == (x[0], y[0], x[-1], y[-1])
    assert _distance(x, y, thin_x, thin_y).max() <= 0.002


def test_a_wild_curve_has_no_more_vertices_than_asked_for():
    """Where the tolerance would need more it is made coarser."""
    x = np.linspace(0, 1, 50_000)
    assert len(thin_curve(x, RANDOM.random(50_000), 0.0001, most=300)[0]) <= 300


def test_the_area_under_the_steps_is_average_precision():
    """The drawn precision-recall curve is the one whose area the boards give."""
    from benchkit.metrics import auc_pr

    labels = RANDOM.random(500) < 0.2
    scores = RANDOM.normal(0, 1, 500).round(1) + labels
    x, y = trace_pr(Ranking.of(labels, scores))
    assert np.sum(np.diff(x) * y[1:]) == pytest.approx(auc_pr(labels, scores))
