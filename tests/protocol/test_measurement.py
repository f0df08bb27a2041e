"""What the parent makes of scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchkit import metrics
from benchkit.protocol.measurement import check_scores, measure
from benchkit.protocol.trial import InvalidScores, as_scores
from benchkit.protocol.truth import Truth
from benchkit.registry.builtin_metrics import METRICS
from benchkit.registry.specs import MetricSpec

LABELS = np.array([0, 0, 0, 1, 1], dtype=bool)
SCORES = np.array([0.1, 0.4, 0.2, 0.9, 0.3])
CALIBRATION = np.linspace(0, 0.35, 101)
TRUTH = Truth(LABELS)
POLICIES = ("train_q99", "own", "oracle")


def broken_metric(labels, scores):
    raise ZeroDivisionError("of all things")


def infinite_metric(labels, scores):
    return float("inf")


def settings_metric(labels, scores, window, period=None):
    return window + period


def count_metric(labels, alarms):
    return int(alarms.sum())


def writing_metric(labels, scores):
    scores[0] = 7


def test_every_thresholded_metric_names_its_policy():
    """Nothing over alarms is reported without saying how scores became alarms."""
    found = measure(TRUTH, SCORES, CALIBRATION, METRICS, policies=POLICIES).metrics
    over_scores = {s.name for s in METRICS if s.kind == "score"}
    over_alarms = {s.name for s in METRICS if s.kind == "alarm"}
    assert {name for name in found if "@" not in name} == over_scores
    assert {f"{m}@{p}" for m in over_alarms for p in ("train_q99", "oracle")} < found.keys()


def test_the_training_threshold_is_the_quantile_of_the_calibration_scores():
    """train_q99 sees the calibration tail and not a single test score or label."""
    first = measure(TRUTH, SCORES, CALIBRATION, METRICS)
    other = measure(Truth(~LABELS), SCORES * 7 + 1, CALIBRATION, METRICS)
    assert first.thresholds["train_q99"] == pytest.approx(np.quantile(CALIBRATION, 0.99))
    assert first.thresholds["train_q99"] == other.thresholds["train_q99"]


def test_a_policy_says_what_it_promised_beside_what_it_got():
    """The promised share of false alarms, and the metric that is the share there was."""
    found = measure(TRUTH, SCORES, CALIBRATION, METRICS, policies=("train_q90", "oracle"))
    assert found.promised == {"train_q90": 0.1}
    assert found.metrics["false_alarm_rate@train_q90"] == pytest.approx(1 / 3)


def test_what_a_promise_is_worth_stands_beside_it():
    """101 calibration scores cannot promise 1 %, and say 10 % within a factor of two."""
    policies = ("train_q99", "train_q90", "own", "oracle")
    found = measure(TRUTH, SCORES, np.random.default_rng(0).normal(size=101), METRICS, 1, policies)
    assert found.expected.keys() == found.promised.keys() == {"train_q99", "train_q90"}
    mean, low, high = found.expected["train_q99"]
    assert (mean, high) == pytest.approx((0.015, 0.055), rel=0.3)  # of 100: 1.5 / 101 and 0.0545
    assert low < 0.001
    assert found.uncertain == ["train_q99"]


def test_a_detectors_own_threshold_is_a_policy():
    """Where it has one, and else there is no such metric rather than an undefined one."""
    with_one = measure(TRUTH, SCORES, CALIBRATION, METRICS, own_threshold=0.3465)
    without = measure(TRUTH, SCORES, CALIBRATION, METRICS)
    assert with_one.metrics["precision@own"] == with_one.metrics["precision@train_q99"]
    assert with_one.thresholds["own"] == 0.3465
    assert not [name for name in (*without.metrics, *without.undefined) if "@own" in name]


def test_values_are_those_worked_out_by_hand():
    """Threshold 0.3465 raises alarms at 0.4 and 0.9: one of two is right, one of two found."""
    found = measure(TRUTH, SCORES, CALIBRATION, METRICS).metrics
    assert found["precision@train_q99"] == 0.5
    assert found["recall@train_q99"] == 0.5
    assert found["f1@oracle"] == pytest.approx(0.8)
    assert found["auc_roc"] == pytest.approx(5 / 6)


def test_the_recorded_oracle_threshold_is_that_of_f1():
    """Other metrics have their own best threshold, which is not written down."""
    found = measure(TRUTH, SCORES, CALIBRATION, METRICS, policies=("oracle",))
    best = metrics.best_f1_threshold(LABELS, SCORES)
    assert found.thresholds == {"oracle": best}
    assert found.metrics["event_f1@oracle"] == max(
        metrics.event_f1(LABELS, score <= SCORES) for score in SCORES
    )


def test_metrics_get_the_window_and_the_period_of_the_dataset():
    """Ours and a stranger's, by the names of their parameters."""
    truth = Truth(LABELS, window=2, period=30.0)
    theirs = MetricSpec("theirs", "adds", f"{__name__}:settings_metric")
    found = measure(truth, SCORES, CALIBRATION, [*METRICS, theirs]).metrics
    assert found["vus_pr"] == metrics.vus_pr(LABELS, SCORES, window=2)
    assert found["theirs"] == 32
    assert found["false_alarms_per_day@oracle"] is not None


