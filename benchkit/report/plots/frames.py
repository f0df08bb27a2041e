"""Strips of frames with their scores, those with an alarm framed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchkit.report.plots.album import Order, name_trial, order_trial
from benchkit.report.plots.canvas import DARK, SMALL, WIDTH, make_figure, place
from benchkit.results.folder import EXAMPLES, TEST_SCORES, TRUTH
from benchkit.results.store import Entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_SEQUENCES, MOST_FRAMES = 6, 12
POLICIES = ("train_q99", "own")
"""The first of these that there is says which frames have an alarm."""
MOST_PIXELS = 32
"""A larger side of a frame is made smaller by leaving out lines."""


def plan(entry: Entry, files: frozenset[str]) -> list[Order]:
    """Return the plot of a trial on image sequences of which there are examples."""
    if not {EXAMPLES, TEST_SCORES} <= files:
        return []
    record, name = entry.record, name_trial(entry.record)
    alt = (
        f"Example sequences with the score of {name} above each frame; frames with an alarm have "
        "a thick border, and anomalous ones the word below them. On the right the frames with the "
        "highest and with the lowest score among the examples."
    )
    inputs = (sorted(record.thresholds.items()), TRUTH in files)
    return [order_trial("frames", "Frames and their scores", alt, entry, inputs)]


def draw(entry: Entry) -> Figure:
    """Return the figure of a trial: a line for each of some sequences, and the two extremes."""
    record, truth = entry.record, entry.folder.truth()
    scores, examples = entry.folder.scores(), entry.folder.examples()
    if scores is None or examples is None:
        raise ValueError("its examples are not there any more")
    # (points,) -> (sequences, frames), and those of the examples
    by_frame = scores.reshape(-1, examples.frames.shape[1])[examples.sequences]
    labels = None
    if truth is not None:
        labels = truth.labels.reshape(-1, examples.frames.shape[1])[examples.sequences]
    policy = next((p for p in POLICIES if p in record.thresholds), None)
    threshold = record.thresholds[policy] if policy else np.inf
    shown = min(MOST_SEQUENCES, len(by_frame))
    count = min(MOST_FRAMES, by_frame.shape[1])
    images = shrink(examples.frames)
    cell = (WIDTH - 0.55 - 1.75) / count
    tall = cell * (0.94 * images.shape[2] / images.shape[3]) + 0.34
    figure = make_figure(
        max(tall * shown, 3.1) + 0.15,
        "Frames and their scores",
        name_trial(record),
        _caption(policy, labels, len(by_frame), shown, by_frame.shape[1], count),
    )
    limits = float(images.min()), float(images.max())
    for line in range(shown):
        axes = place(figure, 0.55, 0.1 + line * tall, WIDTH - 0.55 - 1.75, tall)
        marks = None if labels is None else labels[line, :count]
        strip, numbers = images[line, :count], by_frame[line, :count]
        _draw_strip(axes, strip, numbers, marks, threshold, limits, tall)
        axes.text(-0.01, 0.5, f"{examples.sequences[line]}", transform=axes.transAxes, ha="right",
                  va="center", fontsize=SMALL)  # fmt: skip
    for number, (name, where) in enumerate(
        (("highest score", by_frame.argmax()), ("lowest score", by_frame.argmin()))
    ):
        line, column = divmod(int(where), by_frame.shape[1])
        axes = place(figure, WIDTH - 1.5, 0.32 + 1.55 * number, 1.2, 1.1)
        title = f"{name}: {_say(by_frame[line, column])}"
        words = f"sequence {examples.sequences[line]}"
        if labels is not None and labels[line, column]:
            words += ", anomalous"
        _draw_extreme(axes, images[line, column], limits, title, words)
    return figure


def shrink(frames: np.ndarray) -> np.ndarray:
    """Return (sequences, frames, height, width) with sides of at most `MOST_PIXELS`."""
    step = -(-max(frames.shape[2:]) // MOST_PIXELS)
    return frames[:, :, ::step, ::step]


def _draw_strip(
    axes: Axes,
    images: np.ndarray,
    scores: np.ndarray,
    labels: np.ndarray | None,
    threshold: float,
    limits: tuple[float, float],
    tall: float,
) -> None:
    """Draw the frames of a sequence as one picture, and what is to be said of each."""
    from matplotlib.patches import Rectangle

    count, high, wide = images.shape
    gap = max(2, wide // 8)
    strip = np.full((high, count * (wide + gap)), np.nan)
    for i, image in enumerate(images):
        strip[:, i * (wide + gap) : i * (wide + gap) + wide] = image
    axes.imshow(
        strip, cmap="gray", vmin=limits[0], vmax=limits[1], interpolation="nearest",
        aspect="auto", extent=(0, count * (wide + gap), high, 0),
    )  # fmt: skip
    # Room for a line of text, 0.17 inches, above and below.
    room = 0.17 / (tall - 0.34) * high
    axes.set_xlim(-gap / 2, count * (wide + gap) - gap / 2)
    axes.set_ylim(high + room, -room)
    axes.axis("off")
    for i, score in enumerate(scores):
        left, alarm = i * (wide + gap), bool(score > threshold)
        axes.add_patch(Rectangle((left, 0), wide, high, fill=False, edgecolor="#c2571a" if alarm
                                 else "#bbbbbb", linewidth=2.8 if alarm else 0.5))  # fmt: skip
        axes.text(left + wide / 2, -room * 0.28, _say(score), ha="center", va="bottom",
                  fontsize=7.5, weight="bold" if alarm else "normal", color=DARK)  # fmt: skip
        if labels is not None and labels[i]:
            axes.text(left + wide / 2, high + room * 0.2, "anomalous", ha="center", va="top",
                      fontsize=6.5, color=DARK)  # fmt: skip


def _draw_extreme(
    axes: Axes, image: np.ndarray, limits: tuple[float, float], title: str, words: str
) -> None:
    axes.imshow(image, cmap="gray", vmin=limits[0], vmax=limits[1], interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=SMALL, pad=3)
    axes.set_xlabel(words, fontsize=SMALL, labelpad=3)
    for spine in axes.spines.values():
        spine.set(visible=True, color="#bbbbbb")


def _say(score: float) -> str:
    return f"{score:.3g}".replace("-", "−")


def _caption(
    policy: str | None, labels: np.ndarray | None, there: int, shown: int, frames: int, count: int
) -> str:
    words = ["On the left the number of the test sequence, above each frame its score."]
    if policy:
        words.append(f"A thick border: a score above the threshold {policy}.")
    words.append(
        "The extremes are among the examples, which hold those of the whole test part."
        if labels is not None
        else "The labels are not in the store."
    )
    if shown < there or count < frames:
        which = f", the first {count} frames of {frames}" if count < frames else ""
        words.append(f"Shown are {shown} of {there} examples{which}.")
    return " ".join(words)
