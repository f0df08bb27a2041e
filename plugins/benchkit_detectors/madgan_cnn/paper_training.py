"""Train the replication's generator and discriminator against each other."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

import benchkit
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.gan.training import EarlyStopping, TrainingCurves, frozen, shuffled
from benchkit_detectors.madgan_cnn.checks import CHECKED, MMD_ITEMS
from benchkit_detectors.madgan_cnn.training import CHECKS, Plan

SEQUENCES = 16
GENERATOR_STEPS = 3
"""Generator steps for each discriminator step, as the replication has it."""


def train_paper(
    networks: nn.ModuleDict,
    part: Tensor,
    held_out: Tensor,
    plan: Plan,
    compute: Compute,
    seed: int,
) -> tuple[nn.ModuleDict, TrainingCurves]:
    """Train ``networks`` in place, and return them with the weights of the lowest MMD.

    As `benchkit_detectors.madgan_cnn.training.train`; ``networks`` are ``generator`` and
    ``discriminator``, there is no encoder, nothing is perturbed, and the MMD between generated and
    held-out frames alone decides when to stop.
    """
    generator, discriminator = networks["generator"], networks["discriminator"]
    making = torch.optim.Adam(generator.parameters(), plan.learning_rate, betas=(0.5, 0.999))
    judging = torch.optim.Adam(discriminator.parameters(), plan.learning_rate, betas=(0.5, 0.999))
    random = torch.Generator(compute.device).manual_seed(seed)
    order = torch.Generator().manual_seed(seed + 1)
    stopping = EarlyStopping(networks, plan.patience)
    frames = part.shape[1]
    size = compute.batch_size(64 * 4 * part[0].numel(), SEQUENCES)
    batches: list[Tensor] = []
    curves = TrainingCurves()
    every = max(plan.steps // CHECKS, 1)
    for step in benchkit.progress(range(1, plan.steps + 1), "train"):
        if not batches:
            batches = list(shuffled(len(part), size, order))[::-1]
        sequences = part[batches.pop().to(part.device)]

        with compute.autocast():
            made = generator(generator.draw(len(sequences), frames, random)).detach()
            real = discriminator(sequences).float()
            judged = (
                functional.softplus(-real).mean()
                + functional.softplus(discriminator(made).float()).mean()
            )
        judging.zero_grad()
        judged.backward()
        judging.step()
        for _ in range(GENERATOR_STEPS):
            with compute.autocast(), frozen(discriminator):
                made = generator(generator.draw(len(sequences), frames, random))
                deceit = (
                    plan.adversarial * functional.softplus(-discriminator(made).float()).mean()
                )
            making.zero_grad()
            deceit.backward()
            making.step()

        if step % every == 0 or step == plan.steps:
            curves.add(judge=judged.detach(), deceit=deceit.detach())
            curves.add(mmd=_distance(generator, held_out, compute, seed + 2))
            if stopping.update(curves.history["mmd"][-1]):
                break
    stopping.restore()
    return networks, curves


@torch.no_grad()
def _distance(generator: nn.Module, held_out: Tensor, compute: Compute, seed: int) -> float:
    """Return the MMD between generated and held-out frames; 0 where there is only one frame."""
    # (sequences, frames, height, width) -> (sequences * frames, height, width)
    frames = held_out[:CHECKED].flatten(0, 1)[:MMD_ITEMS]
    if len(frames) < 2:
        return 0.0
    random = torch.Generator(compute.device).manual_seed(seed)
    count = -(-len(frames) // held_out.shape[1])
    with compute.autocast():
        made = generator(generator.draw(count, held_out.shape[1], random)).float()
    return mmd(frames, made.flatten(0, 1)[: len(frames)])
