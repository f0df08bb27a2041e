"""The networks of MAD-GAN: generator and discriminator are LSTMs, the encoder is convolutional.

Shapes: windows are (windows, length, channels), latent values (windows, length, latent), one
latent vector per row as in the article.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class WindowGenerator(nn.Module):
    """Latent values to windows.

    Parameters
    ----------
    latent, hidden, layers, channels
        Sizes; the article has 15 latent values and 3 layers of 100 units.
    bounded
        Whether latent values pass through tanh first, so that no extreme latent values exist
        from which the generator could reproduce what it was not trained on.
    tanh
        Whether windows are in [-1, 1].
    """

    def __init__(
        self, latent: int, hidden: int, layers: int, channels: int, *, bounded: bool, tanh: bool
    ) -> None:
        super().__init__()
        self.latent, self.bounded, self.tanh = latent, bounded, tanh
        self.lstm = nn.LSTM(latent, hidden, layers, batch_first=True)
        self.out = nn.Linear(hidden, channels)

    def forward(self, latent: Tensor) -> Tensor:
        """(windows, length, latent) -> (windows, length, channels)."""
        states, _ = self.lstm(torch.tanh(latent) if self.bounded else latent)
        windows = self.out(states)
        return torch.tanh(windows) if self.tanh else windows

    def draw(self, windows: int, length: int, rng: torch.Generator) -> Tensor:
        """Return random latent values: normal, or uniform after the tanh where ``bounded``."""
        shape, device = (windows, length, self.latent), rng.device
        if not self.bounded:
            return torch.randn(shape, generator=rng, device=device)
        # Not quite to the ends, where atanh is infinite.
        return torch.atanh(torch.rand(shape, generator=rng, device=device) * 1.99 - 0.995)


class WindowDiscriminator(nn.Module):
    """Windows to the log-odds of being real, one for each row: (windows, length)."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(channels, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, windows: Tensor) -> Tensor:
        """(windows, length, channels) -> (windows, length)."""
        states, _ = self.lstm(windows)
        return self.out(states).squeeze(2)  # (windows, length, 1) -> (windows, length)


class WindowEncoder(nn.Module):
    """Windows to the latent values that reproduce them: inversion in one forward pass.

    Convolutions over five rows, which take a fraction of the time of an LSTM.
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
