"""The default model, and the models by name."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchkit_detectors.madgan_cnn.interface import (
    FrameInversion,
    ImageModel,
    ModelOutput,
    NetworkShape,
)
from benchkit_detectors.madgan_cnn.networks import (
    FrameEncoder,
    FrameGenerator,
    PairedDiscriminator,
)
from benchkit_detectors.madgan_cnn.paper import PaperModel
from benchkit_detectors.madgan_cnn.training import train


class ContextModel:
    """The default: an encoder inverts, and a discriminator compares the frames of a sequence."""

    def build(self, shape: NetworkShape) -> nn.ModuleDict:
        """Return untrained encoder, generator and discriminator."""
        body = (shape.height, shape.width, shape.channels)
        return nn.ModuleDict(
            {
                "encoder": FrameEncoder(*body, shape.hidden, shape.latent, shape.shared),
                "generator": FrameGenerator(*body, shape.latent, shape.shared),
                "discriminator": PairedDiscriminator(*body, shape.hidden),
            }
        )

    train = staticmethod(train)

    @torch.no_grad()
    def evaluate(
        self, networks: nn.ModuleDict, sequences: Tensor, inversion: FrameInversion
    ) -> ModelOutput:
        """Return the output for sequences.

        Inversion starts at the encoder's latent values. Each frame is an item of its own; the
        latent values that it shares with its sequence are not optimised.
        """
        s, t = sequences.shape[:2]
        discriminator = networks["discriminator"]
        # (s, t, height, width) -> (s * t, height, width)
        frames = sequences.flatten(0, 1)
        start = networks["encoder"](sequences).flatten(0, 1)
        generator = _FixedShared(networks["generator"])
        reconstructed, taken = inversion(generator, start, frames, torch.optim.Adam)
        return ModelOutput(
            reconstructed.view_as(sequences),
            # (s * t,) -> (s, t)
            -discriminator.frame(frames).view(s, t),
            -discriminator.sequence(sequences) if t > 2 else None,
            taken,
        )

    @torch.no_grad()
    def generate(self, networks: nn.ModuleDict, count: int, frames: int, seed: int) -> Tensor:
        """Return generated sequences, (count, frames, height, width)."""
        generator = networks["generator"]
        rng = torch.Generator(generator.enter.weight.device).manual_seed(seed)
        # (count * frames, height, width) -> (count, frames, height, width)
        fake = generator(generator.draw(count, frames, rng).flatten(0, 1))
        return fake.view(count, frames, *fake.shape[1:])


class _FixedShared(nn.Module):
    """A generator through which no gradient reaches the shared latent values."""

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, latent: Tensor) -> Tensor:
        shared = self.generator.shared
        return self.generator(torch.cat([latent[:, :shared].detach(), latent[:, shared:]], 1))


MODELS: dict[str, ImageModel] = {"context": ContextModel(), "paper": PaperModel()}
