"""When a testbed is attacked, and for how long: as in the real plant, or in proportion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class AttackSchedule:
    """How long a recording is, and when its test part is attacked.

    Attributes
    ----------
    train, test
        Rows of each part, one a second.
    windows
        First row in the test part at which each attack may start, and its length in seconds. An
        attack whose window follows the one before it without a gap starts at once.
    """

    train: int
    test: int
    windows: tuple[tuple[int, int], ...]


def shorten(seconds: Sequence[int], total: int, shortest: int) -> tuple[int, ...]:
    """Return durations of the same order and spread of scale that sum to about ``total``.

    Each is ``shortest`` times a power of its ratio to the shortest one given, with the same
    exponent for all, chosen such that the sum is ``total``. Long attacks are shortened more than
    short ones, so that the short ones keep a useful length.

    Raises
    ------
    ValueError
        ``total`` is less than all of them at ``shortest``.
    """
    if total < shortest * len(seconds):
        raise ValueError(
            f"total={total} is too short for {len(seconds)} attacks of at least {shortest} s"
        )
    least = min(seconds)
    low, high = 0.0, 2.0
    for _ in range(60):
        power = (low + high) / 2
        scaled = [round(shortest * (length / least) ** power) for length in seconds]
        low, high = (power, high) if sum(scaled) < total else (low, power)
    return tuple(scaled)
