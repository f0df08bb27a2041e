"""Figures of a fitted model: generated and held-out frames, and residual maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchkit_detectors.gan.figures import Strip, draw_frames, draw_strips


def draw_generated(real: np.ndarray, fake: np.ndarray, folder: Path) -> None:
    """Write ``generated-frames.png`` into ``folder``, which exists.

    Parameters
    ----------
    real, fake
        Held-out and generated sequences, (sequences, frames, height, width).
    folder
        Where the figure is written.
    """
    draw_frames(folder / "generated-frames.png", real, fake)


def draw_residuals(
    mixed: np.ndarray,
    mask: np.ndarray,
    maps: np.ndarray,
    limits: tuple[float, float],
    folder: Path,
) -> None:
    """Write ``residual-maps.png`` into ``folder``, which exists.

    Parameters
    ----------
    mixed, maps
        Held-out sequences with synthetic anomalies, and their residuals, both (sequences, frames,
        height, width).
    mask
        Which frames are anomalies, bool (frames,).
    limits
        The range of normal frames.
    folder
        Where the figure is written.
    """
    map_limits = 0.0, float(np.quantile(maps, 0.99))
    residual = f"residual\n0 to {map_limits[1]:.2g}"
    strips = []
    for frames, residuals in zip(mixed, maps, strict=True):
        strips.append(Strip("held out", frames, limits, marked=np.flatnonzero(mask)))
        strips.append(Strip(residual, residuals, map_limits, "inferno"))
    title = (
        "Held-out sequences, and below what the generator leaves of each pixel. With a border:\n"
        "frames that were broken, or put in from another sequence"
    )
    draw_strips(folder / "residual-maps.png", title, strips)
