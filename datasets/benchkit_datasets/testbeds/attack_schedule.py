"""How long attacks last: as long as in the real plant, or in proportion."""

from __future__ import annotations

from collections.abc import Sequence


def shorten(seconds: Sequence[int], total: int, shortest: int) -> tuple[int, ...]:
    """Return durations of the same order and spread of scale that sum to about ``total``.

    Each is ``shortest`` times a power of its ratio to the shortest one given; the power, the same
    for all, is what makes the sum right. Long ones lose more than short ones, so that the short
    ones stay long enough to matter.

    Raises
    ------
    ValueError
        ``total`` is less than all of them at ``shortest``.
    """
    if total < shortest * len(seconds):
        raise ValueError(f"total={total}: {len(seconds)} attacks of {shortest} s need more")
    least = min(seconds)
    low, high = 0.0, 2.0
    for _ in range(60):
        power = (low + high) / 2
        scaled = [round(shortest * (length / least) ** power) for length in seconds]
        low, high = (power, high) if sum(scaled) < total else (low, power)
    return tuple(scaled)
