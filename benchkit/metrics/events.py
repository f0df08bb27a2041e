"""Events found and missed, alarms raised for nothing, and how long it took."""

from __future__ import annotations

import numpy as np

from benchkit.metrics.alarms import Alarms
from benchkit.metrics.checks import check_period
from benchkit.metrics.labels import Labels
from benchkit.metrics.metric import over_alarms
from benchkit.metrics.points import best_f1_level
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.runs import count_touching
from benchkit.metrics.undefined import UndefinedMetric

DAY = 86_400.0


def best_event_f1_level(ranking: Ranking) -> int:
    """Return the level at which `event_f1` is best, the highest of several.

    Exact over all distinct scores. Raises `UndefinedMetric` where all points are of one class.
    """
    labels = ranking.labels
    labels.need_anomalies()
    labels.need_normal()
    found = found_events(ranking)
    precision = found / (found + _false_runs(ranking))
    precision = precision * (1 - ranking.false_positives / labels.negatives)
    recall = found / len(labels.events)
    return int(np.argmax(harmonic_mean(precision, recall)))


def best_composite_f1_level(ranking: Ranking) -> int:
    """Return the level at which `composite_f1` is best, the highest of several.

    Exact over all distinct scores. Raises `UndefinedMetric` where no point is anomalous.
    """
    ranking.labels.need_anomalies()
    precision = ranking.true_positives / ranking.flagged
    recall = found_events(ranking) / len(ranking.labels.events)
    return int(np.argmax(harmonic_mean(precision, recall)))


@over_alarms(oracle=best_event_f1_level)
def event_recall(alarms: Alarms) -> float:
    """Return the share of events with an alarm in them.

    Raises `UndefinedMetric` where no point is anomalous.
    """
    alarms.labels.need_anomalies()
    return int(np.count_nonzero(_hits(alarms))) / len(alarms.labels.events)


@over_alarms(oracle=best_event_f1_level)
def event_precision(alarms: Alarms) -> float:
    """Return events found / (events found + false alarms), times the share of normal points alone.

    A false alarm is a stretch of alarms that touches no event. The second factor is one minus
    `false_alarm_rate` and keeps one long alarm from passing for a precise one: without it, to
    always alarm would be perfect (Sehili & Zhang 2023, arXiv 2308.13068, section on event-wise
    metrics). Raises `UndefinedMetric` where there is no alarm or every point is anomalous.
    """
    alarms.need_alarms()
    alarms.labels.need_normal()
    found = int(np.count_nonzero(_hits(alarms))) if alarms.labels.positives else 0
    alone = 1 - alarms.false_positives / alarms.labels.negatives
    return found / (found + count_false_alarms(alarms)) * alone


@over_alarms(oracle=best_event_f1_level)
def event_f1(alarms: Alarms) -> float:
    """Return the harmonic mean of `event_precision` and `event_recall`.

    It is 0 where there is no alarm. Raises `UndefinedMetric` where all points are of one class.
    """
    alarms.labels.need_anomalies()
    alarms.labels.need_normal()
    if not alarms.flagged:
        return 0.0
    return float(harmonic_mean(event_precision.of(alarms), event_recall.of(alarms)))


@over_alarms(oracle=best_composite_f1_level)
def composite_f1(alarms: Alarms) -> float:
    """Return the harmonic mean of precision over points and recall over events.

    Garg et al. 2021 ("An Evaluation of Anomaly Detection and Diagnosis in Multivariate Time
    Series", IEEE TNNLS), F1 composite. TSB-AD calls it event-based F1, and loses the last point of
    an event at the end of the series. It is 0 where there is no alarm. Raises `UndefinedMetric`
    where no point is anomalous.
    """
    alarms.labels.need_anomalies()
    if not alarms.flagged:
        return 0.0
    precision = alarms.true_positives / alarms.flagged
    return float(harmonic_mean(precision, event_recall.of(alarms)))


@over_alarms(oracle=best_f1_level)
def detection_delay(alarms: Alarms) -> float:
    """Return the points from an event's first to its first alarm, as a mean over events found.

    Lower is better, and only beside `event_recall`: an event that is missed has no delay. Raises
    `UndefinedMetric` where no event is found.
    """
    alarms.labels.need_anomalies()
    starts, stops = alarms.labels.events.starts, alarms.labels.events.stops
    flagged = np.flatnonzero(alarms.flags & alarms.labels.flags)
    place = np.searchsorted(flagged, starts)
    first = np.append(flagged, len(alarms.flags))[place]  # of the next event where this has none
    found = first < stops
    if not found.any():
        raise UndefinedMetric("no event is found")
    return float(np.mean((first - starts)[found]))


