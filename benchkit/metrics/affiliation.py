"""Affiliation precision and recall (Huet et al. 2022).

"Local Evaluation of Time Series Anomaly Detection Algorithms", KDD 2022, arXiv 2206.13167. Each
event is judged in its zone, by how much nearer alarms are to it, and it to alarms, than a place
drawn at random would be. A random detector therefore gets about 0.5, and not 0.
"""

from __future__ import annotations

import numpy as np

from benchkit.metrics.alarms import Alarms
from benchkit.metrics.events import harmonic_mean
from benchkit.metrics.metric import over_alarms
from benchkit.metrics.neighbours import previous_larger
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.runs import running_totals, spread
from benchkit.metrics.zones import Zones, find_zones

BLOCK = 2**16
"""Points that are looked at in one go, so that what is computed on the way stays small."""


def best_affiliation_f1_level(ranking: Ranking) -> int:
    """Return the level at which `affiliation_f1` is best, the highest of several.

    Exact over all distinct scores, but for the rounding of sums: of thresholds within 1e-11 of one
    another it may take either. Raises `UndefinedMetric` where no point is anomalous.
    """
    ranking.labels.need_anomalies()
    zones = find_zones(ranking.labels)
    return int(np.argmax(harmonic_mean(_precisions(ranking, zones), _recalls(ranking, zones))))


@over_alarms(oracle=best_affiliation_f1_level)
def affiliation_precision(alarms: Alarms) -> float:
    """Return the mean, over zones with an alarm, of how near their alarms are to their event.

    Raises `UndefinedMetric` where there is no alarm or no point is anomalous.
    """
    alarms.labels.need_anomalies()
    alarms.need_alarms()
    zones = find_zones(alarms.labels)
    zone, a, b = _pieces(alarms, zones)
    size = len(zones.left)
    near = _sum(zone, zones.precision_integral(zone, a, b), size)
    length = _sum(zone, b - a, size)
    judged = length > 0
    return float(np.mean(near[judged] / length[judged] / (2 * zones.width[judged])))


@over_alarms(oracle=best_affiliation_f1_level)
def affiliation_recall(alarms: Alarms) -> float:
    """Return the mean over events of how near they are to the alarms in their zone.

    An event without an alarm in its zone gets 0. Raises `UndefinedMetric` where no point is
    anomalous.
    """
    alarms.labels.need_anomalies()
    zones = find_zones(alarms.labels)
    zone, a, b = _pieces(alarms, zones)
    if not len(zone):
        return 0.0
    size = len(zones.left)
    covered = np.minimum(b, zones.stop[zone]) - np.maximum(a, zones.start[zone])
    last = np.append(zone[1:] != zone[:-1], True)
    first = np.append(True, last[:-1])
    # The gap before each piece of an alarm, and the one after the last in each zone.
    gap_zone = np.append(zone, zone[last])
    gap_a = np.append(np.where(first, zones.left[zone], np.append(0, b[:-1])), b[last])
    gap_b = np.append(a, zones.right[zone[last]])
    is_last = np.arange(len(gap_zone)) >= len(zone)
    near = zones.recall_integral(
        gap_zone,
        gap_a,
        gap_b,
        open_left=np.append(first, np.zeros(int(last.sum()), dtype=bool)),
        open_right=is_last,
    )
    total = _sum(gap_zone, near, size)
    total += 4 * zones.width * _sum(zone, np.maximum(covered, 0), size)
    return float(np.mean(total / (4 * zones.width * zones.length)))


@over_alarms(oracle=best_affiliation_f1_level)
def affiliation_f1(alarms: Alarms) -> float:
    """Return the harmonic mean of `affiliation_precision` and `affiliation_recall`.

    It is 0 where there is no alarm. Raises `UndefinedMetric` where no point is anomalous.
    """
    alarms.labels.need_anomalies()
    if not alarms.flagged:
        return 0.0
    return float(harmonic_mean(affiliation_precision.of(alarms), affiliation_recall.of(alarms)))


def _pieces(alarms: Alarms, zones: Zones) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the stretches of alarms cut at the borders of zones and events: zone, start, stop."""
    starts, stops = 2 * alarms.runs.starts, 2 * alarms.runs.stops
    # (events, 3) -> (3 * events,): before each event, in it, after it
    begins = np.column_stack([zones.left, zones.start, zones.stop]).ravel()
    ends = np.append(begins[1:], zones.right[-1])
    first = np.searchsorted(begins, starts, side="right") - 1
    count = np.searchsorted(begins, stops) - first
    part = spread(first, count)
    a = np.maximum(np.repeat(starts, count), begins[part])
    return part // 3, a, np.minimum(np.repeat(stops, count), ends[part])


def _sum(zone: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Return exact sums of whole numbers by zone; ``zone`` rises."""
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, zone, values)
    return total


