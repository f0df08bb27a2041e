"""Models of sensors: noise, quantisation and range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Instrument:
    """A sensor.

    Attributes
    ----------
    noise
        Standard deviation of one reading, in the unit of the tag.
    step
        Quantisation step; 0 for none.
    low, high
        Limits of its range.
    """

    noise: float
    step: float = 0.0
    low: float = -np.inf
    high: float = np.inf


def draw_noise(
    instruments: Mapping[str, Instrument], rows: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the noise of every instrument, shape (rows, instruments), in their units.

    It is drawn in advance because the controllers act on noisy readings.
    """
    scale = np.array([instrument.noise for instrument in instruments.values()])
    return rng.standard_normal((rows, len(scale))) * scale


def quantise(
    values: np.ndarray, channels: Sequence[str], instruments: Mapping[str, Instrument]
) -> None:
    """Round and clip the columns of ``values``, shape (time, channels), in place.

    Channels without an instrument, such as the state of a pump, are not changed.
    """
    for column, channel in enumerate(channels):
        instrument = instruments.get(channel)
        if instrument is None:
            continue
        readings = values[:, column]
        if instrument.step:
            np.rint(readings / instrument.step, out=readings)
            readings *= instrument.step
        np.clip(readings, instrument.low, instrument.high, out=readings)
