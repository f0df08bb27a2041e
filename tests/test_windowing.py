"""Windows are views, cover every row, and never reach over a gap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit import windows


@given(
    st.integers(1, 8),
    st.integers(1, 8),
    st.lists(st.integers(1, 25), min_size=1, max_size=6),
)
def test_windows_are_the_slices_that_begin_at_their_starts(length, step, stretches):
    """Of every stretch each step-th, and the last one, and none that reaches into the next."""
    rows = sum(stretches)
    if rows < length:
        return
    X = np.arange(2 * rows).reshape(rows, 2)
    segments = np.cumsum([0, *stretches[:-1]])
    view, starts = windows(X, length, step, segments)
    expected = []
    for begin, size in zip(segments, stretches, strict=True):
        last = begin + size - length
        if last >= begin:
            expected += sorted({*range(begin, last, step), last})
    assert starts.tolist() == expected
    for start in starts:
        assert np.array_equal(view[start], X[start : start + length])


def test_every_row_is_in_a_window_where_the_step_is_no_longer():
    """Also the last ones, which no full step reaches."""
    starts = windows(np.zeros((103, 2)), 30, 10)[1]
    assert set(range(103)) == {s + i for s in starts for i in range(30)}


def test_nothing_is_copied():
    """Two million rows are cut into windows without a byte for them."""
    X = np.zeros((2_000_000, 3), np.float32)
    view, _ = windows(X, 30, 10)
    assert np.shares_memory(view, X)
    assert not view.flags.writeable


@pytest.mark.parametrize("wrong", [{"length": 0}, {"length": 3, "step": 0}, {"length": 11}])
def test_a_window_that_cannot_be_is_refused(wrong):
    """With the numbers in the message."""
    with pytest.raises(ValueError, match=r"0|11"):
        windows(np.zeros((10, 1)), **wrong)


@pytest.mark.parametrize("segments", [(1,), (0, 5, 5), (0, 12), ()])
def test_segments_that_do_not_ascend_from_the_first_row_are_refused(segments):
    """Rather than windows at rows nobody meant."""
    with pytest.raises(ValueError, match="segments must be ascending"):
        windows(np.zeros((10, 1)), 2, 1, segments)
