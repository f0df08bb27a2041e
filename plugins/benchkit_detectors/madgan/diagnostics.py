"""What a fitted MAD-GAN makes, beside what is real."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from benchkit_detectors.gan.figures import MAX_CHANNELS, draw_frames, draw_windows, most_variable
from benchkit_detectors.madgan.reduction import Reduction

if TYPE_CHECKING:
    from benchkit_detectors.madgan.detector import MADGANDetector

MOST_FRAMES = 10
"""Frames of a sequence that are shown."""


def draw(detector: MADGANDetector, folder: Path) -> None:
    """Write ``generated-windows.png``, or of image sequences ``generated-frames.png``.

    What the generator makes is brought back from components to channels. Shown are the channels
    that vary most where they are held out, in training deviations.
    """
    facts = detector.state_
    reduction, real = Reduction.restored(facts["reduction"]), facts["examples"]
    made = detector.networks_["generator"]
    device = next(made.parameters()).device
    chance = torch.Generator(device).manual_seed(detector.random_state)
    with torch.no_grad():
        fake = made(made.draw(len(real), real.shape[1], chance)).float().cpu().numpy()
    fake = reduction.restore(fake)
    if facts["frame"]:
        # (windows, length, height * width) -> (windows, frames, height, width)
        frames = [x.reshape(*x.shape[:2], *facts["frame"])[:, :MOST_FRAMES] for x in (real, fake)]
        draw_frames(folder / "generated-frames.png", frames[0], frames[1])
        return
    channels = most_variable(real / reduction.scale_, MAX_CHANNELS)
    shown = [x[:, :, channels] for x in (real, fake)]
    seen = None
    if reduction.axes_.shape[1] < real.shape[2]:
        # (windows, length, channels) -> (windows * length, channels), and back
        seen = reduction.restore(reduction.apply(real.reshape(-1, real.shape[2])))
        seen = seen.reshape(real.shape)[:, :, channels]
    draw_windows(folder / "generated-windows.png", shown[0], shown[1], channels, seen)
