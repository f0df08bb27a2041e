"""A tank of the water treatment plant: mass balance and mixing."""

from __future__ import annotations

BRIM = 1_200.0
"""Level at which a tank overflows, mm."""

SUMP = 40.0
"""Level below which a pump draws air, mm."""


class Tank:
    """A tank with mass balance and ideal mixing.

    Parameters
    ----------
    area
        Base area, m2.
    level
        Initial level, mm.
    water
        Initial conductivity, pH and potential of the water.
    """

    __slots__ = ("area", "level", "water")

    def __init__(self, area: float, level: float, water: list[float]) -> None:
        self.area, self.level, self.water = area, level, water

    def fill(self, net: float) -> None:
        """Add one second of a net flow in m3/h; water above the brim is lost."""
        self.level = min(max(self.level + net / (3.6 * self.area), 0.0), BRIM)

    def mix(self, water: list[float], flow: float) -> None:
        """Mix in one second of ``flow`` of other water."""
        share = flow / (3.6 * self.area * max(self.level, SUMP))
        for k, value in enumerate(water):
            self.water[k] += (value - self.water[k]) * share
