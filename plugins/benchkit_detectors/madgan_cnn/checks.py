"""What networks are worth on held-out normal sequences, looked at while they learn."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.madgan_cnn.negatives import perturb, swap_frames

CHECKED = 80
"""How many held-out sequences are looked at, at most."""

MMD_ITEMS = 256


class Check:
    """How good networks are on held-out sequences; the made ones are the same each time."""

    def __init__(self, part: Tensor, held_out: Tensor, compute: Compute, seed: int) -> None:
        self.compute = compute
        self.random = torch.Generator(compute.device)
        self.seed = seed
        self.random.manual_seed(seed)
        self.normal = held_out[:CHECKED]
        frames = self.normal.flatten(0, 1)
        self.broken = perturb(frames, self.random)
        self.mixed, self.swapped = self.normal, None
        if self.normal.shape[1] > 2:
            self.mixed, self.swapped = swap_frames(self.normal, part, self.random, inside=False)
        self.variance = float(frames.var(0, correction=0).sum().clamp_min(1e-6))

    @torch.no_grad()
    def __call__(self, networks: nn.ModuleDict) -> dict[str, float]:
        """Return four measures by name, lower is better.

        The share of the variance that reconstruction leaves, the discriminator's two
        cross-entropies, and the MMD between generated and held-out frames; those that need more
        frames than there are left out.
        """
        self.random.manual_seed(self.seed)
        generator, discriminator = networks["generator"], networks["discriminator"]
        # (s, t, height, width) -> (s * t, height, width)
        frames = self.normal.flatten(0, 1)
        count = min(MMD_ITEMS, len(frames))
        with self.compute.autocast():
            again = generator(networks["encoder"](self.normal).flatten(0, 1)).float()
            made = generator(generator.draw(count, 1, self.random)[:, 0]).float()
            normal = discriminator.critic(frames).float()
            broken = discriminator.critic(self.broken).float()
            if self.swapped is not None:
                belongs = discriminator.comparer(self.mixed)
        left = ((again - frames) ** 2).flatten(1).sum(1).mean()
        doubts = functional.softplus(-normal).mean() + functional.softplus(broken).mean()
        measured = {
            "held_out_residual": float(left) / self.variance,
            "held_out_real": float(doubts) / 2,
        }
        if self.swapped is not None:
            measured["held_out_belongs"] = float(cross_entropy(belongs, ~self.swapped))
        if count > 1:
            measured["mmd"] = mmd(frames[:count], made)
        return measured


def cross_entropy(verdicts: Tensor, real: Tensor) -> Tensor:
    """Return the mean cross-entropy of verdicts with what is real, both (sequences, frames)."""
    return functional.binary_cross_entropy_with_logits(verdicts.float(), real.float())
