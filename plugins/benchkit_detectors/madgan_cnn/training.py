"""Training of the default model: generator and encoder against two discriminators."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.losses import generator_loss
from benchkit_detectors.gan.training import (
    EarlyStopping,
    TrainingConfig,
    TrainingCurves,
    frozen,
    shuffled,
)
from benchkit_detectors.madgan_cnn.losses import (
    frame_losses,
    membership_loss,
    prior_loss,
    reconstruction_loss,
)
from benchkit_detectors.madgan_cnn.negatives import perturb, swap_frames, vary
from benchkit_detectors.madgan_cnn.validation import HeldOutMetrics

BATCH_FRAMES = 80
"""Frames per step: on a CPU, small batches learn more in the same time."""

EVALUATIONS = 10
"""Number of evaluations on held-out sequences during training."""

GENERATED_FRACTION = 0.05
"""Generated frames for each normal one that the discriminator is given, at least one sequence.

More of them make the discriminator worse at perturbed frames, which resemble generated ones less
and less.
"""

LATENT_NOISE = 0.1
"""Standard deviation of the noise on latent values, so that the generator is smooth."""

PRIOR_WEIGHT = 0.05
"""Weight of the loss that keeps the moments of latent values at those of the prior."""

PERTURBED_PROBABILITY = 0.5
"""Probability that the encoder is given a perturbed frame."""

AVERAGED_STEPS = 20
"""Weights are averaged over about one in this many of the steps so far, the last ones."""

BETAS = (0.5, 0.999)
WARM_UP_STEPS = 50


@dataclass(frozen=True, kw_only=True)
class MADGANCNNTrainingConfig(TrainingConfig):
    """The training parameters of MAD-GAN for image sequences.

    Attributes
    ----------
    steps
        Number of training steps.
    adversarial
        Weight of the adversarial loss in the generator's.
    """

    steps: int
    adversarial: float


def train(
    networks: nn.ModuleDict,
    train_part: Tensor,
    held_out: Tensor,
    config: MADGANCNNTrainingConfig,
    compute: Compute,
    seed: int,
) -> tuple[nn.ModuleDict, TrainingCurves]:
    """Train ``networks``, and return their weights averaged over the last steps.

    The generator learns to reproduce frames that the encoder was given intact or perturbed, and
    to generate frames that the frame discriminator takes for real. The frame discriminator learns
    to tell normal frames from generated and perturbed ones, the sequence discriminator to tell
    frames that belong to a sequence from those that do not. The averaged networks are evaluated
    on held-out sequences ten times; the sum of the metrics decides which weights are kept and
    when training stops.

    Parameters
    ----------
    networks
        ``encoder``, ``generator`` and ``discriminator``, on the device.
    train_part, held_out
        Normal sequences with values in [0, 1], (sequences, frames, height, width), on the device.
    config, compute, seed
        Training parameters, device and precision, and the seed of all random numbers.

    Raises
    ------
    TrainingDiverged
        A loss became NaN or infinite.
    """
    generator, encoder = networks["generator"], networks["encoder"]
    discriminator = networks["discriminator"]
    weights = [*encoder.parameters(), *generator.parameters()]
    g_optimizer = torch.optim.Adam(weights, config.learning_rate, BETAS)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), config.learning_rate, BETAS)
    average = copy.deepcopy(networks)
    evaluate = HeldOutMetrics(train_part, held_out, compute, seed + 1)
    stopping = EarlyStopping(average, config.patience)
    rng = torch.Generator(compute.device).manual_seed(seed)
    order = torch.Generator().manual_seed(seed + 2)
    batch_size = max(max(BATCH_FRAMES // train_part.shape[1], 1), 2)
    batch_size = compute.batch_size(64 * 4 * train_part[0].numel(), batch_size)
    interval = max(config.steps // EVALUATIONS, 1)
    batches: list[Tensor] = []
    losses: list[dict[str, Tensor]] = []
    curves = TrainingCurves()
    for step in progress(range(1, config.steps + 1), "train"):
        if not batches:
            batches = list(shuffled(len(train_part), batch_size, order))[::-1]
        sequences = train_part[batches.pop().to(train_part.device)]
        s, t, height, width = sequences.shape
        for optimizer in (g_optimizer, d_optimizer):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate_at(step, config)
        # (s, t, height, width) -> (s * t, height, width), and back
        frames = vary(sequences.reshape(s * t, height, width), rng)
        sequences = frames.view(s, t, height, width)
        perturbed = perturb(frames, rng)

        with compute.autocast():
            latent = generator.draw(max(round(GENERATED_FRACTION * s), 1), t, rng)
            fake = generator(latent.flatten(0, 1)).float()
            logits = discriminator.frame(torch.cat([frames, perturbed, fake.detach()])).float()
            d_losses = frame_losses(*logits.split([s * t, s * t, len(fake)]))
            if s > 1 and t > 2:
                mixed, swapped = swap_frames(sequences, sequences, rng, inside=True)
                membership = discriminator.sequence(mixed)
                d_losses["discriminator_swapped"] = membership_loss(membership, ~swapped)
        d_optimizer.zero_grad()
        sum(d_losses.values()).backward()
        d_optimizer.step()

        with compute.autocast():
            uniform = torch.rand(s, t, 1, 1, generator=rng, device=sequences.device)
            chosen = uniform < PERTURBED_PROBABILITY
            # (s * t, height, width) -> (s, t, height, width)
            given = torch.where(chosen, perturbed.view_as(sequences), sequences)
            # (s, t, values) -> (s * t, values)
            latent = encoder(given).float().flatten(0, 1)
            noise = torch.randn(latent.shape, generator=rng, device=latent.device)
            reconstructed = generator(latent + LATENT_NOISE * noise).float()
            with frozen(discriminator.frame):
                logits = discriminator.frame(fake).float()
            g_losses = {
                "residual": reconstruction_loss(reconstructed, frames),
                "prior": PRIOR_WEIGHT * prior_loss(latent),
                "generator_loss": config.adversarial * generator_loss(logits),
            }
        g_optimizer.zero_grad()
        (g_losses["residual"] + g_losses["prior"] + g_losses["generator_loss"]).backward()
        g_optimizer.step()
        update_average(average, networks, step)
        losses.append({name: loss.detach() for name, loss in (d_losses | g_losses).items()})

        if step % interval == 0 or step == config.steps:
            means = {k: torch.stack([loss[k] for loss in losses]).mean() for k in losses[0]}
            losses = []
            curves.add(**means)
            metrics = evaluate(average)
            total = sum(metrics.values())
            curves.add(**metrics, held_out_total=total)
            if stopping.update(total):
                break
    stopping.restore()
    return average, curves


def learning_rate_at(step: int, config: MADGANCNNTrainingConfig) -> float:
    """Return the learning rate of a step: linear warm-up, then cosine decay."""
    decay = 0.02 + 0.49 * (1 + math.cos(math.pi * step / config.steps))
    return config.learning_rate * decay * min(1.0, step / WARM_UP_STEPS)


@torch.no_grad()
def update_average(average: nn.Module, networks: nn.Module, step: int) -> None:
    """Update the moving average of weights, which starts as their plain mean."""
    keep = min(0.998, step / (step + AVERAGED_STEPS))
    for averaged, current in zip(average.parameters(), networks.parameters(), strict=True):
        averaged.lerp_(current, 1 - keep)
