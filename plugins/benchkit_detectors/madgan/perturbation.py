"""Windows that are wrong in a way nobody had to label."""

from __future__ import annotations

import torch
from torch import Tensor

MAX_CHANGED = 0.6
"""At most this share of a window's channels is changed."""
SHIFT = 2.0
"""How far values are shifted: the standard deviation, at most, in units of the training part."""


def perturb(windows: Tensor, generator: torch.Generator) -> Tensor:
    """Return windows in which some channels do not go with the others any more.

    In every window a random share of the channels is either taken from another window of the
    batch or shifted, for its whole length. Negatives for a discriminator, which else knows nothing
    but its generator's mistakes, and what an encoder learns to see through.

    Parameters
    ----------
    windows
        (windows, length, channels).
    generator
        Where the chance comes from, on the device of the windows.
    """
    count, _, channels = windows.shape
    device = windows.device

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, device=device)

    changed = uniform(count, 1, channels) < MAX_CHANGED * uniform(count, 1, 1)
    others = windows[torch.randperm(count, generator=generator, device=device)]
    steps = torch.randn(count, 1, channels, generator=generator, device=device)
    shifted = windows + SHIFT * uniform(count, 1, 1) * steps
    wrong = torch.where(uniform(count, 1, 1) < 0.5, others, shifted)
    return torch.where(changed, wrong, windows)
