"""The look of all figures, and how one becomes a PNG and an SVG.

A figure is laid out in inches from its top left corner, so that it need not be drawn twice to find
out what fits. Colours are seaborn's for the colour-blind, differ in lightness, and never alone
carry a meaning: lines also differ in dashes and markers, areas in hatching.
"""

from __future__ import annotations

import itertools
import textwrap
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchkit.files import writing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 8.0
"""Of every figure, inches."""
DPI = 144
SMALL = 8.5
"""Points of the smallest text: 8 pixels of a PNG at half its size."""
DARK, GREY, PALE = "#222222", "#777777", "#d9d9d9"
DASHES: tuple[Any, ...] = (
    "-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (9, 2)),
    (0, (3, 1.2, 1.2, 1.2, 1.2, 1.2)),
)  # fmt: skip
MARKERS = "osD^vPX<>*"
POLICY_DASHES = {
    "own": "-",
    "train_q99": (0, (5, 1.5)),
    "pot": (0, (6, 1.5, 1.2, 1.5)),
    "oracle": (0, (1.2, 1.5)),
}


def render(draw: Callable[[Any], Figure], data: Any, stem: Path) -> None:
    """Draw a figure and write ``stem`` with ``.png`` and ``.svg``, each whole or not at all.

    On one machine the same data make the same bytes.
    """
    import matplotlib as mpl

    with mpl.rc_context(_style()), warnings.catch_warnings():
        # Labels may have characters that the font has not.
        warnings.filterwarnings("ignore", "Glyph .* missing")
        figure = draw(data)
        for ending, metadata in (
            (".png", {"Software": None}),
            (".svg", {"Date": None, "Creator": "benchkit"}),
        ):
            options: dict[str, Any] = {"format": ending[1:], "metadata": metadata}
            if ending == ".png":
                # A denser one takes longer than the drawing of some figures.
                options["pil_kwargs"] = {"compress_level": 3}
            with writing(stem.with_name(stem.name + ending)) as hidden:
                figure.savefig(hidden, **options)


def make_figure(height: float, title: str, subtitle: str = "", foot: str = "") -> Figure:
    """Return a figure `WIDTH` wide with a title, a line below it, and wrapped words at the end.

    ``height`` is that of what is between them; `place` leaves room for the title.
    """
    from matplotlib.figure import Figure

    lines = textwrap.wrap(foot, int((WIDTH - 0.3) * 15.8))
    total = height + HEAD + (0.16 * len(lines) + 0.12 if lines else 0.05)
    figure = Figure(figsize=(WIDTH, total), dpi=DPI)
    put = figure.text
    put(0.15 / WIDTH, 1 - 0.12 / total, shorten(title, 78), va="top", fontsize=12, weight="bold")
    put(0.15 / WIDTH, 1 - 0.36 / total, shorten(subtitle, 112), va="top", color="#444444")
    if lines:
        put(0.15 / WIDTH, 0.08 / total, "\n".join(lines), va="bottom", fontsize=SMALL,
            color="#444444", linespacing=1.3)  # fmt: skip
    return figure


HEAD = 0.62
"""Height of the title and of the line below it, inches."""


def place(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return new axes; inches, ``top`` counted from below the title."""
    total = figure.get_figheight()
    bottom = total - HEAD - top - height
    return figure.add_axes((left / WIDTH, bottom / total, width / WIDTH, height / total))


def shorten(text: str, most: int = 36) -> str:
    """Return foreign text on one line, the middle left out where it is too long."""
    plain = "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
    half = (most - 1) // 2
    return plain if len(plain) <= most else f"{plain[: most - 1 - half]}…{plain[-half:]}"


def make_styles(count: int) -> list[dict[str, Any]]:
    """Return colour, dashes and marker of each of some lines."""
    colours = itertools.cycle(_palette())
    dashes, markers = itertools.cycle(DASHES), itertools.cycle(MARKERS)
    return [
        {"color": next(colours), "linestyle": next(dashes), "marker": next(markers)}
        for _ in range(count)
    ]


def style_policies(policies: Iterable[str]) -> dict[str, Any]:
    """Return the dashes of each threshold policy."""
    others = itertools.cycle(((0, (2.5, 1)), (0, (9, 2)), (0, (3, 1, 1, 1, 1, 1))))
    return {p: POLICY_DASHES[p] if p in POLICY_DASHES else next(others) for p in policies}


def name_policy(policy: str) -> str:
    """Return how figures name a threshold policy."""
    return "oracle (hindsight)" if policy == "oracle" else policy


def spread_apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return rising places moved so that they are ``gap`` apart and, if they fit, in a range."""
    moved: list[float] = []
    for place_ in places:
        moved.append(max(place_, low, *(p + gap for p in moved[-1:])))
    for i in range(len(moved) - 1, -1, -1):
        moved[i] = min(moved[i], high if i == len(moved) - 1 else moved[i + 1] - gap)
    return moved


def give_legend(axes: Axes, *, columns: int = 1, **where: Any) -> None:
    """Put the legend outside of the data; ``where`` is matplotlib's ``loc`` and the like."""
    axes.legend(
        frameon=False, ncols=columns, handlelength=3.2, labelspacing=0.45, borderaxespad=0, **where
    )


@lru_cache(maxsize=1)
def _palette() -> list[Any]:
    import seaborn

    found = list(seaborn.color_palette("colorblind"))
    # Neighbours differ in lightness; yellow and pale pink are lost on white.
    return [found[i] for i in (0, 1, 2, 9, 3, 5, 4, 7)]


@lru_cache(maxsize=1)
def _style() -> dict[str, Any]:
    import seaborn

    return {
        **seaborn.axes_style("ticks"),
        **seaborn.plotting_context("paper", font_scale=1.0),
        "font.family": ["DejaVu Sans"],
        "font.size": 9.5,
        "axes.titlesize": 9.5,
        "axes.labelsize": 9.5,
        "legend.fontsize": 9,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.unicode_minus": True,
        "axes.formatter.use_mathtext": False,
        "grid.color": "#e6e6e6",
        "grid.linewidth": 0.6,
        "lines.linewidth": 1.4,
        "hatch.linewidth": 0.7,
        "figure.facecolor": "white",
        # Labels of foreign origin are no formulas, and an SVG keeps them as text.
        "text.parse_math": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "benchkit",
        "path.simplify_threshold": 0.2,
    }
