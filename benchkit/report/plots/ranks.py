"""Critical differences of a track: average ranks, and which detectors the tests leave together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from benchkit.report.numbers import title as title_metric
from benchkit.report.plots.album import Order, make_order
from benchkit.report.plots.canvas import DARK, GREY, PALE, WIDTH, make_figure, place, shorten
from benchkit.report.ranking import rank_detectors
from benchkit.report.statistics import LEVEL
from benchkit.report.tracks import Part, Track

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Ranks:
    """Average ranks by label, the best first, and what the tests say of their differences.

    Parameters
    ----------
    datasets
        How many the tests are over.
    groups
        See `group_alike`.
    against
        Pairs that differ, the better one first, though its average rank is the worse.
    """

    track: str
    metric: str
    datasets: int
    ranks: tuple[tuple[str, float], ...]
    groups: tuple[tuple[str, ...], ...]
    against: tuple[tuple[str, str], ...]


def plan(track: Track, parts: Sequence[Part]) -> list[Order]:
    """Return the diagram of a track in which the tests show a difference."""
    ranking = rank_detectors(track, parts)
    tested = ranking.tested
    if not ranking.apart or ranking.pairs is None or len(tested) < 2:
        return []
    order = tuple(sorted(tested.items(), key=lambda item: (item[1], item[0])))
    ranks = Ranks(
        track.title,
        ranking.metric,
        len(ranking.outcome.blocks),
        order,
        group_alike([label for label, _ in order], ranking.pairs),
        tuple(
            (better, worse)
            for (better, worse), p in sorted(ranking.pairs.items())
            if p < LEVEL and tested[better] > tested[worse]
        ),
    )
    best, rank = ranks.ranks[0]
    alt = (
        f"Average ranks of {len(tested)} detectors over the datasets of {track.title}; {best} has "
        f"the best, {rank:.2f}. A column joins detectors between which no difference is shown."
    )
    title = f"Critical differences: {track.title}"
    return [make_order("ranks", (track.stem,), title, alt, ranks, ranks)]


def group_alike(
    labels: Sequence[str], pairs: Mapping[tuple[str, str], float]
) -> tuple[tuple[str, ...], ...]:
    """Return groups of detectors such that two share one if and only if no test tells them apart.

    ``labels`` are in the order of their ranks, ``pairs`` has a p-value for each two of them, in
    either order. A group may leave out detectors that stand between its members, since
    differences of few datasets are not transitive. Each is as large as can be, and there are no
    more than needed to show all pairs when they are formed one after the other.
    """
    apart = {frozenset(pair) for pair, p_value in pairs.items() if p_value < LEVEL}
    alike = {pair for pair in map(frozenset, combinations(labels, 2)) if pair not in apart}
    groups: list[tuple[str, ...]] = []
    shown: set[frozenset[str]] = set()
    for first, label in enumerate(labels):
        for last in reversed(labels[first + 1 :]):
            pair = frozenset((label, last))
            if pair not in alike or pair in shown:
                continue
            members = [label, last]
            for other in labels:
                if other not in members and all(frozenset((other, m)) in alike for m in members):
                    members.append(other)
            groups.append(tuple(sorted(members, key=labels.index)))
            shown |= set(map(frozenset, combinations(members, 2)))
    return tuple(groups)


def draw(ranks: Ranks) -> Figure:
    """Return the diagram: what Demšar 2006, section 3.2.4, draws as bars stands in columns.

    A line for each detector, so that equal ranks do not hide each other.
    """
    lines = len(ranks.ranks)
    words = (
        "A column joins detectors between which no difference is shown: all with a dot on it, and "
        "no others. Two that share no column differ (Wilcoxon's signed-rank test over "
        f"{ranks.datasets} datasets, p-values after Holm, {LEVEL:.0%} level)."
    )
    if ranks.against:
        found = "; ".join(f"{shorten(a, 24)} than {shorten(b, 24)}" for a, b in ranks.against[:4])
        words += f" Better by the test, though not by average rank: {found}."
    height = 0.24 * lines + 0.1
    figure = make_figure(
        height + 0.45,
        "Critical differences",
        f"{ranks.track}: average rank by {title_metric(ranks.metric)} over the {ranks.datasets} "
        "datasets that all are in, 1 is best",
        words,
    )
    left = 0.75 + 0.075 * max(len(shorten(label, 30)) for label, _ in ranks.ranks)
    columns = min(0.24 * len(ranks.groups) + 0.2, (WIDTH - left) / 2)
    width = WIDTH - left - columns - 0.3
    _draw_ranks(place(figure, left, 0.0, width, height), ranks)
    _draw_groups(place(figure, left + width + 0.1, 0.0, columns, height), ranks)
    return figure


def _draw_ranks(axes: Axes, ranks: Ranks) -> None:
    from matplotlib.ticker import MaxNLocator

    values = [rank for _, rank in ranks.ranks]
    axes.hlines(range(len(values)), 1, values, color=PALE, linewidth=1)
    axes.plot(values, range(len(values)), linestyle="", marker="o", color=DARK, markersize=5)
    labels = [f"{shorten(label, 30)}  {rank:.2f}" for label, rank in ranks.ranks]
    axes.set_yticks(range(len(values)), labels)
    axes.set_xlim(0.9, max(values) + 0.1)
    axes.set_ylim(len(values) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set_xlabel("average rank")


def _draw_groups(axes: Axes, ranks: Ranks) -> None:
    """Draw a column for each group, with a dot in the line of each member."""
    lines = {label: line for line, (label, _) in enumerate(ranks.ranks)}
    for column, group in enumerate(ranks.groups):
        at = [lines[label] for label in group]
        axes.plot([column] * len(at), at, color=GREY, linewidth=1.5, marker="o", markersize=6.5,
                  markerfacecolor=DARK, markeredgecolor=DARK)  # fmt: skip
    axes.set_xlim(-0.6, max(len(ranks.groups) - 0.4, 0.6))
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
