"""Plots beside the page, as the page refers to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from benchkit.report.plots import Plot


@dataclass(frozen=True)
class Picture:
    """A plot with addresses relative to the page: of what is shown, and of each file by ending."""

    kind: str
    title: str
    alt: str
    shown: str
    files: list[tuple[str, str]]


def show_plots(plots: Iterable[Plot]) -> list[Picture]:
    """Return the pictures of some plots."""
    return [_show(plot) for plot in plots]


def _show(plot: Plot) -> Picture:
    files = [(ending[1:].upper(), quote(plot.path + ending)) for ending in plot.endings]
    # A vector drawing is sharp at any size; the last ending is that of one, where there is one.
    return Picture(plot.kind, plot.title, plot.alt, files[-1][1], files)
