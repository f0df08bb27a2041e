"""Precision and recall over ranges (Tatbul et al. 2018).

"Precision and Recall for Time Series", NeurIPS 2018, arXiv 1803.03639. The settings are those of
TSB-AD and of the examples in the authors' code: alpha, the weight of merely touching an event, is
0.2 in recall (it has no place in precision, section 4.2); the positional bias delta is flat; and
the cardinality factor gamma is the reciprocal of the number of ranges that overlap.
"""

from __future__ import annotations

import numpy as np

from benchkit.metrics.alarms import Alarms
from benchkit.metrics.checks import check_share
from benchkit.metrics.events import found_events, harmonic_mean
from benchkit.metrics.metric import over_alarms
from benchkit.metrics.neighbours import previous_larger
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.runs import Runs, count_touching, running_totals

ALPHA = 0.2
"""The weight of the existence reward in range recall."""


def best_range_f1_level(ranking: Ranking) -> int:
    """Return the level at which `range_f1` is best, the highest of several.

    Exact over all distinct scores, but for the rounding of sums: of thresholds within 1e-12 of one
    another it may take either. Raises `UndefinedMetric` where no point is anomalous.
    """
    ranking.labels.need_anomalies()
    return int(np.argmax(harmonic_mean(_precisions(ranking), _recalls(ranking))))


@over_alarms(oracle=best_range_f1_level)
def range_precision(alarms: Alarms) -> float:
    """Return the mean over stretches of alarms of the share that is anomalous.

    Divided by the number of events that the stretch touches. Raises `UndefinedMetric` where there
    is no alarm.
    """
    alarms.need_alarms()
    return float(np.mean(_rewards(alarms.runs, alarms.labels.events, len(alarms.flags))))


@over_alarms(oracle=best_range_f1_level)
def range_recall(alarms: Alarms, alpha: float = ALPHA) -> float:
    """Return the mean over events of a reward for being found and one for being covered.

    ``alpha`` for having an alarm at all, and 1 - ``alpha`` times the share of points with one,
    divided by the number of stretches of alarms that touch the event. Raises `UndefinedMetric`
    where no point is anomalous.
    """
    alpha = check_share("alpha", alpha)
    alarms.labels.need_anomalies()
    rewards = _rewards(alarms.labels.events, alarms.runs, len(alarms.flags))
    return float(np.mean(alpha * (rewards > 0) + (1 - alpha) * rewards))


@over_alarms(oracle=best_range_f1_level)
def range_f1(alarms: Alarms) -> float:
    """Return the harmonic mean of `range_precision` and `range_recall`.

    TSB-AD gives 0 where every point has an alarm. It is 0 where there is no alarm. Raises
    `UndefinedMetric` where no point is anomalous.
    """
    alarms.labels.need_anomalies()
    if not alarms.flagged:
        return 0.0
    return float(harmonic_mean(range_precision.of(alarms), range_recall.of(alarms)))


def _rewards(ranges: Runs, others: Runs, n: int) -> np.ndarray:
    """Return the overlap reward of each range, shape (ranges,): flat bias, reciprocal factor."""
    if not len(others):
        return np.zeros(len(ranges))
    covered = np.append(0, np.cumsum(others.lengths))

    def count(places: np.ndarray) -> np.ndarray:
        """Return the number of points of the others that lie before each place."""
        whole = np.searchsorted(others.starts, places, side="right")
        last = np.maximum(whole - 1, 0)
        over = np.maximum(others.stops[last] - places, 0)
        return np.where(whole > 0, covered[whole] - over, 0)

    shared = count(ranges.stops) - count(ranges.starts)
    return shared / ranges.lengths / np.maximum(count_touching(ranges, others), 1)


