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
    """What an attacker makes of one tag."""

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return what the tag says, or what the actuator is told to do."""
        ...


@dataclass(frozen=True)
class Constant:
    """The tag stays at a value: a spoofed sensor, or an actuator that is forced."""

    value: float

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return the value."""
        return self.value


@dataclass(frozen=True)
class LinearDrift:
    """The tag leaves its last value at ``rate`` units a second, and stays within the limits."""

    rate: float
    low: float = float("-inf")
    high: float = float("inf")

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return the last honest value and what it has drifted by."""
        return min(max(past[-1] + self.rate * seconds, self.low), self.high)


@dataclass(frozen=True)
class Bias:
    """The tag is wrong by ``offset`` in the end, which it reaches after ``over`` seconds."""

    offset: float
    over: float = 0.0

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return the honest value and the part of the offset that is reached."""
        share = 1.0 if seconds >= self.over else seconds / self.over
        return honest + self.offset * share


@dataclass(frozen=True)
class Replay:
    """The tag repeats its last ``length`` seconds, noise and all, moved by ``offset``."""

    length: int
    offset: float = 0.0

    def at(self, seconds: float, honest: float, past: Sequence[float]) -> float:
        """Return what was said ``length`` seconds ago, again and again."""
        length = min(self.length, len(past))
        return past[len(past) - length + int(seconds) % length] + self.offset
