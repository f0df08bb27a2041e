"""Metrics of networks on held-out normal sequences, for early stopping."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.losses import discriminator_loss
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.madgan_cnn.losses import membership_loss, reconstruction_loss
from benchkit_detectors.madgan_cnn.negatives import perturb, swap_frames

VALIDATION_SEQUENCES = 80
"""Maximum number of held-out sequences that are used."""

MMD_ITEMS = 256


class HeldOutMetrics:
    """Metrics on held-out sequences; perturbed ones are the same at each call.

    Parameters
    ----------
    train, held_out
        Prepared sequences, (sequences, frames, height, width).
    compute, seed
        Device and precision, and the seed of all random numbers.
    """

    def __init__(self, train: Tensor, held_out: Tensor, compute: Compute, seed: int) -> None:
        self.compute = compute
        self.rng = torch.Generator(compute.device)
        self.seed = seed
        self.rng.manual_seed(seed)
        self.normal = held_out[:VALIDATION_SEQUENCES]
        frames = self.normal.flatten(0, 1)
        self.perturbed = perturb(frames, self.rng)
        self.mixed, self.swapped = self.normal, None
        if self.normal.shape[1] > 2:
            self.mixed, self.swapped = swap_frames(self.normal, train, self.rng, inside=False)
        self.variance = float(frames.var(0, correction=0).sum().clamp_min(1e-6))

    @torch.no_grad()
    def __call__(self, networks: nn.ModuleDict) -> dict[str, float]:
        """Return up to four metrics by name, lower is better.

        The fraction of variance that reconstruction leaves unexplained, the cross-entropies of
        both discriminators, and the MMD between generated and held-out frames. A metric that
        needs more frames than there are is omitted.
        """
        self.rng.manual_seed(self.seed)
        generator, discriminator = networks["generator"], networks["discriminator"]
        # (s, t, height, width) -> (s * t, height, width)
        frames = self.normal.flatten(0, 1)
        count = min(MMD_ITEMS, len(frames))
        with self.compute.autocast():
            latent = networks["encoder"](self.normal).flatten(0, 1)
            reconstructed = generator(latent).float()
            fake = generator(generator.draw(count, 1, self.rng)[:, 0]).float()
            normal = discriminator.frame(frames).float()
            perturbed = discriminator.frame(self.perturbed).float()
            if self.swapped is not None:
                membership = discriminator.sequence(self.mixed)
        metrics = {
            "held_out_residual": float(reconstruction_loss(reconstructed, frames)) / self.variance,
            "held_out_frame_loss": float(discriminator_loss(normal, perturbed)) / 2,
        }
        if self.swapped is not None:
            metrics["held_out_sequence_loss"] = float(membership_loss(membership, ~self.swapped))
        if count > 1:
            metrics["mmd"] = mmd(frames[:count], fake)
        return metrics
