"""The Monte-Carlo part: draws of the generator, and what each is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.direction import separation
from benchkit_detectors.mcgan.networks import Discriminator, Generator
from benchkit_detectors.mcgan.scoring import Score

DRAWN_AT_ONCE = 1024
MOST_ODDS = 10.0
"""Log-odds beyond are taken for this, so that no single draw outweighs all others."""


@torch.no_grad()
def draw(
    made: Generator, count: int, compute: Compute, generator: torch.Generator
) -> Iterator[Tensor]:
    """Yield ``count`` draws, scaled float32 (some, values) at a time."""
    for start in progress(range(0, count, DRAWN_AT_ONCE), "draw"):
        size = min(DRAWN_AT_ONCE, count - start)
        noise = torch.randn(size, made.latent, generator=generator).to(compute.device)
        with compute.autocast():
            items = made(noise)
        yield items.float()


@torch.no_grad()
def judge(judged: Discriminator, scaled: Tensor, compute: Compute) -> np.ndarray:
    """Return the discriminator's log-odds that items are real, float64 (items,)."""
    with compute.autocast():
        odds = judged(scaled)
    return odds.double().cpu().numpy()


@dataclass(frozen=True)
class Simulation:
    """Scored draws.

    Parameters
    ----------
    scores, weights
        Of each draw, (draws,): its score, and what it is worth as a normal item, mean 1.
    direction
        How often a draw looks less real to the discriminator than a held-out item.
    """

    scores: np.ndarray
    weights: np.ndarray
    direction: float


def simulate(
    networks: nn.ModuleDict,
    count: int,
    score: Score,
    held_out: np.ndarray,
    compute: Compute,
    generator: torch.Generator,
) -> Simulation:
    """Draw ``count`` items, score and weigh them; ``held_out`` is scaled, (items, values)."""
    judged = networks["discriminator"]
    scores, odds = [], []
    for items in draw(networks["generator"], count, compute, generator):
        scores.append(score(items).double().cpu().numpy())
        odds.append(judge(judged, items, compute))
    real_odds = judge(judged, compute.tensor(held_out), compute)
    weights, direction = weigh(np.concatenate(odds), real_odds)
    return Simulation(np.concatenate(scores), weights, direction)


def weigh(draw_odds: np.ndarray, held_out_odds: np.ndarray) -> tuple[np.ndarray, float]:
    """Return what each draw is worth as a normal item, and the direction that decided it.

    The odds of a trained discriminator are the ratio of the densities of real and drawn items
    (Goodfellow et al. 2014; used on draws by Azadi et al. 2019, Discriminator rejection
    sampling). They are used only if the discriminator prefers held-out normal items, which it
    has not seen, to draws; else all draws are worth the same.

    Returns
    -------
    weights
        (draws,), positive, mean 1.
    direction
        How often a draw looks less real than a held-out item.
    """
    direction = separation(-draw_odds, -held_out_odds)
    if direction <= 0.5:
        return np.ones(len(draw_odds)), direction
    centred = draw_odds - np.median(draw_odds)
    weights = np.exp(np.clip(centred, -MOST_ODDS, MOST_ODDS))
    return weights / weights.mean(), direction
