"""A tank of the water treatment plant: mass balance and mixing."""

from __future__ import annotations

BRIM = 1_200.0
"""Level at which a tank runs over, mm."""

SUMP = 40.0
"""Level below which a pump draws air, mm."""


class Tank:
    """A tank that obeys mass balance, and mixes what is dissolved in it.

    Parameters
    ----------
    area
        In m2.
    level
        In mm, at first.
    water
        Conductivity, pH and potential of what is in it.
    """

    __slots__ = ("area", "level", "water")

    def __init__(self, area: float, level: float, water: list[float]) -> None:
        self.area, self.level, self.water = area, level, water

    def fill(self, net: float) -> None:
        """Add one second of a flow, m3/h, or take it away; what is over the brim is lost."""
        self.level = min(max(self.level + net / (3.6 * self.area), 0.0), BRIM)

    def mix(self, water: list[float], flow: float) -> None:
        """Mix one second of ``flow`` of another water into what is there."""
        share = flow / (3.6 * self.area * max(self.level, SUMP))
        for k, value in enumerate(water):
            self.water[k] += (value - self.water[k]) * share
