"""All metrics at once, for people who use nothing else of benchkit."""

from __future__ import annotations

import inspect
import subprocess
import sys

import numpy as np
import pytest

from benchkit import metrics
from benchkit.metrics import evaluate
from benchkit.metrics.evaluation import ALARM_METRICS, LEGACY, SCORE_METRICS
from benchkit.protocol.thresholds import find_threshold
from benchkit.registry.builtin_metrics import METRICS

GENERATOR = np.random.default_rng(0)
LABELS = np.zeros(400, dtype=int)
LABELS[50:80] = LABELS[200] = LABELS[390:] = 1
SCORES = GENERATOR.normal(size=400) + LABELS
CALIBRATION = GENERATOR.normal(size=300)
TAIL = GENERATOR.normal(size=2000)
HUGE = np.resize([-1.7e308, 1.6e308, 1.7e308], 900)
"""Calibration scores whose differences no float can say."""


def test_gives_plain_floats_under_the_names_of_the_boards():
    """Everything that is not legacy, at the oracle's threshold and at the calibrated one."""
    values = evaluate(LABELS, SCORES, calibration=CALIBRATION)
    assert all(type(value) is float for value in values.values())
    assert {"vus_roc", "vus_pr", "auc_roc", "auc_pr", "f1@oracle", "f1@train_q99"} < values.keys()
    assert not [name for name in values if name.partition("@")[0] in LEGACY]


def test_a_value_is_that_of_the_function_of_its_name():
    """Sharing one sort changes nothing."""
    values = evaluate(LABELS, SCORES, window=20, calibration=CALIBRATION)
    alarms = np.quantile(CALIBRATION, 0.99) < SCORES
    assert values["vus_pr"] == metrics.vus_pr(LABELS, SCORES, window=20)
    assert values["auc_roc"] == metrics.auc_roc(LABELS, SCORES)
    assert values["range_f1@train_q99"] == metrics.range_f1(LABELS, alarms)


def test_computes_what_is_asked_for():
    """In that order, legacy metrics and other percentages included."""
    names = ["pa_f1@oracle", "vus_pr", "f1@train_q97.5"]
    assert list(evaluate(LABELS, SCORES, names, calibration=CALIBRATION)) == names


def test_one_name_is_enough():
    """A text is one name, not a list of letters."""
    assert evaluate(LABELS, SCORES, "vus_pr") == evaluate(LABELS, SCORES, ["vus_pr"])


@pytest.mark.parametrize("name", ["f1@0.7", "f1@.7", "f1@+7e-1"])
def test_a_number_is_a_threshold(name):
    """An alarm is a score above it."""
    assert evaluate(LABELS, SCORES, name) == {name: metrics.f1(LABELS, SCORES > 0.7)}


def test_a_number_below_0_is_a_threshold_too():
    """Scores may well be negative."""
    found = evaluate(LABELS, SCORES, "recall@-1")
    assert found == {"recall@-1": metrics.recall(LABELS, SCORES > -1)}


def test_the_detectors_own_threshold_is_a_policy_where_it_is_given():
    """And then among all that can be computed."""
    found = evaluate(LABELS, SCORES, own_threshold=0.5)
    assert found["f1@own"] == metrics.f1(LABELS, SCORES > 0.5)
    assert "f1@own" not in evaluate(LABELS, SCORES)


def test_the_tail_of_calibration_scores_is_a_policy():
    """The same as the harness's."""
    threshold = find_threshold("pot", TAIL, SCORES).value
    found = evaluate(LABELS, SCORES * 3, "recall@pot", calibration=TAIL)
    assert found == {"recall@pot": metrics.recall(LABELS, threshold < SCORES * 3)}
    assert found["recall@pot"] > 0


@pytest.mark.parametrize(
    "calibration",
    [TAIL[:100], np.zeros(900), HUGE, HUGE.astype(np.longdouble) * 4],
    ids=["few", "0", "far", "wide"],
)
def test_without_a_tail_there_is_no_metric_at_it(calibration):
    """Few scores, scores that are all the same, and some that no number is the distance of."""
    assert evaluate(LABELS, SCORES, "f1@pot", calibration=calibration) == {"f1@pot": None}


def test_a_share_of_anomalies_is_a_policy():
    """So many of the test scores raise an alarm."""
    found = evaluate(LABELS, SCORES, "precision@contamination_10")
    alarms = np.quantile(SCORES, 0.9) < SCORES
    assert alarms.sum() == 40
    assert found == {"precision@contamination_10": metrics.precision(LABELS, alarms)}


def test_what_is_undefined_is_none():
    """Never 0, and not NaN, which would pass for a number in a mean."""
    values = evaluate(np.zeros(400), SCORES)
    assert values["vus_pr"] is values["f1@oracle"] is None
    values = evaluate(LABELS, SCORES, ["precision@train_q99"], calibration=CALIBRATION + 100)
    assert values == {"precision@train_q99": None}


