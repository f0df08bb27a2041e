"""Draws of a fitted MC-GAN beside held-out normal items."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchkit_detectors.gan.figures import (
    MOST_CHANNELS,
    draw_frames,
    draw_rows,
    draw_windows,
    liveliest,
)

if TYPE_CHECKING:
    from benchkit_detectors.mcgan.detector import MCGANDetector

LINE = 12
"""Frames side by side."""


def write_figures(detector: MCGANDetector, folder: Path) -> None:
    """Write ``generated-frames.png``, ``-windows`` or ``-rows`` into ``folder``, which exists.

    All is drawn as the networks see it, with the training part's range from -1 to 1.
    """
    item, real = detector.facts_["item"], detector.facts_["examples"]
    made = detector.sample(len(real), seed=detector.random_state)
    if len(item) == 2:
        count = min(LINE, len(real))
        lines = len(real) // count
        # (items, height * width) -> (lines, frames, height, width)
        frames = [x[: lines * count].reshape(lines, count, *item) for x in (real, made)]
        draw_frames(folder / "generated-frames.png", frames[0], frames[1])
    elif real.shape[1] == item[0]:
        draw_rows(folder / "generated-rows.png", real, made)
    else:
        # (items, length * channels) -> (items, length, channels)
        real, made = (x.reshape(len(x), -1, item[0]) for x in (real, made))
        channels = liveliest(real, MOST_CHANNELS)
        path = folder / "generated-windows.png"
        draw_windows(path, real[:, :, channels], made[:, :, channels], channels)
