"""Perturbed windows: negatives that need no labels."""

from __future__ import annotations

import torch
from torch import Tensor

MAX_CHANGED = 0.6
"""Maximum fraction of a window's channels that is changed."""
SHIFT = 2.0
"""Maximum standard deviation of the shifts, in units of the scaled training part."""


def perturb(windows: Tensor, rng: torch.Generator) -> Tensor:
    """Return windows in which some channels are no longer consistent with the others.

    In every window a random fraction of the channels is either taken from another window of the
    batch or shifted, over its whole length. Perturbed windows are negatives for the
    discriminator, which otherwise sees only generated ones, and input that an encoder learns to
    correct.

    Parameters
    ----------
    windows
        (windows, length, channels).
    rng
        Source of random numbers, on the device of the windows.
    """
    count, _, channels = windows.shape
    device = windows.device

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=rng, device=device)

    changed = uniform(count, 1, channels) < MAX_CHANGED * uniform(count, 1, 1)
    others = windows[torch.randperm(count, generator=rng, device=device)]
    steps = torch.randn(count, 1, channels, generator=rng, device=device)
    shifted = windows + SHIFT * uniform(count, 1, 1) * steps
    perturbed = torch.where(uniform(count, 1, 1) < 0.5, others, shifted)
    return torch.where(changed, perturbed, windows)
