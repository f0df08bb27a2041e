"""A few image sequences of the test part, for people to look at beside their scores."""

from __future__ import annotations

import numpy as np

from benchkit.results.folder import Examples

COUNT = 8
"""Sequences."""
MOST_VALUES = 2_000_000
"""Pixels of all of them together."""


def choose_examples(test: np.ndarray, scores: np.ndarray, labels: np.ndarray) -> Examples | None:
    """Return the sequences with the most anomalous and the most normal frame, and some of others.

    The others are spread evenly over the sequences with an anomalous frame and those without, half
    and half: no choice that flatters.

    Parameters
    ----------
    test
        (sequences, frames, height, width).
    scores, labels
        (points,): the frames of all sequences one after the other.

    Returns
    -------
    Examples or None
        None where even one sequence has more pixels than `MOST_VALUES`.
    """
    count = min(COUNT, MOST_VALUES // test[0].size, len(test))
    if count == 0:
        return None
    # (points,) -> (sequences, frames)
    scores, labels = (a.reshape(test.shape[:2]) for a in (scores, labels))
    extremes = [int(scores.max(axis=1).argmax()), int(scores.min(axis=1).argmin())]
    anomalous = labels.any(axis=1)
    spread = [_spread(np.flatnonzero(kind), count) for kind in (anomalous, ~anomalous)]
    turns = [s for pair in zip(*spread, strict=False) for s in pair] + spread[0] + spread[1]
    chosen = list(dict.fromkeys([*extremes, *turns]))[:count]
    return Examples(np.array(chosen), np.asarray(test[chosen], np.float32))


def _spread(numbers: np.ndarray, count: int) -> list[int]:
    count = min(count, len(numbers))
    places = np.linspace(0, max(len(numbers) - 1, 0), count).round().astype(int)
    return [int(n) for n in numbers[places]]
