"""Scoring: the raw terms of each frame by trained networks, and their combination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.madgan_cnn.interface import FrameInversion, ImageModel, ModelOutput
from benchkit_detectors.madgan_cnn.similarity import residuals

RECONSTRUCTION, FRAME, SEQUENCE = "reconstruction", "frame", "sequence"
"""The terms: of the generator, of the frame and of the sequence discriminator."""

BATCH_SEQUENCES = 64
"""Maximum number of sequences in a batch."""

MIN_RESIDUAL = 1e-8
"""Smaller mean residuals are clipped, so that their logarithm does not dominate."""


@dataclass(frozen=True)
class Scorer:
    """Trained networks, and how to score with them.

    Attributes
    ----------
    model, networks
        The model, and its trained networks on the device.
    inversion, compute
        How frames are reconstructed; device and precision.
    """

    model: ImageModel
    networks: nn.ModuleDict
    inversion: FrameInversion
    compute: Compute

    def terms(self, sequences: Tensor) -> dict[str, np.ndarray]:
        """Return the raw terms of prepared sequences by name, each (sequences, frames).

        ``reconstruction`` is the logarithm of the mean residual, since residuals of normal frames
        have a long tail; ``frame`` and ``sequence`` are the discriminators'; higher is more
        anomalous. ``sequence`` is missing where the model does not have it.
        """
        batches: list[dict[str, np.ndarray]] = []
        for some in sequences.split(self._batch_size(sequences[0].numel())):
            output, maps = self._evaluate(some)
            terms = {
                RECONSTRUCTION: torch.log(maps.mean((2, 3)).clamp_min(MIN_RESIDUAL)),
                FRAME: output.frame,
            }
            if output.sequence is not None:
                terms[SEQUENCE] = output.sequence
            batches.append({name: v.float().cpu().numpy() for name, v in terms.items()})
        return {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}

    def residual_maps(self, sequences: Tensor) -> Tensor:
        """Return the residual of each pixel of prepared sequences, in their shape."""
        batches = sequences.split(self._batch_size(sequences[0].numel()))
        return torch.cat([self._evaluate(some)[1] for some in batches])

    def _batch_size(self, values: int) -> int:
        return self.compute.batch_size(64 * 4 * values, BATCH_SEQUENCES)

    def _evaluate(self, sequences: Tensor) -> tuple[ModelOutput, Tensor]:
        with self.compute.autocast():
            output = self.model.evaluate(self.networks, sequences, self.inversion)
        # (sequences, frames, height, width) -> (sequences * frames, height, width), and back
        reconstructed, real = output.reconstructed.float().flatten(0, 1), sequences.flatten(0, 1)
        maps = residuals(reconstructed, real, self.inversion.similarity)
        return output, maps.view_as(sequences)


@dataclass(frozen=True)
class FrameScoreComponents:
    """The components of the score of each frame, all (sequences, frames).

    They are standardised: mean 0 and standard deviation at most 1 on held-out normal frames.

    Attributes
    ----------
    reconstruction
        How badly the generator reproduces the frame.
    discriminators
        The weighted term of each discriminator by name.
    """

    reconstruction: np.ndarray
    discriminators: dict[str, np.ndarray]

    @property
    def discrimination(self) -> np.ndarray:
        """The sum over the discriminators; zeros where none has weight."""
        return sum(self.discriminators.values(), np.zeros_like(self.reconstruction))

    def terms(self, reconstruction_weight: float) -> dict[str, np.ndarray]:
        """Return the terms of the score that `combine` returns, float32 (points,), by name.

        They sum to it, and like it may be negative: 0 is the mean of held-out normal frames.
        """
        terms = {"reconstruction": reconstruction_weight * self.reconstruction}
        for name, values in self.discriminators.items():
            terms[f"discriminator, {name}"] = (1 - reconstruction_weight) * values
        # (sequences, frames) -> (points,)
        return {name: term.astype(np.float32).reshape(-1) for name, term in terms.items()}


def combine(components: FrameScoreComponents, reconstruction_weight: float) -> np.ndarray:
    """Return the weighted sum of reconstruction and discrimination.

    The DR-score of MAD-GAN (Li et al. 2019, section 3.3) of standardised components; λ is
    ``reconstruction_weight``, 0 to 1.
    """
    discrimination = (1 - reconstruction_weight) * components.discrimination
    return reconstruction_weight * components.reconstruction + discrimination
