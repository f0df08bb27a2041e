"""Figures of a fitted MAD-GAN: generated beside held-out windows or frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchkit_detectors.gan.figures import MAX_CHANNELS, draw_frames, draw_windows, most_variable
from benchkit_detectors.madgan.reduction import Reduction

MAX_FRAMES = 10
"""Frames of a sequence that are shown."""


def draw(
    real: np.ndarray,
    fake: np.ndarray,
    reduction: Reduction,
    frame: tuple[int, ...],
    folder: Path,
) -> None:
    """Write ``generated-windows.png``, or for image sequences ``generated-frames.png``.

    Shown are the most variable channels of held-out windows, in training standard deviations.

    Parameters
    ----------
    real, fake
        Held-out and generated windows in the units of X, (windows, length, channels).
    reduction
        The fitted reduction.
    frame
        (height, width) of image sequences, empty for a series.
    folder
        Where the figure is written.
    """
    if frame:
        # (windows, length, height * width) -> (windows, frames, height, width)
        frames = [x.reshape(*x.shape[:2], *frame)[:, :MAX_FRAMES] for x in (real, fake)]
        draw_frames(folder / "generated-frames.png", frames[0], frames[1])
        return
    channels = most_variable(real / reduction.scale_, MAX_CHANNELS)
    projected = None
    if reduction.axes_.shape[1] < real.shape[2]:
        # (windows, length, channels) -> (windows * length, channels), and back
        projected = reduction.restore(reduction.apply(real.reshape(-1, real.shape[2])))
        projected = projected.reshape(real.shape)[:, :, channels]
    path = folder / "generated-windows.png"
    draw_windows(path, real[:, :, channels], fake[:, :, channels], channels, projected)
