"""What thresholds promised and what they kept: false-alarm rates by policy and detector."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchkit.report.plots.album import Order, make_order
from benchkit.report.plots.canvas import (
    DASHES,
    GREY,
    MARKERS,
    SMALL,
    WIDTH,
    give_legend,
    make_figure,
    place,
    shorten,
)
from benchkit.report.rows import Row
from benchkit.report.selection import Section

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 16
"""Detectors in one figure."""
METRIC = "false_alarm_rate@"
COLOURS = ("#0b559f", "#c2571a", "#222222", "#7a7a7a")

Line = tuple[str, bool, tuple[tuple[str, tuple[float, ...]], ...]]
"""A detector's label, whether it is a sanity row, and by policy the real rates of its seeds."""


@dataclass(frozen=True)
class Rates:
    """Of one section.

    ``kept`` has a line for each detector, ``promised`` the rates that policies aim at; ``normal``
    counts the normal test points.
    """

    dataset: str
    normal: int
    promised: tuple[tuple[str, float], ...]
    kept: tuple[Line, ...]


def plan(section: Section, rows: Sequence[Row]) -> list[Order]:
    """Return the plot of a section in which a threshold promised something."""
    data = section.dataset
    promised = {
        policy: rate
        for record in section.records
        for policy, rate in record.promised.items()
        if rate > 0
    }
    kept = []
    for row in rows:
        rates = {p: tuple(row.values.get(METRIC + p, {}).values()) for p in sorted(promised)}
        found = tuple((p, some) for p, some in rates.items() if some)
        if found:
            kept.append((row.label, row.sanity, found))
    if not any(not sanity for _, sanity, _ in kept):
        return []
    kept.sort(key=lambda line: line[1])
    name = f"{data.label} ({data.variant})"
    rates_ = Rates(
        name, data.points - data.anomalies, tuple(sorted(promised.items())), tuple(kept)
    )
    said = ", ".join(f"{policy} {rate:.2%}" for policy, rate in rates_.promised)
    alt = (
        f"Real false-alarm rates of {len(kept)} detectors on {name}, on a logarithmic scale, "
        f"beside those that their thresholds promised: {said}."
    )
    title = f"Promised and real false-alarm rates: {name}"
    return [make_order("calibration", (data.label, data.variant), title, alt, rates_, rates_)]


def draw(rates: Rates) -> Figure:
    """Return the figure of a section: a line a detector, a marker a policy, one dot a seed.

    The axis is logarithmic; a rate of zero stands in a field of its own left of it.
    """
    from matplotlib.lines import Line2D

    sanity = [line for line in rates.kept if line[1]][: MOST // 2]
    shown = [line for line in rates.kept if not line[1]][: MOST - len(sanity)] + sanity
    zero = _zero(rates)
    left_out = len(rates.kept) - len(shown)
    caption = (
        f"One marker a seed; right of its policy's line a detector raises more false alarms than "
        f"promised. A rate of 0 is none among {rates.normal:,} normal points."
        + (f" {left_out} more detectors are left out." if left_out else "")
    )
    height = 0.24 * len(shown) + 0.35
    figure = make_figure(
        height + 0.95, "Promised and real false-alarm rates", rates.dataset, caption
    )
    longest = max(len(shorten(label)) for label, _, _ in shown)
    left = min(2.9, 0.35 + 0.072 * longest)
    axes = place(figure, left, 0.35, WIDTH - left - 0.65, height)
    axes.set_xscale("log")
    handles = []
    for number, (policy, rate) in enumerate(rates.promised):
        look: dict[str, Any] = {
            "color": COLOURS[number % len(COLOURS)],
            "marker": MARKERS[number % len(MARKERS)],
            "markersize": 6.5,
            "markeredgecolor": "white",
            "markeredgewidth": 0.6,
        }
        dashes = DASHES[number % len(DASHES)]
        offset = 0.4 * ((number + 0.5) / len(rates.promised) - 0.5)
        axes.axvline(rate, color=look["color"], linewidth=1.3, linestyle=dashes)
        points = [
            (value or zero, line + offset)
            for line, (_, _, found) in enumerate(shown)
            for value in dict(found).get(policy, ())
        ]
        if points:
            axes.plot(*zip(*points, strict=True), linewidth=0, clip_on=False, zorder=3, **look)
        label = f"{policy}, promised {100 * rate:g} %"
        handles.append(Line2D([], [], linestyle=dashes, linewidth=1.3, label=label, **look))
    _set_axes(axes, rates, shown, zero)
    give_legend(axes, columns=3, handles=handles, loc="lower left", bbox_to_anchor=(0, 1.02))
    return figure


def _set_axes(axes: Axes, rates: Rates, shown: Sequence[Line], zero: float) -> None:
    """Name the lines, mark the field of zero, and set ticks in per cent."""
    least, most = zero * 4, max(rate for rate in _all_rates(rates))
    axes.set_xlim(zero / 1.7, min(1.05, most * 2))
    axes.axvspan(zero / 1.7, zero * 1.7, facecolor="#f2f2f2", edgecolor="none", zorder=0)
    powers = [10.0**e for e in range(math.ceil(math.log10(least)), 1)]
    powers = [p for p in powers if p <= most * 2]
    axes.set_xticks([zero, *powers], ["0", *(f"{100 * p:g} %" for p in powers)])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("real false-alarm rate, log scale")
    axes.set_yticks(range(len(shown)), [shorten(label) for label, _, _ in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.grid(axis="x", visible=False)
    first = next((i for i, (_, sanity, _) in enumerate(shown) if sanity), None)
    if first:
        axes.axhline(first - 0.5, color=GREY, linewidth=0.8)
        axes.text(1.005, first - 0.45, "sanity\nrows", transform=axes.get_yaxis_transform(),
                  fontsize=SMALL, va="top", ha="left", color=GREY)  # fmt: skip


def _all_rates(rates: Rates) -> list[float]:
    """Return all rates of the figure but zeros."""
    kept = [v for _, _, found in rates.kept for _, values in found for v in values]
    return [v for v in (*kept, *(rate for _, rate in rates.promised)) if v > 0]


def _zero(rates: Rates) -> float:
    """Return where on the axis a rate of zero stands."""
    return min(_all_rates(rates)) / 4
