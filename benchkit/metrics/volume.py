"""Volume under the surface: areas under curves that forgive alarms beside an event.

The definition is that of TSB-AD 1.5 (Liu & Paparrizos 2024; ``RangeAUC_volume_opt``), after
Paparrizos et al. 2022 ("Volume Under the Surface", PVLDB 15(11)) and Boniol et al. 2025 (arXiv
2502.13318). For a window w:

- an event counts 1 in each of its points, and sqrt(1 - d / w) at a distance d of at most w // 2
  before its first or after its last point; what several events add up to is cut at 1;
- events that are within 2 (w // 2) of one another are one, and recall is multiplied by the share
  of those that have an alarm (the existence ratio);
- 250 thresholds are looked at: the scores at evenly spaced places of the ranking.

Other packages mean other numbers by these names: on one series VUS-PR is .3362 by this definition
and .3406 by TimeEval's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchkit.metrics.checks import check_window
from benchkit.metrics.labels import Labels
from benchkit.metrics.metric import ScoreMetric
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.runs import spread

SAMPLES = 250
"""Thresholds that the definition looks at."""


@ScoreMetric
def vus_roc(ranking: Ranking, window: int = 100) -> float:
    """Return the mean over windows 0 to ``window`` of the range-AUC-ROC.

    Equal to TSB-AD 1.5's ``VUS_ROC``. ``window`` is in points. Raises ValueError for a window that
    is no whole number from 0 to 10,000, and `UndefinedMetric` where all points are of one class.
    """
    return float(np.mean(ranking.share(range_areas, check_window(window)).roc))


@ScoreMetric
def vus_pr(ranking: Ranking, window: int = 100) -> float:
    """Return the mean over windows 0 to ``window`` of the range-AUC-PR.

    Equal to TSB-AD 1.5's ``VUS_PR``. Takes and raises as `vus_roc`.
    """
    return float(np.mean(ranking.share(range_areas, check_window(window)).pr))


@ScoreMetric
def range_auc_roc(ranking: Ranking, window: int = 100) -> float:
    """Return the area under the ROC curve for this one window: the last of those VUS averages.

    TSB-AD has another function of this name, ``RangeAUC``, which lets the ramp begin inside the
    event and counts as detected only what is found in the event itself. Takes and raises as
    `vus_roc`.
    """
    return float(ranking.share(range_areas, check_window(window)).roc[-1])


@ScoreMetric
def range_auc_pr(ranking: Ranking, window: int = 100) -> float:
    """Return the area under the precision-recall curve for this one window.

    See `range_auc_roc`. Takes and raises as `vus_roc`.
    """
    return float(ranking.share(range_areas, check_window(window)).pr[-1])


@dataclass(frozen=True)
class Areas:
    """Areas under both curves for every window from 0 up, each of shape (windows,)."""

    roc: np.ndarray
    pr: np.ndarray


def range_areas(ranking: Ranking, window: int, samples: int = SAMPLES) -> Areas:
    """Return the areas for all windows; raises as `vus_roc`.

    A point is flagged from the first sampled threshold at or below its score on, so that counts at
    all thresholds are cumulative sums of a histogram over these.
    """
    labels = ranking.labels
    labels.need_anomalies()
    labels.need_normal()
    sampled = sample_levels(ranking, samples)
    flagged = ranking.flagged[sampled]
    ramps = _ramp_hits(ranking, sampled, window)
    hits = ranking.true_positives[sampled] + ramps
    positives = labels.positives + ramps / 2  # as the paper has it: neither large nor small
    recall = np.minimum(hits / positives, 1) * _existence(ranking, sampled, window)
    fallout = (flagged - hits) / (len(ranking) - positives)
    rows = window + 1
    recall_ends = np.hstack([np.zeros((rows, 1)), recall, np.ones((rows, 1))])
    fallout_ends = np.hstack([np.zeros((rows, 1)), fallout, np.ones((rows, 1))])
    heights = (recall_ends[:, 1:] + recall_ends[:, :-1]) / 2
    return Areas(
        roc=np.sum(np.diff(fallout_ends) * heights, axis=1),
        pr=np.sum(np.diff(recall_ends[:, :-1]) * hits / flagged, axis=1),
    )


def sample_levels(ranking: Ranking, samples: int = SAMPLES) -> np.ndarray:
    """Return the levels of thresholds at evenly spaced places of the ranking, (samples,).

    They rise, and a level stands more than once where many points have its score.
    """
    places = np.linspace(0, len(ranking) - 1, samples).astype(int)
    return np.searchsorted(ranking.flagged, places, side="right")


def _ramp_hits(ranking: Ranking, sampled: np.ndarray, window: int) -> np.ndarray:
    """Return the weight beside events that each threshold flags, shape (window + 1, samples).

    On a ramp a weight is at least sqrt(1/2), so that two make more than 1: a point counts 1 where
    it is within reach of two events, and by its distance where it is within reach of one. Counts
    by distance therefore hold all that the windows need.
    """
    reach, samples = window // 2, len(sampled)
    points, nearest, second = find_beside_events(ranking.labels, reach)
    first = np.searchsorted(sampled, ranking.levels[points])
    single = np.zeros((reach + 1, samples))  # flagged first by each threshold, by distance
    double = np.zeros(samples)
    bins = np.bincount(nearest * samples + first, minlength=(reach + 1) * samples)
    by_nearest = bins.reshape(reach + 1, samples)  # (distances * samples,) -> (distances, samples)
    by_second = np.argsort(second, kind="stable")
    begins = np.searchsorted(second[by_second], np.arange(reach + 2))
    weights = np.zeros((window + 1, samples))
    for distance in range(1, reach + 1):
        single[distance] = by_nearest[distance]
        both = by_second[begins[distance] : begins[distance + 1]]
        np.subtract.at(single, (nearest[both], first[both]), 1)
        double += np.bincount(first[both], minlength=samples)
        for width in range(2 * distance, min(2 * distance + 1, window) + 1):
            ramp = np.sqrt(1 - np.arange(1, distance + 1) / width)
            weights[width] = double + ramp @ single[1 : distance + 1]
    return np.cumsum(weights, axis=1)


def find_beside_events(labels: Labels, reach: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the normal points within reach of an event, in no order, each of shape (points,).

    With them the distance to the nearest border of an event and to the second nearest one, which
    is ``reach + 1`` where it is out of reach. An event has a border on either side and is reached
    on the near one only.
    """
    starts, stops, n = labels.events.starts, labels.events.stops, len(labels)
    left, right = np.append(0, stops), np.append(starts, n)  # of the gaps around the events
    heads = np.minimum(right - left, reach)
    heads[0] = 0  # nothing is before the first gap
    tails = np.minimum(right - left - heads, reach)
    tails[-1] = 0
    points = np.concatenate([spread(left, heads), spread(right - tails, tails)])
    gaps = np.arange(len(left))
    gap = np.concatenate([np.repeat(gaps, heads), np.repeat(gaps, tails)])
    far = n + reach + 1
    lasts, firsts = np.append([-far, -far], stops - 1), np.append(starts, [far + n, far + n])
    before, after = points - lasts[gap + 1], firsts[gap] - points
    nearest = np.minimum(before, after)
    second = np.minimum.reduce(
        [np.maximum(before, after), points - lasts[gap], firsts[gap + 1] - points]
    )
    return points, nearest, np.minimum(second, reach + 1)


