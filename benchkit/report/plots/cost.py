"""Quality against the time it took, on one machine, with the Pareto front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchkit.report.numbers import title as title_metric
from benchkit.report.plots.album import Order, make_order
from benchkit.report.plots.canvas import (
    DARK,
    GREY,
    HEAD,
    SMALL,
    WIDTH,
    make_figure,
    place,
    shorten,
)
from benchkit.report.primary import find_primary
from benchkit.report.rows import Row, find_machine
from benchkit.report.selection import Section

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 16
"""Detectors in one figure."""
LEAST = 1e-3
"""Seconds; what took less stands there, so that the sanity rows do not stretch the axis."""
COSTS = (("fit_s", "seconds to fit"), ("score_s", "seconds to score"))


@dataclass(frozen=True)
class Point:
    """A detector: means over seeds, of quality and of each of `COSTS`."""

    label: str
    sanity: bool
    quality: float
    costs: tuple[float, ...]


@dataclass(frozen=True)
class Costs:
    """Of one section, measured on one machine; ``elsewhere`` counts detectors of other ones."""

    dataset: str
    metric: str
    machine: str
    points: tuple[Point, ...]
    elsewhere: int


def plan(section: Section, rows: Sequence[Row]) -> list[Order]:
    """Return the plot of a section with two detectors whose costs can be compared."""
    metric = find_primary(rows)
    needed = (metric, *(cost for cost, _ in COSTS))
    measured = [row for row in rows if all(name in row.means for name in needed)]
    machine = find_machine(measured)
    here = [row for row in measured if row.machine == machine]
    if sum(not row.sanity for row in here) < 2:
        return []
    points = [
        Point(
            row.label,
            row.sanity,
            row.rate(metric),
            tuple(max(row.means[cost].mean, LEAST) for cost, _ in COSTS),
        )
        for row in sorted(here, key=lambda row: row.sanity)
    ]
    data = section.dataset
    name = f"{data.label} ({data.variant})"
    costs = Costs(name, metric, machine, tuple(points), len(measured) - len(here))
    front = {points[i].label for c in range(len(COSTS)) for i in find_front(points, c)}
    alt = (
        f"{title_metric(metric)} of {len(points)} detectors on {name} against the seconds that "
        f"they took to fit and to score. On a Pareto front: {', '.join(sorted(front))}."
    )
    title = f"Quality against time: {name}"
    return [make_order("cost", (data.label, data.variant), title, alt, costs, costs)]


def find_front(points: Sequence[Point], cost: int) -> list[int]:
    """Return which points no other one is better than, the cheapest first.

    Better is a higher quality at no higher cost, or a lower cost at no lower quality. Sanity rows
    are not on it.
    """
    order = sorted(
        (i for i, point in enumerate(points) if not point.sanity),
        key=lambda i: (points[i].costs[cost], -points[i].quality),
    )
    front: list[int] = []
    for i in order:
        point, last = points[i], points[front[-1]] if front else None
        if (
            last is None
            or point.quality > last.quality
            or (point.quality == last.quality and point.costs[cost] == last.costs[cost])
        ):
            front.append(i)
    return front


def draw(costs: Costs) -> Figure:
    """Return the figure of a section: a numbered marker for each detector."""
    points = _choose(costs.points)
    lines = -(-len(points) // 2)
    left_out = len(costs.points) - len(points)
    caption = (
        f"Means over seeds, measured on {shorten(costs.machine, 90)}; less than a millisecond is "
        "shown as one. Filled and joined: the Pareto front, no other detector is better and at "
        "least as quick, or quicker and at least as good. Squares: sanity rows."
        + (f" {costs.elsewhere} measured elsewhere are left out." if costs.elsewhere else "")
        + (f" {left_out} more are left out." if left_out else "")
    )
    figure = make_figure(3.25 + 0.172 * lines, "Quality against time", costs.dataset, caption)
    width = (WIDTH - 1.15) / 2
    for number, (_, name) in enumerate(COSTS):
        axes = place(figure, 0.7 + number * (width + 0.25), 0.1, width, 2.5)
        _draw_points(axes, points, number)
        axes.set_xlabel(f"{name}, log scale")
        if number:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel(title_metric(costs.metric))
    total = figure.get_figheight()
    key = [
        f"{i + 1:>2}  {shorten(p.label, 30)}  {p.quality:.3f}, {' + '.join(map(_say, p.costs))} s"
        for i, p in enumerate(points)
    ]
    for column in (0, 1):
        figure.text(
            (0.7 + column * 3.65) / WIDTH, 1 - (HEAD + 3.2) / total,
            "\n".join(key[column * lines : (column + 1) * lines]),
            fontsize=SMALL, va="top", linespacing=1.45,
        )  # fmt: skip
    return figure


def _choose(points: Sequence[Point]) -> list[Point]:
    """Return `MOST` points at most: those on a front, sanity rows, then the best of the others."""
    front = {i for cost in range(len(COSTS)) for i in find_front(points, cost)}
    order = sorted(range(len(points)), key=lambda i: (i not in front, not points[i].sanity, i))
    return [points[i] for i in sorted(order[:MOST])]


def _say(seconds: float) -> str:
    return f"{seconds:,.0f}" if seconds >= 100 else f"{seconds:.2g}"


def _draw_points(axes: Axes, points: Sequence[Point], cost: int) -> None:
    """Draw the markers over the line of the front, and scale the axes."""
    front = find_front(points, cost)
    steps = [(points[i].costs[cost], points[i].quality) for i in front]
    axes.set_xscale("log")
    axes.step(
        [x for x, _ in steps],
        [y for _, y in steps],
        where="post",
        color=DARK,
        linewidth=1.2,
        zorder=2,
    )
    seconds = [point.costs[cost] for point in points]
    low, high = min(seconds), max(seconds)
    room = max((high / low) ** 0.1, 1.6)
    axes.set_xlim(low / room, high * room)
    top, bottom = max(p.quality for p in points), min(p.quality for p in points)
    margin = max(0.12 * (top - bottom), 0.02)
    axes.set_ylim(bottom - margin, top + margin)
    groups = {
        ("o", "white", DARK): [i for i, p in enumerate(points) if i not in front and not p.sanity],
        ("s", "white", GREY): [i for i, p in enumerate(points) if p.sanity],
        ("o", DARK, DARK): front,
    }
    for zorder, ((marker, face, edge), chosen) in enumerate(groups.items(), 3):
        # The best of those that overlap is on top.
        spots = [(points[i].costs[cost], points[i].quality) for i in reversed(chosen)]
        axes.scatter([x for x, _ in spots], [y for _, y in spots], s=150, marker=marker,
                     facecolor=face, edgecolor=edge, zorder=zorder)  # fmt: skip
        for (x_, y_), numbers in _join(spots, [i + 1 for i in reversed(chosen)], axes).items():
            axes.text(x_, y_, numbers, ha="center", va="center_baseline", fontsize=7.5,
                      zorder=zorder + 0.5, color="white" if face == DARK else DARK)  # fmt: skip
    _tick_seconds(axes, low / room, high * room)


def _join(
    spots: Sequence[tuple[float, float]], numbers: Sequence[int], axes: Axes
) -> dict[tuple[float, float], str]:
    """Return what to write at each spot: markers that hide each other share their numbers."""
    joined: dict[tuple[int, int], list[int]] = {}
    where: dict[tuple[int, int], tuple[float, float]] = {}
    for spot, number in zip(spots, numbers, strict=True):
        at = (axes.transData + axes.transAxes.inverted()).transform(spot)
        key = (round(at[0] * 40), round(at[1] * 28))
        joined.setdefault(key, []).append(number)
        where[key] = spot
    return {where[key]: ",".join(map(str, sorted(found))) for key, found in joined.items()}


def _tick_seconds(axes: Axes, low: float, high: float) -> None:
    """Set ticks at 1, 2 and 5, or at powers of ten alone where there are many of them."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    wide = high > 200 * low
    axes.xaxis.set_major_locator(LogLocator(subs=(1,) if wide else (1, 2, 5), numticks=12))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
