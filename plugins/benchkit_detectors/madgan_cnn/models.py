"""The two models that the detector can be made of, and what they say of a frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.inversion import invert
from benchkit_detectors.gan.training import TrainingCurves
from benchkit_detectors.madgan_cnn.networks import Discriminator, Encoder, Generator
from benchkit_detectors.madgan_cnn.paper_networks import (
    RecurrentDiscriminator,
    RecurrentGenerator,
)
from benchkit_detectors.madgan_cnn.paper_training import train_paper
from benchkit_detectors.madgan_cnn.similarity import residuals
from benchkit_detectors.madgan_cnn.training import Plan, train


@dataclass(frozen=True)
class Shape:
    """What decides the shapes of a model's weights."""

    height: int
    width: int
    channels: int
    hidden: int
    latent: int
    shared: int


@dataclass(frozen=True)
class Inversion:
    """How frames are made again: gradient steps, and what they make smaller."""

    steps: int
    rate: float
    tolerance: float
    similarity: str

    def __call__(
        self,
        generator: nn.Module,
        start: Tensor,
        items: Tensor,
        rule: Callable[..., torch.optim.Optimizer],
    ) -> tuple[Tensor, Tensor]:
        """Refine latent values; return the items made of them, and the steps that each took.

        ``start`` is (items, ...) and ``items`` is (items, ..., height, width).
        """

        def residual(given: Tensor, made: Tensor) -> Tensor:
            # (items, ..., height, width) -> (items * ..., height, width)
            flat = [x.reshape(-1, *x.shape[-2:]) for x in (made, given)]
            left = residuals(flat[0], flat[1], self.similarity)
            # (items * ..., height, width) -> (items, values)
            return left.reshape(len(given), -1).mean(1)

        latent, taken = invert(
            generator,
            residual,
            start,
            items,
            steps=self.steps,
            learning_rate=self.rate,
            tolerance=self.tolerance,
            optimizer_class=rule,
        )
        with torch.no_grad():
            return generator(latent), taken


@dataclass(frozen=True)
class Evidence:
    """What a model says of each frame, higher for worse.

    ``made`` is the frame made again, (sequences, frames, height, width); ``alone`` is what the
    discriminator says of it, and ``among`` what it says of it among the others of its
    sequence, None where the model does not ask; both (sequences, frames). ``taken`` is the
    inversion's steps, (items,).
    """

    made: Tensor
    alone: Tensor
    among: Tensor | None
    taken: Tensor


class Model(Protocol):
    """What the detector asks of a model."""

    def build(self, shape: Shape) -> nn.ModuleDict:
        """Return untrained networks."""

    def train(
        self,
        networks: nn.ModuleDict,
        part: Tensor,
        held_out: Tensor,
        plan: Plan,
        compute: Compute,
        seed: int,
    ) -> tuple[nn.ModuleDict, TrainingCurves]:
        """Return trained networks and their curves."""

    def look(self, networks: nn.ModuleDict, sequences: Tensor, inversion: Inversion) -> Evidence:
        """Return what the networks say of sequences, each by itself."""

    def draw(self, networks: nn.ModuleDict, count: int, frames: int, seed: int) -> Tensor:
        """Return generated sequences, (count, frames, height, width)."""


class ContextModel:
    """Our default: an encoder inverts, and the discriminator compares frames of a sequence."""

    def build(self, shape: Shape) -> nn.ModuleDict:
        """Return untrained encoder, generator and discriminator."""
        body = (shape.height, shape.width, shape.channels)
        return nn.ModuleDict(
            {
                "encoder": Encoder(*body, shape.hidden, shape.latent, shape.shared),
                "generator": Generator(*body, shape.latent, shape.shared),
                "discriminator": Discriminator(*body, shape.hidden),
            }
        )

    train = staticmethod(train)

    @torch.no_grad()
    def look(self, networks: nn.ModuleDict, sequences: Tensor, inversion: Inversion) -> Evidence:
        """Return what the networks say of sequences.

        The encoder's latent values are where the inversion begins; each frame is an item of its
        own, and what it has from the others of its sequence stays as it is.
        """
        s, t = sequences.shape[:2]
        discriminator = networks["discriminator"]
        # (s, t, height, width) -> (s * t, height, width)
        frames = sequences.flatten(0, 1)
        start = networks["encoder"](sequences).flatten(0, 1)
        made, taken = inversion(_Held(networks["generator"]), start, frames, torch.optim.Adam)
        return Evidence(
            made.view_as(sequences),
            # (s * t,) -> (s, t)
            -discriminator.critic(frames).view(s, t),
            -discriminator.comparer(sequences) if t > 2 else None,
            taken,
        )

    @torch.no_grad()
    def draw(self, networks: nn.ModuleDict, count: int, frames: int, seed: int) -> Tensor:
        """Return generated sequences."""
        generator = networks["generator"]
        random = torch.Generator(generator.enter.weight.device).manual_seed(seed)
        # (count * frames, height, width) -> (count, frames, height, width)
        made = generator(generator.draw(count, frames, random).flatten(0, 1))
        return made.view(count, frames, *made.shape[1:])


class PaperModel:
    """The replication's: LSTMs with convolutions, and inversion by gradient steps alone."""

    def build(self, shape: Shape) -> nn.ModuleDict:
        """Return untrained generator and discriminator."""
        body = (shape.height, shape.width, shape.channels, shape.hidden)
        return nn.ModuleDict(
            {
                "generator": RecurrentGenerator(*body, shape.latent),
                "discriminator": RecurrentDiscriminator(*body),
            }
        )

    train = staticmethod(train_paper)

    @torch.no_grad()
    def look(self, networks: nn.ModuleDict, sequences: Tensor, inversion: Inversion) -> Evidence:
        """Return what the networks say of sequences.

        Each sequence is an item; its inversion begins at 0, the middle of what the generator has
        been given, so that scoring needs no chance.
        """
        generator = networks["generator"]
        start = torch.zeros(*sequences.shape[:2], generator.latent, device=sequences.device)
        made, taken = inversion(generator, start, sequences, torch.optim.RMSprop)
        return Evidence(made, -networks["discriminator"](sequences), None, taken)

    @torch.no_grad()
    def draw(self, networks: nn.ModuleDict, count: int, frames: int, seed: int) -> Tensor:
        """Return generated sequences."""
        generator = networks["generator"]
        random = torch.Generator(generator.enter.weight.device).manual_seed(seed)
        return generator(generator.draw(count, frames, random))


class _Held(nn.Module):
    """A generator through which no gradient reaches the shared latent values."""

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, latent: Tensor) -> Tensor:
        shared = self.generator.shared
        return self.generator(torch.cat([latent[:, :shared].detach(), latent[:, shared:]], 1))


MODELS: dict[str, Model] = {"context": ContextModel(), "paper": PaperModel()}
