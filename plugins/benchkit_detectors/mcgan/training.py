"""The adversarial training loop, with a loss that makes draws cover the training items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.losses import discriminator_loss, generator_loss
from benchkit_detectors.gan.training import (
    EarlyStopping,
    TrainingConfig,
    TrainingCurves,
    frozen,
    shuffled,
)
from benchkit_detectors.mcgan.losses import coverage_loss
from benchkit_detectors.mcgan.scoring import nearest, project
from benchkit_detectors.mcgan.views import View

EPOCH_ITEMS = 4096
"""Maximum number of items in an epoch; where there are more, each epoch has a new subset."""
POOL = 3000
"""Number of draws among which the nearest one of each item is searched."""
BETAS = (0.5, 0.99)
"""Adam's betas, for both networks."""
VALIDATION_ITEMS = 1024
"""Maximum number of held-out items that early stopping uses."""
JITTER = 0.1
"""Standard deviation of the noise on a matched latent vector, so that it covers its vicinity."""


@dataclass(frozen=True, kw_only=True)
class MCGANTrainingConfig(TrainingConfig):
    """The training parameters of MC-GAN.

    Attributes
    ----------
    epochs, batch_size
        Maximum number of epochs, and items per step.
    coverage
        Weight of the coverage loss in the generator's; 0 for a plain GAN.
    slope
        Bound on the singular values of the discriminator's layers; None for no bound.
    """

    epochs: int
    batch_size: int
    coverage: float
    slope: float | None


def train(
    networks: nn.ModuleDict,
    items: np.ndarray,
    held_out: np.ndarray,
    view: View,
    config: MCGANTrainingConfig,
    compute: Compute,
    rng: torch.Generator,
) -> dict[str, list[float]]:
    """Train ``networks`` in place and return the training curves, one value per epoch.

    A generator that is trained with the adversarial loss alone may leave out training items,
    which would then score as anomalous. The coverage loss therefore pulls the nearest of a pool
    of draws towards each training item. Training stops early when held-out items no longer come
    nearer to their nearest draws.

    Parameters
    ----------
    networks
        ``generator`` and ``discriminator``, on the device.
    items, held_out
        Scaled training items and scaled held-out items, float32 (items, values).
    view
        Representation in which distances are computed.
    config, compute, rng
        Training parameters, device and precision, and the source of random numbers.

    Raises
    ------
    TrainingDiverged
        A loss became NaN or infinite.
    """
    generator, discriminator = networks["generator"], networks["discriminator"]
    g_optimizer, d_optimizer = (
        torch.optim.Adam(network.parameters(), config.learning_rate, BETAS, fused=True)
        for network in (generator, discriminator)
    )
    curves = TrainingCurves()
    stopping = EarlyStopping(networks, config.patience)
    validation = project(held_out[:VALIDATION_ITEMS], view, compute)

    def noise(count: int) -> Tensor:
        return torch.randn(count, generator.latent, generator=rng).to(compute.device)

    pool = noise(POOL)
    for _ in progress(range(config.epochs), "train"):
        chosen = items
        if len(items) > EPOCH_ITEMS:
            chosen = items[torch.randperm(len(items), generator=rng)[:EPOCH_ITEMS].numpy()]
        matched = None
        if config.coverage:
            draws = _project_draws(generator, pool, view, compute)
            numbers = nearest(project(chosen, view, compute), draws, 1, compute, numbers=True)
            matched = pool[numbers]  # (items, latent)
        losses = []
        for batch in shuffled(len(chosen), config.batch_size, rng):
            real = compute.tensor(chosen[batch.numpy()])
            count = len(real)
            latent = noise(count)
            if matched is not None:
                latent = torch.cat([latent, matched[batch] + JITTER * noise(count)])

            with compute.autocast():
                fake = generator(latent)
                # One pass over both: (items, values) twice -> (2 * items, values)
                logits = discriminator(torch.cat([real, fake[:count].detach().to(real.dtype)]))
                d_loss = discriminator_loss(logits[:count], logits[count:])
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()
            if config.slope is not None:
                discriminator.bound_slope(config.slope)

            with frozen(discriminator), compute.autocast():
                g_loss = generator_loss(discriminator(fake[:count]))
                coverage = torch.zeros_like(g_loss)
                if matched is not None:
                    coverage = coverage_loss(fake[count:].float(), real)
                g_optimizer.zero_grad()
                (g_loss + config.coverage * coverage).backward()
            g_optimizer.step()
            losses.append([float(loss.detach()) for loss in (d_loss, g_loss, coverage)])

        d_mean, g_mean, coverage_mean = np.mean(losses, axis=0)
        pool = noise(POOL)
        draws = _project_draws(generator, pool, view, compute)
        distance = float(nearest(validation, draws, 1, compute).mean())
        curves.add(
            discriminator_loss=d_mean,
            generator_loss=g_mean,
            coverage_loss=coverage_mean,
            held_out_distance=distance,
        )
        if config.patience is not None and stopping.update(distance):
            break
    stopping.restore()
    return curves.history


@torch.no_grad()
def _project_draws(generator: nn.Module, latent: Tensor, view: View, compute: Compute) -> Tensor:
    """Return the items generated from ``latent`` in the representation of distances."""
    with compute.autocast():
        fake = generator(latent)
    return view.project(fake.float())
