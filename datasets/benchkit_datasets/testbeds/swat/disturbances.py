"""Disturbances of the plant: raw water, temperature, fouling, and actions of operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.signal import lfilter

DAY = 86_400

EventKind = Literal["transfer pump", "filter pump", "wash", "flush", "rest", "supply dip", "batch"]

EVERY_HOURS: dict[EventKind, float] = {
    "transfer pump": 7.0,
    "filter pump": 7.0,
    "wash": 7.0,
    "flush": 4.5,
    "rest": 6.0,
    "supply dip": 2.5,
    "batch": 6.0,
}
"""Mean hours between rare normal events, by kind.

The standby pump of stage 1 or 3 takes over for a while; the filter is washed early; reverse
osmosis is flushed, or pauses for lack of demand; the pressure of the raw water drops for a while;
the quality of the raw water changes.
"""

SECONDS: dict[EventKind, tuple[int, int]] = {
    "transfer pump": (2_000, 4_000),
    "filter pump": (2_000, 4_000),
    "wash": (1, 1),
    "flush": (60, 120),
    "rest": (600, 1_500),
    "supply dip": (240, 900),
    "batch": (5_000, 5_000),
}
"""Shortest and longest duration by kind; of a batch, its time constant."""


@dataclass(frozen=True)
class OperatingEvent:
    """A rare normal event: its first row in the recording and its duration in seconds."""

    row: int
    kind: EventKind
    seconds: int


def draw_events(first: int, rows: int, rng: np.random.Generator) -> tuple[OperatingEvent, ...]:
    """Return the rare normal events between ``first`` and ``rows``, in chronological order."""
    events = []
    for kind, hours in EVERY_HOURS.items():
        every = hours * 3_600
        count = int((rows - first) / every)
        # One in each interval of ``every``, so that they are spread over the whole recording.
        places = first + (np.arange(count) + rng.uniform(0.1, 0.9, count)) * every
        lengths = rng.integers(*SECONDS[kind], count, endpoint=True)
        events += [
            OperatingEvent(int(place), kind, int(length))
            for place, length in zip(places, lengths, strict=True)
        ]
    return tuple(sorted(events, key=lambda event: event.row))


def draw_disturbances(
    rows: int, events: tuple[OperatingEvent, ...], rng: np.random.Generator
) -> np.ndarray:
    """Return the fields of `plant.Disturbances` for each second, shape (rows, 7)."""
    seconds = np.arange(rows)
    day = np.sin(2 * np.pi * (seconds / DAY + rng.random()))
    warmth = 2.0 * day + 0.6 * _wander(rows, 3 * 3_600, rng)
    supply = 1.0 + 0.010 * _wander(rows, 600, rng)
    conductivity = 262.0 + 3.0 * _wander(rows, 5 * 3_600, rng) + 0.4 * warmth
    acidity = 8.66 + 0.04 * _wander(rows, 4 * 3_600, rng)
    potential = 290.0 + 7.0 * _wander(rows, 4 * 3_600, rng)
    ripple = 0.004 * _wander(rows, 20, rng)
    fouling = 0.03 * _wander(rows, 8 * 3_600, rng) + 0.01 * seconds / DAY
    for event in events:
        since = seconds[event.row :] - event.row
        if event.kind == "supply dip":
            depth = rng.uniform(0.06, 0.15)
            edge = np.clip(np.minimum(since, event.seconds - since) / 30.0, 0.0, 1.0)
            supply[event.row :] -= depth * edge
        elif event.kind == "batch":
            amount = rng.normal(0.0, 1.0, 3)
            fading = np.clip(since / 120.0, 0.0, 1.0) * np.exp(-since / event.seconds)
            conductivity[event.row :] += 5.0 * amount[0] * fading
            acidity[event.row :] += 0.06 * amount[1] * fading
            potential[event.row :] += 10.0 * amount[2] * fading
    return np.column_stack([supply, conductivity, acidity, potential, warmth, ripple, fouling])


def _wander(rows: int, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Return AR(1) noise of unit variance with time constant ``seconds``, shape (rows,)."""
    keep = float(np.exp(-1.0 / seconds))
    draws = rng.standard_normal(rows) * np.sqrt(1.0 - keep * keep)
    draws[0] = rng.standard_normal()
    return lfilter([1.0], [1.0, -keep], draws)
