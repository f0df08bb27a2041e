"""What a simulated plant leaves behind, and what was done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Method = Literal["spoofed sensor", "forced actuator", "slow drift", "replay", "stealthy"]


@dataclass(frozen=True)
class Attack:
    """One attack on a plant, as a row of a catalogue.

    Attributes
    ----------
    number
        Place in the catalogue, from 1.
    start, stop
        First row of the test part under attack, and the first one after it.
    targets
        The tags that the attacker manipulates.
    method
        How: a sensor's value replaced, an actuator forced, and so on.
    intent
        What the attacker wants, as a sentence.
    """

    number: int
    start: int
    stop: int
    targets: tuple[str, ...]
    method: Method
    intent: str


@dataclass(frozen=True)
class Recording:
    """What the historian of a simulated plant wrote down.

    Attributes
    ----------
    train, test
        float32, shape (time, channels), in the units of the real plant; no attack in ``train``.
    channels
        Tags, in the order of the real plant's.
    period
        Seconds from one row to the next.
    attacks
        In the order of time; they do not overlap.
    """

    train: np.ndarray
    test: np.ndarray
    channels: tuple[str, ...]
    period: float
    attacks: tuple[Attack, ...]

    @property
    def labels(self) -> np.ndarray:
        """True for the rows of ``test`` under attack, shape (time,)."""
        labels = np.zeros(len(self.test), dtype=bool)
        for attack in self.attacks:
            labels[attack.start : attack.stop] = True
        return labels