def _precisions(ranking: Ranking, zones: Zones) -> np.ndarray:
    """Return `affiliation_precision` for a threshold at each level, shape (levels,).

    A point that becomes an alarm adds its length and its integral to those of its zone. Arrays as
    long as the series are few here, and dropped as soon as they have been used.
    """
    size, n = len(ranking.thresholds), len(ranking)
    begins = -(-zones.left // 2)  # the first point that begins in each zone
    halves = np.flatnonzero(zones.left % 2)  # zones whose left border halves a point
    numbers = np.arange(len(begins), dtype=np.int32)
    zone = np.append(np.repeat(numbers, np.diff(np.append(begins, n))), numbers[halves])
    near, length = np.empty(len(zone), dtype=np.int64), np.empty(len(zone), dtype=np.int8)
    halved = zones.left[halves] // 2
    for begin in range(0, n, BLOCK):
        block = slice(begin, min(begin + BLOCK, n))
        points = np.arange(block.start, block.stop)
        near[block], length[block] = _weigh_points(zones, zone[block], points)
    near[n:], length[n:] = _weigh_points(zones, zone[n:], halved)

    key = zone.astype(np.int64)
    key *= size
    key[:n] += ranking.levels
    key[n:] += ranking.levels[halved]
    order = np.argsort(key)
    key, near, length, zone = key[order], near[order], length[order], zone[order]
    del order
    last = np.append(key[1:] != key[:-1], True)
    key, zone = key[last], zone[last]
    level = (key - zone * np.int64(size)).astype(np.int32)
    del key
    first = np.append(True, zone[1:] != zone[:-1])
    value = running_totals(np.cumsum(near)[last], first).astype(float)
    del near
    value /= running_totals(np.cumsum(length, dtype=np.int64)[last], first)
    value /= (2 * zones.width)[zone]
    opening = value[first]
    value[1:] -= value[:-1].copy()  # by how much the zone's precision changes
    value[first] = opening
    total = np.cumsum(np.bincount(level, weights=value, minlength=size))
    return total / np.cumsum(np.bincount(level[first], minlength=size))


def _weigh_points(
    zones: Zones, zone: np.ndarray, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the precision integral and the length of the parts of points that are in a zone."""
    a = np.maximum(2 * points, zones.left[zone])
    b = np.minimum(2 * points + 2, zones.right[zone])
    return zones.precision_integral(zone, a, b), b - a


def _recalls(ranking: Ranking, zones: Zones) -> np.ndarray:
    """Return `affiliation_recall` for a threshold at each level, shape (levels,).

    Every gap between alarms that there ever is has a point with its highest score, appears when
    both its ends are alarms and is split when that point becomes one. Only gaps that hold a point
    of the event count, so that beside the event only those points matter that are higher than all
    between them and it.
    """
    size, events = len(ranking.thresholds), ranking.labels.events
    zone, point, level = _in_sight(ranking, zones)
    left = previous_larger(-level)
    right = len(level) - 1 - previous_larger(-level[::-1])[::-1]
    twin = previous_larger(-level, or_equal=True)
    own = np.flatnonzero((level >= 0) & (level[twin] != level))  # one point for each gap
    left, right = left[own], right[own]
    birth, death = np.maximum(level[left], level[right]), level[own]
    bounded = birth >= 0  # a zone without an alarm has recall 0
    own, left, right = own[bounded], left[bounded], right[bounded]
    birth, death, zone = birth[bounded], death[bounded], zone[own]
    open_left, open_right = level[left] < 0, level[right] < 0
    near = zones.recall_integral(
        zone,
        np.where(open_left, zones.left[zone], 2 * point[left] + 2),
        np.where(open_right, zones.right[zone], 2 * point[right]),
        open_left=open_left,
        open_right=open_right,
    )
    value = near / (4 * zones.width * zones.length)[zone]
    total = np.bincount(birth, weights=value, minlength=size).astype(float)  # or it is of int
    total -= np.bincount(death, weights=value, minlength=size)
    covered = np.repeat(1 / events.lengths, events.lengths)
    total += np.bincount(ranking.levels[ranking.labels.flags], weights=covered, minlength=size)
    return np.cumsum(total) / len(events)


def _in_sight(ranking: Ranking, zones: Zones) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return zone, point and level of what matters to recall, zone after zone.

    The points of the event, those beside it that are higher than all between, and before each zone
    and after the last a wall of level -1.
    """
    events = ranking.labels.events
    numbers = np.arange(len(events))
    parts = [
        (numbers, np.full(len(events), -1)),
        (np.repeat(numbers, events.lengths), np.flatnonzero(ranking.labels.flags)),
    ]
    for sign, nearest, count in (
        (-1, events.starts - 1, events.starts - zones.left // 2),
        (1, events.stops, -(-zones.right // 2) - events.stops),
    ):
        zone = np.repeat(numbers, count)
        steps = np.arange(len(zone)) - np.repeat(np.cumsum(count) - count, count)
        point = nearest[zone] + sign * steps
        height = zone * (len(ranking.thresholds) + 1) - ranking.levels[point]
        seen = (
            height > np.append(height[:1] - 1, np.maximum.accumulate(height)[:-1])[: len(height)]
        )
        seen[1:] |= zone[1:] != zone[:-1]
        parts.append((zone[seen], point[seen]))
    zone = np.concatenate([zone for zone, _ in parts])
    point = np.concatenate([point for _, point in parts])
    order = np.lexsort([point, zone])
    zone, point = np.append(zone[order], len(events)), np.append(point[order], -1)
    return zone, point, np.where(point < 0, np.int32(-1), ranking.levels[point])
