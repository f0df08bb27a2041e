"""A fitted MAD-GAN: it scores rows and generates windows, and knows nothing of the detector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.training import seeded
from benchkit_detectors.madgan.networks import (
    WindowDiscriminator,
    WindowEncoder,
    WindowGenerator,
)
from benchkit_detectors.madgan.reduction import Reduction
from benchkit_detectors.madgan.rows import Rows
from benchkit_detectors.madgan.scoring import ScoreComponents, WindowInversion, score_windows
from benchkit_detectors.madgan.windowed import WindowedSeries

CPU_BATCH_SIZE, GPU_BATCH_SIZE = 512, 16_384


def build_networks(channels: int, params: dict[str, Any]) -> nn.ModuleDict:
    """Return untrained networks of windows of so many reduced channels."""
    with seeded(params["random_state"]):
        networks = nn.ModuleDict(
            {
                "generator": WindowGenerator(
                    params["latent"],
                    params["hidden"],
                    params["layers"],
                    channels,
                    bounded=params["encoder"],
                    tanh=params["scaling"] == "range",
                ),
                "discriminator": WindowDiscriminator(channels, params["discriminator_hidden"]),
            }
        )
        if params["encoder"]:
            networks["encoder"] = WindowEncoder(channels, params["hidden"], params["latent"])
    return networks


def window_bytes(params: dict[str, Any]) -> int:
    """Return about how many bytes one window takes in all networks."""
    units = params["hidden"] * params["layers"] + params["discriminator_hidden"]
    return 4 * 12 * params["window"] * units


@dataclass(frozen=True)
class FittedMADGAN:
    """Networks, and what is needed to score with them.

    Attributes
    ----------
    networks
        ``generator``, ``discriminator`` and perhaps ``encoder``, on the device.
    reduction
        The fitted reduction of channels to components.
    window, step
        Rows of a window, and rows from one window to the next.
    outside
        Whether what is outside the principal subspace is part of the score.
    inversion, compute, batch_size
        How latent values are found, device and precision, and windows per batch.
    """

    networks: nn.ModuleDict
    reduction: Reduction
    window: int
    step: int
    outside: bool
    inversion: WindowInversion
    compute: Compute
    batch_size: int

    @classmethod
    def from_state(
        cls, networks: nn.ModuleDict, state: dict[str, Any], params: dict[str, Any]
    ) -> FittedMADGAN:
        """Return the model of networks, what was learned beside them, and parameters."""
        compute = Compute(params["device"], params["precision"])
        maximum = CPU_BATCH_SIZE if compute.device.type == "cpu" else GPU_BATCH_SIZE
        return cls(
            networks.to(compute.device),
            Reduction.restored(state["reduction"]),
            state["window"],
            min(params["step"], state["window"]),
            params["outside"],
            WindowInversion(
                params["inversion_steps"], params["inversion_rate"], params["tolerance"]
            ),
            compute,
            compute.batch_size(window_bytes(params), maximum),
        )

    def windows(self, rows: Rows) -> WindowedSeries:
        """Return the windows of reduced rows."""
        reduced = self.reduction.apply(rows.values)
        return WindowedSeries(reduced, self.window, self.step, rows.segments, self.compute)

    def score_components(self, rows: Rows) -> ScoreComponents:
        """Return the components of the score, each (rows,) or (sequences, frames)."""
        series = self.windows(rows)
        reconstruction, discrimination = score_windows(
            self.networks, series, self.inversion, self.compute, self.batch_size
        )
        outside = np.zeros(len(rows))
        if self.outside:
            outside[:] = self.reduction.outside(rows.values)
        components = reconstruction[series.kept], discrimination[series.kept], outside
        # (rows,) -> (rows,) or (sequences, frames)
        return ScoreComponents(*(values.reshape(rows.shape) for values in components))

    def generate(self, windows: int, length: int, seed: int) -> np.ndarray:
        """Return generated windows in the units of X, (windows, length, channels)."""
        generator = self.networks["generator"]
        rng = torch.Generator(self.compute.device).manual_seed(seed)
        with torch.no_grad():
            fake = generator(generator.draw(windows, length, rng)).float().cpu().numpy()
        return self.reduction.restore(fake)
