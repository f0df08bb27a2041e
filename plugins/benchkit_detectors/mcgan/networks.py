"""Generator and discriminator: multilayer perceptrons on flattened frames and windows."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812, the usual name


class MLPGenerator(nn.Module):
    """Noise to items in [-1, 1].

    Parameters
    ----------
    latent, hidden, values
        Size of the noise vector, units of each hidden layer, and values of an item.
    """

    def __init__(self, latent: int, hidden: Sequence[int], values: int) -> None:
        super().__init__()
        self.latent = latent
        self.layers = nn.Sequential()
        for before, after in zip((latent, *hidden), hidden, strict=False):
            self.layers.extend([nn.Linear(before, after), nn.ReLU()])
        self.layers.extend([nn.Linear((latent, *hidden)[-1], values), nn.Tanh()])

    def forward(self, noise: Tensor) -> Tensor:
        """Return items, (items, latent) -> (items, values)."""
        return self.layers(noise)


class MLPDiscriminator(nn.Module):
    """Items to the log-odds that they are real.

    Parameters
    ----------
    values, hidden
        Values of an item, and units of each hidden layer.
    """

    def __init__(self, values: int, hidden: Sequence[int]) -> None:
        super().__init__()
        self.layers = nn.Sequential()
        for before, after in zip((values, *hidden), hidden, strict=False):
            self.layers.extend([nn.Linear(before, after), nn.LeakyReLU(0.2)])
        self.layers.append(nn.Linear((values, *hidden)[-1], 1))
        for number, layer in enumerate(self._linear()):
            self.register_buffer(f"direction_{number}", torch.randn(layer.out_features))

    def forward(self, items: Tensor) -> Tensor:
        """Return log-odds, (items, values) -> (items,)."""
        return self.layers(items).squeeze(1)

    @torch.no_grad()
    def bound_slope(self, limit: float) -> None:
        """Rescale each layer whose largest singular value exceeds ``limit``.

        The value is tracked by one power iteration per call, as in Miyato et al. 2018, Spectral
        normalization for generative adversarial networks. There the weights are divided in every
        forward pass; here they are rescaled once after each step, which is cheaper.
        """
        for number, layer in enumerate(self._linear()):
            direction = self.get_buffer(f"direction_{number}")
            product = layer.weight @ F.normalize(layer.weight.T @ direction, dim=0)
            largest = product.norm()
            direction.copy_(F.normalize(product, dim=0))
            layer.weight.div_((largest / limit).clamp_min(1.0))

    def _linear(self) -> list[nn.Linear]:
        return [layer for layer in self.layers if isinstance(layer, nn.Linear)]


def build_networks(
    latent: int, generator: Sequence[int], discriminator: Sequence[int], values: int
) -> nn.ModuleDict:
    """Return an untrained generator and discriminator of items of so many values."""
    return nn.ModuleDict(
        {
            "generator": MLPGenerator(latent, generator, values),
            "discriminator": MLPDiscriminator(values, discriminator),
        }
    )
