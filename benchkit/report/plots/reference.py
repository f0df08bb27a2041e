"""The scores that a detector's own threshold comes from, and what the test scores make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchkit.report.plots.album import Order, name_trial, order_trial
from benchkit.report.plots.canvas import (
    DARK,
    DASHES,
    WIDTH,
    give_legend,
    make_figure,
    name_policy,
    place,
    shorten,
    style_policies,
)
from benchkit.report.plots.scales import Scale, choose_scale
from benchkit.results.folder import REFERENCES, TEST_SCORES, TRUTH
from benchkit.results.store import Entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 70
MOST = 5
"""Kinds of reference scores in one figure."""


def plan(entry: Entry, files: frozenset[str]) -> list[Order]:
    """Return the plot of a trial whose detector left the scores of its threshold."""
    if not {REFERENCES, TEST_SCORES} <= files:
        return []
    record, name = entry.record, name_trial(entry.record)
    alt = (
        f"Histograms of the scores that the threshold of {name} comes from, with the thresholds, "
        "and below them of the test scores, normal and anomalous apart."
    )
    inputs = (sorted(record.thresholds.items()), TRUTH in files)
    return [order_trial("reference", "Reference scores", alt, entry, inputs)]


def draw(entry: Entry) -> Figure:
    """Return the figure of a trial: two panels that share the axis of scores."""
    record, scores, truth = entry.record, entry.folder.scores(), entry.folder.truth()
    found = {n: v[np.isfinite(v)] for n, v in entry.folder.reference_scores().items()}
    found = {name: values for name, values in found.items() if len(values)}
    if scores is None or not found:
        raise ValueError("its reference scores are not there any more")
    body = next(iter(found.values()))
    everything = np.concatenate(
        [np.quantile(v, (0.002, 0.5, 0.998)) for v in (*found.values(), scores)]
    )
    scale = choose_scale(everything, body, record.thresholds.values())
    beyond = int(np.count_nonzero((scores < scale.low) | (scores > scale.high)))
    caption = "Each histogram is in shares of its own points."
    if beyond:
        caption += f" {beyond:,} test scores beyond the axis stand in the outermost bins."
    figure = make_figure(4.3, "Reference scores", name_trial(record), caption)
    left, width = 0.65, WIDTH - 0.65 - 2.75
    above = place(figure, left, 0.15, width, 1.6)
    below = place(figure, left, 1.95, width, 1.75)
    low, high = scale.transform(np.array([scale.low, scale.high]))
    edges = scale.restore(np.linspace(float(low), float(high), BINS + 1))
    for number, (name, values) in enumerate(list(found.items())[:MOST]):
        label = f"{shorten(name, 18)} ({len(values):,})"
        _draw_histogram(above, values, edges, number, label)
    if truth is None:
        _draw_histogram(below, scores, edges, 0, f"test ({len(scores):,})")
    else:
        for chosen, name, hatch in (
            (~truth.labels, "normal", ""),
            (truth.labels, "anomalous", "////"),
        ):
            if chosen.any():
                label = f"{name} test ({int(chosen.sum()):,})"
                _fill_histogram(below, scores[chosen], edges, hatch, label)
    for axes in (above, below):
        scale.apply(axes, "x")
        axes.set_ylim(bottom=0)
        axes.set_ylabel("share")
        _draw_thresholds(axes, record.thresholds, scale, named=axes is above)
        give_legend(axes, loc="upper left", bbox_to_anchor=(1.03, 1.02))
    above.tick_params(labelbottom=False)
    below.set_xlabel("score" + (f", {scale.words}" if scale.words else ""))
    return figure


def _draw_histogram(
    axes: Axes, values: np.ndarray, edges: np.ndarray, number: int, label: str
) -> None:
    colour = ("#0b559f", "#c2571a", DARK, "#777777", "#029e73")[number]
    axes.stairs(_shares(values, edges), edges, color=colour, linestyle=DASHES[number],
                linewidth=1.6, label=label)  # fmt: skip


def _fill_histogram(
    axes: Axes, values: np.ndarray, edges: np.ndarray, hatch: str, label: str
) -> None:
    look: dict[str, Any] = {"facecolor": "#bcd3ea", "edgecolor": "#0b559f", "linewidth": 1.0}
    if hatch:
        look = {"facecolor": "none", "edgecolor": DARK, "hatch": hatch, "linewidth": 1.2}
    axes.stairs(_shares(values, edges), edges, fill=True, label=label, **look)


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the share of values in each bin; what is beyond all stands in the outermost."""
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    return counts / len(values)


def _draw_thresholds(
    axes: Axes, thresholds: dict[str, float], scale: Scale, *, named: bool
) -> None:
    """Draw the thresholds; those beyond the axis only get a name, with an arrow."""
    for policy, dashes in style_policies(thresholds).items():
        value = thresholds[policy]
        at = scale.position(value)
        arrow = "" if 0 <= at <= 1 else " →" if at > 1 else " ←"
        label = f"{shorten(name_policy(policy), 18)} {value:.3g}{arrow}" if named else None
        spots = [value, value] if not arrow else []
        axes.plot(spots, [0, 1][: len(spots)], transform=axes.get_xaxis_transform(), color=DARK,
                  linewidth=1.3, linestyle=dashes, label=label)  # fmt: skip
