"""Critical-difference diagram of a track, where a difference may be claimed at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchkit.report.numbers import title as title_metric
from benchkit.report.plots.album import Order, make_order
from benchkit.report.plots.canvas import WIDTH, make_figure, place, shorten
from benchkit.report.ranking import rank_detectors
from benchkit.report.statistics import LEVEL
from benchkit.report.tracks import Part, Track

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Ranks:
    """Average ranks by label, and p-values after Holm of pairs of labels."""

    track: str
    metric: str
    datasets: int
    ranks: tuple[tuple[str, float], ...]
    pairs: tuple[tuple[tuple[str, str], float], ...]


def plan(track: Track, parts: Sequence[Part]) -> list[Order]:
    """Return the diagram of a track in which the tests show a difference."""
    ranking = rank_detectors(track, parts)
    tested = ranking.tested
    if not ranking.apart or ranking.pairs is None or len(tested) < 2:
        return []
    ranks = Ranks(
        track.title,
        ranking.metric,
        len(ranking.blocks),
        tuple(sorted(tested.items(), key=lambda item: (item[1], item[0]))),
        tuple(sorted(ranking.pairs.items())),
    )
    best, rank = ranks.ranks[0]
    alt = (
        f"Average ranks of {len(tested)} detectors over the datasets of {track.title}; {best} has "
        f"the best, {rank:.2f}. A bar joins detectors between which no difference is shown."
    )
    title = f"Critical differences: {track.title}"
    return [make_order("ranks", (track.stem,), title, alt, ranks, ranks)]


def draw(ranks: Ranks) -> Figure:
    """Return the diagram, by scikit-posthocs (Demšar 2006, section 3.2.4, with p-values)."""
    import pandas as pd
    from matplotlib.ticker import MaxNLocator
    from scikit_posthocs import critical_difference_diagram

    # Labels may be alike once they are shortened, and the diagram goes by them.
    names = {label: f"{shorten(label, 24)}" for label, _ in ranks.ranks}
    if len(set(names.values())) < len(names):
        names = {label: f"{i + 1}. {shorten(label, 22)}" for i, label in enumerate(names)}
    matrix = pd.DataFrame(1.0, index=list(names.values()), columns=list(names.values()))
    for (one, other), p in ranks.pairs:
        matrix.loc[names[one], names[other]] = matrix.loc[names[other], names[one]] = p
    half = -(-len(names) // 2)
    height = 0.9 + 0.3 * half
    figure = make_figure(
        height,
        "Critical differences",
        f"{ranks.track}: average rank by {title_metric(ranks.metric)}, 1 is best",
        "A thick bar joins detectors between which no difference is shown (Wilcoxon's signed-rank "
        f"test over {ranks.datasets} datasets, p-values after Holm, {LEVEL:.0%} level).",
    )
    axes = place(figure, 2.1, 0.3, WIDTH - 4.2, height - 0.4)
    axes.grid(visible=False)
    critical_difference_diagram(
        {names[label]: rank for label, rank in ranks.ranks},
        matrix,
        alpha=LEVEL,
        ax=axes,
        label_fmt_left="{label}  {rank:.2f} ",
        label_fmt_right=" {rank:.2f}  {label}",
        elbow_props={"color": "#222222", "linewidth": 1},
        marker_props={"color": "#222222", "s": 22},
        crossbar_props={"color": "#222222", "linewidth": 4.5, "solid_capstyle": "butt"},
        label_props={"fontsize": 9},
    )
    axes.spines["top"].set_visible(True)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    return figure
