"""The nearest larger value on the left, against looking for it one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.metrics.neighbours import previous_larger


@pytest.mark.parametrize("or_equal", [False, True])
@given(values=st.lists(st.integers(-3, 3), min_size=1, max_size=40))
def test_is_the_nearest_on_the_left(or_equal, values):
    """-1 where there is none; an equal one counts where that is asked for."""
    expected = []
    for i, value in enumerate(values):
        larger = [j for j in range(i) if values[j] > value or (or_equal and values[j] == value)]
        expected.append(max(larger, default=-1))
    assert previous_larger(np.array(values), or_equal=or_equal).tolist() == expected


@pytest.mark.parametrize("step", [1, -1])
def test_takes_no_longer_on_sorted_values(step):
    """A million values in order, which looking one by one would take days for."""
    values = np.arange(1_000_000, dtype=np.int32)[::step]
    expected = np.full(len(values), -1) if step == 1 else np.arange(-1, len(values) - 1)
    assert np.array_equal(previous_larger(values), expected)