def test_a_clock_gives_alarms_per_day():
    """Without one the column is left out."""
    assert "false_alarms_per_day@oracle" not in evaluate(LABELS, SCORES)
    assert evaluate(LABELS, SCORES, period=60.0)["false_alarms_per_day@oracle"] > 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("vus-pr", "'vus-pr' is no metric; did you mean 'vus_pr'?"),
        ("VUS-PR", "'VUS-PR' is no metric; did you mean 'vus_pr'?"),
        ("vus", "did you mean 'vus_pr'?"),
        ("AUC", "'AUC' is no metric; did you mean 'auc_roc'?"),
        ("roc_auc", "did you mean 'auc_roc'?"),
        ("AUC ROC", "did you mean 'auc_roc'?"),
        ("average_precision", "did you mean 'auc_pr'?"),
        ("AUC_PR", "did you mean 'auc_pr'?"),
        ("AUPRC", "did you mean 'auc_pr'?"),
        ("f1@best", "did you mean 'f1@oracle'?"),
        ("F1@Oracle", "did you mean 'f1@oracle'?"),
        ("f1_score@q99", "did you mean 'f1@train_q99'?"),
        ("PA%K@oracle", "did you mean 'pa_k_f1@oracle'?"),
        ("f1", "'f1' is no metric; say at which threshold: f1@oracle, f1@train_q99"),
        ("f1@nan", "'f1@nan' is no metric; say at which threshold"),
        ("f1@1e999", "a threshold must be a finite number, got inf"),
        ("f1@spot", "did you mean 'f1@pot'?"),
        ("f1@pot", "pot needs calibration scores: give calibration="),
        ("f1@own", "own needs the detector's threshold: give own_threshold="),
        ("something else", "'something else' is no metric; there are vus_pr, "),
        (5, "metrics are named by texts such as 'vus_pr', got 5"),
        ("auc_pr@oracle", "auc_pr is over all thresholds: leave out '@oracle'"),
        ("f1@train_q99", "train_q99 needs calibration scores: give calibration="),
    ],
)
def test_a_wrong_name_is_an_error_that_says_the_right_one(name, message):
    """Before anything is computed from it."""
    with pytest.raises(ValueError, match=message.replace("?", "[?]")):
        evaluate(LABELS, SCORES, [name])


@pytest.mark.parametrize(
    ("calibration", "message"),
    [
        ([], "not empty"),
        ([[1.0]], "one-dimensional"),
        ([1.0, np.nan], "got nan at index 1"),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), "1 of 2 calibration scores are masked"),
        (["a"], "calibration scores must be numbers"),
    ],
)
def test_calibration_scores_are_checked(calibration, message):
    """Like scores."""
    with pytest.raises(ValueError, match=message):
        evaluate(LABELS, SCORES, calibration=calibration)


def test_calibration_scores_may_be_yes_and_no():
    """As scores may: half of them 1 means that 99 % are not above 1."""
    found = evaluate(LABELS, SCORES, "f1@train_q99", calibration=CALIBRATION > 0)
    assert found == {"f1@train_q99": metrics.f1(LABELS, SCORES > 1)}


def test_an_own_threshold_is_a_number():
    """And finite."""
    with pytest.raises(ValueError, match="^own_threshold must be a finite number, got nan"):
        evaluate(LABELS, SCORES, own_threshold=np.nan)


def test_the_arrays_are_left_as_they_were():
    """Nobody's labels or scores are written to."""
    labels, scores = LABELS.copy(), SCORES.copy()
    labels.flags.writeable = scores.flags.writeable = False
    evaluate(labels, scores, calibration=CALIBRATION)


def test_the_harness_has_the_same_metrics():
    """A metric by the same name is the same function, and legacy is legacy in both."""
    assert {spec.name for spec in METRICS} == SCORE_METRICS.keys() | ALARM_METRICS.keys()
    assert {spec.name for spec in METRICS if spec.legacy} == LEGACY
    for spec in METRICS:
        table = SCORE_METRICS if spec.kind == "score" else ALARM_METRICS
        module, _, function = spec.target.partition(":")
        assert getattr(sys.modules[module], function) is table[spec.name]


def test_every_metric_is_a_function_of_the_package():
    """`from benchkit.metrics import vus_pr` for all of them, with a docstring and a signature."""
    for name in [*SCORE_METRICS, *ALARM_METRICS]:
        function = getattr(metrics, name)
        assert name in metrics.__all__
        assert function.__doc__.startswith("Return ")
        first = list(inspect.signature(function).parameters)[:2]
        assert first == ["labels", "scores" if name in SCORE_METRICS else "alarms"]


def test_needs_numpy_alone():
    """Neither scipy nor any other part of benchkit is imported."""
    code = (
        "import sys; from benchkit.metrics import evaluate; evaluate([0, 1, 0], [0, 2, 1]);"
        "print(*(m for m in sys.modules if m.startswith(('scipy', 'pandas', 'torch', 'sklearn'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