def _existence(ranking: Ranking, sampled: np.ndarray, window: int) -> np.ndarray:
    """Return the share of events that each threshold finds, shape (window + 1, samples)."""
    shares = np.empty((window + 1, len(sampled)))
    for reach, highest in enumerate(find_first_hits(ranking, window // 2)):
        first = np.searchsorted(sampled, highest)
        found = np.cumsum(np.bincount(first, minlength=len(sampled))) / len(highest)
        shares[2 * reach : 2 * reach + 2] = found
    return shares


def find_first_hits(ranking: Ranking, furthest: int) -> Iterator[np.ndarray]:
    """Yield the level from which on each event is found, for a reach of 0 to ``furthest`` points.

    An event reaches so far beyond its ends, and events that meet there are one; each array has
    shape (events,). The highest score of an event decides.
    """
    levels, events = ranking.levels, ranking.labels.events
    ends = np.column_stack([events.starts, events.stops]).ravel()  # (events, 2) -> (2 * events,)
    highest = np.minimum.reduceat(levels, ends[: len(ends) - (ends[-1] == len(levels))])[::2]
    gaps = events.starts[1:] - events.stops[:-1] + 1
    for reach in range(furthest + 1):
        before = levels[np.maximum(events.starts - reach, 0)]
        after = levels[np.minimum(events.stops - 1 + reach, len(levels) - 1)]
        highest = np.minimum.reduce([highest, before, after])
        groups = np.append(0, np.flatnonzero(gaps > 2 * reach) + 1)
        yield np.minimum.reduceat(highest, groups)
