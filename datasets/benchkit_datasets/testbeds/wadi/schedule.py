"""Length of a recording and times of its attacks."""

from __future__ import annotations

from dataclasses import dataclass

from benchkit_datasets.testbeds.attack_schedule import AttackSchedule, shorten
from benchkit_datasets.testbeds.wadi.catalogue import WINDOWS

SHORTEST = 40
"""Seconds of the shortest attack in ``laptop``; in ``full`` it has 88."""


@dataclass(frozen=True)
class DistributionSchedule(AttackSchedule):
    """An attack schedule of the water distribution network.

    Attributes
    ----------
    train, test, windows
        See `AttackSchedule`.
    day
        Seconds from midnight to midnight.
    """

    day: int


FULL = DistributionSchedule(1_209_601, 172_801, WINDOWS, day=86_400)


def make_schedule(size: str) -> DistributionSchedule:
    """Return the schedule of a size.

    ``full`` has as many rows as the recordings of 2017. In ``laptop`` a day has 72 minutes, so
    that the training part covers two weeks; attacks are shorter, with the same share of the test
    part. The plant is the same.

    Raises
    ------
    ValueError
        The size is unknown.
    """
    if size == "laptop":
        return _laptop(60_480, 43_200, 4_320)
    if size == "full":
        return FULL
    raise ValueError(f"size must be one of laptop, full, got {size!r}")


def _laptop(train: int, test: int, day: int) -> DistributionSchedule:
    """Return ``FULL`` scaled down: start times in proportion, lengths by `shorten`."""
    scale = test / FULL.test
    lengths = [length for _, length in WINDOWS]
    short = shorten(lengths, round(sum(lengths) * scale), SHORTEST)
    windows: list[tuple[int, int]] = []
    for (due, _), (before, lasted), length in zip(
        WINDOWS, ((0, 0), *WINDOWS), short, strict=False
    ):
        follows = due == before + lasted
        start = sum(windows[-1]) if follows else round(due * scale)
        windows.append((start, length))
    return DistributionSchedule(train, test, tuple(windows), day)
