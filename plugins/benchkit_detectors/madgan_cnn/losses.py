"""Loss functions of the default model, pure; the adversarial one is in `gan.losses`."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

GENERATED_WEIGHT = 0.05
"""Weight of generated frames in the discriminator's loss; see `training.GENERATED_FRACTION`."""


def frame_losses(normal: Tensor, perturbed: Tensor, generated: Tensor) -> dict[str, Tensor]:
    """Return the terms of the frame discriminator's loss, from log-odds of being real."""
    return {
        "discriminator_normal": softplus(-normal).mean(),
        "discriminator_perturbed": softplus(perturbed).mean(),
        "discriminator_generated": GENERATED_WEIGHT * softplus(generated).mean(),
    }


def membership_loss(logits: Tensor, member: Tensor) -> Tensor:
    """Return the cross-entropy of the sequence discriminator, both (sequences, frames).

    ``member`` is True where a frame belongs to its sequence.
    """
    return binary_cross_entropy_with_logits(logits.float(), member.float())


def reconstruction_loss(reconstructed: Tensor, frames: Tensor) -> Tensor:
    """Return the squared error, summed over pixels; both are (frames, height, width)."""
    return ((reconstructed - frames) ** 2).flatten(1).sum(1).mean()


def prior_loss(latent: Tensor) -> Tensor:
    """Return the distance of the moments of latent values, (frames, latent), to the prior's."""
    mean, variance = latent.mean(0), latent.var(0, correction=0)
    return (mean**2 + (variance - 1) ** 2).sum()
