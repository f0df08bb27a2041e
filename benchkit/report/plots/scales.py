"""Axes for scores, which may be anything: linear where that shows the normal points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAVY = 25
"""Scores that reach so many times as far as nine tenths of the normal ones get another scale."""

GAP = 0.1
"""Ticks are at least so far apart, as a share of the axis."""


@dataclass(frozen=True)
class Scale:
    """A scale and its limits.

    ``name`` is ``linear``, ``log`` or ``asinh``, which is linear up to ``unit`` and logarithmic
    beyond it, on both sides of zero. ``cut`` says that lower scores are not within the limits.
    """

    name: str
    low: float
    high: float
    unit: float = 1.0
    cut: bool = False

    @property
    def words(self) -> str:
        """What an axis says of it; nothing of a linear one."""
        said = {
            "linear": "",
            "log": "log scale",
            "asinh": f"log scale beyond ±{self.unit:.2g}",
        }[self.name]
        return said + (f", cut off below {self.low:.2g}" if self.cut else "")

    def transform(self, values: np.ndarray | float) -> np.ndarray:
        """Return where values lie along the axis, in any unit."""
        values = np.asarray(values, dtype=np.float64)
        if self.name == "log":
            return np.log10(np.maximum(values, np.finfo(float).tiny))
        return np.arcsinh(values / self.unit) if self.name == "asinh" else values

    def restore(self, places: np.ndarray) -> np.ndarray:
        """Return the values that `transform` gives these places."""
        if self.name == "log":
            return 10.0**places
        return np.sinh(places) * self.unit if self.name == "asinh" else places

    def position(self, value: float) -> float:
        """Return where a value lies between the limits, 0 to 1 within them."""
        low, high, at = self.transform(np.array([self.low, self.high, value]))
        return float((at - low) / (high - low))

    def apply(self, axes: Axes, which: str = "y") -> None:
        """Give axes this scale, its limits, and ticks without formulas."""
        from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

        options = {"linear_width": self.unit} if self.name == "asinh" else {}
        (axes.set_yscale if which == "y" else axes.set_xscale)(self.name, **options)
        (axes.set_ylim if which == "y" else axes.set_xlim)(self.low, self.high)
        axis = axes.yaxis if which == "y" else axes.xaxis
        if self.name != "linear":
            axis.set_major_locator(FixedLocator(self._ticks()))
            axis.set_minor_locator(NullLocator())
            axis.set_minor_formatter(NullFormatter())
            axis.set_major_formatter(FuncFormatter(lambda v, _: _say(v)))

    def _ticks(self) -> list[float]:
        """Return powers of ten within the limits, or 1, 2 and 5 where these are few."""
        top = max(abs(self.low), abs(self.high))
        least = self.low if self.name == "log" else self.unit
        first, last = int(np.floor(np.log10(least))), int(np.floor(np.log10(top)))
        step = max(1, -(-(last - first + 1) // 6))
        for factors in ((1,), (1, 3), (1, 2, 5)):
            found = [f * 10.0**e for e in range(first, last + 1, step) for f in factors]
            if self.name == "asinh":
                found = [-v for v in reversed(found)] + [0.0] + found
            found = [value for value in found if self.low <= value <= self.high]
            if len(found) > 2:
                break
        kept: list[float] = []
        # Zero and the ends matter most; near zero ticks are close.
        for value in sorted(found, key=lambda v: -abs(v) if v else -np.inf):
            at = self.position(value)
            if all(abs(at - self.position(other)) > GAP for other in kept):
                kept.append(value)
        return sorted(kept)


def _say(value: float) -> str:
    if value and not 1e-3 <= abs(value) < 1e5:
        mantissa, _, exponent = f"{value:.0e}".partition("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    return f"{value:,.6g}".replace("-", "−")


def choose_scale(scores: np.ndarray, body: np.ndarray, thresholds: Iterable[float] = ()) -> Scale:
    """Return a scale on which both the highest scores and the normal ones can be told apart.

    Parameters
    ----------
    scores
        Finite, shape (n,). The highest is always within the limits.
    body
        Scores that are taken for normal, shape (any,).
    thresholds
        Within the limits where they are not far from the scores.
    """
    low, high = float(scores.min()), float(scores.max())
    inner = np.quantile(body if len(body) else scores, [0.05, 0.95])
    extent = float(inner[1] - inner[0]) or (high - low)
    scale = Scale("linear", low, high)
    if high - low > HEAVY * extent:
        if low > 0:
            floor = float(min(np.quantile(scores, 0.005), inner[0])) / 10
            scale = Scale("log", max(low, floor), high, cut=low < floor)
        else:
            scale = Scale("asinh", low, high, unit=max(extent, (high - low) * 1e-12))
    return _widen(scale, thresholds)


def _widen(scale: Scale, thresholds: Iterable[float]) -> Scale:
    """Return the scale with a margin, and with the thresholds that are near in it."""
    ends = scale.transform(np.array([scale.low, scale.high]))
    span = float(ends[1] - ends[0]) or max(abs(float(ends[0])), 1.0)
    low, high = float(ends[0]), float(ends[1])
    for place in scale.transform(np.array(list(thresholds), dtype=np.float64)):
        if ends[0] - span / 2 <= place <= ends[1] + span / 2:
            low, high = min(low, float(place)), max(high, float(place))
    margin = 0.05 * (high - low or span)
    edges = scale.restore(np.array([low - (0 if scale.cut else margin), high + margin]))
    return Scale(scale.name, float(edges[0]), float(edges[1]), scale.unit, scale.cut)
