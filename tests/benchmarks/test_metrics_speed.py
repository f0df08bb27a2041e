"""How fast every metric is, alone and all of them together, at a tenth of SWaT's size."""

from __future__ import annotations

import pytest

from benchkit.metrics import evaluate
from benchkit.metrics.evaluation import ALARM_METRICS, SCORE_METRICS
from tests.benchmarks.metrics_vs_reference import SWAT_POINTS, make_series

POINTS = SWAT_POINTS // 10
NAMES = [*SCORE_METRICS, *(f"{name}@oracle" for name in ALARM_METRICS)]


@pytest.fixture(scope="module")
def series():
    return make_series(POINTS)


@pytest.mark.parametrize("name", NAMES)
def test_a_metric(name, series, timed):
    """The sort of the scores included."""
    found = timed(
        evaluate,
        *series,
        [name],
        period=1.0,
        like="sort",
        size=f"{POINTS:,} points, 35 events",
    )
    assert found[name] is not None


def test_all_metrics(series, timed):
    """From one sort."""
    found = timed(
        evaluate,
        *series,
        NAMES,
        period=1.0,
        like="sort",
        size=f"{POINTS:,} points, 35 events, {len(NAMES)} metrics",
    )
    assert len(found) == len(NAMES)
