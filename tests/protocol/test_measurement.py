"""What the parent makes of scores."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit.protocol.measurement import check_scores, measure
from benchkit.protocol.trial import InvalidScores, as_scores
from benchkit.registry.builtin_metrics import METRICS
from benchkit.registry.specs import MetricSpec

LABELS = np.array([0, 0, 0, 1, 1], dtype=bool)
SCORES = np.array([0.1, 0.4, 0.2, 0.9, 0.3])
CALIBRATION = np.linspace(0, 0.35, 101)


def broken_metric(labels, scores):
    raise ZeroDivisionError("of all things")


def infinite_metric(labels, scores):
    return float("inf")


def test_every_thresholded_metric_names_its_policy():
    """Nothing over alarms is reported without saying how scores became alarms."""
    metrics = measure(LABELS, SCORES, CALIBRATION, METRICS).metrics
    over_alarms = {s.name for s in METRICS if s.kind == "alarm"}
    assert {name for name in metrics if "@" not in name} == {"auc_roc", "auc_pr"}
    assert {f"{m}@{p}" for m in over_alarms for p in ("train_q99", "oracle")} < metrics.keys()


def test_the_training_threshold_is_the_quantile_of_the_calibration_scores():
    """train_q99 sees the calibration tail and not a single test score or label."""
    first = measure(LABELS, SCORES, CALIBRATION, METRICS)
    other = measure(~LABELS, SCORES * 7 + 1, CALIBRATION, METRICS)
    assert first.thresholds["train_q99"] == pytest.approx(np.quantile(CALIBRATION, 0.99))
    assert first.thresholds["train_q99"] == other.thresholds["train_q99"]


def test_a_detectors_own_threshold_is_a_policy():
    """Where it has one, and else there is no such metric rather than an undefined one."""
    with_one = measure(LABELS, SCORES, CALIBRATION, METRICS, own_threshold=0.3465)
    without = measure(LABELS, SCORES, CALIBRATION, METRICS)
    assert with_one.metrics["precision@own"] == with_one.metrics["precision@train_q99"]
    assert with_one.thresholds["own"] == 0.3465
    assert not [name for name in (*without.metrics, *without.undefined) if "@own" in name]


def test_values_are_those_worked_out_by_hand():
    """Threshold 0.3465 raises alarms at 0.4 and 0.9: one of two is right, one of two found."""
    metrics = measure(LABELS, SCORES, CALIBRATION, METRICS).metrics
    assert metrics["precision@train_q99"] == 0.5
    assert metrics["recall@train_q99"] == 0.5
    assert metrics["f1@oracle"] == pytest.approx(0.8)
    assert metrics["auc_roc"] == pytest.approx(5 / 6)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("broken_metric", "the metric raised ZeroDivisionError: of all things"),
        ("infinite_metric", "the metric returned inf"),
    ],
)
def test_a_metric_that_fails_is_undefined_with_the_reason(name, reason):
    """A stranger's metric cannot end a run, nor put an infinity on a board."""
    spec = MetricSpec("theirs", "breaks", f"{__name__}:{name}")
    result = measure(LABELS, SCORES, CALIBRATION, [spec])
    assert result.metrics == {"theirs": None}
    assert result.undefined == {"theirs": reason}


def test_without_anomalies_the_oracle_has_no_threshold():
    """Metrics at the oracle's threshold are undefined then, others only may be."""
    result = measure(np.zeros(5, dtype=bool), SCORES, CALIBRATION, METRICS)
    assert "oracle" not in result.thresholds
    assert result.metrics["precision@oracle"] is None
    assert result.undefined["precision@oracle"] == "no point is anomalous"
    assert result.metrics["precision@train_q99"] == 0


def test_only_the_sanity_row_may_be_constant():
    """One single value ranks nothing; the row that shows what that is worth is exempt."""
    constant = np.ones(4)
    with pytest.raises(InvalidScores, match="all 4 test scores are 1"):
        check_scores(constant, "test", points=4, may_be_constant=False)
    check_scores(constant, "test", points=4, may_be_constant=True)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_first_score_that_is_not_finite_is_named(bad):
    """So that its author finds it."""
    with pytest.raises(
        InvalidScores, match="1 of 4 test scores are NaN or infinite, the first at 2"
    ):
        check_scores(np.array([1, 2, bad, 4]), "test", points=4, may_be_constant=False)


def test_scores_keep_single_precision_and_become_double_otherwise():
    """Rounding to fewer digits would make ties that the detector did not make."""
    assert as_scores(np.ones(3, np.float32), (3,)).dtype == np.float32
    assert as_scores([1, 2, 3], (3,)).dtype == np.float64


def test_a_column_of_scores_is_refused():
    """Shape (n, 1) may be one score a row or a mistake; the message says what is wanted."""
    with pytest.raises(
        InvalidScores, match=r"shape \(3, 1\) where one score per row means \(3,\)"
    ):
        as_scores(np.ones((3, 1)), (3,))
