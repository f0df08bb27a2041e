"""What each term gives to the score: apart for normal and anomalous points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchkit.metrics.curves import auc_roc
from benchkit.metrics.ranking import Ranking
from benchkit.report.plots.album import Order, name_trial, order_trial
from benchkit.report.plots.canvas import DARK, SMALL, WIDTH, make_figure, place, shorten
from benchkit.report.plots.scales import choose_scale
from benchkit.results.folder import PARTS, TEST_SCORES, TRUTH
from benchkit.results.store import Entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 8
"""Terms in one figure."""
QUANTILES = (0.01, 0.25, 0.5, 0.75, 0.99)


def plan(entry: Entry, files: frozenset[str]) -> list[Order]:
    """Return the plot of a trial whose detector said what its score is made of."""
    if not {PARTS, TEST_SCORES} <= files:
        return []
    name = name_trial(entry.record)
    alt = (
        f"What each term gives to the scores of {name}: its distribution for normal and for "
        "anomalous points, and how much of the difference between their means comes from it."
    )
    return [order_trial("parts", "Parts of the score", alt, entry, TRUTH in files)]


def draw(entry: Entry) -> Figure:
    """Return the figure of a trial: boxes of each term and of their sum, and shares."""
    scores, truth = entry.folder.scores(), entry.folder.truth()
    found = entry.folder.parts()
    if scores is None or not found:
        raise ValueError("its scores are not there any more")
    shown = dict(sorted(found.items(), key=lambda item: -float(np.abs(item[1]).mean()))[:MOST])
    terms = {**shown, "score": scores}
    labels = None if truth is None or not 0 < truth.labels.sum() < len(scores) else truth.labels
    height = 0.62 * len(terms) + 0.1
    figure = make_figure(
        height + 0.75, "Parts of the score", name_trial(entry.record), _caption(found, labels)
    )
    left = min(2.2, 0.35 + 0.075 * max(len(shorten(name, 24)) for name in terms))
    boxes = place(figure, left, 0.25, WIDTH - left - 2.75, height)
    _draw_boxes(boxes, terms, labels)
    if labels is not None:
        shares = place(figure, WIDTH - 2.45, 0.25, 1.35, height)
        _draw_shares(shares, shown, labels)
        _name_areas(shares, terms, labels)
    return figure


def _draw_boxes(axes: Axes, terms: dict[str, np.ndarray], labels: np.ndarray | None) -> None:
    """Draw two boxes for each term: normal points white, anomalous ones hatched."""
    from matplotlib.patches import Patch

    everything = np.concatenate(
        [np.quantile(v, (0.001, *QUANTILES, 0.999)) for v in terms.values()]
    )
    inner = np.concatenate([np.quantile(v, (0.05, 0.95)) for v in terms.values()])
    scale = choose_scale(everything, inner)
    scale.apply(axes, "x")
    kinds = [("normal", None, "white", "")] if labels is None else [
        ("normal", ~labels, "white", ""), ("anomalous", labels, "#c9c9c9", "////"),
    ]  # fmt: skip
    for line, values in enumerate(terms.values()):
        for number, (_, chosen, colour, hatch) in enumerate(kinds):
            q = np.quantile(values if chosen is None else values[chosen], QUANTILES)
            at = line + (0 if chosen is None else 0.4 * number - 0.2)
            axes.plot(q[[0, 1]], [at, at], q[[3, 4]], [at, at], color=DARK, linewidth=1)
            axes.barh(at, q[3] - q[1], 0.3, left=q[1], facecolor=colour, edgecolor=DARK,
                      hatch=hatch, linewidth=0.9)  # fmt: skip
            axes.plot([q[2], q[2]], [at - 0.15, at + 0.15], color="#c2571a", linewidth=2.6)
    axes.set_yticks(range(len(terms)), [shorten(name, 24) for name in terms])
    axes.set_ylim(len(terms) - 0.5, -0.5)
    axes.axhline(len(terms) - 1.5, color=DARK, linewidth=0.8)
    axes.set_xlabel("contribution" + (f", {scale.words}" if scale.words else ""))
    patches = [Patch(facecolor=c, edgecolor=DARK, hatch=h, label=n) for n, _, c, h in kinds]
    axes.legend(handles=patches if labels is not None else [], loc="lower left", ncols=2,
                bbox_to_anchor=(0, 1.0), frameon=False, borderaxespad=0.2)  # fmt: skip


def _draw_shares(axes: Axes, parts: dict[str, np.ndarray], labels: np.ndarray) -> None:
    """Draw how much of the mean score's rise from normal to anomalous is due to each term."""
    rises = {n: float(v[labels].mean() - v[~labels].mean()) for n, v in parts.items()}
    whole = sum(map(abs, rises.values())) or 1.0
    for line, share in enumerate(rise / whole for rise in rises.values()):
        axes.barh(line, share, 0.45, color="#8c8c8c" if share >= 0 else "white",
                  edgecolor=DARK, linewidth=0.9)  # fmt: skip
        text = f"{100 * share:.0f} %".replace("-", "−")
        axes.text(max(share, 0) + 0.03, line, text, fontsize=SMALL, va="center")
    low = min(0.0, *(rise / whole for rise in rises.values()))
    axes.set_xlim(low * 1.05, 1.35)
    axes.set_ylim(len(parts) + 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.axvline(0, color=DARK, linewidth=0.9)
    axes.text(0, 1.0, "share of\nthe rise", transform=axes.transAxes, fontsize=SMALL, va="bottom")


def _name_areas(axes: Axes, terms: dict[str, np.ndarray], labels: np.ndarray) -> None:
    """Say how well each term alone ranks anomalous points above normal ones."""
    axes.text(1.02, 1.0, "AUC-ROC\nalone", transform=axes.transAxes, fontsize=SMALL, va="bottom")
    for line, values in enumerate(terms.values()):
        area = auc_roc.of(Ranking.of(labels, values))
        axes.text(1.02, line, f"{area:.3f}", transform=axes.get_yaxis_transform(),
                  fontsize=9, va="center")  # fmt: skip


def _caption(found: dict[str, np.ndarray], labels: np.ndarray | None) -> str:
    words = "Boxes hold the middle half of the points, their lines reach from 1 % to 99 %."
    if labels is None:
        words += " Labels of both kinds are not there, so all points are in one box."
    else:
        words += (
            " Share of the rise: how much higher the mean of a term is for anomalous points than "
            "for normal ones, out of the rises and falls of all terms."
        )
    if len(found) > MOST:
        words += f" The {len(found) - MOST} smallest terms are left out."
    return words
