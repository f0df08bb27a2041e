"""Precision, recall and F1 of alarms against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_score, recall_score

from benchkit.metrics import UndefinedMetric, f1, precision, recall

REFERENCES = [(precision, precision_score), (recall, recall_score), (f1, f1_score)]
pairs = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


@pytest.mark.parametrize(("metric", "reference"), REFERENCES, ids=lambda f: f.__name__)
@given(pairs=pairs, dtype=st.sampled_from([bool, int, float, np.uint8]))
def test_is_that_of_scikit_learn_or_undefined(metric, reference, pairs, dtype):
    """Where scikit-learn has a value it is that value; where it has none there is a reason."""
    labels, alarms = (np.array(column, dtype=dtype) for column in zip(*pairs, strict=True))
    try:
        value = metric(labels, alarms)
    except UndefinedMetric as reason:
        missing = alarms if "has an alarm" in str(reason) else labels
        assert not missing.any()
    else:
        expected = reference(labels.astype(int), alarms.astype(int), zero_division=np.nan)
        assert value == pytest.approx(expected, abs=1e-12)


def test_precision_without_alarms_does_not_exist():
    """Nothing was claimed, so nothing can be right or wrong."""
    with pytest.raises(UndefinedMetric, match="^no point has an alarm$"):
        precision(np.array([0, 1]), np.array([0, 0]))


@pytest.mark.parametrize("metric", [recall, f1])
def test_recall_and_f1_without_anomalies_do_not_exist(metric):
    """There is nothing that could be found."""
    with pytest.raises(UndefinedMetric, match="^no point is anomalous$"):
        metric(np.array([0, 0]), np.array([0, 1]))


def test_f1_without_alarms_is_zero():
    """A detector that never raises the alarm found nothing, which is a value and a bad one."""
    assert f1(np.array([0, 1]), np.array([0, 0])) == 0
