"""Training of MAD-GAN's networks, with or without an encoder."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.losses import discriminator_loss, generator_loss
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.gan.training import (
    EarlyStopping,
    TrainingConfig,
    TrainingCurves,
    frozen,
)
from benchkit_detectors.madgan.losses import reconstruction_loss
from benchkit_detectors.madgan.perturbation import perturb
from benchkit_detectors.madgan.windowed import WindowedSeries

ADVERSARIAL_WEIGHT = 0.05
"""Weight of the generator's adversarial loss, beside the encoder's reconstruction loss."""
VALIDATION_WINDOWS = 500
"""Held-out windows for early stopping; the cost of the MMD is quadratic in their number."""
BETAS = (0.5, 0.999)


@dataclass(frozen=True, kw_only=True)
class MADGANTrainingConfig(TrainingConfig):
    """The training parameters of MAD-GAN; ``learning_rate`` is that of generator and encoder.

    Attributes
    ----------
    epochs, epoch_windows, batch_size
        Maximum number of epochs; windows in each, None for all of them; windows per batch.
    discriminator_learning_rate
        Learning rate of the discriminator.
    generator_steps
        Generator steps for each discriminator step.
    perturb
        Whether perturbed windows are used: as negatives for the discriminator, and as input of
        the encoder.
    """

    epochs: int
    epoch_windows: int | None
    batch_size: int
    discriminator_learning_rate: float
    generator_steps: int
    perturb: bool


def train(
    networks: nn.ModuleDict,
    series: WindowedSeries,
    held_out: WindowedSeries,
    config: MADGANTrainingConfig,
    compute: Compute,
    seed: int,
) -> dict[str, list[float]]:
    """Train ``generator``, ``discriminator`` and, where there is one, ``encoder``.

    With an encoder, the windows generated from its latent values must be the real ones, even
    where it was given perturbed ones. The weights of the best epoch are kept: the one with the
    least residual on held-out windows or, without an encoder, with the least MMD between held-out
    and generated ones.

    Returns
    -------
    dict
        Training curves, one value per epoch.

    Raises
    ------
    TrainingDiverged
        A loss became NaN or infinite.
    """
    generator, discriminator = networks["generator"], networks["discriminator"]
    encoder = dict(networks).get("encoder")
    weights = [*generator.parameters(), *(encoder.parameters() if encoder else ())]
    g_optimizer = torch.optim.Adam(weights, config.learning_rate, BETAS)
    d_optimizer = torch.optim.Adam(
        discriminator.parameters(), config.discriminator_learning_rate, BETAS
    )
    order = torch.Generator().manual_seed(seed)
    rng = torch.Generator(compute.device).manual_seed(seed)
    curves, stopping = TrainingCurves(), EarlyStopping(networks, config.patience)
    for _ in progress(range(config.epochs), "training"):
        losses: dict[str, list[Tensor]] = {}
        for real in series.epoch(config.epoch_windows, config.batch_size, order):
            count, length = real.shape[:2]
            perturbed = perturb(real, rng) if config.perturb else None

            with compute.autocast():
                with torch.no_grad():
                    fake = generator(generator.draw(count, length, rng))
                negatives = [fake] if perturbed is None else [fake, perturbed]
                logits = discriminator(torch.cat([real, *negatives])).float()
            d_loss = discriminator_loss(logits[:count], logits[count:])
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()
            losses.setdefault("discriminator loss", []).append(d_loss.detach())

            for _ in range(config.generator_steps):
                latent = generator.draw(count, length, rng)
                terms = {}
                with compute.autocast(), frozen(discriminator):
                    if encoder is None:
                        logits = discriminator(generator(latent)).float()
                    else:
                        inverted = encoder(real if perturbed is None else perturbed)
                        both = generator(torch.cat([inverted, latent])).float()
                        reconstructed, fake = both.chunk(2)
                        logits = discriminator(fake).float()
                g_loss = generator_loss(logits)
                if encoder is not None:
                    terms["residual"] = reconstruction_loss(reconstructed, real)
                    g_loss = ADVERSARIAL_WEIGHT * g_loss
                terms["generator loss"] = g_loss
                g_optimizer.zero_grad()
                torch.stack(list(terms.values())).sum().backward()
                g_optimizer.step()
            for name, term in terms.items():
                losses.setdefault(name, []).append(term.detach())

        curves.add(**{name: torch.stack(values).mean() for name, values in losses.items()})
        metrics = _evaluate(networks, held_out, compute, rng)
        curves.add(**metrics)
        if stopping.update(metrics["mmd" if encoder is None else "held-out residual"]):
            break
    stopping.restore()
    return curves.history


@torch.no_grad()
def _evaluate(
    networks: nn.ModuleDict, held_out: WindowedSeries, compute: Compute, rng: torch.Generator
) -> dict[str, float]:
    """Return the metrics of held-out windows by name; lower is better."""
    metrics = {}
    real = held_out.evenly_spaced(VALIDATION_WINDOWS)
    generator = networks["generator"]
    with compute.autocast():
        fake = generator(generator.draw(max(len(real), 2), real.shape[1], rng)).float()
        if "encoder" in networks:
            reconstructed = generator(networks["encoder"](real)).float()
            metrics["held-out residual"] = float(reconstruction_loss(reconstructed, real))
    # The MMD needs two windows: a single one is repeated.
    metrics["mmd"] = mmd(real if len(real) > 1 else real.repeat(2, 1, 1), fake)
    return metrics
