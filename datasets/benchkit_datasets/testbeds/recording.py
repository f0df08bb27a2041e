"""The result of a simulation: the recording and its attacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Method = Literal["spoofed sensor", "forced actuator", "slow drift", "replay", "stealthy"]


@dataclass(frozen=True)
class Attack:
    """One attack of a recording.

    Attributes
    ----------
    number
        Number in the catalogue, from 1.
    start, stop
        First row of the test part under attack, and first row after the attack.
    targets
        The manipulated tags.
    method
        Kind of attack: spoofed sensor, forced actuator, and so on.
    intent
        Goal of the attacker.
    """

    number: int
    start: int
    stop: int
    targets: tuple[str, ...]
    method: Method
    intent: str


@dataclass(frozen=True)
class Recording:
    """What the historian of a simulated plant recorded.

    Attributes
    ----------
    train, test
        float32, shape (time, channels), in the units of the real plant; no attack in ``train``.
    channels
        Tags, in the order of the real plant's.
    period
        Seconds from one row to the next.
    attacks
        In chronological order; they do not overlap.
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
