"""Every metric refuses what it cannot be computed from, and names what and where."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit.metrics import UndefinedMetric, best_f1_threshold, evaluate
from benchkit.metrics.evaluation import ALARM_METRICS, SCORE_METRICS

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
    "texts": (["0", "1", "1"], "alarms must be 0 or 1, got 0 at index 0"),
}


def refuses(function, labels, values, message):
    """Check for a ValueError of this message, and not the one that says it is undefined."""
    with pytest.raises(ValueError) as caught:
        function(np.array(labels), np.array(values))
    assert str(caught.value) == message
    assert not isinstance(caught.value, UndefinedMetric)


@pytest.mark.parametrize("name", [*OVER_SCORES, *ALARM_METRICS])
@pytest.mark.parametrize("what", LABELS)
def test_labels_are_refused(name, what):
    """That are not 0 and 1 in a row."""
    refuses((OVER_SCORES | ALARM_METRICS)[name], LABELS[what][0], [0, 1, 1], LABELS[what][1])


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


@pytest.mark.parametrize("name", [*OVER_SCORES, *ALARM_METRICS])
def test_nothing_is_refused(name):
    """There is no metric of no points."""
    what = "scores" if name in OVER_SCORES else "alarms"
    refuses((OVER_SCORES | ALARM_METRICS)[name], [], [], f"labels and {what} are empty")
