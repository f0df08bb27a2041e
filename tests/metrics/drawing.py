"""Random labels, scores and alarms with the troubles that real ones have."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st


@st.composite
def stretches(draw, n: int):
    """Draw n flags: long runs, one-point runs, runs at both ends; sometimes mere noise."""
    flags = np.zeros(n, dtype=bool)
    if draw(st.booleans()):
        flags[:] = draw(st.lists(st.booleans(), min_size=n, max_size=n))
        return flags
    spans = st.tuples(st.integers(0, n - 1), st.sampled_from([1, 1, 2, 5, 20]))
    for start, length in draw(st.lists(spans, max_size=4)):
        flags[start : start + length] = True
    flags[draw(st.sampled_from([[], [0], [n - 1], [0, n - 1]]))] = True
    return flags


@st.composite
def labelled(draw, size: int = 50):
    """Draw labels of 2 to ``size`` points, at least one of them anomalous and one normal."""
    n = draw(st.integers(2, size))
    flags = draw(stretches(n))
    if flags.all():
        flags[draw(st.integers(0, n - 1))] = False
    if not flags.any():
        flags[draw(st.integers(0, n - 1))] = True
    return flags


@st.composite
def scores(draw, n: int):
    """Draw scores with and without ties, of whole numbers and floats of any usual type."""
    numbers = draw(
        st.sampled_from(
            [
                st.integers(0, 4),
                st.integers(-(2**40), 2**40),
                st.floats(-1e6, 1e6),
                st.floats(-1, 1, width=32),
            ]
        )
    )
    values = np.array(draw(st.lists(numbers, min_size=n, max_size=n)))
    return values.astype(draw(st.sampled_from([values.dtype, np.float32, np.float64])))


@st.composite
def ranked(draw, size: int = 50):
    """Draw labels and scores of the same points."""
    flags = draw(labelled(size))
    return flags, draw(scores(len(flags)))


@st.composite
def alarmed(draw, size: int = 50):
    """Draw labels, and alarms at some of the same points or none."""
    flags = draw(labelled(size))
    return flags, draw(stretches(len(flags)))


def stretch(values: np.ndarray, steps: list[int]) -> np.ndarray:
    """Return whole numbers in the same order as values, with other distances."""
    levels, index = np.unique(values, return_inverse=True)
    return np.cumsum(steps)[: len(levels)][index]
