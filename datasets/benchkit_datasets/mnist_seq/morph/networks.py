"""The conditional variational autoencoder."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

DIGITS = 10


@dataclass(frozen=True)
class AutoencoderSize:
    """Pixels of an image, hidden units, and latent values."""

    pixels: int
    hidden: int
    latent: int


class ConditionalVAE(nn.Module):
    """Images to latent values and back, both told the digit (Sohn, Lee, Yan 2015).

    One hidden layer each way, as in the MAD-GAN replication. In double precision: what processors
    round differently grows in training, from 1e-7 of single precision to a twentieth, from 1e-16
    to about 1e-13, so that rounded weights are the same everywhere.

    Parameters
    ----------
    size
        Of the networks.
    rng
        Draws the first weights.
    """

    def __init__(self, size: AutoencoderSize, rng: np.random.Generator) -> None:
        super().__init__()
        inward, outward = size.pixels + DIGITS, size.latent + DIGITS
        self.encoder = nn.Sequential(
            _layer(inward, size.hidden, rng), nn.ReLU(), _layer(size.hidden, 2 * size.latent, rng)
        )
        self.decoder = nn.Sequential(
            _layer(outward, size.hidden, rng), nn.ReLU(), _layer(size.hidden, size.pixels, rng)
        )

    def posterior(self, images: Tensor, conditions: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and logarithm of the variance of the latent values, each (n, latent).

        ``images`` (n, pixels) in [0, 1]; ``conditions`` (n, 10), the share of each digit.
        """
        # (n, pixels + 10) -> (n, 2 * latent) -> twice (n, latent)
        mean, log_variance = self.encoder(torch.cat([images, conditions], 1)).chunk(2, 1)
        return mean, log_variance

    def logits(self, latent: Tensor, conditions: Tensor) -> Tensor:
        """Return the images of latent values before the sigmoid, (n, pixels)."""
        return self.decoder(torch.cat([latent, conditions], 1))

    @torch.no_grad()
    def encode(self, images: np.ndarray, digits: np.ndarray) -> np.ndarray:
        """Return the mean latent values of images: uint8 (n, height, width) -> (n, latent)."""
        # (n, height, width) -> (n, pixels)
        pixels = torch.from_numpy(images.reshape(len(images), -1) / 255)
        return self.posterior(pixels, torch.from_numpy(np.eye(DIGITS)[digits]))[0].numpy()

    @torch.no_grad()
    def decode(self, latent: np.ndarray, conditions: np.ndarray) -> np.ndarray:
        """Return the images of latent values, uint8 (n, pixels)."""
        made = self.logits(torch.from_numpy(latent), torch.from_numpy(conditions))
        return torch.round(255 * torch.sigmoid(made)).to(torch.uint8).numpy()


def _layer(inward: int, outward: int, rng: np.random.Generator) -> nn.Linear:
    """Return a linear layer; numpy draws its weights, whose stream no torch version changes."""
    layer = nn.utils.skip_init(nn.Linear, inward, outward, dtype=torch.float64)
    limit = 1 / math.sqrt(inward)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(rng.uniform(-limit, limit, (outward, inward))))
        layer.bias.zero_()
    return layer