def _recalls(ranking: Ranking) -> np.ndarray:
    """Return `range_recall` for a threshold at each level, shape (levels,).

    A point that becomes an alarm changes the reward of its event alone: one point more is covered,
    and the number of stretches changes by one less the number of neighbours that have an alarm.
    """
    labels, size = ranking.labels, len(ranking.thresholds)
    starts, lengths = labels.events.starts, labels.events.lengths
    event = np.repeat(np.arange(len(starts)), lengths)
    levels = ranking.levels[labels.flags].astype(np.int64)
    begins = np.append(True, event[1:] != event[:-1])
    begun = begins[1:] | (levels[1:] < levels[:-1])  # a stretch may begin here
    ended = ~begins[1:] & (levels[1:] < levels[:-1])  # until the neighbour on the left is an alarm
    # What happens in events, as (event, level, points more, stretches more).
    key = event * size
    when = np.concatenate([key + levels, (key[1:] + levels[:-1])[ended]])
    stretches = np.concatenate([[1], begun.astype(np.int64), np.full(int(ended.sum()), -1)])
    points = (np.arange(len(when)) < len(levels)).astype(np.int64)
    order = np.argsort(when)
    when = when[order]
    last = np.append(when[1:] != when[:-1], True)
    at = when[last]
    where = at // size
    first = np.append(True, where[1:] != where[:-1])
    covered = running_totals(np.cumsum(points[order])[last], first)
    count = running_totals(np.cumsum(stretches[order])[last], first)
    reward = covered / lengths[where] / count
    gain = reward - np.where(first, 0, np.append(0, reward[:-1]))
    overlap = np.cumsum(np.bincount(at % size, weights=gain, minlength=size))
    return (ALPHA * found_events(ranking) + (1 - ALPHA) * overlap) / len(starts)


def _precisions(ranking: Ranking) -> np.ndarray:
    """Return `range_precision` for a threshold at each level, shape (levels,).

    Every stretch that there ever is has a point with its lowest score, appears at the level of
    that point, and merges with its neighbours at the higher score of the two beside it. Those that
    touch no event are counted and have no reward, so that beside an event only those points matter
    that are lower than all between them and it.
    """
    levels, size, n = ranking.levels, len(ranking.thresholds), len(ranking)
    points = _in_sight(ranking)
    seen = levels[points]
    m = len(points)
    left = previous_larger(seen)
    right = m - 1 - previous_larger(seen[::-1])[::-1]
    twin = previous_larger(seen, or_equal=True)
    own = np.flatnonzero((twin < 0) | (seen[twin] != seen))  # one point for each stretch
    left, right = left[own], right[own]
    start = np.where(left < 0, 0, points[left] + 1)
    stop = np.where(right == m, n, points[np.minimum(right, m - 1)])
    anomalous = np.append(0, np.cumsum(ranking.labels.flags))
    shared = anomalous[stop] - anomalous[start]
    touched = count_touching(Runs(start, stop), ranking.labels.events)
    reward = shared / (stop - start) / np.maximum(touched, 1)
    death = np.minimum(
        np.where(left < 0, size, seen[left]),
        np.where(right == m, size, seen[np.minimum(right, m - 1)]),
    )
    total = np.bincount(seen[own], weights=reward, minlength=size + 1)
    total -= np.bincount(death, weights=reward, minlength=size + 1)
    begun = np.append(True, levels[1:] < levels[:-1])
    stretches = np.bincount(levels[begun], minlength=size)
    stretches -= np.bincount(levels[:-1][begun[1:]], minlength=size)
    return np.cumsum(total[:size]) / np.cumsum(stretches)


def _in_sight(ranking: Ranking) -> np.ndarray:
    """Return in order the anomalous points, and those lower than all between them and an event."""
    flags = ranking.labels.flags
    stretch = np.cumsum(np.append(False, flags[1:] != flags[:-1]), dtype=np.int32)
    keep = flags.copy()
    for step in (1, -1):
        # Each stretch is higher than those before it, so that the running maximum begins anew.
        height = (stretch if step == 1 else stretch[-1] - stretch).astype(np.int64)
        height *= len(ranking.thresholds)
        height += ranking.levels
        height = height[::step]
        keep[::step][0] = True
        keep[::step][1:] |= height[1:] > np.maximum.accumulate(height)[:-1]
    return np.flatnonzero(keep)
