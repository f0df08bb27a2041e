"""Every metric refuses what it cannot be computed from, and names what and where."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit import metrics

FUNCTIONS = [getattr(metrics, name) for name in metrics.__all__ if name != "UndefinedMetric"]
CASES = {
    "a NaN": ([0, 1, 1], [1.0, np.nan, 1.0], "scores must be finite, got nan at index 1"),
    "infinity": ([0, 1, 1], [1.0, 1.0, -np.inf], "scores must be finite, got -inf at index 2"),
    "fewer scores": ([0, 1, 1], [0, 1], "there are 3 labels but 2 scores"),
    "a label of 2": ([0, 1, 2], [0, 1, 1], "labels must be 0 or 1, got 2 at index 2"),
    "a label of -1": ([-1, 1, 1], [0, 1, 1], "labels must be 0 or 1, got -1 at index 0"),
    "a NaN label": ([0, np.nan], [0, 1], "labels must be 0 or 1, got nan at index 1"),
    "nothing": ([], [], "labels and scores are empty"),
    "2-D scores": ([0, 1], [[0], [1]], "scores must be one-dimensional, got shape (2, 1)"),
    "2-D labels": ([[0, 1]], [0, 1], "labels must be one-dimensional, got shape (1, 2)"),
    "a number": (1, [0, 1], "labels must be one-dimensional, got shape ()"),
    "texts": ([0, 1], ["0", "1"], "scores must be numbers, got <U1"),
    "objects": ([0, 1], [None, 1], "scores must be numbers, got object"),
    "complex numbers": ([0, 1], [1j, 1], "scores must be numbers, got complex128"),
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("what", CASES)
def test_is_refused(function, what):
    """ValueError, and not the one that says a metric is undefined."""
    labels, scores, message = CASES[what]
    with pytest.raises(ValueError) as caught:
        function(np.array(labels), np.array(scores))
    assert str(caught.value) == message
    assert not isinstance(caught.value, metrics.UndefinedMetric)
