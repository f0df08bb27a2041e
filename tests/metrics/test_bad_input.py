"""Every metric refuses what it cannot be computed from, and names what and where."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchkit import metrics
from benchkit.metrics import UndefinedMetric, best_f1_threshold, checks, evaluate
from benchkit.metrics.evaluation import ALARM_METRICS, SCORE_METRICS
from benchkit.registry import specs

OVER_SCORES = {**SCORE_METRICS, "best_f1_threshold": best_f1_threshold, "evaluate": evaluate}
LABELS = {
    "a label of 2": ([0, 1, 2], "labels must be 0 or 1, got 2 at index 2"),
    "a label of -1": ([-1, 1, 1], "labels must be 0 or 1, got -1 at index 0"),
    "a NaN label": ([0, 1, np.nan], "labels must be 0 or 1, got nan at index 2"),
    "2-D labels": ([[0, 1, 1]], "labels must be one-dimensional, got shape (1, 3)"),
    "a number": (1, "labels must be one-dimensional, got shape ()"),
}
SCORES = {
    "a NaN": ([1.0, np.nan, 1.0], "scores must be finite, got nan at index 1"),
    "infinity": ([1.0, 1.0, -np.inf], "scores must be finite, got -inf at index 2"),
    "fewer": ([0, 1], "there are 3 labels but 2 scores"),
    "2-D": ([[0], [1], [1]], "scores must be one-dimensional, got shape (3, 1)"),
    "texts": (["0", "1", "1"], "scores must be numbers, got <U1"),
    "objects": ([None, 1, 1], "scores must be numbers, got object"),
    "complex numbers": ([1j, 1, 1], "scores must be numbers, got complex128"),
}
ALARMS = {
    "a NaN": ([1.0, np.nan, 1.0], "alarms must be 0 or 1, got nan at index 1"),
    "a score": ([1.0, 1.0, 0.3], "alarms must be 0 or 1, got 0.3 at index 2"),
    "fewer": ([0, 1], "there are 3 labels but 2 alarms"),
    "2-D": ([[0], [1], [1]], "alarms must be one-dimensional, got shape (3, 1)"),
    "texts": (["0", "1", "1"], "alarms must be 0 or 1, got '0' at index 0"),
}


EVERYTHING = {**OVER_SCORES, **ALARM_METRICS}
WINDOWED = ["vus_pr", "vus_pr_dense", "vus_roc", "range_auc_pr", "range_auc_roc", "evaluate"]


def refuses(function, labels, values, message):
    """Check for a ValueError of this message, and not the one that says it is undefined."""
    with pytest.raises(ValueError) as caught:
        function(np.array(labels), np.array(values))
    assert str(caught.value) == message
    assert not isinstance(caught.value, UndefinedMetric)


@pytest.mark.parametrize("name", EVERYTHING)
@pytest.mark.parametrize("what", LABELS)
def test_labels_are_refused(name, what):
    """That are not 0 and 1 in a row."""
    refuses(EVERYTHING[name], LABELS[what][0], [0, 1, 1], LABELS[what][1])


@pytest.mark.parametrize("name", OVER_SCORES)
@pytest.mark.parametrize("what", SCORES)
def test_scores_are_refused(name, what):
    """That are not a finite number for each label."""
    refuses(OVER_SCORES[name], [0, 1, 1], *SCORES[what])


@pytest.mark.parametrize("name", ALARM_METRICS)
@pytest.mark.parametrize("what", ALARMS)
def test_alarms_are_refused(name, what):
    """That are not 0 or 1 for each label: half an alarm is a mistake of the caller."""
    refuses(ALARM_METRICS[name], [0, 1, 1], *ALARMS[what])


@pytest.mark.parametrize("name", EVERYTHING)
def test_nothing_is_refused(name):
    """There is no metric of no points."""
    what = "scores" if name in OVER_SCORES else "alarms"
    refuses(EVERYTHING[name], [], [], f"labels and {what} are empty")


@pytest.mark.parametrize("name", EVERYTHING)
@pytest.mark.parametrize("masked", ["labels", "values"])
def test_masked_values_are_refused(name, masked):
    """As an array they would come back as what the mask was to hide."""
    arrays = {"labels": np.array([0, 1, 1]), "values": np.array([0, 1, 1])}
    arrays[masked] = np.ma.array(arrays[masked], mask=[False, True, False])
    what = "labels" if masked == "labels" else "scores" if name in OVER_SCORES else "alarms"
    with pytest.raises(ValueError, match=f"^1 of 3 {what} are masked: leave these points out"):
        EVERYTHING[name](arrays["labels"], arrays["values"])


def test_a_mask_that_hides_nothing_is_no_hindrance():
    """Then it is an array like any other."""
    assert metrics.auc_roc(np.ma.array([0, 1, 1]), np.ma.array([0, 2, 1])) == 1


@pytest.mark.parametrize("name", EVERYTHING)
def test_labels_and_values_of_different_indices_are_refused(name):
    """One row's label would meet another's score: those of pandas must be in the same order."""
    labels, values = pd.Series([0, 1, 1]), pd.Series([1, 0, 1], index=[1, 0, 2])
    with pytest.raises(ValueError, match="different indices, 0 and 1 at place 0: align them"):
        EVERYTHING[name](labels, values)


def test_the_same_index_is_taken_in_its_order():
    """Whatever it is, and whichever type says it."""
    labels, scores = pd.Series([0, 1, 1], index=[7, 3, 5]), pd.Series([0.1, 2, 1], index=[7, 3, 5])
    assert metrics.auc_roc(labels, scores) == metrics.auc_roc(labels, scores.to_numpy()) == 1


@pytest.mark.parametrize("name", WINDOWED)
@pytest.mark.parametrize(
    "window", [np.nan, np.inf, 2.5, -1, "100", True, None, [3], 10_001, 2**99]
)
def test_a_window_is_a_whole_number_from_0_to_10_000(name, window):
    """Of points: a million would take hours, or all memory. The message says what it was."""
    message = "^window must be a whole number from 0 to 10,000, got "
    with pytest.raises(ValueError, match=message) as caught:
        EVERYTHING[name]([0, 1, 0], [1, 2, 3], window=window)
    assert str(caught.value).endswith(repr(window))


def test_a_label_that_is_a_text_is_shown_as_one():
    """As 0 it would look right."""
    with pytest.raises(ValueError, match="^labels must be 0 or 1, got '0' at index 0$"):
        metrics.auc_roc(["0", "1"], [1, 2])


def test_a_dataset_has_no_window_that_metrics_refuse():
    """Their limits are one number."""
    assert specs.WIDEST == checks.WIDEST


@pytest.mark.parametrize("window", [3.0, np.int8(3), np.array(3)])
def test_a_whole_number_of_any_type_is_a_window(window):
    """Also where it came out of an array."""
    labels, scores = [0, 0, 1, 0, 0], [1, 3, 2, 0, 0]
    assert metrics.vus_pr(labels, scores, window) == metrics.vus_pr(labels, scores, 3)


@pytest.mark.parametrize("period", [np.nan, np.inf, 0, -60, "60", True])
def test_a_period_is_a_number_above_0(period):
    """Of seconds."""
    for function in (metrics.false_alarms_per_day, evaluate):
        with pytest.raises(ValueError, match="^period must be a number of seconds above 0, got "):
            function([0, 1, 0], [1, 0, 0], period=period)


@pytest.mark.parametrize("alpha", [np.nan, -0.1, 1.1, "0.2"])
def test_alpha_is_a_share(alpha):
    """The weight of touching an event."""
    with pytest.raises(ValueError, match="^alpha must be a number from 0 to 1, got "):
        metrics.range_recall([0, 1, 0], [1, 0, 0], alpha=alpha)


@pytest.mark.parametrize("labels", [pd.array([0, None, 1]), [None, 0, 1], ["a", 0, 1], [1j, 0, 1]])
def test_labels_that_are_no_numbers_are_refused(labels):
    """Missing ones of pandas among them."""
    with pytest.raises(ValueError, match="^labels must be 0 or 1, got "):
        metrics.auc_roc(labels, [0, 1, 2])


def test_what_is_no_array_is_refused():
    """With what numpy says about it."""
    with pytest.raises(ValueError, match="^scores are a list that is no array: "):
        metrics.auc_roc([0, 1], [[1], [1, 2]])
