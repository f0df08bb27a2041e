"""The three networks of MAD-GAN: an LSTM that makes windows, one that judges them, an encoder.

Shapes: windows are (windows, length, channels), latent values (windows, length, latent), one
latent vector a row as in the article.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Generator(nn.Module):
    """Latent values to windows.

    Parameters
    ----------
    latent, hidden, layers, channels
        Sizes; the article has 15 latent values and 3 layers of 100 units.
    bounded
        True for latent values that go through tanh first, so that there are none far out from
        which it could make what it never made in training.
    tanh
        True for windows from -1 to 1.
    """

    def __init__(
        self, latent: int, hidden: int, layers: int, channels: int, *, bounded: bool, tanh: bool
    ) -> None:
        super().__init__()
        self.latent, self.bounded, self.tanh = latent, bounded, tanh
        self.rows = nn.LSTM(latent, hidden, layers, batch_first=True)
        self.out = nn.Linear(hidden, channels)

    def forward(self, latent: Tensor) -> Tensor:
        """(windows, length, latent) -> (windows, length, channels)."""
        states, _ = self.rows(torch.tanh(latent) if self.bounded else latent)
        made = self.out(states)
        return torch.tanh(made) if self.tanh else made

    def draw(self, windows: int, length: int, generator: torch.Generator) -> Tensor:
        """Return latent values as in training: normal, or uniform behind the tanh."""
        shape, device = (windows, length, self.latent), generator.device
        if not self.bounded:
            return torch.randn(shape, generator=generator, device=device)
        # Not quite to the ends, where atanh is infinite.
        return torch.atanh(torch.rand(shape, generator=generator, device=device) * 1.99 - 0.995)


class Discriminator(nn.Module):
    """Windows to the log-odds of being real, one for each row: (windows, length)."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.rows = nn.LSTM(channels, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, windows: Tensor) -> Tensor:
        """(windows, length, channels) -> (windows, length)."""
        states, _ = self.rows(windows)
        return self.out(states).squeeze(2)  # (windows, length, 1) -> (windows, length)


class Encoder(nn.Module):
    """Windows to the latent values from which the generator makes them: inversion in one pass.

    Convolutions over five rows, since they take a fraction of the time of an LSTM.
    """

    def __init__(self, channels: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(channels, hidden, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv1d(hidden, hidden, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv1d(hidden, latent, 1),
        )

    def forward(self, windows: Tensor) -> Tensor:
        """(windows, length, channels) -> (windows, length, latent)."""
        # (windows, length, channels) -> (windows, channels, length) and back
        return self.layers(windows.transpose(1, 2)).transpose(1, 2)
