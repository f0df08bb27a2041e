"""Figures of a fitted MC-GAN."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from benchkit_detectors.mcgan.detector import MCGANDetector

SHOWN = 24
"""Draws in the figure, in rows of eight."""


def write_figures(detector: MCGANDetector, folder: Path) -> None:
    """Write ``mcgan-scores.png`` and ``mcgan-draws.png`` into ``folder``.

    The first has the scores of draws and of held-out normal items with the threshold, its
    interval, and the quantile of the draws as they come. The second has draws: frames, or a line
    a channel for windows, a line over the channels for rows.
    """
    # Without pyplot, which would keep figures in a global state and look for a display.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    draws, held_out = detector.draw_scores_, detector.held_out_scores_
    edges = np.histogram_bin_edges(np.concatenate([draws, held_out]), 60).tolist()
    axes.hist(draws, edges, density=True, alpha=0.4, label=f"{len(draws):,} draws")
    axes.hist(
        draws,
        edges,
        weights=detector.draw_weights_,
        density=True,
        histtype="step",
        label="draws, weighted by D",
    )
    axes.hist(
        held_out,
        edges,
        density=True,
        histtype="step",
        color="black",
        label=f"{len(held_out):,} held-out normal",
    )
    axes.axvspan(*detector.threshold_interval_, color="red", alpha=0.15)
    axes.axvline(detector.threshold_, color="red", label=f"threshold, alpha = {detector.alpha:g}")
    axes.axvline(
        detector.raw_threshold_, color="red", linestyle=":", label="quantile of the draws alone"
    )
    axes.set(xlabel="score, higher is more anomalous", ylabel="density", yticks=[])
    axes.legend(frameon=False)
    figure.savefig(folder / "mcgan-scores.png", dpi=120)

    figure = Figure(figsize=(8, 3), layout="constrained")
    made = detector.sample(SHOWN, seed=detector.random_state)
    item = detector.facts_["item"]
    for axes, values in zip(figure.subplots(SHOWN // 8, 8).flat, made, strict=True):
        if len(item) == 2:
            # (height * width,) -> (height, width)
            axes.imshow(values.reshape(item), cmap="gray", vmin=-1, vmax=1)
        else:
            # (length * channels,) -> (length, channels)
            window = values.reshape(-1, item[0])
            axes.plot(window if len(window) > 1 else window[0], linewidth=0.8)
            axes.set_ylim(-1.05, 1.05)
        axes.set(xticks=[], yticks=[])
    figure.suptitle("draws of the generator")
    figure.savefig(folder / "mcgan-draws.png", dpi=120)