@over_alarms(oracle=best_f1_level)
def false_alarms_per_1000(alarms: Alarms) -> float:
    """Return the number of false alarms per 1,000 normal points.

    A false alarm is a stretch of alarms that touches no event, however long: read it beside
    `false_alarm_rate`. Lower is better. Raises `UndefinedMetric` where every point is anomalous.
    """
    alarms.labels.need_normal()
    return count_false_alarms(alarms) * 1000 / alarms.labels.negatives


@over_alarms(oracle=best_f1_level)
def false_alarms_per_day(alarms: Alarms, period: float | None = None) -> float:
    """Return the number of false alarms per day of normal operation.

    As `false_alarms_per_1000`; ``period`` is in seconds a point. Raises `UndefinedMetric` also
    where the series has no clock, that is without a period.
    """
    period = check_period(period)
    if period is None:
        raise UndefinedMetric("the series has no clock")
    alarms.labels.need_normal()
    return count_false_alarms(alarms) * DAY / (alarms.labels.negatives * period)


def count_false_alarms(alarms: Alarms) -> int:
    """Return the number of stretches of alarms in which no point is anomalous."""
    return int(np.count_nonzero(count_touching(alarms.runs, alarms.labels.events) == 0))


def found_events(ranking: Ranking) -> np.ndarray:
    """Return the number of events found by a threshold at each level, shape (levels,)."""
    first = ranking.share(first_levels)
    return np.cumsum(np.bincount(first, minlength=len(ranking.thresholds)))


def first_levels(ranking: Ranking) -> np.ndarray:
    """Return the level of the highest score in each event, int32, shape (events,)."""
    return reduce_runs(np.minimum, ranking.levels, ranking.labels)


def reduce_runs(function: np.ufunc, values: np.ndarray, labels: Labels) -> np.ndarray:
    """Reduce values of shape (n,) over the points of each event, shape (events,)."""
    # (events, 2) -> (2 * events,)
    ends = np.column_stack([labels.events.starts, labels.events.stops]).ravel()
    if len(ends) and ends[-1] == len(values):
        ends = ends[:-1]
    return function.reduceat(values, ends)[::2]


def harmonic_mean(one: np.ndarray | float, other: np.ndarray | float) -> np.ndarray:
    """Return the harmonic mean of two numbers from 0, elementwise; 0 where both are."""
    total, product = np.add(one, other), np.asarray(np.multiply(one, other))
    product *= 2
    return np.divide(product, total, out=product, where=total > 0)


def _hits(alarms: Alarms) -> np.ndarray:
    """Return which events have an alarm, shape (events,)."""
    return reduce_runs(np.logical_or, alarms.flags, alarms.labels)


def _false_runs(ranking: Ranking) -> np.ndarray:
    """Return the number of false alarms, for a threshold at each level, shape (levels,).

    Within a stretch of normal points there are as many runs as points with an alarm whose left
    neighbour in it has none. Those that go on into the event on one side are no false alarms, and
    one that does so on both sides has been taken away twice.
    """
    levels, size = ranking.levels, len(ranking.thresholds)
    gaps = Labels(~ranking.labels.flags)
    starts, lasts = gaps.events.starts, gaps.events.stops - 1
    before, after = starts[starts > 0], lasts[lasts < len(levels) - 1]
    inside = ~ranking.labels.flags[1:] & ~ranking.labels.flags[:-1]
    begun = inside & (levels[1:] < levels[:-1])
    change = np.bincount(levels[1:][begun], minlength=size)
    change -= np.bincount(levels[:-1][begun], minlength=size)
    change += np.bincount(levels[starts], minlength=size)
    change -= np.bincount(np.maximum(levels[before - 1], levels[before]), minlength=size)
    change -= np.bincount(np.maximum(levels[after + 1], levels[after]), minlength=size)
    both = (starts > 0) & (lasts < len(levels) - 1)
    whole = np.maximum.reduce(
        [
            levels[starts[both] - 1],
            reduce_runs(np.maximum, levels, gaps)[both],
            levels[lasts[both] + 1],
        ]
    )
    change += np.bincount(whole, minlength=size)
    return np.cumsum(change)
