"""How an attacker changes the value of one tag.

Every manipulation has ``at(seconds, honest, past)``: the value of a tag, ``seconds`` after the
start of the attack, whose true value is ``honest``; ``past`` has its values in the seconds before
the start, oldest first. A manipulated sensor misleads the controllers and the historian; a
manipulated actuator really moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Manipulation(Protocol):
    """A change of the value of one tag."""

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return the manipulated value of a sensor, or command to an actuator."""
        ...


@dataclass(frozen=True)
class Constant:
    """A constant value: a spoofed sensor or a forced actuator."""

    value: float

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return the value."""
        return self.value


@dataclass(frozen=True)
class LinearDrift:
    """A linear drift from the last value by ``rate`` units per second, clipped to the limits."""

    rate: float
    low: float = float("-inf")
    high: float = float("inf")

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return the last true value plus the drift."""
        return min(max(past[-1] + self.rate * seconds, self.low), self.high)


@dataclass(frozen=True)
class Bias:
    """An offset that increases linearly from 0 to ``offset`` in ``over`` seconds."""

    offset: float
    over: float = 0.0

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return the true value plus the current offset."""
        share = 1.0 if seconds >= self.over else seconds / self.over
        return honest + self.offset * share


@dataclass(frozen=True)
class Replay:
    """The last ``length`` seconds, repeated with their noise and shifted by ``offset``."""

    length: int
    offset: float = 0.0

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return the value ``length`` seconds ago, repeated periodically."""
        length = min(self.length, len(past))
        return past[len(past) - length + int(seconds) % length] + self.offset
