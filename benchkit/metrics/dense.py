"""VUS-PR with thresholds at every distinct score where anomalies can be found.

The 250 thresholds of `benchkit.metrics.volume` stand n / 249 points apart. Where all anomalies
together are fewer than a few of these steps, hardly a threshold falls among the scores of a good
detector, and its precision is read where it already alarms for hundreds of other points: on
449,919 points with one event of 40, scores without a mistake get a VUS-PR of .047. Here every
distinct score is a threshold until ten times as many points as are anomalous have an alarm. Beyond
that at most one alarm in ten can be right, and the sampled thresholds are enough.
"""

from __future__ import annotations

import math

import numpy as np

from benchkit.metrics.checks import check_window
from benchkit.metrics.metric import ScoreMetric
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.volume import SAMPLES, find_beside_events, find_first_hits, sample_levels

REACH = 10
"""Every distinct score is a threshold until so many times the anomalous points have an alarm."""


ENOUGH = 10
"""With so many thresholds for as many points as are anomalous `vus_pr` is to be believed.

It is then .001 less than the dense form for scores without a mistake, and .01 less for those that
are three standard deviations higher at anomalous points; docs/metrics.md has the table.
"""


def count_thresholds(points: int, positives: int) -> float:
    """Return how many steps of `vus_pr`'s thresholds as many points take as are anomalous.

    Infinite for a series in which every point can be a threshold.
    """
    return positives * (SAMPLES - 1) / points if points > SAMPLES else math.inf


def is_rare(points: int, positives: int) -> bool:
    """Whether anomalies are too rare for the thresholds of `vus_pr`; there are some."""
    return 0 < count_thresholds(points, positives) < ENOUGH


def warn_of_rare(points: int, positives: int) -> str:
    """Return what is to be said of `vus_pr` where anomalies are rare, empty where they are not."""
    if not is_rare(points, positives):
        return ""
    step = points / (SAMPLES - 1)
    return (
        f"anomalies are too rare for VUS-PR: its {SAMPLES} thresholds are {step:,.0f} points "
        f"apart where {positives:,} {'is' if positives == 1 else 'are'} anomalous, so that scores "
        "without a mistake may be far from 1; vus_pr_dense has a threshold at every score there"
    )


@ScoreMetric
def vus_pr_dense(ranking: Ranking, window: int = 100) -> float:
    """Return the mean over windows 0 to ``window`` of the range-AUC-PR over dense thresholds.

    Curve, ramps and existence ratio are those of `vus_pr`, and so is the value wherever its 250
    thresholds are all distinct scores. Exact, and in memory for one window at a time: only the
    thresholds that flag a point in or beside an event change the curve. Takes and raises as
    `vus_pr`.
    """
    window = check_window(window)
    labels = ranking.labels
    labels.need_anomalies()
    labels.need_normal()
    furthest = window // 2
    points, nearest, second = find_beside_events(labels, furthest)
    chosen = _choose_levels(ranking, points)
    first = np.searchsorted(chosen, ranking.levels[points])
    by_level = np.argsort(first, kind="stable")
    first, nearest, second = first[by_level], nearest[by_level], second[by_level]
    ends = np.searchsorted(first, np.arange(len(chosen)), side="right")
    by_second = np.argsort(second, kind="stable")
    begins = np.searchsorted(second[by_second], np.arange(furthest + 2))
    caught = ranking.true_positives[chosen].astype(np.float64)
    flagged = ranking.flagged[chosen].astype(np.float64)
    areas = np.empty(window + 1)
    highest = find_first_hits(ranking, furthest)
    existence, ramps, hits, recall, steps = np.empty((5, len(chosen)))
    distances = np.arange(furthest + 1)
    by_distance = np.zeros(furthest + 2)
    weights, sums = np.empty(len(points)), np.zeros(len(points) + 1)
    for width in range(window + 1):
        reach = width // 2
        if width == 2 * reach:
            groups = np.searchsorted(chosen, next(highest))
            found = np.cumsum(np.bincount(groups, minlength=len(chosen)))
            np.divide(found, len(groups), out=existence)
            # Two ramps make more than 1, see `volume`: such points count as those of an event.
            nearest[by_second[begins[reach] : begins[reach + 1]]] = 0
        by_distance[: reach + 1] = np.sqrt(1 - distances[: reach + 1] / max(width, 1))
        np.take(by_distance, nearest, out=weights, mode="clip")
        np.cumsum(weights, out=sums[1:])
        np.take(sums, ends, out=ramps, mode="clip")
        np.add(caught, ramps, out=hits)
        ramps /= 2
        ramps += labels.positives
        np.divide(hits, ramps, out=recall)
        np.minimum(recall, 1, out=recall)
        recall *= existence
        hits /= flagged
        steps[0] = recall[0]
        np.subtract(recall[1:], recall[:-1], out=steps[1:])
        steps *= hits
        areas[width] = steps.sum()  # no product of BLAS, whose threads take more than they give
    return float(areas.mean())


def _choose_levels(ranking: Ranking, beside: np.ndarray) -> np.ndarray:
    """Return the levels of the thresholds that change the curve, rising, shape (thresholds,).

    ``beside`` are the points beside events. Between the levels of these and of anomalous points
    recall stands still, whatever the window.
    """
    limit = np.searchsorted(ranking.flagged, REACH * ranking.labels.positives)
    sampled = sample_levels(ranking)
    flags = np.zeros(len(ranking.thresholds), dtype=bool)
    flags[ranking.levels[ranking.labels.flags]] = True
    flags[ranking.levels[beside]] = True
    flags[limit + 1 :] = False
    flags[sampled[sampled > limit]] = True
    return np.flatnonzero(flags)
