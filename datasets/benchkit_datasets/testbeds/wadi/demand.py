"""The inputs of the plant: consumers, operators, mains and raw water."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

WORKDAY = (
    2.4,
    2.0,
    1.9,
    1.9,
    2.1,
    3.2,
    5.2,
    6.6,
    5.6,
    4.6,
    4.2,
    4.2,
    4.4,
    4.2,
    3.8,
    3.8,
    4.2,
    5.0,
    6.0,
    6.6,
    6.0,
    5.0,
    4.0,
    3.0,
)
WEEKEND = (
    3.2,
    2.6,
    2.2,
    2.0,
    2.0,
    2.2,
    2.8,
    3.8,
    5.0,
    6.0,
    6.2,
    6.0,
    5.8,
    5.2,
    4.8,
    4.6,
    4.8,
    5.2,
    5.8,
    6.0,
    5.6,
    5.0,
    4.4,
    3.8,
)
"""Hourly demand of all consumers, in per cent of the day."""

SHARES = (0.46, 0.40, 0.36, 0.33, 0.30, 0.27)
"""Mean flows of the six consumers, m3/h."""

DELAYS = (0.0, 0.2, -0.3, 0.4, -0.1, 0.1)
"""Delay of each consumer in hours."""

LEAST, MOST = 0.05, 0.62
"""Smallest flow for which a valve opens, and largest flow, m3/h."""

SHUT = (1.5, 4.0)
"""Hours between which schools and offices, the last three consumers, have no demand."""

REFRESH = 60
"""Seconds for which a set point is constant."""

JUMPS, CLOSURES, FLUSHES, FLOODS = 1.5, 1.5, 1.0, 1.5
"""Mean number of rare normal events per day: high demand of a consumer, one disconnected for
repairs, a flush of the network, turbid raw water after rain."""


class ExternalInputs(NamedTuple):
    """All external inputs of the plant, one row per second.

    Attributes
    ----------
    flows
        Set points of the consumers, m3/h, shape (time, 6).
    flush, standby
        Orders of the operators, shape (time,).
    mains, conductivity, turbidity
        Of the make-up water, shape (time,).
    """

    flows: np.ndarray
    flush: np.ndarray
    standby: np.ndarray
    mains: np.ndarray
    conductivity: np.ndarray
    turbidity: np.ndarray


def draw_inputs(rows: int, day: int, rng: np.random.Generator) -> ExternalInputs:
    """Return ``rows`` seconds of inputs, from midnight on a Monday.

    Parameters
    ----------
    rows, day
        Seconds in all and seconds of a day.
    rng
        Source of randomness.
    """
    days = -(-rows // day)
    return ExternalInputs(
        flows=_flows(rows, day, rng),
        flush=_spells(rows, FLUSHES * days, 100, 240, rng)[0] > 0,
        standby=(np.arange(rows) // day) % 2 == 1,
        mains=1.0 + _wander(rows, 0.02, 600, rng),
        conductivity=166.0 + _wander(rows, 2.0, 1_200, rng),
        turbidity=np.maximum(0.35 + _wander(rows, 0.03, 900, rng), 0.05)
        + 0.25 * _spells(rows, FLOODS * days, 150, 400, rng)[0],
    )


def _flows(rows: int, day: int, rng: np.random.Generator) -> np.ndarray:
    """Return the demand of the consumers, m3/h, shape (time, 6)."""
    blocks = -(-rows // REFRESH)
    seconds = np.arange(blocks) * REFRESH
    weekend = (seconds // day) % 7 >= 5
    hours = np.arange(24)
    common = 1.0 + _wander(blocks, 0.10, 20, rng)
    wanted = np.empty((blocks, len(SHARES)))
    for j, (share, delay) in enumerate(zip(SHARES, DELAYS, strict=True)):
        hour = (seconds / day * 24 - delay) % 24
        curves = [np.interp(hour, hours, curve, period=24) for curve in (WORKDAY, WEEKEND)]
        mood = common + _wander(blocks, 0.03, 20, rng)
        wanted[:, j] = share * 0.24 * np.where(weekend, curves[1], curves[0]) * mood
        if j >= 3:
            wanted[(hour >= SHUT[0]) & (hour < SHUT[1]), j] = 0.0
    days = -(-rows // day)
    for factor, rate, least, most in ((1.8, JUMPS, 120, 360), (0.0, CLOSURES, 90, 240)):
        spell, who = _spells(blocks * REFRESH, rate * days, least, most, rng)
        for j in range(len(SHARES)):
            wanted[(spell & (who % len(SHARES) == j))[::REFRESH], j] *= factor
    np.round(np.minimum(wanted, MOST), 2, out=wanted)
    wanted[wanted < LEAST] = 0.0
    return np.repeat(wanted, REFRESH, axis=0)[:rows]


def _spells(
    rows: int, count: float, least: int, most: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return a mask of about ``count`` random events, and a random id at the rows of each."""
    there = np.zeros(rows, dtype=bool)
    which = np.zeros(rows, dtype=int)
    number = int(count) + int(rng.random() < count % 1)
    starts = rng.integers(0, rows, number)
    lengths = rng.integers(least, most, number)
    for start, length in zip(starts, lengths, strict=True):
        there[start : start + length] = True
        which[start : start + length] = rng.integers(1 << 16)
    return there, which


def _wander(rows: int, spread: float, memory: float, rng: np.random.Generator) -> np.ndarray:
    """Return AR(1) noise with standard deviation ``spread``, shape (rows,)."""
    keep = 1.0 - 1.0 / memory
    steps = rng.standard_normal(rows) * spread * (1.0 - keep * keep) ** 0.5
    steps[0] = rng.standard_normal() * spread
    # Rounded, so that feedback does not amplify differences between processors.
    return np.round(lfilter([1.0], [1.0, -keep], steps), 6)
