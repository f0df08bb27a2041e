"""Which events of a series are shown from near, and with how much around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit.metrics.runs import find_runs
from benchkit.results.folder import StoredTruth

MOST = 6
"""Zooms in one figure."""
LEAST_MARGIN = 20
"""Rows before and after an event; half its length where that is more."""


@dataclass(frozen=True)
class Zoom:
    """An event, and the rows that are shown of it: both from a row to the one after the last.

    ``number`` counts the events from 1; ``peak`` is the highest score in it.
    """

    number: int
    start: int
    stop: int
    first: int
    last: int
    peak: float


def find_events(truth: StoredTruth) -> np.ndarray:
    """Return the stretches of anomalous points, int64, shape (events, 2).

    In image sequences an event ends with its sequence.
    """
    runs = find_runs(truth.labels)
    edges = np.stack([runs.starts, runs.stops], axis=1)
    if truth.frames is None or not len(edges):
        return edges
    inner = np.arange(0, len(truth.labels), truth.frames)
    cuts = inner[truth.labels[inner] & np.append(False, truth.labels[inner[1:] - 1])]
    starts = np.union1d(edges[:, 0], cuts)
    return np.stack([starts, np.union1d(edges[:, 1], cuts)], axis=1)


def choose_zooms(scores: np.ndarray, truth: StoredTruth, most: int = MOST) -> list[Zoom]:
    """Return the events to show, in the order of time.

    Where there are more than ``most``, these are spaced evenly by their highest score, from the
    event that stands out most to the one that does least: no choice that flatters.
    """
    events = find_events(truth)
    if not len(events):
        return []
    # Every other piece is an event: (start, stop, start, stop, ...).
    peaks = np.maximum.reduceat(np.append(scores, -np.inf), events.reshape(-1))[::2]
    order = np.argsort(-peaks, kind="stable")
    count = min(most, len(events))
    chosen = np.sort(order[np.linspace(0, len(events) - 1, count).round().astype(int)])
    return [_zoom(int(i), events[i], float(peaks[i]), truth) for i in chosen]


def _zoom(index: int, event: np.ndarray, peak: float, truth: StoredTruth) -> Zoom:
    start, stop = map(int, event)
    n = len(truth.labels)
    if truth.frames is None:
        margin = max(LEAST_MARGIN, (stop - start) // 2)
        first, last = start - margin, stop + margin
    else:  # the sequence between its neighbours
        first = (start // truth.frames - 1) * truth.frames
        last = first + 3 * truth.frames
    return Zoom(index + 1, start, stop, max(first, 0), min(last, n), peak)