def test_without_a_clock_the_reason_is_given():
    """Null with a reason, never 0."""
    found = measure(TRUTH, SCORES, CALIBRATION, METRICS)
    assert found.metrics["false_alarms_per_day@oracle"] is None
    assert found.undefined["false_alarms_per_day@oracle"] == "the series has no clock"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("broken_metric", "the metric raised ZeroDivisionError: of all things"),
        ("infinite_metric", "the metric returned inf"),
        (
            "writing_metric",
            "the metric raised ValueError: assignment destination is read-only",
        ),
    ],
)
def test_a_metric_that_fails_is_undefined_with_the_reason(name, reason):
    """A stranger's metric cannot end a run, put an infinity on a board, or change the scores."""
    spec = MetricSpec("theirs", "breaks", f"{__name__}:{name}")
    result = measure(TRUTH, SCORES, CALIBRATION, [spec])
    assert result.metrics == {"theirs": None}
    assert result.undefined == {"theirs": reason}
    raised = [text.splitlines()[-1] for text in result.tracebacks]
    assert raised == [reason.removeprefix("the metric raised ")] * ("raised" in reason)


def test_a_strangers_metric_over_alarms_is_given_at_the_best_f1():
    """It has no oracle of its own."""
    spec = MetricSpec("theirs", "counts", f"{__name__}:count_metric", "alarm")
    found = measure(TRUTH, SCORES, CALIBRATION, [spec], policies=POLICIES).metrics
    assert found == {"theirs@train_q99": 2, "theirs@oracle": 3}


def test_without_anomalies_the_oracle_has_no_threshold():
    """Metrics at the oracle's threshold are undefined then, others only may be."""
    result = measure(Truth(np.zeros(5, dtype=bool)), SCORES, CALIBRATION, METRICS)
    assert "oracle" not in result.thresholds
    assert result.metrics["precision@oracle"] is None
    assert result.undefined["precision@oracle"] == "no point is anomalous"
    assert result.metrics["precision@train_q99"] == 0


def test_a_policy_without_a_threshold_leaves_its_metrics_undefined():
    """With the reason, and without a warning: it is nobody's fault."""
    found = measure(TRUTH, SCORES, CALIBRATION, METRICS, policies=("pot",))
    assert found.metrics["f1@pot"] is None
    assert found.undefined["f1@pot"].startswith("no threshold: only 2 of 101 calibration scores")
    assert not found.thresholds
    assert not found.promised
    assert found.warnings == []


def test_a_sequence_is_anomalous_if_a_frame_is():
    """And has the score of its most anomalous frame, and an alarm if a frame has one."""
    generator = np.random.default_rng(2)
    labels, scores = generator.random(60) < 0.1, generator.random(60)
    found = measure(Truth(labels, frames=5), scores, scores[:40], METRICS).metrics
    sequences = labels.reshape(12, 5).any(axis=1), scores.reshape(12, 5).max(axis=1)
    assert found["auc_roc"] == metrics.auc_roc(labels, scores)
    assert found["sequence_auc_roc"] == metrics.auc_roc(*sequences)
    assert found["sequence_auc_pr"] == metrics.auc_pr(*sequences)
    threshold = np.quantile(scores[:40], 0.99)
    alarms = (scores > threshold).reshape(12, 5).any(axis=1)
    assert found["sequence_recall@train_q99"] == metrics.recall(sequences[0], alarms)
    best = max(metrics.f1(sequences[0], sequences[1] >= s) for s in sequences[1])
    assert found["sequence_f1@oracle"] == pytest.approx(best)


def test_images_have_no_events():
    """Frames of separate sequences are not a series: neither VUS nor ranges nor delays."""
    found = measure(Truth(LABELS, frames=1), SCORES, CALIBRATION, METRICS).metrics
    names = {name.partition("@")[0] for name in found}
    pointwise = {"auc_pr", "auc_roc", "f1", "precision", "recall", "false_alarm_rate"}
    assert names == pointwise | {f"sequence_{name}" for name in pointwise}


