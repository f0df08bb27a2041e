"""Figures of a fitted MC-GAN: draws beside held-out normal items."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchkit_detectors.gan.figures import (
    MAX_CHANNELS,
    draw_frames,
    draw_rows,
    draw_windows,
    most_variable,
)

FRAMES_PER_ROW = 12


def draw_items(real: np.ndarray, fake: np.ndarray, item: tuple[int, ...], folder: Path) -> None:
    """Write ``generated-frames.png``, ``-windows`` or ``-rows`` into ``folder``, which exists.

    Parameters
    ----------
    real, fake
        Held-out and generated items, scaled to [-1, 1], (items, values).
    item
        (height, width) of frames, or (channels,) of windows and rows.
    folder
        Where the figure is written.
    """
    if len(item) == 2:
        columns = min(FRAMES_PER_ROW, len(real))
        rows = len(real) // columns
        # (items, height * width) -> (rows, columns, height, width)
        frames = [x[: rows * columns].reshape(rows, columns, *item) for x in (real, fake)]
        draw_frames(folder / "generated-frames.png", frames[0], frames[1])
    elif real.shape[1] == item[0]:
        draw_rows(folder / "generated-rows.png", real, fake)
    else:
        # (items, length * channels) -> (items, length, channels)
        real, fake = (x.reshape(len(x), -1, item[0]) for x in (real, fake))
        channels = most_variable(real, MAX_CHANNELS)
        path = folder / "generated-windows.png"
        draw_windows(path, real[:, :, channels], fake[:, :, channels], channels)
