"""The nearest larger value on either side, for many places at once."""

from __future__ import annotations

import numpy as np

JUMPS = 6
"""Steps from one candidate to the next before the rest is searched for by halving."""


def previous_larger(values: np.ndarray, *, or_equal: bool = False) -> np.ndarray:
    """Return the index of the nearest larger value to the left of every value, -1 for none.

    ``values`` are numbers of shape (n,), and so are the indices; with ``or_equal`` an equal value
    is taken too. Takes at most log n passes over the array, whatever the order of the values.
    """
    n = len(values)
    pass_by = np.less if or_equal else np.less_equal
    index = np.int32 if n < 2**31 else np.int64
    place = np.arange(-1, n - 1, dtype=index)  # all between it and the value is too low
    left = np.arange(1, n, dtype=index)  # places whose candidate may be too low as well
    for _ in range(JUMPS):
        candidate = place[left]
        low = (candidate >= 0) & pass_by(values[candidate], values[left])
        left = left[low]
        # What a low value passed by, a higher one passes by too.
        place[left] = place[candidate[low]]
    if len(left):
        place[left] = _search(values, place[left], values[left], pass_by)
    return place


def _search(
    values: np.ndarray, place: np.ndarray, limit: np.ndarray, pass_by: np.ufunc
) -> np.ndarray:
    """Return the last index, not after ``place``, of a value that does not pass by its limit.

    By maxima over stretches of 2, 4, 8 and so on; -1 for none. ``place`` and ``limit`` have the
    same shape.
    """
    maxima = [values]  # maxima[k][i] is the maximum of values[i : i + 2**k]
    while 2 ** len(maxima) <= len(values):
        half = 2 ** (len(maxima) - 1)
        maxima.append(np.maximum(maxima[-1][:-half], maxima[-1][half:]))
    end = place + 1  # the search is for what lies before
    for power in reversed(range(len(maxima))):
        step = 2**power
        block = maxima.pop()
        begin = end - step
        low = (begin >= 0) & pass_by(block[np.maximum(begin, 0)], limit)
        end = np.where(low, begin, end)
    return end - 1
