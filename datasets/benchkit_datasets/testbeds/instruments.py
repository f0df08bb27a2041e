"""What stands between a plant and its historian: noise and the steps of a converter."""

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
        The smallest difference that it can write down; 0 for none.
    low, high
        The ends of its range.
    """

    noise: float
    step: float = 0.0
    low: float = -np.inf
    high: float = np.inf


def draw_noise(
    instruments: Mapping[str, Instrument], rows: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the noise of every instrument, shape (rows, instruments), in their units.

    It is drawn beforehand because a controller acts on what it reads, noise and all.
    """
    scale = np.array([instrument.noise for instrument in instruments.values()])
    return rng.standard_normal((rows, len(scale))) * scale


def quantise(
    values: np.ndarray, channels: Sequence[str], instruments: Mapping[str, Instrument]
) -> None:
    """Round and clip the columns of ``values``, shape (time, channels), in place.

    Channels without an instrument, such as the state of a pump, stay as they are.
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
