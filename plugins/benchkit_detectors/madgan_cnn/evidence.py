"""The terms of a score: what trained networks say of each frame, before anything is weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.madgan_cnn.models import Evidence, Inversion, Model
from benchkit_detectors.madgan_cnn.similarity import residuals

RECONSTRUCTION, ALONE, AMONG = "reconstruction", "alone", "among"

SEQUENCES = 64
"""How many sequences are looked at together, at most."""

LEAST = 1e-8
"""Mean residuals below this are one: their logarithm must not decide."""


@dataclass(frozen=True)
class Witness:
    """Trained networks, and how to ask them."""

    model: Model
    networks: nn.ModuleDict
    inversion: Inversion
    compute: Compute

    def terms(self, sequences: Tensor) -> dict[str, np.ndarray]:
        """Return the terms of prepared sequences by name, each (sequences, frames).

        ``reconstruction`` is the logarithm of the mean residual, since residuals of normal frames
        have a long tail; ``alone`` and ``among`` are the discriminator's; higher is worse.
        ``among`` is not there where the model does not ask for it.
        """
        pieces: list[dict[str, np.ndarray]] = []
        for some in sequences.split(self.batch(sequences[0].numel())):
            evidence, left = self._look(some)
            piece = {
                RECONSTRUCTION: torch.log(left.mean((2, 3)).clamp_min(LEAST)),
                ALONE: evidence.alone,
            }
            if evidence.among is not None:
                piece[AMONG] = evidence.among
            pieces.append({name: v.float().cpu().numpy() for name, v in piece.items()})
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}

    def maps(self, sequences: Tensor) -> Tensor:
        """Return the residual of each pixel of prepared sequences, in their shape."""
        batches = sequences.split(self.batch(sequences[0].numel()))
        return torch.cat([self._look(some)[1] for some in batches])

    def batch(self, values: int) -> int:
        """Return how many sequences of so many values go together."""
        return self.compute.batch_size(64 * 4 * values, SEQUENCES)

    def _look(self, sequences: Tensor) -> tuple[Evidence, Tensor]:
        with self.compute.autocast():
            evidence = self.model.look(self.networks, sequences, self.inversion)
        # (sequences, frames, height, width) -> (sequences * frames, height, width), and back
        made, given = evidence.made.float().flatten(0, 1), sequences.flatten(0, 1)
        return evidence, residuals(made, given, self.inversion.similarity).view_as(sequences)
