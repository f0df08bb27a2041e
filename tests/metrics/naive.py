"""Every metric once more, from its article, point by point and event by event.

Slow on purpose, and without a line of what it checks: events are lists of points, integrals are
sums over thin slices or exact fractions, best thresholds are found by trying all.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np


def runs(flags) -> list[list[int]]:
    """Return stretches of true points as lists of indices."""
    found: list[list[int]] = []
    for i, flag in enumerate(flags):
        if flag:
            if i and flags[i - 1]:
                found[-1].append(i)
            else:
                found.append([i])
    return found


def harmonic(p, r):
    """Return the harmonic mean, 0 where both are."""
    return 2 * p * r / (p + r) if p + r else 0.0


def point_precision(labels, alarms):
    return sum(1 for a, b in zip(labels, alarms, strict=True) if a and b) / sum(alarms)


def point_f1(labels, alarms):
    hits = sum(1 for a, b in zip(labels, alarms, strict=True) if a and b)
    return 2 * hits / (sum(labels) + sum(alarms))


def event_recall(labels, alarms):
    events = runs(labels)
    return sum(any(alarms[i] for i in event) for event in events) / len(events)


def false_alarms(labels, alarms):
    return sum(not any(labels[i] for i in run) for run in runs(alarms))


def event_precision(labels, alarms):
    """Sehili & Zhang 2023: TP / (TP + FP) over events, times one minus the rate over points."""
    found = sum(any(alarms[i] for i in event) for event in runs(labels))
    normal = [i for i, label in enumerate(labels) if not label]
    rate = sum(bool(alarms[i]) for i in normal) / len(normal)
    return found / (found + false_alarms(labels, alarms)) * (1 - rate)


def event_f1(labels, alarms):
    if not any(alarms):
        return 0.0
    return harmonic(event_precision(labels, alarms), event_recall(labels, alarms))


def composite_f1(labels, alarms):
    if not any(alarms):
        return 0.0
    return harmonic(point_precision(labels, alarms), event_recall(labels, alarms))


def detection_delay(labels, alarms):
    delays = []
    for event in runs(labels):
        hit = [i for i in event if alarms[i]]
        if hit:
            delays.append(hit[0] - event[0])
    return sum(delays) / len(delays)


def pa_k(labels, alarms, percent):
    """Kim et al. 2022, section 4.2: F1 with events adjusted that have more than K % alarms."""
    adjusted = [bool(a) for a in alarms]
    for event in runs(labels):
        if Fraction(sum(bool(alarms[i]) for i in event), len(event)) > Fraction(percent, 100):
            for i in event:
                adjusted[i] = True
    return point_f1(labels, adjusted)


def pa_f1(labels, alarms):
    return pa_k(labels, alarms, 0)


def pa_k_f1(labels, alarms):
    curve = [pa_k(labels, alarms, percent) for percent in range(101)]
    return sum((a + b) / 2 for a, b in pairwise(curve)) / 100


def range_reward(one, others, alpha):
    """Tatbul et al. 2018, equations 4 to 8, with flat bias and reciprocal cardinality."""
    touching = [other for other in others if set(one) & set(other)]
    if not touching:
        return 0.0
    overlap = sum(len(set(one) & set(other)) for other in touching) / len(one)
    return alpha + (1 - alpha) * overlap / len(touching)


def range_recall(labels, alarms, alpha=0.2):
    events, predicted = runs(labels), runs(alarms)
    return sum(range_reward(event, predicted, alpha) for event in events) / len(events)


def range_precision(labels, alarms):
    return range_recall(alarms, labels, alpha=0)


def range_f1(labels, alarms):
    if not any(alarms):
        return 0.0
    return harmonic(range_precision(labels, alarms), range_recall(labels, alarms))


def affiliation(labels, alarms):
    """Huet et al. 2022, section 4: precision and recall of each zone, None where there is none.

    Integrals are midpoint rules on slices of a quarter point, between whose borders all integrands
    are linear.
    """
    n, events = len(labels), [(run[0], run[-1] + 1) for run in runs(labels)]
    borders = [0.0]
    borders += [(a[1] + b[0]) / 2 for a, b in pairwise(events)]
    borders.append(float(n))
    found = []
    for (start, stop), low, high in zip(events, borders, borders[1:], strict=False):
        pieces = [(max(run[0], low), min(run[-1] + 1, high)) for run in runs(alarms)]
        pieces = [(a, b) for a, b in pieces if a < b]

        def chance_beyond(a, b, distance, low=low, high=high):
            """Return the chance that a place in the zone is further than this from [a, b]."""
            return 1 - (min(b + distance, high) - max(a - distance, low)) / (high - low)

        precision = [
            1.0 if start < y < stop else chance_beyond(start, stop, max(start - y, y - stop))
            for a, b in pieces
            for y in middles(a, b)
        ]
        recall = [
            chance_beyond(y, y, min(max(a - y, y - b, 0) for a, b in pieces))
            for y in middles(start, stop)
            if pieces
        ]
        found.append(
            (
                sum(precision) / len(precision) if precision else None,
                sum(recall) / len(recall) if recall else 0.0,
            )
        )
    return found


def middles(a, b):
    """Return the middles of the slices of a quarter that [a, b] is cut into."""
    return [a + (i + 0.5) / 4 for i in range(round(4 * (b - a)))]


def affiliation_precision(labels, alarms):
    precisions = [p for p, _ in affiliation(labels, alarms) if p is not None]
    return sum(precisions) / len(precisions)


def affiliation_recall(labels, alarms):
    zones = affiliation(labels, alarms)
    return sum(r for _, r in zones) / len(zones)


def affiliation_f1(labels, alarms):
    if not any(alarms):
        return 0.0
    return harmonic(affiliation_precision(labels, alarms), affiliation_recall(labels, alarms))


def range_areas(labels, scores, window, places=None):
    """Return range-AUC-ROC and range-AUC-PR as TSB-AD 1.5 defines them, threshold by threshold.

    At 250 places of the ranking, or at others that are given, rising.
    """
    n, events, reach = len(labels), runs(labels), window // 2
    ramp = [0.0] * n
    for event in events:
        for distance in range(1, reach + 1):
            for i in (event[0] - distance, event[-1] + distance):
                if 0 <= i < n:
                    ramp[i] += np.sqrt(1 - distance / window)
    weights = [1.0 if label else min(1.0, r) for label, r in zip(labels, ramp, strict=True)]
    wide: list[list[int]] = []
    for event in events:
        start, stop = event[0] - reach, event[-1] + reach + 1
        if wide and wide[-1][1] > start:
            wide[-1][1] = stop
        else:
            wide.append([start, stop])
    ranked = sorted(scores, reverse=True)
    roc, pr = [(0.0, 0.0)], []
    for place in np.linspace(0, n - 1, 250).astype(int) if places is None else places:
        alarms = [score >= ranked[place] for score in scores]
        hits = sum(w for w, a in zip(weights, alarms, strict=True) if a)
        beside = sum(
            w for w, a, label in zip(weights, alarms, labels, strict=True) if a and not label
        )
        positives = (sum(labels) + sum(labels) + beside) / 2
        found = sum(any(alarms[max(a, 0) : max(b, 0)]) for a, b in wide) / len(wide)
        recall = min(hits / positives, 1) * found
        pr.append((recall - roc[-1][1]) * hits / sum(alarms))
        roc.append(((sum(alarms) - hits) / (n - positives), recall))
    roc.append((1.0, 1.0))
    area = sum((x1 - x0) * (y1 + y0) / 2 for (x0, y0), (x1, y1) in pairwise(roc))
    return area, sum(pr)


def vus_pr_dense(labels, scores, window):
    """Return the mean of range-AUC-PR with a threshold at every place until one is far enough.

    Far enough are ten times as many alarms as there are anomalous points.
    """
    n, ranked = len(labels), sorted(scores, reverse=True)
    alarms = [sum(score >= s for score in scores) for s in ranked]  # of a threshold at each place
    dense = [p for p in range(n) if p == 0 or alarms[p - 1] < 10 * sum(labels)]
    beyond = [p for p in np.linspace(0, n - 1, 250).astype(int) if p not in dense]
    areas = [range_areas(labels, scores, w, [*dense, *beyond])[1] for w in range(window + 1)]
    return sum(areas) / len(areas)
