"""What a fitted detector makes, beside what is real; nothing is computed that it cannot say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchkit_detectors.gan.figures import Strip, draw_frames, draw_strips

if TYPE_CHECKING:
    from benchkit_detectors.madgan_cnn.answers import Answers

SHOWN = 3
"""Sequences of each kind in a figure."""


def write_figures(answers: Answers, folder: Path, seed: int) -> None:
    """Write ``generated-frames.png`` and ``residual-maps.png`` into ``folder``, which exists.

    The second has held-out sequences, some of whose frames are spoiled, and what the generator
    leaves of each pixel.
    """
    real = answers.examples()[:SHOWN]
    made = answers.generate(SHOWN, real.shape[1], seed)
    draw_frames(folder / "generated-frames.png", real, made)
    mixed, hit = answers.spoil(seed)
    maps = answers.residual_maps(mixed[:SHOWN])
    range_of_frames = float(real.min()), float(real.max())
    range_of_maps = 0.0, float(np.quantile(maps, 0.99))
    residual = f"residual\n0 to {range_of_maps[1]:.2g}"
    strips = []
    for frames, left in zip(mixed, maps, strict=False):
        strips.append(Strip("held out", frames, range_of_frames, marked=np.flatnonzero(hit)))
        strips.append(Strip(residual, left, range_of_maps, "inferno"))
    title = (
        "Held-out sequences, and below what the generator leaves of each pixel. With a border:\n"
        "frames that were broken, or put in from another sequence"
    )
    draw_strips(folder / "residual-maps.png", title, strips)
