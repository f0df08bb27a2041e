"""The adversarial loop, held to covering the training items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812, what everybody calls it

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.training import Curves, EarlyStopping, frozen, shuffled
from benchkit_detectors.mcgan.scoring import nearest, project
from benchkit_detectors.mcgan.views import View

EPOCH_ITEMS = 4096
"""Most items that an epoch passes over; a new choice of them each time where there are more."""
POOL = 3000
"""Draws among which the nearest one of each item is looked for."""
MOMENTUM = 0.5
"""Adam's first beta, for both players."""
WATCHED_ITEMS = 1024
"""Most held-out items that early stopping looks at."""
JITTER = 0.1
"""Standard deviation of noise added to a matched latent, so that it stands for those around."""


@dataclass(frozen=True)
class Plan:
    """How to train.

    Parameters
    ----------
    epochs, batch_size, learning_rate
        Passes over the items, items a step, and Adam's rate for both networks.
    coverage
        Weight of the coverage loss in the generator's; 0 for a plain GAN.
    slope
        Largest singular value of a layer of the discriminator; None for no bound.
    patience
        Epochs without a better generator that end training; None to train for all epochs and
        keep the last weights.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    coverage: float
    slope: float | None
    patience: int | None


def train(
    networks: nn.ModuleDict,
    items: np.ndarray,
    held_out: np.ndarray,
    view: View,
    plan: Plan,
    compute: Compute,
    generator: torch.Generator,
) -> dict[str, list[float]]:
    """Train ``networks`` in place and return the curves, a value an epoch.

    Discriminator and generator play the game of Goodfellow et al. 2014 with the non-saturating
    loss. A generator that plays this only may leave items out, and an item that it never makes
    would score as anomalous. So each training item also draws the nearest one of a pool of draws
    towards itself, which Li & Malik 2018, Implicit maximum likelihood estimation, show to
    maximise the likelihood of the items under the draws. Training ends early when held-out items
    no longer come nearer to their nearest draws.

    Parameters
    ----------
    networks
        ``generator`` and ``discriminator``, on the device.
    items, held_out
        Scaled training items and scaled normal items kept from it, float32 (items, values).
    view
        In which items and draws are compared.
    plan, compute, generator
        How to train, where, and with what random numbers.

    Raises
    ------
    TrainingDiverged
        A loss became NaN or infinite.
    """
    curves = Curves()
    game = _Game(networks, plan, compute, generator)
    stopping = EarlyStopping(networks, plan.patience or 0)
    watched = project(held_out[:WATCHED_ITEMS], view, compute)
    pool = game.draw(POOL)
    for _ in progress(range(plan.epochs), "train"):
        chosen = items
        if len(items) > EPOCH_ITEMS:
            order = torch.randperm(len(items), generator=generator)
            chosen = items[order[:EPOCH_ITEMS].numpy()]
        latents = None
        if plan.coverage:
            latents = pool[game.match(project(chosen, view, compute), pool, view)]
        losses = [
            game.step(
                compute.tensor(chosen[batch.numpy()]), None if latents is None else latents[batch]
            )
            for batch in shuffled(len(chosen), plan.batch_size, generator)
        ]
        d_loss, g_loss, coverage = np.mean(losses, axis=0)
        pool = game.draw(POOL)
        distance = float(nearest(watched, game.projected(pool, view), 1, compute).mean())
        curves.add(
            discriminator_loss=d_loss,
            generator_loss=g_loss,
            coverage_loss=coverage,
            held_out_distance=distance,
        )
        if plan.patience is not None and stopping.update(distance):
            break
    stopping.restore()
    return curves.history


class _Game:
    """One step of both players, and draws between steps."""

    def __init__(
        self, networks: nn.ModuleDict, plan: Plan, compute: Compute, generator: torch.Generator
    ) -> None:
        self.made, self.judged = networks["generator"], networks["discriminator"]
        self.plan, self.compute, self.generator = plan, compute, generator
        settings = {"lr": plan.learning_rate, "betas": (MOMENTUM, 0.99), "fused": True}
        self.rules = [
            torch.optim.Adam(network.parameters(), **settings)
            for network in (self.made, self.judged)
        ]

    def draw(self, count: int) -> Tensor:
        """Return noise for ``count`` draws, (count, latent)."""
        noise = torch.randn(count, self.made.latent, generator=self.generator)
        return noise.to(self.compute.device)

    @torch.no_grad()
    def projected(self, latents: Tensor, view: View) -> Tensor:
        """Return what the generator makes of ``latents``, as distances see it."""
        with self.compute.autocast():
            made = self.made(latents)
        return view.project(made.float())

    def match(self, items: Tensor, latents: Tensor, view: View) -> Tensor:
        """Return the number of the draw nearest to each projected item, (items,)."""
        return nearest(items, self.projected(latents, view), 1, self.compute, numbers=True)

    def step(self, items: Tensor, latents: Tensor | None) -> tuple[float, float, float]:
        """Move both players; return their losses and the coverage loss."""
        g_rule, d_rule = self.rules
        count = len(items)
        with self.compute.autocast():
            noise = self.draw(count)
            if latents is not None:
                noise = torch.cat([noise, latents + JITTER * self.draw(count)])
            made = self.made(noise)
            # One pass over both kinds: (items, values) twice -> (2 * items, values)
            odds = self.judged(torch.cat([items, made[:count].detach().to(items.dtype)]))
            d_loss = F.softplus(-odds[:count]).mean() + F.softplus(odds[count:]).mean()
        d_rule.zero_grad()
        d_loss.backward()
        d_rule.step()
        if self.plan.slope is not None:
            self.judged.bound_slope(self.plan.slope)
        with frozen(self.judged), self.compute.autocast():
            g_loss = F.softplus(-self.judged(made[:count])).mean()
            coverage = torch.zeros_like(g_loss)
            if latents is not None:
                coverage = F.mse_loss(made[count:].float(), items, reduction="sum") / count
            g_rule.zero_grad()
            (g_loss + self.plan.coverage * coverage).backward()
        g_rule.step()
        return float(d_loss.detach()), float(g_loss.detach()), float(coverage.detach())
