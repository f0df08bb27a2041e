"""Train generator, encoder and discriminator of the default model against each other."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

import benchkit
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.training import EarlyStopping, TrainingCurves, frozen, shuffled
from benchkit_detectors.madgan_cnn.checks import Check, cross_entropy
from benchkit_detectors.madgan_cnn.negatives import perturb, swap_frames, vary

FRAMES = 80
"""Frames a step: on a processor, small batches learn more in the same time."""

CHECKS = 10
"""How often training stops to look at held-out sequences."""

GENERATED = 0.05
"""Generated frames for each normal one that the discriminator sees, and what they count.

One sequence at least. More of them cost the discriminator its eye for broken frames, which the
generator's become less and less like.
"""

NOISE = 0.1
"""Standard deviation of the noise on latent values, so that near ones make like frames."""

PRIOR = 0.05
"""What a distance of the latent values' moments from those of the prior counts."""

MEMORY = 20
"""The averaged weights are those of about one step in so many, the last ones."""


@dataclass(frozen=True)
class Plan:
    """How long and how hard to train."""

    steps: int
    learning_rate: float
    adversarial: float
    patience: int


def train(
    networks: nn.ModuleDict,
    part: Tensor,
    held_out: Tensor,
    plan: Plan,
    compute: Compute,
    seed: int,
) -> tuple[nn.ModuleDict, TrainingCurves]:
    """Train ``networks``, and return the average of their weights over the last steps.

    The generator learns to give back frames that the encoder has seen whole or broken, and to make
    new ones that the discriminator believes; the discriminator, to tell normal frames from
    generated and broken ones, and frames that belong to a sequence from frames that do not. Ten
    times, what the averaged networks make of held-out sequences is measured: the discriminator's
    cross-entropies, the share of the variance that reconstruction leaves, and the MMD between
    generated and held-out frames. Their sum decides when to stop and which weights to keep.

    Parameters
    ----------
    networks
        ``encoder``, ``generator`` and ``discriminator``, on the device.
    part, held_out
        Normal sequences with values in [0, 1], (sequences, frames, height, width), on the device.

    Raises
    ------
    TrainingDiverged
        A loss is not finite.
    """
    trainer = _Trainer(networks, plan, compute, seed)
    check = Check(part, held_out, compute, seed + 1)
    stopping = EarlyStopping(trainer.average, plan.patience)
    size = max(FRAMES // part.shape[1], 1)
    size = compute.batch_size(64 * 4 * part[0].numel(), max(size, 2))
    every = max(plan.steps // CHECKS, 1)
    order = torch.Generator().manual_seed(seed + 2)
    batches: list[Tensor] = []
    losses: list[dict[str, Tensor]] = []
    curves = TrainingCurves()
    for step in benchkit.progress(range(1, plan.steps + 1), "train"):
        if not batches:
            batches = list(shuffled(len(part), size, order))[::-1]
        losses.append(trainer.step(part[batches.pop().to(part.device)], step))
        if step % every == 0 or step == plan.steps:
            means = {k: torch.stack([loss[k] for loss in losses]).mean() for k in losses[0]}
            losses = []
            curves.add(**means)
            measured = check(trainer.average)
            total = sum(measured.values())
            curves.add(**measured, held_out=total)
            if stopping.update(total):
                break
    stopping.restore()
    return trainer.average, curves


class _Trainer:
    """The two optimisers, and the average of the weights."""

    def __init__(self, networks: nn.ModuleDict, plan: Plan, compute: Compute, seed: int) -> None:
        self.networks = networks
        self.plan = plan
        self.compute = compute
        self.random = torch.Generator(compute.device).manual_seed(seed)
        self.average = copy.deepcopy(networks)
        makers = [*networks["encoder"].parameters(), *networks["generator"].parameters()]
        rate = plan.learning_rate
        self.making = torch.optim.Adam(makers, rate, betas=(0.5, 0.999))
        self.judging = torch.optim.Adam(
            networks["discriminator"].parameters(), rate, betas=(0.5, 0.999)
        )

    def step(self, sequences: Tensor, step: int) -> dict[str, Tensor]:
        """Take one step with each side; return the losses."""
        self._set_rate(step)
        s, t, height, width = sequences.shape
        # (s, t, height, width) -> (s * t, height, width), and back
        frames = vary(sequences.reshape(s * t, height, width), self.random)
        sequences = frames.view(s, t, height, width)
        broken = perturb(frames, self.random)
        generator = self.networks["generator"]
        count = max(round(GENERATED * s), 1)
        with self.compute.autocast():
            made = generator(generator.draw(count, t, self.random).flatten(0, 1)).float()
            judging = self._judge(sequences, broken, made.detach())
        self.judging.zero_grad()
        sum(judging.values()).backward()
        self.judging.step()
        with self.compute.autocast():
            making = self._make(sequences, broken, made)
        self.making.zero_grad()
        (making["residual"] + making["prior"] + making["deceit"]).backward()
        self.making.step()
        self._average(step)
        return {name: loss.detach() for name, loss in (judging | making).items()}

    def _judge(self, sequences: Tensor, broken: Tensor, made: Tensor) -> dict[str, Tensor]:
        """Return the discriminator's losses."""
        discriminator = self.networks["discriminator"]
        s, t = sequences.shape[:2]
        # (s, t, height, width) -> (s * t, height, width)
        seen = torch.cat([sequences.flatten(0, 1), broken, made])
        verdicts = discriminator.critic(seen).float()
        normal, odd, generated = verdicts.split([s * t, len(broken), len(made)])
        losses = {
            "judge_normal": functional.softplus(-normal).mean(),
            "judge_broken": functional.softplus(odd).mean(),
            "judge_generated": GENERATED * functional.softplus(generated).mean(),
        }
        if s > 1 and t > 2:
            mixed, swapped = swap_frames(sequences, sequences, self.random, inside=True)
            losses["judge_swapped"] = cross_entropy(discriminator.comparer(mixed), ~swapped)
        return losses

    def _make(self, sequences: Tensor, broken: Tensor, made: Tensor) -> dict[str, Tensor]:
        """Return the encoder's and the generator's losses."""
        s, t = sequences.shape[:2]
        some = torch.rand(s, t, 1, 1, generator=self.random, device=sequences.device) < 0.5
        # (s * t, height, width) -> (s, t, height, width)
        given = torch.where(some, broken.view_as(sequences), sequences)
        # (s, t, values) -> (s * t, values)
        latent = self.networks["encoder"](given).float().flatten(0, 1)
        noise = torch.randn(latent.shape, generator=self.random, device=latent.device)
        again = self.networks["generator"](latent + NOISE * noise).float()
        left = (again - sequences.flatten(0, 1)) ** 2
        mean, variance = latent.mean(0), latent.var(0, correction=0)
        critic = self.networks["discriminator"].critic
        with frozen(critic):
            believed = critic(made).float()
        return {
            "residual": left.flatten(1).sum(1).mean(),
            "prior": PRIOR * (mean**2 + (variance - 1) ** 2).sum(),
            "deceit": self.plan.adversarial * functional.softplus(-believed).mean(),
        }

    def _set_rate(self, step: int) -> None:
        """Rise for fifty steps, then fall along half a cosine."""
        fall = 0.02 + 0.49 * (1 + math.cos(math.pi * step / self.plan.steps))
        rate = self.plan.learning_rate * fall * min(1.0, step / 50)
        for optimiser in (self.making, self.judging):
            for group in optimiser.param_groups:
                group["lr"] = rate

    @torch.no_grad()
    def _average(self, step: int) -> None:
        keep = min(0.998, step / (step + MEMORY))
        pairs = zip(self.average.parameters(), self.networks.parameters(), strict=True)
        for averaged, current in pairs:
            averaged.lerp_(current, 1 - keep)
