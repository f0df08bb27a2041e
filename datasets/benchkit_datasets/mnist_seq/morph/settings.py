"""Hyperparameters of the autoencoder, importable without torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AutoencoderConfig:
    """Size and training of the conditional variational autoencoder.

    Attributes
    ----------
    hidden, latent
        Units of the hidden layers and of the latent space.
    epochs, batch_size
        Passes over the images, and images per step.
    learning_rate
        Of Adam at the first step; it decays linearly to zero.
    kl_weight
        Weight of the Kullback-Leibler divergence from the prior in the loss. 1 is the standard
        evidence lower bound; with few pixels it would remove the differences in handwriting.
    """

    hidden: int
    latent: int
    epochs: int
    batch_size: int
    learning_rate: float
    kl_weight: float


AUTOENCODERS = {
    "real": AutoencoderConfig(
        hidden=256, latent=75, epochs=6, batch_size=200, learning_rate=3e-3, kl_weight=1.0
    ),
    "sim": AutoencoderConfig(
        hidden=128, latent=16, epochs=60, batch_size=50, learning_rate=5e-3, kl_weight=0.1
    ),
}
"""By variant; the sizes for ``real`` are those of the MAD-GAN replication."""
