"""Building blocks of controllers and actuators."""

from __future__ import annotations

OFF, ON = 1, 2
TRAVELLING, CLOSED, OPEN = 0, 1, 2


def latch(on: bool, value: float, low: float, high: float) -> bool:
    """Return a state with hysteresis: on below ``low``, off above ``high``, else unchanged."""
    if value < low:
        return True
    if value > high:
        return False
    return on


def follow(value: float, target: float, seconds: float, step: float = 1.0) -> float:
    """Return ``value`` after ``step`` seconds of a first-order lag towards ``target``."""
    return value + (target - value) * step / (seconds + step)


class Valve:
    """A motorised valve with a travel time, during which it is neither open nor closed.

    Parameters
    ----------
    travel
        Seconds from closed to open.
    code
        Initial state, ``CLOSED`` or ``OPEN``.

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
