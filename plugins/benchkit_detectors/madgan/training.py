"""How MAD-GAN's networks are trained, with an encoder or without."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.gan.training import EarlyStopping, TrainingCurves, frozen
from benchkit_detectors.madgan.perturbation import perturb
from benchkit_detectors.madgan.windowed import WindowedSeries

ADVERSARIAL_WEIGHT = 0.05
"""Of the generator's adversarial loss, beside the residual of what the encoder inverts."""
JUDGED_WINDOWS = 500
"""Held-out windows that decide when to stop: enough, and the MMD's cost is their square."""


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run.

    Parameters
    ----------
    epochs, epoch_windows, batch_size
        At most so many epochs; windows in each, None for all of them; windows a batch.
    generator_rate, discriminator_rate
        Step sizes of Adam.
    generator_rounds
        Steps of the generator for each of the discriminator.
    perturbed
        Whether perturbed windows stand beside the generated ones: as negatives for the
        discriminator, and as what the encoder sees.
    patience
        Epochs without a better generator after which training ends.
    """

    epochs: int
    epoch_windows: int | None
    batch_size: int
    generator_rate: float
    discriminator_rate: float
    generator_rounds: int
    perturbed: bool
    patience: int


def train(
    networks: nn.ModuleDict,
    series: WindowedSeries,
    held_out: WindowedSeries,
    recipe: Recipe,
    compute: Compute,
    seed: int,
) -> dict[str, list[float]]:
    """Train ``generator``, ``discriminator`` and, where there is one, ``encoder``.

    The weights of the best epoch are kept: the one with the least residual on held-out windows,
    or, without an encoder, with the least MMD between held-out and generated ones.

    Returns
    -------
    dict
        Training curves, one value an epoch.

    Raises
    ------
    TrainingDiverged
        A loss is NaN or infinite.
    """
    made, judge = networks["generator"], networks["discriminator"]
    encoder = dict(networks).get("encoder")
    makers = [*made.parameters(), *(encoder.parameters() if encoder else ())]
    of_makers = torch.optim.Adam(makers, recipe.generator_rate, betas=(0.5, 0.999))
    of_judge = torch.optim.Adam(judge.parameters(), recipe.discriminator_rate, betas=(0.5, 0.999))
    order = torch.Generator().manual_seed(seed)
    chance = torch.Generator(compute.device).manual_seed(seed)
    curves, stopping = TrainingCurves(), EarlyStopping(networks, recipe.patience)
    for _ in progress(range(recipe.epochs), "training"):
        losses: dict[str, list[Tensor]] = {}
        for real in series.epoch(recipe.epoch_windows, recipe.batch_size, order):
            odd = perturb(real, chance) if recipe.perturbed else None
            loss = discriminator_loss(made, judge, real, odd, compute, chance)
            of_judge.zero_grad()
            loss.backward()
            of_judge.step()
            losses.setdefault("discriminator loss", []).append(loss.detach())
            for _ in range(recipe.generator_rounds):
                terms = generator_losses(made, judge, encoder, real, odd, compute, chance)
                of_makers.zero_grad()
                torch.stack(list(terms.values())).sum().backward()
                of_makers.step()
            for name, term in terms.items():
                losses.setdefault(name, []).append(term.detach())
        curves.add(**{name: torch.stack(values).mean() for name, values in losses.items()})
        if stopping.update(_appraise(networks, held_out, compute, chance, curves)):
            break
    stopping.restore()
    return curves.history


def discriminator_loss(
    made: nn.Module,
    judge: nn.Module,
    real: Tensor,
    odd: Tensor | None,
    compute: Compute,
    chance: torch.Generator,
) -> Tensor:
    """Return the cross-entropy of real windows against generated and, if given, odd ones."""
    with compute.autocast():
        with torch.no_grad():
            fake = made(made.draw(len(real), real.shape[1], chance))
        batch = [real, fake] if odd is None else [real, fake, odd]
        logits = judge(torch.cat(batch)).float()
    return softplus(-logits[: len(real)]).mean() + softplus(logits[len(real) :]).mean()


def generator_losses(
    made: nn.Module,
    judge: nn.Module,
    encoder: nn.Module | None,
    real: Tensor,
    odd: Tensor | None,
    compute: Compute,
    chance: torch.Generator,
) -> dict[str, Tensor]:
    """Return the terms of the generator's loss, to be summed.

    Without an encoder that is the non-saturating adversarial loss of the article. With one, the
    windows made from the encoder's latent values must also be the real ones, even where the
    encoder was shown perturbed ones.
    """
    latent = made.draw(len(real), real.shape[1], chance)
    with compute.autocast(), frozen(judge):
        if encoder is None:
            return {"generator loss": softplus(-judge(made(latent)).float()).mean()}
        inverted = encoder(real if odd is None else odd)
        again, fake = made(torch.cat([inverted, latent])).float().chunk(2)
        fooled = softplus(-judge(fake).float()).mean()
    return {
        "residual": (again - real).abs().mean(),
        "generator loss": ADVERSARIAL_WEIGHT * fooled,
    }


@torch.no_grad()
def _appraise(
    networks: nn.ModuleDict,
    held_out: WindowedSeries,
    compute: Compute,
    chance: torch.Generator,
    curves: TrainingCurves,
) -> float:
    """Add what held-out windows say to the curves, and return what decides: lower is better."""
    real = held_out.spread(JUDGED_WINDOWS)
    made = networks["generator"]
    with compute.autocast():
        fake = made(made.draw(max(len(real), 2), real.shape[1], chance)).float()
        if "encoder" in networks:
            again = made(networks["encoder"](real)).float()
            curves.add(**{"held-out residual": (again - real).abs().mean()})
    # One window is no sample: it is compared with itself.
    curves.add(mmd=mmd(real if len(real) > 1 else real.repeat(2, 1, 1), fake))
    return curves.history["held-out residual" if "encoder" in networks else "mmd"][-1]
