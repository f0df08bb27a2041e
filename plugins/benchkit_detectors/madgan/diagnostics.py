"""What a fitted MAD-GAN looks like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from benchkit_detectors.madgan.detector import MADGANDetector

SHOWN_WINDOWS = 4
MOST_CHANNELS = 6


def draw(detector: MADGANDetector, folder: Path) -> list[Path]:
    """Write ``training.png`` and ``generated.png`` into ``folder``, and return their paths.

    The first has the training curves, the second a few generated windows, channel by channel of
    the reduced series, in the order of their share of the variance.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    curves = detector.history_
    figure, axes = plt.subplots(1, len(curves), figsize=(3 * len(curves), 2.6), squeeze=False)
    for axis, (name, values) in zip(axes[0], curves.items(), strict=True):
        axis.plot(range(1, len(values) + 1), values, marker="o", markersize=3)
        axis.set(title=name, xlabel="epoch")
    paths = [folder / "training.png"]
    figure.savefig(paths[0], dpi=100, bbox_inches="tight")
    plt.close(figure)

    made = detector.networks_["generator"]
    device = next(made.parameters()).device
    chance = torch.Generator(device).manual_seed(detector.random_state)
    with torch.no_grad():
        windows = made(made.draw(SHOWN_WINDOWS, detector.facts_["window"], chance)).cpu()
    channels = min(windows.shape[2], MOST_CHANNELS)
    figure, axes = plt.subplots(
        channels, SHOWN_WINDOWS, figsize=(8, 1.2 * channels + 0.6), sharey="row", squeeze=False
    )
    for window, column in zip(windows, axes.T, strict=True):
        for channel, axis in enumerate(column):
            axis.plot(window[:, channel])
    for channel, axis in enumerate(axes[:, 0]):
        axis.set_ylabel(f"component {channel + 1}")
    figure.suptitle("generated windows")
    paths.append(folder / "generated.png")
    figure.savefig(paths[1], dpi=100, bbox_inches="tight")
    plt.close(figure)
    return paths
