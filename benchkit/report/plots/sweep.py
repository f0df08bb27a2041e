"""Quality against a parameter of which several values were run, a line for each dataset."""

from __future__ import annotations

import ast
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchkit.report.numbers import title as title_metric
from benchkit.report.plots.album import Order, make_order
from benchkit.report.plots.canvas import (
    WIDTH,
    give_legend,
    make_figure,
    make_styles,
    place,
    shorten,
)
from benchkit.report.primary import find_metric, find_primary
from benchkit.report.statistics import Interval
from benchkit.report.tracks import Part, Track
from benchkit.results.record import DetectorFacts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 10
"""Lines in one figure."""


@dataclass(frozen=True)
class Sweep:
    """A detector with all but one parameter fixed, ``fixed`` says at what.

    ``lines`` has for each dataset its label and, by rising value of the parameter, the metric over
    seeds.
    """

    track: str
    detector: str
    parameter: str
    fixed: str
    metric: str
    lines: tuple[tuple[str, tuple[tuple[float, Interval], ...]], ...]


def plan(track: Track, parts: Sequence[Part]) -> list[Order]:
    """Return a plot for each parameter of a detector that takes two values on one dataset."""
    metric = find_primary(row for _, rows in parts for row in rows)
    groups: dict[tuple[str, str, str], dict[str, dict[float, Interval]]]
    groups = defaultdict(lambda: defaultdict(dict))
    for section, rows in parts:
        facts = {record.detector.label: record.detector for record in section.records}
        here = find_metric(metric, rows)
        for row in rows:
            if not row.sanity and not row.failed and here in row.means:
                for key, value in _read_parameters(facts[row.label]):
                    groups[key][section.dataset.label][value] = row.means[here]
    orders = []
    for (detector, parameter, fixed), lines in sorted(groups.items()):
        drawn = tuple(
            (label, tuple(sorted(values.items())))
            for label, values in sorted(lines.items())
            if len(values) > 1
        )
        if drawn:
            sweep = Sweep(track.title, detector, parameter, fixed, metric, drawn)
            title = f"{parameter} of {detector}{f' ({fixed})' if fixed else ''}: {track.title}"
            alt = (
                f"{title_metric(metric)} of {detector} against its parameter {parameter}, a line "
                f"for each of {len(drawn)} datasets of {track.title}."
            )
            subject = (detector, parameter, track.stem)
            orders.append(make_order("sweep", subject, title, alt, sweep, sweep))
    return orders


def _read_parameters(facts: DetectorFacts) -> list[tuple[tuple[str, str, str], float]]:
    """Return, for each number among a detector's parameters, its name and what else is fixed.

    A parameter that was not given has its default, where that is a number.
    """
    params: dict[str, Any] = {}
    for name, text in facts.defaults.items():
        try:
            params[name] = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            params[name] = text
    params |= facts.params
    detector = facts.name + (f"@{facts.preset}" if facts.preset else "")
    found = []
    for name, value in params.items():
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            fixed = ", ".join(
                f"{key}={params[key]!r}" for key in sorted(facts.params) if key != name
            )
            found.append(((detector, name, fixed), float(value)))
    return found


def draw(sweep: Sweep) -> Figure:
    """Return the figure of a parameter; the parameter is logarithmic where it spans decades."""
    shown = sweep.lines[:MOST]
    left_out = len(sweep.lines) - len(shown)
    seeds = max(i.count for _, line in sweep.lines for _, i in line)
    caption = "One seed. "
    if seeds > 1:
        caption = (
            f"Bars: 95 % Student-t intervals over up to {seeds} seeds, none where all gave the "
            "same. "
        )
    if left_out:
        caption += f"{left_out} more datasets are left out."
    of = sweep.detector + (f" ({sweep.fixed})" if sweep.fixed else "")
    longest = max(len(shorten(label, 30)) for label, _ in shown)
    figure = make_figure(3.2, f"Sweep of {sweep.parameter}", f"{of}: {sweep.track}", caption)
    right = 0.75 + 0.075 * longest
    axes = place(figure, 0.7, 0.1, WIDTH - 0.8 - right, 2.55)
    values = sorted({value for _, line in shown for value, _ in line})
    log = values[0] > 0 and values[-1] >= 8 * values[0]
    looks = make_styles(len(shown))
    for number, ((label, line), look) in enumerate(zip(shown, looks, strict=True)):
        # Beside each other, so that bars at the same value do not hide each other.
        shift = 0.008 * (number - (len(shown) - 1) / 2)
        x = [
            v * (values[-1] / values[0]) ** shift if log else v + shift * (values[-1] - values[0])
            for v, _ in line
        ]
        y = [found.mean for _, found in line]
        half = [math.nan if found.half is None else found.half for _, found in line]
        axes.errorbar(x, y, half, label=shorten(label, 30), capsize=3, elinewidth=1,
                      markersize=5.5, **look)  # fmt: skip
    _set_axes(axes, values, log=log)
    axes.set_xlabel(sweep.parameter + (", log scale" if log else ""))
    axes.set_ylabel(title_metric(sweep.metric))
    give_legend(axes, loc="upper left", bbox_to_anchor=(1.02, 1))
    return figure


def _set_axes(axes: Axes, values: list[float], *, log: bool) -> None:
    """Put a tick at each value of the parameter, where they are not too many."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    if log:
        axes.set_xscale("log")
    if len(values) <= 10:
        axes.xaxis.set_major_locator(FixedLocator(values))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
