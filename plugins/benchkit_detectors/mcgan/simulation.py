"""The Monte-Carlo simulation: draws of the generator, their scores and their weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.scores import auroc
from benchkit_detectors.mcgan.networks import MLPDiscriminator, MLPGenerator
from benchkit_detectors.mcgan.scoring import Score

BATCH_SIZE = 1024
MAX_LOG_ODDS = 10.0
"""Log-odds are clipped to this magnitude, so that no single draw outweighs all others."""


@torch.no_grad()
def draw(
    generator: MLPGenerator, count: int, compute: Compute, rng: torch.Generator
) -> Iterator[Tensor]:
    """Yield ``count`` draws in batches of scaled items, float32 (batch, values)."""
    for start in progress(range(0, count, BATCH_SIZE), "draw"):
        size = min(BATCH_SIZE, count - start)
        noise = torch.randn(size, generator.latent, generator=rng).to(compute.device)
        with compute.autocast():
            items = generator(noise)
        yield items.float()


@torch.no_grad()
def log_odds(discriminator: MLPDiscriminator, scaled: Tensor, compute: Compute) -> np.ndarray:
    """Return the discriminator's log-odds that items are real, float64 (items,)."""
    with compute.autocast():
        logits = discriminator(scaled)
    return logits.double().cpu().numpy()


@dataclass(frozen=True)
class Simulation:
    """Scored and weighted draws.

    Attributes
    ----------
    scores, weights
        Of each draw, (draws,); weights have mean 1.
    discriminator_auroc
        How often the discriminator takes a held-out item for more real than a draw.
    """

    scores: np.ndarray
    weights: np.ndarray
    discriminator_auroc: float


def simulate(
    networks: nn.ModuleDict,
    count: int,
    score: Score,
    held_out: np.ndarray,
    compute: Compute,
    rng: torch.Generator,
) -> Simulation:
    """Draw ``count`` items, score and weight them; ``held_out`` is scaled, (items, values)."""
    discriminator = networks["discriminator"]
    scores, odds = [], []
    for items in draw(networks["generator"], count, compute, rng):
        scores.append(score(items).double().cpu().numpy())
        odds.append(log_odds(discriminator, items, compute))
    real_odds = log_odds(discriminator, compute.tensor(held_out), compute)
    weights, discriminator_auroc = weigh(np.concatenate(odds), real_odds)
    return Simulation(np.concatenate(scores), weights, discriminator_auroc)


def weigh(draw_odds: np.ndarray, held_out_odds: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the importance weight of each draw, and the discriminator's AUC-ROC.

    The odds of a trained discriminator estimate the ratio of the densities of real and generated
    items (Goodfellow et al. 2014; used on draws by Azadi et al. 2019, Discriminator rejection
    sampling). They are used only if the discriminator prefers held-out normal items, on which it
    was not trained, to draws; otherwise all draws have weight 1.

    Returns
    -------
    weights
        (draws,), positive, mean 1.
    discriminator_auroc
        How often the discriminator takes a held-out item for more real than a draw.
    """
    discriminator_auroc = auroc(-draw_odds, -held_out_odds)
    if discriminator_auroc <= 0.5:
        return np.ones(len(draw_odds)), discriminator_auroc
    centred = draw_odds - np.median(draw_odds)
    weights = np.exp(np.clip(centred, -MAX_LOG_ODDS, MAX_LOG_ODDS))
    return weights / weights.mean(), discriminator_auroc
