"""Whether rows get the same scores in another call, without which a threshold means nothing."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import numpy as np

from benchkit.errors import describe_error
from benchkit.windowing import cut_segments

FEWEST, MOST = 256, 1000
"""Points of the calibration tail that are scored again; half as many of the test part go along."""
SHARE = 0.05
"""Of all points that were scored, as many are scored again, within these bounds."""
TOLERANCE = 1e-3
"""Of the spread of scores: further apart are two scores not the same. Single precision and batches
of another size move them by some 1e-6."""
ALLOWED = 0.05
"""The share of points that may be further apart."""
LONGEST = 50_000
"""Of tails that are scored again at their full length."""
_LEAST = 8

Score = Callable[[np.ndarray, tuple[int, ...]], np.ndarray]
"""Scores rows or sequences, given the rows at which segments begin; returns (points,)."""


def check_consistency(
    score: Score,
    tail: np.ndarray,
    test: np.ndarray,
    calibration: np.ndarray,
    scores: np.ndarray,
    segments: tuple[int, ...],
    frames: int | None,
) -> list[str]:
    """Return a warning where the same rows get other scores in another call, else nothing.

    The beginning of the calibration tail is scored once more, followed by the test rows around the
    highest score. A detector that scales its scores within a call, by their range, their spread or
    their ranks, gives the same rows others then; so does one that changes with each call. Only the
    first half of these rows is compared: what lies before them is what lay before them, and the
    windows of a detector that looks ahead do not reach what follows otherwise. Where they differ,
    it is done again with as many rows as the tail has, since where blocks begin that are counted
    from the last row depends on that alone.

    Parameters
    ----------
    score
        Calls the detector.
    tail, test
        What was scored, as the detector is given it: (rows, channels) or (sequences, frames,
        height, width).
    calibration, scores
        What came of it, (points,) each.
    segments
        Of the tail.
    frames
        Where rows are the frames of image sequences, how many each has.
    """
    each = tail.shape[1] if tail.ndim == 4 else 1
    group = frames or 1
    points = min(max(FEWEST, round(SHARE * (len(calibration) + len(scores)))), MOST)
    count = min(len(tail), max(points // each, 2)) // group * group
    compared = count // 2 // group * group
    if compared * each < _LEAST:
        return []
    peak = int(scores.argmax()) // each

    def score_again(count: int, more: int) -> np.ndarray:
        start = max(0, min(peak - more // 2, len(test) - more)) // group * group
        batch = np.concatenate([tail[:count], test[start : start + more]])
        begins = (*cut_segments(segments, 0, count), count)
        return score(batch, begins)[: compared * each]

    more = max(compared, group)
    before = calibration[: compared * each]
    try:
        first = score_again(count, more)
        if not _differ(before, first, calibration):
            return []
        second = score_again(count, more)
        if not _differ(first, second, calibration) and len(tail) <= LONGEST:
            more = max(min(len(tail) // 4, len(test)) // group, 1) * group
            count = len(tail) - more
            if not _differ(before, score_again(count, more), calibration):
                return []
    except Exception as error:  # noqa: BLE001  a detector's own code; the scores are safe
        traceback.print_exc()  # to the trial's log
        return [
            f"whether scores depend on what else is scored could not be seen: scoring "
            f"{count + more} rows again raised {describe_error(error)}"
        ]
    if _differ(first, second, calibration):
        return [
            "scores change from call to call: the same rows, scored twice, got others; keep no "
            "state in decision_function, and draw from random_state anew in each call"
        ]
    return [
        "scores depend on what else is in the call, or on earlier calls: the same rows of the "
        "calibration tail got others beside other rows, so a threshold from the tail means "
        "nothing in the test part; scale scores by what fit saw, not within decision_function"
    ]


def _differ(before: np.ndarray, after: np.ndarray, calibration: np.ndarray) -> bool:
    """Whether more scores than allowed, (points,) each, are further apart than the tolerance."""
    low, high = np.quantile(calibration, [0.1, 0.9])
    spread = float(high - low) or float(np.ptp(calibration))
    apart = np.abs(np.subtract(after, before, dtype=np.float64))
    # Written so that NaN counts as apart.
    return bool(np.mean(~(apart <= TOLERANCE * spread)) > ALLOWED)
