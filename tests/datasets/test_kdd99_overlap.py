"""Test rows that also stand in train are found, all of them and no other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchkit.data import Dataset
from benchkit_datasets.kdd99.overlap import drop_seen, is_in_train

few = st.sampled_from([0.0, -0.0, 1.0, 0.25])


@given(
    arrays(np.float32, st.tuples(st.integers(0, 20), st.just(3)), elements=few),
    arrays(np.float32, st.tuples(st.integers(0, 20), st.just(3)), elements=few),
)
def test_rows_are_compared_by_all_their_values(train, test):
    """As a comparison of every row with every row does it; 0 and -0 are the same."""
    slow = [any(np.array_equal(row, other) for other in train) for row in test]
    assert is_in_train(train, test).tolist() == slow


def test_what_is_left_out_is_noted_and_the_rest_keeps_its_order():
    rows = np.arange(12, dtype=np.float32).reshape(6, 2)
    labels = np.array([0, 0, 0, 1, 1, 0], bool)
    clean = drop_seen(Dataset(rows[[1, 3]], rows, labels, notes=("Before.",)))
    assert clean.test.tolist() == rows[[0, 2, 4, 5]].tolist()
    assert clean.labels.tolist() == [False, False, True, False]
    assert clean.notes == (
        "Before.",
        "1 of 4 normal test rows and 1 of 2 attack rows also occur in train and are dropped.",
    )
