"""Pieces of a programmable controller, and of what it moves."""

from __future__ import annotations

OFF, ON = 1, 2
TRAVELLING, CLOSED, OPEN = 0, 1, 2


def latch(on: bool, value: float, low: float, high: float) -> bool:
    """Return whether to run: yes below ``low``, no above ``high``, between them as before."""
    if value < low:
        return True
    if value > high:
        return False
    return on


def follow(value: float, target: float, seconds: float, step: float = 1.0) -> float:
    """Return ``value`` after ``step`` seconds of a first-order lag towards ``target``."""
    return value + (target - value) * step / (seconds + step)


class Valve:
    """A motorised valve: it needs seconds from end to end, and is neither open nor closed then.

    Parameters
    ----------
    travel
        Seconds from closed to open.
    code
        ``CLOSED`` or ``OPEN``, where it stands at first.

    Attributes
    ----------
    code
        ``CLOSED``, ``OPEN`` or ``TRAVELLING``.
    opening
        From 0 (closed) to 1 (open).
    """

    __slots__ = ("_rate", "code", "opening")

    def __init__(self, travel: float, code: int = CLOSED) -> None:
        self._rate = 1.0 / travel
        self.code = code
        self.opening = 1.0 if code == OPEN else 0.0

    def move(self, command: int, step: float = 1.0) -> None:
        """Move for ``step`` seconds towards ``command``, ``CLOSED`` or ``OPEN``."""
        if command == self.code:
            return
        if command == OPEN:
            self.opening = min(1.0, self.opening + self._rate * step)
            arrived = self.opening == 1.0
        else:
            self.opening = max(0.0, self.opening - self._rate * step)
            arrived = self.opening == 0.0
        self.code = command if arrived else TRAVELLING
