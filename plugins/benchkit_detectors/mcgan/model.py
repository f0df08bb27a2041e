"""A fitted MC-GAN: it scores points and generates items, and knows nothing of the detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.mcgan.items import to_items
from benchkit_detectors.mcgan.scoring import DensityScore, DiscriminatorScore, Score, score_items
from benchkit_detectors.mcgan.simulation import draw
from benchkit_detectors.mcgan.views import View, restore_view


@dataclass(frozen=True)
class FittedMCGAN:
    """Trained networks, and what is needed to score with them.

    Attributes
    ----------
    networks
        ``generator`` and ``discriminator``, on the device.
    view
        Scaling of items, and their representation for distances.
    score
        The score of scaled items.
    window, step
        Rows of a window, and rows from one window to the next.
    compute
        Device and precision.
    """

    networks: nn.ModuleDict
    view: View
    score: Score
    window: int
    step: int
    compute: Compute

    @classmethod
    def from_state(
        cls, networks: nn.ModuleDict, state: dict[str, Any], params: dict[str, Any]
    ) -> FittedMCGAN:
        """Return the model of trained networks, what was learned beside them, and parameters."""
        compute = Compute(params["device"], params["precision"])
        networks = networks.to(compute.device)
        view = restore_view(state["view"])
        score: Score
        if params["score"] == "discriminator":
            score = DiscriminatorScore(networks["discriminator"], compute)
        else:
            references = compute.tensor(state["references"])
            score = DensityScore(references, params["neighbours"], view, compute)
        return cls(networks, view, score, params["window"], params["step"], compute)

    def score_points(self, X: np.ndarray, segments: Sequence[int]) -> np.ndarray:
        """Return the score of each row or frame of X, (rows,) or (sequences, frames)."""
        items = to_items(X, self.window, self.step, segments)
        return items.to_points(score_items(items, self.score, self.view, self.compute))

    def sample(self, count: int, seed: int) -> np.ndarray:
        """Return generated items, float32 (count, values), scaled to [-1, 1]."""
        rng = torch.Generator().manual_seed(seed)
        draws = draw(self.networks["generator"], count, self.compute, rng)
        return torch.cat(list(draws)).cpu().numpy()
