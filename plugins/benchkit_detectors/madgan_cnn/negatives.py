"""Synthetic negatives: perturbed and swapped frames, for training and validation.

They need no labels: a frame that was put into another sequence is known not to belong to it, and
a frame of which a piece was cut out is known to be perturbed.
After Li et al. 2021 (CutPaste, arXiv 2104.04015) and Golan & El-Yaniv 2018 (arXiv 1805.10917).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

TURN, STRETCH, SHIFT = 8.0, 0.08, 0.06
"""Augmentation of normal frames: degrees, log of the scale, fractions of half a frame."""

KNOTS = 4
BEND = 0.2
"""Standard deviation of the knots of a bent frame, in fractions of half a frame."""

BOX = (0.2, 0.5)
"""Range of the sides of a piece that is cut out, replaced or added, in fractions of the frame."""


def vary(
    frames: Tensor,
    rng: torch.Generator,
    turn: float = TURN,
    stretch: float = STRETCH,
    shift: float = SHIFT,
) -> Tensor:
    """Rotate, scale and shift each frame slightly, (frames, height, width)."""
    n = len(frames)
    angle, zoom, right, down = 2 * _uniform(4, n, rng) - 1
    angle, zoom = angle * math.radians(turn), torch.exp(zoom * stretch)
    cosine, sine = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    rows = [cosine, -sine, right * shift, sine, cosine, down * shift]
    # (frames, 6) -> (frames, 2, 3), affine maps of coordinates
    maps = torch.stack(rows, 1).view(n, 2, 3)
    grid = functional.affine_grid(maps, [n, 1, *frames.shape[1:]], align_corners=False)
    return functional.grid_sample(frames[:, None], grid, align_corners=False)[:, 0]


def perturb(frames: Tensor, rng: torch.Generator) -> Tensor:
    """Perturb each frame in one of five ways, (frames, height, width).

    A piece is cut out, replaced by a piece of another frame, or added from one; the frame is bent;
    or it is rotated by about a quarter.
    """
    donors = frames[torch.randperm(len(frames), generator=rng, device=frames.device)]
    donors = vary(donors, rng, 30.0, 0.2, 0.4)
    inside = _boxes(frames, rng)
    ways: list[Callable[[Tensor], Tensor]] = [
        lambda i: frames[i] * ~inside[i],
        lambda i: torch.where(inside[i], donors[i], frames[i]),
        lambda i: torch.maximum(frames[i], donors[i] * inside[i]),
        lambda i: _bend(frames[i], rng),
        lambda i: vary(_quarter(frames[i]), rng, 60.0, 0.2, 0.1),
    ]
    chosen = torch.randint(len(ways), (len(frames),), generator=rng, device=frames.device)
    perturbed = torch.empty_like(frames)
    for number, way in enumerate(ways):
        places = torch.nonzero(chosen == number)[:, 0]
        if len(places):
            perturbed[places] = way(places)
    return perturbed


def swap_frames(
    sequences: Tensor, pool: Tensor, rng: torch.Generator, *, inside: bool
) -> tuple[Tensor, Tensor]:
    """Replace fewer than half of the frames of each sequence by frames of other sequences.

    Parameters
    ----------
    sequences
        (sequences, frames, height, width), with three frames or more.
    pool
        Where the other frames come from, (sequences, frames, height, width).
    rng
        Source of random numbers.
    inside
        ``pool`` is ``sequences`` itself, at least two: none gets a frame of its own.

    Returns
    -------
    mixed, swapped
        The sequences, and bool (sequences, frames): True where a frame was replaced.
    """
    s, t = sequences.shape[:2]
    device = sequences.device

    def whole(low: int, high: int, *shape: int) -> Tensor:
        return torch.randint(low, high, shape, generator=rng, device=device)

    count = whole(0, (t - 1) // 2 + 1, s, 1)
    swapped = _uniform(s, t, rng).argsort(1).argsort(1) < count
    if inside:
        donor = (torch.arange(s, device=device)[:, None] + whole(1, s, s, t)) % s
    else:
        donor = whole(0, len(pool), s, t)
    frame = whole(0, pool.shape[1], s, t)
    return torch.where(swapped[:, :, None, None], pool[donor, frame], sequences), swapped


def _uniform(rows: int, columns: int, rng: torch.Generator) -> Tensor:
    return torch.rand(rows, columns, generator=rng, device=rng.device)


def _boxes(frames: Tensor, rng: torch.Generator) -> Tensor:
    """Return a random box per frame as a mask, bool (frames, height, width), at least a pixel."""
    n, height, width = frames.shape
    low, high = BOX
    draws = _uniform(4, n, rng)[:, :, None]

    def side(pixels: int, length: Tensor, middle: Tensor) -> Tensor:
        places = (torch.arange(pixels, device=frames.device) + 0.5) / pixels
        # At least the pixel that is nearest to the middle of the box.
        half = torch.clamp((low + (high - low) * length) / 2, min=0.51 / pixels)
        return (places - (0.1 + 0.8 * middle)).abs() < half

    rows, columns = side(height, draws[0], draws[1]), side(width, draws[2], draws[3])
    return rows[:, :, None] & columns[:, None, :]


def _bend(frames: Tensor, rng: torch.Generator) -> Tensor:
    n, height, width = frames.shape
    knots = BEND * torch.randn(
        n, 2, KNOTS, KNOTS, generator=rng, device=frames.device, dtype=frames.dtype
    )
    moved = functional.interpolate(knots, (height, width), mode="bicubic", align_corners=False)
    still = torch.eye(2, 3, device=frames.device).expand(n, 2, 3)
    grid = functional.affine_grid(still, [n, 1, height, width], align_corners=False)
    # (n, 2, height, width) -> (n, height, width, 2)
    return functional.grid_sample(
        frames[:, None], grid + moved.permute(0, 2, 3, 1), align_corners=False
    )[:, 0]


def _quarter(frames: Tensor) -> Tensor:
    square = frames.shape[1] == frames.shape[2]
    return torch.rot90(frames, 1, (1, 2)) if square else frames.flip(1)
