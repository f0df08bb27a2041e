"""Bring frames to the range and size that the networks work on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchkit_detectors.gan.compute import Compute

BEYOND = 1.0
"""How far outside the range of the training part a value may reach the networks, in ranges."""

PIECE = 256
"""Sequences that are brought to range together."""


@dataclass(frozen=True)
class Frames:
    """What frames are like, and what the networks get.

    Parameters
    ----------
    given
        Height and width as they come.
    size
        Height and width as the networks take them.
    low, span
        The least value of the training part, and from there to the greatest; 1 where all are one.
    """

    given: tuple[int, int]
    size: tuple[int, int]
    low: float
    span: float

    @classmethod
    def of(cls, X: np.ndarray, size: int | None) -> Frames:
        """Learn from the training part, (sequences, frames, height, width)."""
        low, high = float(X.min()), float(X.max())
        given = (int(X.shape[2]), int(X.shape[3]))
        return cls(given, (size, size) if size else given, low, high - low if high > low else 1.0)

    def check(self, X: np.ndarray) -> None:
        """Raise ValueError where the frames of X have another size than those of training."""
        if X.shape[2:] != self.given:
            raise ValueError(
                f"the frames are {X.shape[2]} x {X.shape[3]}, those of fit were "
                f"{self.given[0]} x {self.given[1]}: give frames of that size"
            )

    def prepare(self, X: np.ndarray, compute: Compute) -> Tensor:
        """Return X with the training range at [0, 1] and frames of the networks' size.

        Values further away than one range are moved to that distance.
        """
        pieces = []
        for start in range(0, len(X), PIECE):
            scaled = (X[start : start + PIECE].astype(np.float64) - self.low) / self.span
            pieces.append(_resize(compute.tensor(scaled.clip(-BEYOND, 1 + BEYOND)), self.size))
        return torch.cat(pieces)

    def restore_size(self, maps: Tensor) -> np.ndarray:
        """Return maps, (sequences, frames, height, width), in the size that frames came in."""
        return _resize(maps.float(), self.given).cpu().numpy()

    def give_back(self, frames: Tensor) -> np.ndarray:
        """Return prepared or generated frames in the size and unit that frames came in."""
        return self.restore_size(frames * self.span + self.low)


def _resize(maps: Tensor, size: tuple[int, int]) -> Tensor:
    if tuple(maps.shape[2:]) == size:
        return maps
    return functional.interpolate(maps, size, mode="bilinear", align_corners=False, antialias=True)
