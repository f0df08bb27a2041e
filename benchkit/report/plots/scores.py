"""Scores over time: all of the test part, and events from near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchkit.report.plots.album import Order, name_trial, order_trial
from benchkit.report.plots.canvas import (
    DARK,
    GREY,
    PALE,
    SMALL,
    WIDTH,
    make_figure,
    name_policy,
    place,
    shorten,
    spread_apart,
    style_policies,
)
from benchkit.report.plots.scales import Scale, choose_scale
from benchkit.report.plots.thinning import take_cover, take_envelope
from benchkit.report.plots.zooms import Zoom, choose_zooms, find_events
from benchkit.results.folder import TEST_SCORES, TRUTH, StoredTruth
from benchkit.results.record import Record
from benchkit.results.store import Entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 900
ZOOM_COLUMNS = 220
MOST_GAPS = 60
"""More are not marked: they would hide the scores."""
LEFT, RIGHT = 0.75, 1.45
"""Margins in inches; thresholds are named on the right."""
BLUE = "#3b7dbd"


def plan(entry: Entry, files: frozenset[str]) -> list[Order]:
    """Return the plot of a trial whose scores are there."""
    if TEST_SCORES not in files:
        return []
    record = entry.record
    name = name_trial(record)
    alt = (
        f"The scores of {name} over its {record.dataset.points:,} test points, with the events "
        "shaded, the thresholds drawn, and some events from near."
    )
    inputs = (sorted(record.thresholds.items()), TRUTH in files)
    return [order_trial("scores", "Scores over time", alt, entry, inputs)]


def draw(entry: Entry) -> Figure:
    """Return the figure of a trial."""
    record, scores, truth = entry.record, entry.folder.scores(), entry.folder.truth()
    if scores is None:
        raise ValueError("its scores are not there any more")
    calibration = entry.folder.calibration()
    body = scores if calibration is None else calibration
    scale = choose_scale(scores, body, record.thresholds.values())
    known = truth or StoredTruth(np.zeros(len(scores), dtype=bool))
    zooms = choose_zooms(scores, known)
    policy = next(
        (p for p in ("train_q99", "own", *record.thresholds) if p in record.thresholds), ""
    )
    rows = -(-len(zooms) // 3)
    figure = make_figure(
        2.89 + 1.62 * rows,
        "Scores over time",
        name_trial(record),
        _caption(record, known, zooms, policy, labelled=truth is not None),
    )
    overview = place(figure, LEFT, 0.42, WIDTH - LEFT - RIGHT, 1.9)
    _draw_stretch(overview, scores, known, scale, 0, len(scores), COLUMNS)
    _draw_thresholds(overview, record, scale)
    _name_thresholds(overview, record, scale, 1.9)
    _number_events(overview, zooms, len(scores))
    overview.text(-0.5 / (WIDTH - LEFT - RIGHT), 1.11, _say_score(scale),
                  transform=overview.transAxes, fontsize=SMALL)  # fmt: skip
    overview.set_xlabel(_say_rows(known))
    width = (WIDTH - LEFT - 0.2) / 3 - 0.15
    for i, zoom in enumerate(zooms):
        left = LEFT + (i % 3) * (width + 0.2)
        axes = place(figure, left, 3.12 + 1.62 * (i // 3), width, 1.1)
        _draw_stretch(axes, scores, known, scale, zoom.first, zoom.last, ZOOM_COLUMNS)
        _draw_thresholds(axes, record, scale)
        axes.text(0, 1.1, _name_zoom(zoom, record, policy), fontsize=SMALL,
                  transform=axes.transAxes)  # fmt: skip
        if i % 3:
            axes.tick_params(labelleft=False)
    return figure


def _draw_stretch(
    axes: Axes,
    scores: np.ndarray,
    truth: StoredTruth,
    scale: Scale,
    first: int,
    last: int,
    columns: int,
) -> None:
    """Draw the scores of some rows, with what is known of these."""
    from matplotlib.ticker import MaxNLocator

    scale.apply(axes)
    across = axes.get_xaxis_transform()
    events = first - 0.5 + take_cover(truth.labels[first:last], columns)
    bars = [(start, stop - start) for start, stop in events]
    axes.broken_barh(bars, (0, 1), color=PALE, linewidth=0, transform=across, zorder=0)
    axes.broken_barh(bars, (1, 0.05 if columns == ZOOM_COLUMNS else 0.03), color=DARK, linewidth=0,
                     transform=across, clip_on=False)  # fmt: skip
    if truth.ambiguous is not None:
        doubtful = first - 0.5 + take_cover(truth.ambiguous[first:last], columns)
        axes.broken_barh([(start, stop - start) for start, stop in doubtful], (0, 1),
                         facecolor="none", edgecolor=GREY, hatch="////", linewidth=0,
                         transform=across, zorder=0.5)  # fmt: skip
    begins = _begins(truth)
    within = begins[(begins > first) & (begins < last)]
    x, y = take_envelope(scores[first:last], (within - first).tolist(), columns)
    few = last - first <= columns // 4
    axes.plot(first + x, y, color=BLUE, linewidth=0.8, marker="." if few else "", markersize=3)
    if len(within) <= MOST_GAPS:
        axes.vlines(within - 0.5, 0, 1, transform=across, color=GREY, linewidth=0.8,
                    linestyle=[(0, (1, 2))])  # fmt: skip
    axes.set_xlim(first - 0.5, last - 0.5)
    edge = 0 if columns == COLUMNS else 0.07 * (last - first)
    ticks = MaxNLocator(7 if columns == COLUMNS else 3, integer=True).tick_values(first, last)
    ticks = [t for t in ticks if first + edge <= t <= last - edge]
    axes.set_xticks(ticks, [f"{t:,.0f}" for t in ticks])


def _draw_thresholds(axes: Axes, record: Record, scale: Scale) -> None:
    for policy, dashes in style_policies(record.thresholds).items():
        if 0 <= scale.position(record.thresholds[policy]) <= 1:
            axes.axhline(record.thresholds[policy], color=DARK, linewidth=1.1, linestyle=dashes)


def _name_thresholds(axes: Axes, record: Record, scale: Scale, height: float) -> None:
    """Name the thresholds beside the axes; with an arrow those that lie outside."""
    dashes = style_policies(record.thresholds)
    found = sorted((scale.position(value), p) for p, value in record.thresholds.items())
    ends = [min(max(at, 0.0), 1.0) for at, _ in found]
    for (at, policy), end, label in zip(
        found, ends, spread_apart(ends, 0.16 / height, 0.02, 0.98), strict=True
    ):
        arrow = "" if 0 <= at <= 1 else " ↑" if at > 1 else " ↓"
        axes.plot([1, 1.018, 1.058], [end, label, label], color=DARK, linewidth=1.1,
                  linestyle=dashes[policy], transform=axes.transAxes, clip_on=False)  # fmt: skip
        text = shorten(name_policy(policy), 20) + arrow
        axes.text(1.064, label, text, fontsize=SMALL, va="center", transform=axes.transAxes)


def _number_events(axes: Axes, zooms: list[Zoom], n: int) -> None:
    places = [((z.start + z.stop) / 2) / n for z in zooms]
    for zoom, at in zip(zooms, spread_apart(places, 0.035, 0.0, 1.0), strict=True):
        axes.text(at, 1.03, str(zoom.number), transform=axes.transAxes, fontsize=SMALL,
                  ha="center", va="bottom")  # fmt: skip


def _name_zoom(zoom: Zoom, record: Record, policy: str) -> str:
    where = f"{zoom.number}: {zoom.start:,}–{zoom.stop - 1:,}"
    if not policy:
        return where
    return f"{where}, {'found' if zoom.peak > record.thresholds[policy] else 'missed'}"


def _caption(
    record: Record, truth: StoredTruth, zooms: list[Zoom], policy: str, *, labelled: bool
) -> str:
    if not labelled:
        return "The labels are not in the store, so that no event is shown."
    words = ["Events are shaded and have a bar on top."]
    if truth.ambiguous is not None:
        words.append("Hatched points have a doubtful label.")
    events = len(find_events(truth))
    if len(zooms) < events:
        words.append(
            f"From near: {len(zooms)} of {events:,} events, spaced evenly by their highest score, "
            f"from what stands out most to what does least; {events - len(zooms):,} are left out."
        )
    if zooms and policy:
        words.append(f"Found: a score above the threshold {policy}.")
    gaps = len(_begins(truth)) - 1
    if truth.frames is None and gaps:
        marked = "marked by dotted lines" if gaps <= MOST_GAPS else "too many to be marked"
        words.append(f"The series has {gaps:,} gaps, {marked}.")
    if "oracle" in record.thresholds:
        words.append("The oracle chose its threshold on these labels.")
    return " ".join(words)


def _begins(truth: StoredTruth) -> np.ndarray:
    """Return the points at which a stretch or a sequence begins."""
    if truth.frames is not None:
        return np.arange(0, len(truth.labels), truth.frames)
    return np.array(truth.segments, dtype=np.int64)


def _say_score(scale: Scale) -> str:
    return f"score, {scale.words}" if scale.words else "score"


def _say_rows(truth: StoredTruth) -> str:
    if truth.frames is not None:
        return f"test frame, the sequences of {truth.frames} one after the other"
    return "test row" + (f", one each {truth.period:g} s" if truth.period else "")
