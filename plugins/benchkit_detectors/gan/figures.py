"""Figures of GAN detectors: real beside generated items.

Real is black and generated is orange, which are distinct for the colour-blind and in greyscale.
Matplotlib is imported only where something is drawn, and without pyplot, which keeps figures in
global state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REAL, PROJECTED, FAKE = "#1a1a1a", "#3a9ad9", "#e8820c"
WIDTH, DOTS, TEXT = 8.0, 130, 11
"""Width of figures in inches, dots per inch, and font size in points."""
MAX_CHANNELS = 5
"""Maximum number of channels of windows, one panel each."""
MAX_COLUMNS = 40
"""Maximum number of channels of rows, side by side."""


@dataclass(frozen=True)
class Strip:
    """Frames side by side.

    Attributes
    ----------
    label, frames
        The label, and (frames, height, width).
    limits, colours
        The range of the colour map, and its name.
    colour
        Colour of the label.
    marked
        Indices of the frames that get a border.
    """

    label: str
    frames: np.ndarray
    limits: tuple[float, float]
    colours: str = "gray"
    colour: str = REAL
    marked: Sequence[int] | np.ndarray = ()


def draw_strips(path: Path, title: str, strips: Sequence[Strip]) -> None:
    """Write strips, one below the other; all have the same number of frames and the same size."""
    from matplotlib.figure import Figure

    count, height, width = strips[0].frames.shape
    gap = max(width // 12, 1)
    across = WIDTH - 1.4  # inches; the rest is for labels
    tall = float(np.clip(across * height / (count * (width + gap) - gap), 0.4, 1.8))
    head = 0.15 + 0.25 * len(title.splitlines())
    whole = head + len(strips) * (tall + 0.1)
    figure = Figure(figsize=(WIDTH, whole))
    figure.suptitle(title, y=1 - 0.08 / whole, va="top", fontsize=TEXT)
    for number, strip in enumerate(strips):
        bottom = whole - head - (number + 1) * (tall + 0.1) + 0.1
        axes = figure.add_axes((1.3 / WIDTH, bottom / whole, across / WIDTH, tall / whole))
        apart = np.pad(strip.frames, ((0, 0), (0, 0), (0, gap)), constant_values=np.nan)
        # (frames, height, width + gap) -> (height, frames * (width + gap))
        line = apart.transpose(1, 0, 2).reshape(height, -1)[:, :-gap]
        low, high = strip.limits
        axes.imshow(line, cmap=strip.colours, vmin=low, vmax=high, interpolation="nearest")
        axes.set_anchor("W")
        for place in strip.marked:
            left = place * (width + gap) - 0.5
            sides = [left, left + width, left + width, left, left]
            levels = [-0.5, -0.5, height - 0.5, height - 0.5, -0.5]
            axes.plot(sides, levels, color=FAKE, linewidth=2.5, clip_on=False)
        axes.set_ylabel(
            strip.label, color=strip.colour, rotation=0, ha="right", va="center", fontsize=TEXT
        )
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    figure.savefig(path, dpi=DOTS)


def draw_frames(path: Path, real: np.ndarray, fake: np.ndarray) -> None:
    """Write rows of held-out frames above rows of generated ones.

    Both are (rows, frames, height, width), drawn in the range of the real ones.
    """
    limits = float(real.min()), float(real.max())
    strips = [
        Strip(label if number == 0 else "", line, limits, colour=colour)
        for label, lines, colour in (("held out", real, REAL), ("generated", fake, FAKE))
        for number, line in enumerate(lines)
    ]
    draw_strips(path, "Held-out normal frames, and frames that the generator draws", strips)


def most_variable(values: np.ndarray, most: int) -> np.ndarray:
    """Return the most variable of the channels of (..., channels), all in one unit, ascending."""
    # (..., channels) -> (rows, channels)
    spread = values.reshape(-1, values.shape[-1]).std(axis=0)
    return np.sort(np.argsort(-spread, kind="stable")[:most])


def draw_windows(
    path: Path,
    real: np.ndarray,
    fake: np.ndarray,
    channels: np.ndarray,
    projected: np.ndarray | None = None,
) -> None:
    """Write held-out windows to the left of generated ones, one panel per channel.

    The panels of one window are above each other.

    Parameters
    ----------
    path
        Path of the file.
    real, fake
        (windows, length, channels that are shown).
    channels
        Indices of these channels.
    projected
        The projection of ``real`` on the principal subspace, in its shape; None where they are
        equal.
    """
    title = "Held-out normal windows, and windows that the generator draws"
    figure, panels = _panels(title, len(channels), 1.15)
    length = real.shape[1]
    pace = length + max(length // 5, 1)
    lines = [(real, 0, REAL, 2.0), (fake, len(real), FAKE, 1.4)]
    words = [("held out", 0.0, REAL), ("generated", float(len(real) * pace), FAKE)]
    if projected is not None:
        lines.append((projected, 0, PROJECTED, 1.0))  # on top, thinner
        words.append(("as the components show it", 0.3 * len(real) * pace, PROJECTED))
    for panel, (axes, channel) in enumerate(zip(panels, channels, strict=True)):
        for windows, first, colour, thick in lines:
            for place, window in enumerate(windows, first):
                rows = place * pace + np.arange(length)
                mark = "." if length < 3 else None
                axes.plot(rows, window[:, panel], color=colour, linewidth=thick, marker=mark)
        axes.set_ylabel(f"channel {channel}", fontsize=TEXT)
        axes.set_xticks([])
        _style(axes)
    _legend(panels[0], words)
    panels[-1].set_xlabel(f"windows of {length} rows, side by side", fontsize=TEXT)
    figure.savefig(path, dpi=DOTS)


def draw_rows(path: Path, real: np.ndarray, fake: np.ndarray) -> None:
    """Write the quantiles of held-out and generated rows in each channel, (rows, channels) each.

    A thin line is from the 1 % to the 99 % quantile, a thick one from 25 % to 75 %, and a dash is
    the median. Where there are many channels, the most variable ones are shown.
    """
    channels = most_variable(real, MAX_COLUMNS)
    figure, (axes,) = _panels("Held-out normal rows, and rows that the generator draws", 1, 3.2)
    places = np.arange(len(channels))
    for rows, colour, shift in ((real, REAL, -0.17), (fake, FAKE, 0.17)):
        low, lower, middle, upper, high = np.quantile(
            rows[:, channels], (0.01, 0.25, 0.5, 0.75, 0.99), axis=0
        )
        axes.vlines(places + shift, low, high, color=colour, linewidth=1.2)
        axes.vlines(places + shift, lower, upper, color=colour, linewidth=4)
        axes.plot(places + shift, middle, "_", color=colour, markersize=8)
    axes.set_xlim(-0.6, len(channels) - 0.4)
    every = -(-len(channels) // 20)
    axes.set_xticks(places[::every], channels[::every].astype(str))
    axes.set_xlabel("channel (thin: 1 to 99 %, thick: 25 to 75 %, dash: median)", fontsize=TEXT)
    axes.set_ylabel("scaled value", fontsize=TEXT)
    _legend(axes, [("held out", -0.5, REAL), ("generated", len(channels) / 4, FAKE)])
    _style(axes)
    figure.savefig(path, dpi=DOTS)


def _panels(title: str, count: int, tall: float) -> tuple[Figure, Sequence[Axes]]:
    """Return a figure with ``count`` panels below each other, ``tall`` inches each."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, 0.9 + count * tall), layout="constrained")
    figure.suptitle(title, fontsize=TEXT + 1)
    return figure, list(figure.subplots(count, 1, squeeze=False, sharex=True)[:, 0])


def _legend(axes: Axes, words: Sequence[tuple[str, float, str]]) -> None:
    """Write words above the axes, each at its place and in its colour."""
    for word, place, colour in words:
        axes.text(
            place, 1.04, word, color=colour, va="bottom", fontsize=TEXT, fontweight="bold",
            transform=axes.get_xaxis_transform(),
        )  # fmt: skip


def _style(axes: Axes) -> None:
    axes.tick_params(labelsize=TEXT - 1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.02)
