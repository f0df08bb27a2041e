"""Generator and discriminator of the replication of MAD-GAN for image sequences."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchkit_detectors.madgan_cnn.networks import SLOPE, halvings


class RecurrentGenerator(nn.Module):
    """An LSTM over latent values, then transposed convolutions for each frame."""

    def __init__(self, height: int, width: int, channels: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.latent = latent
        self.sizes = halvings(height, width)[::-1]
        maps = [channels * min(2**i, 4) for i in reversed(range(len(self.sizes) - 1))] + [1]
        self.start = (maps[0], *self.sizes[0])
        self.lstm = nn.LSTM(latent, hidden, batch_first=True)
        self.enter = nn.Linear(hidden, maps[0] * self.sizes[0][0] * self.sizes[0][1])
        self.layers = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in pairwise(maps))

    def forward(self, latent: Tensor) -> Tensor:
        """(sequences, frames, latent) -> (sequences, frames, height, width), in [0, 1]."""
        s, t = latent.shape[:2]
        # (s, t, hidden) -> (s * t, maps, height, width), both small
        h = self.enter(self.lstm(latent)[0].flatten(0, 1)).view(-1, *self.start)
        for layer, (height, width) in zip(self.layers, self.sizes[1:], strict=True):
            h = layer(functional.relu(h))[..., :height, :width]
        # tanh in [-1, 1], as the replication has it, brought to the range of the frames
        # (s * t, 1, height, width) -> (s, t, height, width)
        return ((torch.tanh(h) + 1) / 2).view(s, t, *self.sizes[-1])

    def draw(self, sequences: int, frames: int, random: torch.Generator) -> Tensor:
        """Return latent values of new sequences, (sequences, frames, latent)."""
        shape = (sequences, frames, self.latent)
        return torch.randn(shape, generator=random, device=self.enter.weight.device)


class RecurrentDiscriminator(nn.Module):
    """Convolutions of each frame, an LSTM over them, and a verdict for each frame."""

    def __init__(self, height: int, width: int, channels: int, hidden: int) -> None:
        super().__init__()
        sizes = halvings(height, width)
        maps = [1] + [channels * min(2**i, 4) for i in range(len(sizes) - 1)]
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, 2, 1) for a, b in pairwise(maps))
        self.lstm = nn.LSTM(maps[-1] * sizes[-1][0] * sizes[-1][1], hidden, batch_first=True)
        self.real = nn.Linear(hidden, 1)

    def forward(self, sequences: Tensor) -> Tensor:
        """(sequences, frames, height, width) in [0, 1] -> verdicts, (sequences, frames)."""
        s, t, height, width = sequences.shape
        # (s, t, height, width) -> (s * t, 1, height, width)
        h = 2 * sequences.reshape(s * t, 1, height, width) - 1
        for layer in self.layers:
            h = functional.leaky_relu(layer(h), SLOPE)
        # (s * t, maps, height, width) -> (s, t, features)
        return self.real(self.lstm(h.reshape(s, t, -1))[0])[..., 0]
