"""MAD-GAN's reconstruction losses; the adversarial ones are in `benchkit_detectors.gan.losses`."""

from __future__ import annotations

from torch import Tensor


def reconstruction_loss(reconstructed: Tensor, real: Tensor) -> Tensor:
    """Return the mean absolute difference over all windows, a scalar."""
    return (reconstructed - real).abs().mean()


def residual(real: Tensor, reconstructed: Tensor) -> Tensor:
    """Return each window's mean absolute difference, (windows, length, channels) -> (windows,)."""
    return (real - reconstructed).abs().mean(dim=(1, 2))
