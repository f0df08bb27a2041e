"""What the metrics cost at the size of SWaT; metrics_vs_reference.py has them beside TSB-AD's.

Bounds are on processor time, with slack for a machine slower than the one in docs/performance.md.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from benchkit.metrics import evaluate
from benchkit.metrics.evaluation import ALARM_METRICS, SCORE_METRICS
from tests.benchmarks.metrics_vs_reference import SWAT_EVENTS, make_series, measure_memory
from tests.benchmarks.metrics_vs_reference import SWAT_POINTS as POINTS
from tests.pace import within

EVERYTHING = [*SCORE_METRICS, *(f"{name}@oracle" for name in ALARM_METRICS)]


@pytest.fixture(scope="module")
def series():
    """Return labels and scores like SWaT's."""
    return make_series(POINTS)


def test_the_series_is_like_swat(series):
    """As long, with as many events, and about as many anomalous points."""
    labels, scores = series
    assert len(labels) == len(scores) == POINTS
    assert np.count_nonzero(np.diff(labels) == 1) == SWAT_EVENTS
    assert 0.09 < labels.mean() < 0.15


@pytest.mark.parametrize(
    ("names", "bound"),
    [(["vus_roc", "vus_pr"], 0.3), (["vus_pr_dense"], 0.3), (None, 2.0), (EVERYTHING, 4.0)],
    ids=["vus", "dense", "default", "everything"],
)
def test_a_series_is_measured_in_time(names, bound, series):
    """VUS in 0.15 s in either form, the default metrics in 1 s, all in 2 s; twice is allowed."""

    def measure() -> float:
        started = time.process_time()
        evaluate(*series, names)
        return time.process_time() - started

    within(bound, measure, took=float, like="sort")


def test_memory_stays_below_twenty_times_the_scores():
    """Whatever is computed on the way."""
    assert measure_memory(np.float64) < 20
