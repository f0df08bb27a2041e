"""The numbers of a training, apart from what needs torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AutoencoderConfig:
    """How an autoencoder is trained.

    Parameters
    ----------
    hidden, latent
        Units of the hidden layers, latent values.
    epochs, batch
        How often all images are seen, and how many a step.
    rate
        Learning rate of Adam at the first step; it falls to zero along a line.
    divergence
        What the divergence from the prior counts. 1 is the textbook's; with few pixels the
        images would lose their handwriting to it.
    """

    hidden: int
    latent: int
    epochs: int
    batch: int
    rate: float
    divergence: float
