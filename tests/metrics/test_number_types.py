"""Scores of any number type and of any size are compared as the numbers that they are."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from benchkit.metrics import best_f1_threshold, evaluate, f1
from benchkit.metrics.evaluation import ALARM_METRICS, SCORE_METRICS
from benchkit.metrics.quantiles import quantile

LARGE = 2**53
"""From here on floats round whole numbers."""
HUGE = 1.7e308
LEVELS = {
    "int64": np.array([-LARGE - 1, LARGE, LARGE + 1, LARGE + 2, LARGE + 3]),
    "uint64": np.array([0, LARGE, LARGE + 1, LARGE + 2, 2**64 - 1], dtype=np.uint64),
    "uint8": np.array([0, 1, 253, 254, 255], dtype=np.uint8),
    "bool": np.array([False, True, True, True, True]),
    "float16": np.array([-65504, 1, 1.001, 1.002, 65504], dtype=np.float16),
    "float32": np.array([-3.4028235e38, 1, 1 + 2**-23, 2, 3.4028235e38], dtype=np.float32),
    "float64": np.array([-HUGE, 1, 1 + 2**-52, 2, HUGE]),
    "longdouble": 1 + np.arange(5) * np.finfo(np.longdouble).eps,
}
"""Five rising scores of each type, some of them next to each other, some at its ends."""
NAMES = [*SCORE_METRICS, *(f"{name}@oracle" for name in ALARM_METRICS)]
PLACES = np.array([0, 3, 1, 4, 2, 2, 0, 1, 3, 4])
LABELS = np.array([0, 0, 0, 1, 1, 0, 0, 0, 1, 1])


@pytest.fixture(autouse=True)
def no_warning():
    """Make errors of numpy's warnings, the sign of an overflow."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("kind", LEVELS)
def test_every_metric_is_that_of_the_order(kind):
    """To the bit, at the best threshold and over all of them."""
    scores = LEVELS[kind][PLACES]
    order = np.unique(scores, return_inverse=True)[1]
    assert evaluate(LABELS, scores, NAMES) == evaluate(LABELS, order, NAMES)


@pytest.mark.parametrize("kind", LEVELS)
@pytest.mark.parametrize("first", [1, 2, 3, 4])
def test_the_best_threshold_is_a_number_of_that_type(kind, first):
    """Compared with the scores as numpy does it, it raises the best alarms."""
    scores = LEVELS[kind][PLACES]
    labels = np.isin(PLACES, range(first, 5))
    found = f1(labels, scores > best_f1_threshold(labels, scores))
    assert found == evaluate(labels, scores, "f1@oracle")["f1@oracle"]


@pytest.mark.parametrize("kind", LEVELS)
@pytest.mark.parametrize("place", range(5))
def test_a_score_at_the_threshold_raises_no_alarm(kind, place):
    """The detector's own, and that of calibration scores which are all the same."""
    level = LEVELS[kind][place]
    level = int(level) if kind == "bool" else level
    scores = LEVELS[kind][PLACES]
    expected = f1(LABELS, scores > level)
    names = ["f1@own", "f1@train_q99"]
    found = evaluate(LABELS, scores, names, calibration=np.full(7, level), own_threshold=level)
    assert found == dict.fromkeys(names, expected)


@pytest.mark.parametrize(
    ("calibration", "threshold"),
    [
        ([-HUGE, HUGE], HUGE / 2),
        (np.array([-65504, 65504], dtype=np.float16), 32752),
        (np.array([-3e38, 3e38], dtype=np.float32), 1.5e38),
        ([False, True], 0.75),
        (np.array([-(2**63), 2**63 - 1]), 2**62 - 1),
        (np.array([0, 2**64 - 1], dtype=np.uint64), 3 * 2**62 - 1),
    ],
    ids=["float64", "float16", "float32", "bool", "int64", "uint64"],
)
def test_a_quantile_lies_between_its_neighbours(calibration, threshold):
    """Also where their difference is more than their type can say; of large ints rounded down."""
    assert quantile(np.asarray(calibration), 0.75) == pytest.approx(threshold, rel=1e-7)
    found = evaluate(LABELS, PLACES, "recall@train_q75", calibration=calibration)
    assert found == {"recall@train_q75": float(np.mean(PLACES[LABELS == 1] > threshold))}


def test_quantiles_are_those_of_numpy():
    """To the bit, where numpy can say them."""
    values = np.random.default_rng(0).normal(size=1001)
    for share in (0.01, 0.5, 0.98, 0.99, 0.995):
        assert quantile(values, share) == np.quantile(values, share)
