"""Training curves: a small panel for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchkit.report.plots.album import Order, name_trial, order_trial
from benchkit.report.plots.canvas import SMALL, WIDTH, make_figure, place, shorten
from benchkit.report.plots.thinning import take_envelope
from benchkit.results.folder import HISTORY
from benchkit.results.store import Entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 12
"""Panels."""
COLUMNS = 250
BLUE = "#0b559f"


def plan(entry: Entry, files: frozenset[str]) -> list[Order]:
    """Return the plot of a trial whose detector left curves."""
    if HISTORY not in files:
        return []
    name = name_trial(entry.record)
    alt = f"The training curves that {name} left, a panel each."
    return [order_trial("training", "Training curves", alt, entry, None)]


def draw(entry: Entry) -> Figure:
    """Return the figure of a trial; what is not finite is a gap in its curve."""
    curves = {
        name: np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        for name, values in entry.folder.history().items()
    }
    drawn = {name: values for name, values in curves.items() if np.isfinite(values).any()}
    if not drawn:
        raise ValueError("its curves have no number in them")
    shown = list(drawn.items())[:MOST]
    foot = (
        f"{len(curves) - len(shown)} more curves are left out." if len(curves) > len(shown) else ""
    )
    columns = 2 if len(shown) in (2, 4) else min(3, len(shown))
    width, height = (WIDTH - 0.15) / columns - 0.75, 1.25
    figure = make_figure(
        -(-len(shown) // columns) * (height + 0.75) + 0.1,
        "Training curves",
        name_trial(entry.record),
        foot,
    )
    for i, (name, values) in enumerate(shown):
        row, column = divmod(i, columns)
        axes = place(
            figure, 0.7 + column * (width + 0.75), 0.25 + row * (height + 0.75), width, height
        )
        axes.text(0, 1.04, shorten(name.replace("_", " "), 34), transform=axes.transAxes)
        _draw_curve(axes, values)
        if i + columns >= len(shown):
            axes.set_xlabel("epoch or step", fontsize=SMALL)
    return figure


def _draw_curve(axes: Axes, values: np.ndarray) -> None:
    from matplotlib.ticker import MaxNLocator

    finite = np.isfinite(values)
    # A stretch for each run of finite values: the envelope has its gaps there.
    rows = np.flatnonzero(finite)
    breaks = np.flatnonzero(np.diff(rows) > 1) + 1
    x, y = take_envelope(values[rows], breaks.tolist(), COLUMNS)
    known = np.isfinite(x)
    x[known] = rows[x[known].astype(np.int64)] + 1
    few = len(rows) <= 40
    axes.plot(x, y, color=BLUE, linewidth=1.2, marker="o" if few else "", markersize=3)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
