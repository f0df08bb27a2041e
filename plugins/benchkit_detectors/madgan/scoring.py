"""The two parts of MAD-GAN's score, kept apart until the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.inversion import invert
from benchkit_detectors.gan.scores import auroc
from benchkit_detectors.gan.windowing import OverlapMean
from benchkit_detectors.madgan.perturbation import perturb
from benchkit_detectors.madgan.windowed import WindowedSeries

CHECKED_WINDOWS = 2000
UNIT_QUANTILE = 0.99


@dataclass(frozen=True)
class Parts:
    """What the score of each row is made of.

    Parameters
    ----------
    reconstruction
        Mean absolute difference between a row and what the generator makes of it, (rows,), in
        the units of the reduced series; the mean over the windows that contain the row.
    discrimination
        1 - D, the probability of being generated, likewise, (rows,).
    left_out
        What the reduction does not show of each row, (rows,); zeros where that does not count.
    """

    reconstruction: np.ndarray
    discrimination: np.ndarray
    left_out: np.ndarray

    def units(self) -> tuple[float, float]:
        """Return the 99 % quantiles of reconstruction and left-out part; 1 for one that is 0."""
        inside, outside = (
            float(np.quantile(p, UNIT_QUANTILE)) for p in (self.reconstruction, self.left_out)
        )
        return inside or 1.0, outside or 1.0

    def combine(self, lam: float, trust: float, units: tuple[float, float]) -> np.ndarray:
        """Return the DR-score, (rows,): ``lam`` reconstruction + (1 - lam) ``trust`` (1 - D).

        Li et al. 2019, equation 5, with ``trust`` for a discriminator that may point anywhere, and
        the left-out part beside the reconstruction, each divided by its unit.
        """
        residual = self.reconstruction / units[0] + self.left_out / units[1]
        return lam * residual + (1 - lam) * trust * self.discrimination

    def terms(self, lam: float, trust: float, units: tuple[float, float]) -> dict[str, np.ndarray]:
        """Return what each part gives to the score that `combine` returns, float32 (points,).

        They add up to it: ``reconstruction``, ``outside`` for the left-out part where there is
        any, and ``discrimination``.
        """
        given = {"reconstruction": (self.reconstruction, lam / units[0])}
        if self.left_out.any():
            given["outside"] = self.left_out, lam / units[1]
        given["discrimination"] = self.discrimination, (1 - lam) * trust
        # (rows,) or (sequences, frames) -> (points,)
        return {
            name: (factor * part).astype(np.float32).reshape(-1)
            for name, (part, factor) in given.items()
        }


@dataclass(frozen=True)
class Inversion:
    """How latent values are found: from the encoder, or else from 0, by gradient steps or none."""

    steps: int
    rate: float
    tolerance: float

    def __call__(self, networks: nn.ModuleDict, real: Tensor) -> tuple[Tensor, Tensor]:
        """Return latent values and the steps taken, (windows, length, latent) and (windows,)."""
        made = networks["generator"]
        if "encoder" in networks:
            with torch.no_grad():
                start = networks["encoder"](real).float()
        else:
            start = torch.zeros(*real.shape[:2], made.latent, device=real.device)
        return invert(
            made,
            residual,
            start,
            real,
            steps=self.steps,
            learning_rate=self.rate,
            tolerance=self.tolerance,
            optimizer_class=torch.optim.RMSprop,
        )


def residual(real: Tensor, made: Tensor) -> Tensor:
    """Return each window's mean absolute difference, (windows, length, channels) -> (windows,)."""
    return (real - made).abs().mean(dim=(1, 2))


def score_windows(
    networks: nn.ModuleDict,
    series: WindowedSeries,
    inversion: Inversion,
    compute: Compute,
    batch_size: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return reconstruction and discrimination of each row, means over its windows, (rows,) each.

    A window's values depend on the window alone, not on which others are in its batch.
    """
    reconstruction = OverlapMean(series.rows, series.length)
    discrimination = OverlapMean(series.rows, series.length)
    for chosen in torch.arange(len(series)).split(batch_size):
        real = series.take(chosen)
        starts = series.starts[chosen].numpy()
        with compute.autocast():
            latent, _ = inversion(networks, real)
            with torch.no_grad():
                made = networks["generator"](latent).float()
                fake = torch.sigmoid(-networks["discriminator"](real).float())
        reconstruction.add(starts, (real - made).abs().mean(dim=2).cpu().numpy())
        discrimination.add(starts, fake.cpu().numpy())
    return reconstruction.mean(), discrimination.mean()


@torch.no_grad()
def check_direction(
    networks: nn.ModuleDict, held_out: WindowedSeries, compute: Compute, seed: int
) -> float:
    """Return how well the discriminator tells held-out windows from generated and perturbed ones.

    The AUC-ROC of 1 - D: 0.5 is chance, and below that it points the wrong way.
    """
    chance = torch.Generator(compute.device).manual_seed(seed)
    real = held_out.spread(CHECKED_WINDOWS)
    made = networks["generator"]
    with compute.autocast():
        fake = made(made.draw(len(real), real.shape[1], chance)).float()
        normal, *odd = (
            torch.sigmoid(-networks["discriminator"](windows).float()).cpu().numpy()
            for windows in (real, fake, perturb(real, chance))
        )
    return auroc(np.concatenate(odd), normal)
