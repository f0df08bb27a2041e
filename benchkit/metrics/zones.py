"""Affiliation zones: what part of a series belongs to which event, and what being near is worth.

All coordinates are doubled, so that borders half way between two points are whole numbers and
every integral below is exact: point i is the interval from 2 i to 2 i + 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit.metrics.labels import Labels


@dataclass(frozen=True)
class Zones:
    """Events and the zones around them, int64 arrays of shape (events,), doubled coordinates.

    ``left`` and ``right`` are the ends of the zones, ``start`` and ``stop`` those of the events.
    """

    left: np.ndarray
    right: np.ndarray
    start: np.ndarray
    stop: np.ndarray

    @property
    def width(self) -> np.ndarray:
        """Twice the number of points of each zone."""
        return self.right - self.left

    @property
    def length(self) -> np.ndarray:
        """Twice the number of points of each event."""
        return self.stop - self.start

    def precision_integral(self, zone: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return the integral over [a, b] of the chance to be further from the event than there.

        The chance is that of a place drawn uniformly from the zone (Huet et al. 2022, section
        4.2), as a multiple of ``2 * width``. All arguments have shape (intervals,). An interval
        lies in the event or, within the zone, on one side of it.
        """
        start, stop, left, right = (
            self.start[zone],
            self.stop[zone],
            self.left[zone],
            self.right[zone],
        )
        nearer = np.maximum(start - b, a - stop)
        further = nearer + b - a
        total = np.zeros_like(nearer)
        for margin in (start - left, right - stop):
            high, low = np.maximum(margin - nearer, 0), np.maximum(margin - further, 0)
            total += (high - low) * (high + low)
        return np.where(nearer < 0, 2 * (right - left) * (b - a), total)

    def recall_integral(
        self,
        zone: np.ndarray,
        a: np.ndarray,
        b: np.ndarray,
        *,
        open_left: np.ndarray,
        open_right: np.ndarray,
    ) -> np.ndarray:
        """Return the integral over the event's share of a gap [a, b] between alarms.

        Of the chance that a place drawn uniformly from the zone is further from a point of the
        event than the nearest alarm is, as a multiple of ``4 * width``. Where a gap is open on a
        side there is no alarm between it and the end of the zone. All arguments have shape
        (gaps,).
        """
        left, right = self.left[zone], self.right[zone]
        first = np.maximum(a, self.start[zone])
        last = np.maximum(np.minimum(b, self.stop[zone]), first)
        middle = np.where(open_right, b, np.where(open_left, a, (a + b) // 2))
        middle = np.clip(middle, first, last)
        total = 4 * ((a - left) * (middle - first) + (right - b) * (last - middle))
        beyond = right + a
        high, low = np.maximum(beyond - 2 * first, 0), np.maximum(beyond - 2 * middle, 0)
        total += (high - low) * (high + low)
        beyond = b + left
        high, low = np.maximum(2 * last - beyond, 0), np.maximum(2 * middle - beyond, 0)
        return total + (high - low) * (high + low)


def find_zones(labels: Labels) -> Zones:
    """Return the zones of the events: a point belongs to the nearest, and is split at half way."""
    starts, stops = labels.events.starts, labels.events.stops
    between = stops[:-1] + starts[1:]
    return Zones(
        left=np.append(0, between),
        right=np.append(between, 2 * len(labels)),
        start=2 * starts,
        stop=2 * stops,
    )
