"""Figures of a fitted detector; drawing only, nothing is computed that the detector cannot say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from benchkit_detectors.madgan_cnn.detector import MADGANCNNDetector


def write_figures(detector: MADGANCNNDetector, folder: Path) -> None:
    """Write four figures into ``folder``, which is made if need be.

    ``training.png``: the curves. ``generated.png``: generated sequences below held-out ones.
    ``frames.png``: held-out sequences whose last frames come from other ones, with scores.
    ``residuals.png``: the same, with what the generator leaves of each pixel.

    Raises
    ------
    RuntimeError
        The detector is not fitted.
    """
    from matplotlib.figure import Figure

    shown = detector.examples()
    folder.mkdir(parents=True, exist_ok=True)
    _save(_curves(Figure, detector.history_), folder / "training.png")
    made = detector.generate(len(shown), shown.shape[1])
    _save(_strips(Figure, np.concatenate([shown, made])), folder / "generated.png")
    mixed = shown.copy()
    mixed[:, -1] = np.roll(shown[:, -1], 1, axis=0)
    scores = detector.decision_function(mixed)
    _save(_strips(Figure, mixed, scores, detector.threshold_), folder / "frames.png")
    maps = detector.residual_maps(mixed)
    _save(_strips(Figure, maps, scores, detector.threshold_, "magma"), folder / "residuals.png")


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, dpi=100, bbox_inches="tight")


def _curves(make: Any, history: dict[str, list[float]]) -> Any:
    """Return one small panel for each curve."""
    columns = 4
    rows = -(-len(history) // columns)
    figure = make(figsize=(3 * columns, 2 * rows), layout="constrained")
    for number, (name, values) in enumerate(history.items(), 1):
        axes = figure.add_subplot(rows, columns, number)
        axes.plot(range(1, len(values) + 1), values, marker=".")
        axes.set_title(name.replace("_", " "), fontsize=8)
        axes.tick_params(labelsize=7)
    return figure


def _strips(
    make: Any,
    sequences: np.ndarray,
    scores: np.ndarray | None = None,
    threshold: float = 0.0,
    colours: str = "gray",
) -> Any:
    """Return one line of frames for each sequence; scores above the threshold are red."""
    rows, columns = sequences.shape[:2]
    figure = make(figsize=(columns, 1.2 * rows), layout="constrained")
    low, high = float(sequences.min()), float(sequences.max())
    for row in range(rows):
        for column in range(columns):
            axes = figure.add_subplot(rows, columns, row * columns + column + 1)
            axes.imshow(sequences[row, column], cmap=colours, vmin=low, vmax=high)
            axes.set_axis_off()
            if scores is not None:
                score = scores[row, column]
                colour = "tab:red" if score > threshold else "black"
                axes.set_title(f"{score:.1f}", fontsize=8, color=colour)
    return figure