def test_doubtful_points_are_left_out_of_clear_metrics():
    """The same metric over the other points, beside the one over all."""
    ambiguous = np.array([0, 1, 0, 0, 0], dtype=bool)
    found = measure(Truth(LABELS, ambiguous), SCORES, CALIBRATION, METRICS).metrics
    assert found["auc_roc"] == pytest.approx(5 / 6)
    assert found["clear_auc_roc"] == 1
    assert found["clear_f1@oracle"] == 1
    assert "clear_vus_pr" not in found
    assert not [n for n in measure(TRUTH, SCORES, CALIBRATION, METRICS).metrics if "clear" in n]


def test_where_every_point_is_doubtful_nothing_is_clear():
    """Undefined with the reason."""
    found = measure(Truth(LABELS, np.ones(5, dtype=bool)), SCORES, CALIBRATION, METRICS)
    assert found.metrics["clear_auc_roc"] is None
    assert found.undefined["clear_auc_roc"] == "no point is left"


def test_scores_that_point_the_wrong_way_are_noticed():
    """An area well below one half is a warning."""
    found = measure(TRUTH, -SCORES, CALIBRATION, METRICS)
    assert found.warnings == [
        "AUC-ROC is 0.167, worse than chance: the scores may point the wrong way"
    ]


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


def test_masked_scores_are_refused():
    """What the mask hides would come back as scores."""
    masked = np.ma.array([1.0, 9e99, 2.0], mask=[False, True, False])
    with pytest.raises(InvalidScores, match="masked array, 1 of 3 scores are masked"):
        as_scores(masked, (3,))
    assert as_scores(np.ma.array([1.0, 2.0]), (2,)).tolist() == [1, 2]


def test_anomalies_too_rare_for_vus_pr_are_a_doubt():
    """Its thresholds step over them, so that perfect scores are far from 1."""
    labels = np.zeros(1000, dtype=bool)
    labels[500:510] = True
    scores = np.random.default_rng(0).random(1000) + labels
    found = measure(Truth(labels), scores, CALIBRATION, METRICS)
    assert found.warnings == [
        "anomalies are too rare for VUS-PR: its 250 thresholds are 4 points apart where 10 are "
        "anomalous, so that scores without a mistake may be far from 1; vus_pr_dense has a "
        "threshold at every score there"
    ]
    assert found.metrics["vus_pr_dense"] == pytest.approx(1)


@pytest.mark.parametrize(("points", "positives"), [(1000, 41), (250, 1), (1000, 0)])
def test_where_thresholds_are_enough_there_is_no_doubt(points, positives):
    """Ten of them for as many points as are anomalous, or one at every point."""
    labels = np.arange(points) < positives
    scores = np.random.default_rng(0).random(points) + labels
    assert measure(Truth(labels), scores, CALIBRATION, METRICS).warnings == []


def test_a_threshold_that_is_no_number_is_not_written_down():
    """Of scores down to the lowest number of their type nothing is below: JSON has no infinity."""
    scores = np.full(5, np.finfo(np.float32).min)
    found = measure(Truth(~LABELS & ~LABELS[::-1]), scores, CALIBRATION, METRICS)
    assert found.metrics["f1@oracle"] is not None
    assert "oracle" not in found.thresholds


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (np.array(["1", "2", "3"]), "they are texts"),
        (np.array([1, 2, 3], "M8[s]"), "they are dates"),
        (np.array([1, "2", 3], object), "there is '2' of type str among them"),
        (np.arange(3) + 2**60, "float64 does not tell all of the int64 numbers apart"),
        (
            pd.Series([3.0, 2, 1]).sort_values(),
            r"not in the order of the rows: return .sort_index",
        ),
    ],
)
def test_scores_that_a_cast_would_change_are_refused(scores, message):
    """In silence they became other numbers, or those of other rows."""
    with pytest.raises(InvalidScores, match=message):
        as_scores(scores, (3,))


def test_scores_on_a_large_offset_stay_apart():
    """float64 scores stay float64, and whole numbers that float64 holds become that."""
    scores = 1e9 + np.array([0.0, 1e-6, 2e-6])
    assert np.array_equal(as_scores(scores, (3,)), scores)
    assert as_scores((np.arange(3) + 2**52), (3,)).tolist() == [2**52, 2**52 + 1, 2**52 + 2]
