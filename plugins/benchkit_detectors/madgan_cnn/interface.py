"""What the two models of this detector have in common: their protocol, input and output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.inversion import invert
from benchkit_detectors.gan.training import TrainingCurves
from benchkit_detectors.madgan_cnn.similarity import residuals
from benchkit_detectors.madgan_cnn.training import MADGANCNNTrainingConfig


@dataclass(frozen=True)
class NetworkShape:
    """The sizes that decide the shapes of a model's weights.

    Attributes
    ----------
    height, width
        Of a frame, in pixels.
    channels, hidden, latent, shared
        As the detector's parameters.
    """

    height: int
    width: int
    channels: int
    hidden: int
    latent: int
    shared: int


@dataclass(frozen=True)
class FrameInversion:
    """Reconstruction by gradient steps on latent values, and the residual that they minimise.

    Attributes
    ----------
    steps, learning_rate, tolerance
        As `benchkit_detectors.gan.inversion.invert` takes them.
    similarity
        The residual, as `benchkit_detectors.madgan_cnn.similarity.residuals` takes it.
    """

    steps: int
    learning_rate: float
    tolerance: float
    similarity: str

    def __call__(
        self,
        generator: nn.Module,
        start: Tensor,
        items: Tensor,
        optimizer_class: Callable[..., torch.optim.Optimizer],
    ) -> tuple[Tensor, Tensor]:
        """Return the reconstructed items, and the number of steps that each took.

        ``start`` is (items, ...) and ``items`` is (items, ..., height, width).
        """

        def residual(real: Tensor, reconstructed: Tensor) -> Tensor:
            # (items, ..., height, width) -> (items * ..., height, width)
            flat = [x.reshape(-1, *x.shape[-2:]) for x in (reconstructed, real)]
            maps = residuals(flat[0], flat[1], self.similarity)
            # (items * ..., height, width) -> (items, values)
            return maps.reshape(len(real), -1).mean(1)

        latent, taken = invert(
            generator,
            residual,
            start,
            items,
            steps=self.steps,
            learning_rate=self.learning_rate,
            tolerance=self.tolerance,
            optimizer_class=optimizer_class,
        )
        with torch.no_grad():
            return generator(latent), taken


@dataclass(frozen=True)
class ModelOutput:
    """The output of a model for sequences; scores are higher for more anomalous frames.

    Attributes
    ----------
    reconstructed
        (sequences, frames, height, width).
    frame
        Score of each frame by itself, by the discriminator, (sequences, frames).
    sequence
        Score of each frame among the others of its sequence, likewise; None where the model has
        none.
    taken
        Steps of the inversion, (items,).
    """

    reconstructed: Tensor
    frame: Tensor
    sequence: Tensor | None
    taken: Tensor


class ImageModel(Protocol):
    """The interface of a model."""

    def build(self, shape: NetworkShape) -> nn.ModuleDict:
        """Return untrained networks."""

    def train(
        self,
        networks: nn.ModuleDict,
        train_part: Tensor,
        held_out: Tensor,
        config: MADGANCNNTrainingConfig,
        compute: Compute,
        seed: int,
    ) -> tuple[nn.ModuleDict, TrainingCurves]:
        """Return trained networks and their training curves."""

    def evaluate(
        self, networks: nn.ModuleDict, sequences: Tensor, inversion: FrameInversion
    ) -> ModelOutput:
        """Return the output for sequences; each is independent of the others."""

    def generate(self, networks: nn.ModuleDict, count: int, frames: int, seed: int) -> Tensor:
        """Return generated sequences, (count, frames, height, width)."""
