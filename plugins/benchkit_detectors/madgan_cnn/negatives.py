"""Made frames that are not normal: what the discriminator learns from, and is checked on.

No label is needed for them: a training sequence into which a frame of another one was put is known
to have a frame that does not belong, and a frame of which a piece was cut out is known to be
broken.
After Li et al. 2021 (CutPaste, arXiv 2104.04015) and Golan & El-Yaniv 2018 (arXiv 1805.10917).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

TURN, STRETCH, SHIFT = 8.0, 0.08, 0.06
"""How much a normal frame is varied: degrees, log of the scale, shares of half a frame."""

KNOTS = 4
BEND = 0.2
"""How far the knots of a bent frame move, in shares of half a frame (standard deviation)."""

BOX = (0.2, 0.5)
"""Sides of a piece that is cut out, replaced or added, in shares of the frame's."""


def vary(
    frames: Tensor,
    random: torch.Generator,
    turn: float = TURN,
    stretch: float = STRETCH,
    shift: float = SHIFT,
) -> Tensor:
    """Turn, scale and shift each frame by a little; (frames, height, width), values as before."""
    n = len(frames)
    angle, zoom, right, down = 2 * _uniform(4, n, random) - 1
    angle, zoom = angle * math.radians(turn), torch.exp(zoom * stretch)
    cosine, sine = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    rows = [cosine, -sine, right * shift, sine, cosine, down * shift]
    # (frames, 6) -> (frames, 2, 3), affine maps of coordinates
    maps = torch.stack(rows, 1).view(n, 2, 3)
    grid = functional.affine_grid(maps, [n, 1, *frames.shape[1:]], align_corners=False)
    return functional.grid_sample(frames[:, None], grid, align_corners=False)[:, 0]


def perturb(frames: Tensor, random: torch.Generator) -> Tensor:
    """Break each frame in one of five ways, (frames, height, width).

    A piece is cut out, replaced by a piece of another frame, or added from one; the frame is bent;
    or it is turned by about a quarter.
    """
    donors = frames[torch.randperm(len(frames), generator=random, device=frames.device)]
    donors = vary(donors, random, 30.0, 0.2, 0.4)
    inside = _boxes(frames, random)
    ways: list[Callable[[Tensor], Tensor]] = [
        lambda i: frames[i] * ~inside[i],
        lambda i: torch.where(inside[i], donors[i], frames[i]),
        lambda i: torch.maximum(frames[i], donors[i] * inside[i]),
        lambda i: _bend(frames[i], random),
        lambda i: vary(_quarter(frames[i]), random, 60.0, 0.2, 0.1),
    ]
    chosen = torch.randint(len(ways), (len(frames),), generator=random, device=frames.device)
    broken = torch.empty_like(frames)
    for number, way in enumerate(ways):
        places = torch.nonzero(chosen == number)[:, 0]
        if len(places):
            broken[places] = way(places)
    return broken


def swap_frames(
    sequences: Tensor, pool: Tensor, random: torch.Generator, *, inside: bool
) -> tuple[Tensor, Tensor]:
    """Put frames of other sequences into some places of each, fewer than half of them.

    Parameters
    ----------
    sequences
        (sequences, frames, height, width), with three frames or more.
    pool
        Where the other frames come from, (sequences, frames, height, width).
    random
        Decides how many, where and which.
    inside
        ``pool`` is ``sequences`` itself, two or more: none gets a frame of its own.

    Returns
    -------
    mixed, swapped
        The sequences, and bool (sequences, frames): True where a frame was put in.
    """
    s, t = sequences.shape[:2]
    device = sequences.device

    def whole(low: int, high: int, *shape: int) -> Tensor:
        return torch.randint(low, high, shape, generator=random, device=device)

    count = whole(0, (t - 1) // 2 + 1, s, 1)
    swapped = _uniform(s, t, random).argsort(1).argsort(1) < count
    if inside:
        donor = (torch.arange(s, device=device)[:, None] + whole(1, s, s, t)) % s
    else:
        donor = whole(0, len(pool), s, t)
    frame = whole(0, pool.shape[1], s, t)
    return torch.where(swapped[:, :, None, None], pool[donor, frame], sequences), swapped


def _uniform(rows: int, columns: int, random: torch.Generator) -> Tensor:
    return torch.rand(rows, columns, generator=random, device=random.device)


def _boxes(frames: Tensor, random: torch.Generator) -> Tensor:
    """Return one box for each frame, bool (frames, height, width), of which a pixel is inside."""
    n, height, width = frames.shape
    low, high = BOX
    draws = _uniform(4, n, random)[:, :, None]

    def side(pixels: int, length: Tensor, middle: Tensor) -> Tensor:
        places = (torch.arange(pixels, device=frames.device) + 0.5) / pixels
        # At least the pixel that is nearest to the middle of the box.
        half = torch.clamp((low + (high - low) * length) / 2, min=0.51 / pixels)
        return (places - (0.1 + 0.8 * middle)).abs() < half

    rows, columns = side(height, draws[0], draws[1]), side(width, draws[2], draws[3])
    return rows[:, :, None] & columns[:, None, :]


def _bend(frames: Tensor, random: torch.Generator) -> Tensor:
    n, height, width = frames.shape
    knots = BEND * torch.randn(
        n, 2, KNOTS, KNOTS, generator=random, device=frames.device, dtype=frames.dtype
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
