"""What a fitted MAD-GAN looks like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from benchkit_detectors.madgan.detector import MADGANDetector

MOST_CHANNELS = 6


def draw(detector: MADGANDetector, folder: Path) -> list[Path]:
    """Write ``training.png`` and ``generated.png`` into ``folder``, and return their paths.

    The first has the training curves, the second a few held-out windows beside generated ones,
    channel by channel of the reduced series, in the order of their share of the variance.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "training.png", folder / "generated.png"]
    curves = detector.history_
    figure, axes = plt.subplots(
        1, len(curves), figsize=(3 * len(curves), 2.6), squeeze=False, layout="constrained"
    )
    for axis, (name, values) in zip(axes[0], curves.items(), strict=True):
        axis.plot(range(1, len(values) + 1), values, marker="o", markersize=3)
        axis.set(title=name, xlabel="epoch")
    figure.savefig(paths[0], dpi=100)
    plt.close(figure)

    real = torch.from_numpy(detector.facts_["examples"])
    made = detector.networks_["generator"]
    device = next(made.parameters()).device
    chance = torch.Generator(device).manual_seed(detector.random_state)
    with torch.no_grad():
        fake = made(made.draw(len(real), real.shape[1], chance)).cpu()
    windows = [("held out", window) for window in real] + [("generated", w) for w in fake]
    channels = min(real.shape[2], MOST_CHANNELS)
    figure, axes = plt.subplots(
        channels,
        len(windows),
        figsize=(1.6 * len(windows), 1.2 * channels + 0.5),
        sharex=True,
        sharey="row",
        squeeze=False,
        layout="constrained",
    )
    for (kind, window), column in zip(windows, axes.T, strict=True):
        column[0].set_title(kind)
        for channel, axis in enumerate(column):
            axis.plot(window[:, channel], color="C0" if kind == "held out" else "C1")
    for channel, axis in enumerate(axes[:, 0]):
        axis.set_ylabel(f"component {channel + 1}")
    figure.savefig(paths[1], dpi=100)
    plt.close(figure)
    return paths
