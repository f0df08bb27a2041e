"""Point adjustment, and what Kim et al. made of it so that noise no longer wins."""

from __future__ import annotations

import numpy as np

from benchkit.metrics.alarms import Alarms
from benchkit.metrics.events import first_levels, reduce_runs
from benchkit.metrics.metric import over_alarms
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.runs import spread

SHARES = range(101)
"""The values of K, in percent of an event's points, that PA%K is averaged over."""

BLOCK = 2**14
"""Points that are looked at in one go, few enough to stay in the processor's cache."""


def best_pa_f1_level(ranking: Ranking) -> int:
    """Return the level at which `pa_f1` is best, the highest of several.

    Exact over all distinct scores. Raises `UndefinedMetric` where no point is anomalous.
    """
    labels = ranking.labels
    labels.need_anomalies()
    hits = np.bincount(
        ranking.share(first_levels),
        weights=labels.events.lengths,
        minlength=len(ranking.thresholds),
    ).cumsum()
    return int(np.argmax(_f1(hits, ranking.false_positives, labels.positives)))


def best_pa_k_f1_level(ranking: Ranking) -> int:
    """Return the level at which `pa_k_f1` is best, the highest of several.

    Exact over all distinct scores. A point of an event that becomes an alarm adds one hit, or the
    rest of the event where it is the one that takes the share above K, or none after that. Raises
    `UndefinedMetric` where no point is anomalous.
    """
    labels = ranking.labels
    labels.need_anomalies()
    lengths = labels.events.lengths
    event = np.repeat(np.arange(len(lengths)), lengths)
    levels = ranking.levels[labels.flags]
    by_event = np.lexsort([levels, event])
    place = np.empty(len(levels), dtype=np.int64)  # of a point in its event, from 1
    place[by_event] = spread(np.ones_like(lengths), lengths)
    order = np.argsort(levels)
    levels, place, length = levels[order], place[order], lengths[event[order]]
    area = np.zeros(len(levels))
    hits = np.zeros(len(SHARES))
    for begin in range(0, len(levels), BLOCK):
        block = slice(begin, begin + BLOCK)
        alarms = labels.positives + ranking.false_positives[levels[block]].astype(float)
        for percent in SHARES:
            needed = percent * length[block] // 100 + 1
            rest = np.where(place[block] == needed, length[block] - needed + 1, 0)
            found = np.cumsum(np.where(place[block] < needed, 1, rest)) + hits[percent]
            hits[percent] = found[-1]
            area[block] += _weight(percent) * found / (found + alarms)
    # No other threshold can be the best one than the score of an anomalous point.
    last = np.append(levels[1:] != levels[:-1], True)
    return int(levels[last][np.argmax(area[last])])


@over_alarms(oracle=best_pa_f1_level)
def pa_f1(alarms: Alarms) -> float:
    """Return F1 after every event with an alarm in it counts as alarmed throughout.

    For comparison with old tables only: with the best threshold, noise reaches .99 where events
    are long (Kim et al. 2022, arXiv 2109.05257). TSB-AD never adjusts the first point of a series.
    It is 0 where there is no alarm. Raises `UndefinedMetric` where no point is anomalous.
    """
    return _adjusted_f1(alarms, _hits(alarms), 0)


@over_alarms(oracle=best_pa_k_f1_level)
def pa_k_f1(alarms: Alarms) -> float:
    """Return the area under the curve of F1 over PA%K, for K from 0 to 100.

    An event counts as alarmed throughout where more than K % of its points have an alarm: K = 0 is
    `pa_f1`, K = 100 is F1 (Kim et al. 2022, arXiv 2109.05257, section 4.2). The area is the
    trapezoid rule over whole percents, divided by 100; shares are compared as whole numbers, where
    the authors' code rounds K / 100. It is 0 where there is no alarm. Raises `UndefinedMetric`
    where no point is anomalous.
    """
    hits = _hits(alarms)
    return sum(_weight(percent) * _adjusted_f1(alarms, hits, percent) for percent in SHARES)


def _weight(percent: int) -> float:
    return (0.5 if percent in (SHARES[0], SHARES[-1]) else 1.0) / SHARES[-1]


def _hits(alarms: Alarms) -> np.ndarray:
    """Return the number of points with an alarm in each event, shape (events,)."""
    alarms.labels.need_anomalies()
    return reduce_runs(np.add, alarms.flags.astype(np.int64), alarms.labels)


def _adjusted_f1(alarms: Alarms, hits: np.ndarray, percent: int) -> float:
    lengths = alarms.labels.events.lengths
    adjusted = np.where(100 * hits > percent * lengths, lengths, hits).sum()
    return float(_f1(adjusted, alarms.false_positives, alarms.labels.positives))


def _f1(hits: np.ndarray, misses: np.ndarray | int, positives: int) -> np.ndarray:
    return 2 * hits / (hits + misses + positives)
