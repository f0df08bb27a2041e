"""The adversarial losses, as pure functions of log-odds; Goodfellow et al. 2014."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import softplus


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Return the cross-entropy of the log-odds of real items against those of fake ones."""
    return softplus(-real).mean() + softplus(fake).mean()


def generator_loss(fake: Tensor) -> Tensor:
    """Return the non-saturating loss of the log-odds of generated items."""
    return softplus(-fake).mean()
