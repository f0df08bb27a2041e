"""Scaling and resizing of frames for the networks, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchkit_detectors.gan.compute import Compute

BEYOND = 1.0
"""Values are clipped to this many training ranges outside of the training range."""

CHUNK_SEQUENCES = 256
"""Sequences that are scaled at a time."""


@dataclass(frozen=True)
class FrameScaling:
    """Size and range of frames as given, and as the networks take them.

    Attributes
    ----------
    given
        Height and width of the input.
    size
        Height and width as the networks take them.
    low, span
        Minimum and range of the training part; a range of 1 where all values are equal.
    """

    given: tuple[int, int]
    size: tuple[int, int]
    low: float
    span: float

    @classmethod
    def fit(cls, X: np.ndarray, size: int | None) -> FrameScaling:
        """Fit on the training part, (sequences, frames, height, width)."""
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

        Values further away than one range are clipped.
        """
        chunks = []
        for start in range(0, len(X), CHUNK_SEQUENCES):
            scaled = (X[start : start + CHUNK_SEQUENCES].astype(np.float64) - self.low) / self.span
            chunks.append(_resize(compute.tensor(scaled.clip(-BEYOND, 1 + BEYOND)), self.size))
        return torch.cat(chunks)

    def restore_size(self, maps: Tensor) -> np.ndarray:
        """Return maps, (sequences, frames, height, width), in the size of the input."""
        return _resize(maps.float(), self.given).cpu().numpy()

    def restore(self, frames: Tensor) -> np.ndarray:
        """Return prepared or generated frames in the size and unit of the input."""
        return self.restore_size(frames * self.span + self.low)


def _resize(maps: Tensor, size: tuple[int, int]) -> Tensor:
    if tuple(maps.shape[2:]) == size:
        return maps
    return functional.interpolate(maps, size, mode="bilinear", align_corners=False, antialias=True)
