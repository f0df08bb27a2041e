"""ROC and precision-recall curves of all detectors of a section, the sanity rows among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchkit.metrics.ranking import Ranking
from benchkit.report.plots.album import Order, make_order
from benchkit.report.plots.canvas import (
    DARK,
    GREY,
    HEAD,
    WIDTH,
    make_figure,
    make_styles,
    place,
    shorten,
)
from benchkit.report.plots.thinning import thin_curve
from benchkit.report.rows import Row
from benchkit.report.selection import Section
from benchkit.results.store import Entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 10
"""Detectors with a line of their own look; more are thin and grey."""


@dataclass(frozen=True)
class Curves:
    """The trials to draw, the best detector first, sanity rows last."""

    dataset: str
    prevalence: float
    trials: tuple[Entry, ...]


def plan(section: Section, rows: Sequence[Row], scored: Sequence[Entry]) -> list[Order]:
    """Return the plot of a section in which a detector's scores and the labels are there.

    ``scored`` are the trials of which they are; of each detector the lowest seed is drawn.
    """
    data = section.dataset
    lowest: dict[str, Entry] = {}
    for entry in scored:  # by detector and seed
        lowest.setdefault(entry.record.detector.label, entry)
    trials = [lowest[row.label] for row in rows if row.label in lowest]
    trials.sort(key=lambda entry: entry.record.detector.sanity)
    if not trials or trials[0].record.detector.sanity or not 0 < data.anomalies < data.points:
        return []
    name = f"{data.label} ({data.variant})"
    curves = Curves(name, data.anomalies / data.points, tuple(trials))
    count = sum(not entry.record.detector.sanity for entry in trials)
    alt = (
        f"ROC curves and precision-recall curves of {count} detectors and the sanity rows on "
        f"{name}, beside the diagonal and the line of prevalence."
    )
    inputs = (name, curves.prevalence, [entry.folder.name for entry in trials])
    title = f"ROC and precision-recall: {name}"
    return [make_order("roc", (data.label, data.variant), title, alt, curves, inputs)]


def draw(curves: Curves) -> Figure:
    """Return the figure of a section."""
    detectors = [e for e in curves.trials if not e.record.detector.sanity]
    sanity = [e for e in curves.trials if e.record.detector.sanity]
    named = detectors[:MOST]
    lines = -(-(len(named) + len(sanity) + 1 + (len(detectors) > MOST)) // 2)
    figure = make_figure(
        3.72 + 0.215 * lines, "ROC and precision-recall", curves.dataset, _caption(curves)
    )
    side = 3.05
    roc = place(figure, 0.65, 0.1, side, side)
    pr = place(figure, WIDTH - side - 0.2, 0.1, side, side)
    chance = f"chance: diagonal, prevalence {curves.prevalence:.3f}"
    roc.plot([0, 1], [0, 1], color=GREY, linewidth=1, label=chance)
    pr.axhline(curves.prevalence, color=GREY, linewidth=1)
    styles = make_styles(len(named))
    for number, entry in enumerate(detectors):
        if number < MOST:
            look = {**styles[number], "zorder": 4 - number / 20, "label": _label(entry)}
        else:
            look = {"color": "#b5b5b5", "linewidth": 0.8, "zorder": 1.5}
            if number == MOST:
                look["label"] = f"{len(detectors) - MOST} more detectors"
        _draw_curves(roc, pr, entry, look, number)
    for number, (entry, dashes) in enumerate(
        zip(sanity, _sanity_dashes(len(sanity)), strict=True)
    ):
        look = {"color": DARK, "linewidth": 1.1, "linestyle": dashes, "label": _label(entry)}
        _draw_curves(roc, pr, entry, look, number)
    roc.set(xlabel="false-alarm rate", ylabel="recall", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    pr.set(xlabel="recall", ylabel="precision", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    handles, labels = roc.get_legend_handles_labels()
    order = [*range(1, len(labels)), 0]
    figure_height = figure.get_figheight()
    figure.legend(
        [handles[i] for i in order], [labels[i] for i in order], loc="upper left", ncols=2,
        bbox_to_anchor=(0.5 / WIDTH, 1 - (HEAD + 3.62) / figure_height), frameon=False,
        handlelength=3.4, labelspacing=0.35, borderaxespad=0, columnspacing=2.5,
    )  # fmt: skip
    return figure


def trace_roc(ranking: Ranking) -> tuple[np.ndarray, np.ndarray]:
    """Return false-alarm rates and recalls of all thresholds, from none to all flagged."""
    alarms = np.append(0, ranking.false_positives) / ranking.labels.negatives
    return alarms, np.append(0, ranking.true_positives) / ranking.labels.positives


def trace_pr(ranking: Ranking) -> tuple[np.ndarray, np.ndarray]:
    """Return recalls and precisions as the steps under which average precision is the area."""
    recall = ranking.true_positives / ranking.labels.positives
    precision = ranking.true_positives / ranking.flagged
    # A step from the recall before, at the precision after it.
    x = np.repeat(np.append(0, recall), 2)[1:-1]
    return x, np.repeat(precision, 2)


def _draw_curves(roc: Axes, pr: Axes, entry: Entry, look: dict[str, Any], number: int) -> None:
    scores, truth = entry.folder.scores(), entry.folder.truth()
    if scores is None or truth is None:
        raise ValueError(f"the scores of {entry.record.label} are not there any more")
    ranking = Ranking.of(truth.labels, scores)
    every = (0.04 + 0.017 * (number % 6), 0.13)
    for axes, (x, y) in ((roc, trace_roc(ranking)), (pr, trace_pr(ranking))):
        axes.plot(*thin_curve(x, y), markevery=every, markersize=4.5, **look)


def _label(entry: Entry) -> str:
    metrics = entry.record.metrics
    found = [metrics.get("auc_roc"), metrics.get("auc_pr")]
    areas = ", ".join("–" if value is None else f"{value:.3f}" for value in found)
    return f"{shorten(entry.record.detector.label, 32)}  ({areas})"


def _sanity_dashes(count: int) -> list[Any]:
    return [((0, (1.2, 1.2)), (0, (4, 2)), (0, (6, 1.5, 1.2, 1.5)))[i % 3] for i in range(count)]


def _caption(curves: Curves) -> str:
    seeds = sorted({entry.record.seed for entry in curves.trials})
    which = f"Seed {seeds[0]}." if len(seeds) == 1 else "The lowest seed of each detector."
    return (
        f"{which} In brackets the areas under the ROC and the precision-recall curve. Sanity rows "
        "are dark and thin."
    )
