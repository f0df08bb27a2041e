"""The components of MAD-GAN's score, which are combined last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.inversion import invert
from benchkit_detectors.gan.scores import auroc
from benchkit_detectors.gan.windowing import OverlapMean
from benchkit_detectors.madgan.losses import residual
from benchkit_detectors.madgan.perturbation import perturb
from benchkit_detectors.madgan.windowed import WindowedSeries

VALIDATION_WINDOWS = 2000
UNIT_QUANTILE = 0.99


@dataclass(frozen=True)
class ScoreComponents:
    """What the score of each row consists of.

    Attributes
    ----------
    reconstruction
        Mean absolute difference between a row and its reconstruction, (rows,), in the units of
        the reduced series; the mean over the windows that contain the row.
    discrimination
        1 - D, the probability of being generated, likewise, (rows,).
    outside
        Mean absolute difference of each row outside the principal subspace, (rows,); zeros where
        it is not part of the score.
    """

    reconstruction: np.ndarray
    discrimination: np.ndarray
    outside: np.ndarray

    def units(self) -> tuple[float, float]:
        """Return the 99 % quantiles of ``reconstruction`` and ``outside``; 1 where one is 0."""
        reconstruction, outside = (
            float(np.quantile(values, UNIT_QUANTILE))
            for values in (self.reconstruction, self.outside)
        )
        return reconstruction or 1.0, outside or 1.0

    def combine(
        self, reconstruction_weight: float, discriminator_weight: float, units: tuple[float, float]
    ) -> np.ndarray:
        """Return the DR-score, (rows,): λ residual + (1 - λ) ``discriminator_weight`` (1 - D).

        Li et al. 2019, equation 5, where λ is ``reconstruction_weight``, the discriminator is
        weighted by how well it points the right way, and the residual is the sum of
        ``reconstruction`` and ``outside``, each divided by its unit.
        """
        total = self.reconstruction / units[0] + self.outside / units[1]
        discrimination = (1 - reconstruction_weight) * discriminator_weight * self.discrimination
        return reconstruction_weight * total + discrimination

    def terms(
        self, reconstruction_weight: float, discriminator_weight: float, units: tuple[float, float]
    ) -> dict[str, np.ndarray]:
        """Return the terms of the score that `combine` returns, float32 (points,), by name.

        They sum to it: ``reconstruction``, ``outside`` where it is part of the score, and
        ``discrimination``.
        """
        weighted = {
            "reconstruction": (self.reconstruction, reconstruction_weight / units[0]),
            "outside": (self.outside, reconstruction_weight / units[1]),
            "discrimination": (
                self.discrimination,
                (1 - reconstruction_weight) * discriminator_weight,
            ),
        }
        if not self.outside.any():
            del weighted["outside"]
        # (rows,) or (sequences, frames) -> (points,)
        return {
            name: (factor * values).astype(np.float32).reshape(-1)
            for name, (values, factor) in weighted.items()
        }


@dataclass(frozen=True)
class WindowInversion:
    """Inversion of windows: from the encoder or else from 0, with or without gradient steps.

    Attributes
    ----------
    steps, learning_rate, tolerance
        As `benchkit_detectors.gan.inversion.invert` takes them.
    """

    steps: int
    learning_rate: float
    tolerance: float

    def __call__(self, networks: nn.ModuleDict, real: Tensor) -> tuple[Tensor, Tensor]:
        """Return latent values and the steps taken, (windows, length, latent) and (windows,)."""
        generator = networks["generator"]
        if "encoder" in networks:
            with torch.no_grad():
                start = networks["encoder"](real).float()
        else:
            start = torch.zeros(*real.shape[:2], generator.latent, device=real.device)
        return invert(
            generator,
            residual,
            start,
            real,
            steps=self.steps,
            learning_rate=self.learning_rate,
            tolerance=self.tolerance,
            optimizer_class=torch.optim.RMSprop,
        )


def score_windows(
    networks: nn.ModuleDict,
    series: WindowedSeries,
    inversion: WindowInversion,
    compute: Compute,
    batch_size: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return reconstruction and discrimination of each row, means over its windows, (rows,) each.

    The values of a window do not depend on the other windows in its batch.
    """
    reconstruction = OverlapMean(series.rows, series.length)
    discrimination = OverlapMean(series.rows, series.length)
    for indices in torch.arange(len(series)).split(batch_size):
        real = series.take(indices)
        starts = series.starts[indices].numpy()
        with compute.autocast():
            latent, _ = inversion(networks, real)
            with torch.no_grad():
                reconstructed = networks["generator"](latent).float()
                generated = torch.sigmoid(-networks["discriminator"](real).float())
        reconstruction.add(starts, (real - reconstructed).abs().mean(dim=2).cpu().numpy())
        discrimination.add(starts, generated.cpu().numpy())
    return reconstruction.mean(), discrimination.mean()


@torch.no_grad()
def discriminator_auroc(
    networks: nn.ModuleDict, held_out: WindowedSeries, compute: Compute, seed: int
) -> float:
    """Return the AUC-ROC of 1 - D on held-out windows against generated and perturbed ones.

    0.5 is chance; below that, 1 - D points the wrong way.
    """
    rng = torch.Generator(compute.device).manual_seed(seed)
    real = held_out.evenly_spaced(VALIDATION_WINDOWS)
    generator = networks["generator"]
    with compute.autocast():
        fake = generator(generator.draw(len(real), real.shape[1], rng)).float()
        normal, *anomalous = (
            torch.sigmoid(-networks["discriminator"](windows).float()).cpu().numpy()
            for windows in (real, fake, perturb(real, rng))
        )
    return auroc(np.concatenate(anomalous), normal)


def discriminator_weight(auroc: float) -> float:
    """Return the weight of 1 - D: 1 for an AUC-ROC of 1, 0 for one of 0.5 or below."""
    return max(2 * auroc - 1, 0.0)
