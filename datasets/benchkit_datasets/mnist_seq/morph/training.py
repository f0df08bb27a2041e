"""Training of the conditional variational autoencoder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchkit import progress
from benchkit_datasets.mnist_seq.morph.networks import DIGITS, AutoencoderSize, ConditionalVAE
from benchkit_datasets.mnist_seq.morph.settings import AutoencoderConfig

GRID = 2.0**-14
"""Trained weights are multiples of this, far coarser than differences between processors."""


def train(images: np.ndarray, digits: np.ndarray, config: AutoencoderConfig) -> ConditionalVAE:
    """Return a network trained on images; the same arguments give the same weights.

    Parameters
    ----------
    images, digits
        uint8 (n, height, width) and (n,).
    config
        Size of the network and training.
    """
    # (n, height, width) -> (n, pixels)
    pixels = torch.tensor(images.reshape(len(images), -1))
    conditions = torch.eye(DIGITS, dtype=torch.float64)[torch.from_numpy(digits.astype(np.int64))]
    rng = np.random.default_rng(0)
    network = ConditionalVAE(AutoencoderSize(pixels.shape[1], config.hidden, config.latent), rng)
    optimiser = torch.optim.Adam(network.parameters(), lr=config.learning_rate)
    batches = [rows for _ in range(config.epochs) for rows in _batches(len(images), config, rng)]
    with _one_thread(), torch.enable_grad():
        for step, rows in enumerate(progress(batches, "training the autoencoder")):
            optimiser.param_groups[0]["lr"] = config.learning_rate * (1 - step / len(batches))
            noise = torch.from_numpy(rng.standard_normal((len(rows), config.latent)))
            some = pixels[rows].double() / 255
            loss = _loss(network, some, conditions[rows], noise, config.kl_weight)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        for weights in network.parameters():
            weights.copy_(torch.round(weights / GRID) * GRID)
    return network.requires_grad_(False)


def _loss(
    network: ConditionalVAE, pixels: Tensor, conditions: Tensor, noise: Tensor, kl_weight: float
) -> Tensor:
    """Return the negative evidence lower bound, per image (Kingma and Welling 2014, eq. 10)."""
    mean, log_variance = network.posterior(pixels, conditions)
    made = network.logits(mean + noise * (log_variance / 2).exp(), conditions)
    reconstruction = functional.binary_cross_entropy_with_logits(made, pixels, reduction="sum")
    kl = (mean**2 + log_variance.exp() - 1 - log_variance).sum() / 2
    return (reconstruction + kl_weight * kl) / len(pixels)


def _batches(
    count: int, config: AutoencoderConfig, rng: np.random.Generator
) -> tuple[Tensor, ...]:
    """Return the rows of each step of an epoch."""
    return torch.from_numpy(rng.permutation(count)).split(config.batch_size)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Use one thread, so that sums do not depend on the machine; two are not faster here."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
