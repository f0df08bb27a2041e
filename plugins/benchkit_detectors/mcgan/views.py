"""Scaling of items for the networks, and their representation for distances.

A view scales items to [-1, 1], the range of the generator's tanh, and projects scaled items to
the space in which distances are computed. It is fitted on training items only.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812, the usual name

REFERENCE_SIDE = 28
"""Frame side in pixels for which the blur is one pixel wide; larger frames are blurred more."""


class FrameView:
    """Frames compared by shape: slightly blurred, downsampled and normalised to unit length.

    Without the normalisation, a nearly empty frame would be close to every other one. An empty
    frame has length 0 and is at distance 1 from all others.

    Parameters
    ----------
    size
        (height, width).
    low, high
        Values that are scaled to -1 and 1.
    """

    def __init__(self, size: tuple[int, int], low: float, high: float) -> None:
        self.size = size
        self.low, self.high = low, high
        sigma = max(size) / REFERENCE_SIDE
        self.stride = max(1, round(min(size) / (REFERENCE_SIDE / 2)))
        radius = math.ceil(3 * sigma) if self.stride > 1 else 0
        offsets = torch.arange(-radius, radius + 1, dtype=torch.float32)
        kernel = torch.exp(-(offsets**2) / (2 * sigma**2))
        self.kernel = kernel / kernel.sum()

    @classmethod
    def fit(cls, items: np.ndarray, size: tuple[int, int]) -> FrameView:
        """Return the view of frames, (items, height * width), with one range for all pixels."""
        return cls(size, float(items.min()), float(items.max()))

    def state(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"size": self.size, "low": self.low, "high": self.high}

    def scale(self, items: np.ndarray) -> np.ndarray:
        """Return scaled items; values outside the training range are outside [-1, 1]."""
        width = self.high - self.low
        return (items - self.low) * (2 / (width if width > 0 else 1.0)) - 1

    def project(self, scaled: Tensor) -> Tensor:
        """Return the representation for distances, (items, values) -> (items, fewer values)."""
        # (items, height * width) -> (items, 1, height, width)
        frames = ((scaled + 1) / 2).view(-1, 1, *self.size)
        kernel, radius = self.kernel.to(scaled), len(self.kernel) // 2
        # one axis after the other; the kernel is (1, 1, taps, 1), then (1, 1, 1, taps)
        down = F.conv2d(frames, kernel.view(1, 1, -1, 1), None, (self.stride, 1), (radius, 0))
        both = F.conv2d(down, kernel.view(1, 1, 1, -1), None, (1, self.stride), (0, radius))
        return F.normalize(both.flatten(1), dim=1)


class WindowView:
    """Windows compared by value: channels standardised, then transformed by asinh.

    asinh is linear within about one standard deviation and logarithmic far out, so that an
    outlier neither sets the range of a channel nor dominates the other channels. A channel that
    is constant in training keeps its units.

    Parameters
    ----------
    centre, deviation, limit
        Mean, standard deviation, and largest magnitude after asinh in training, of each value of
        a window, (values,).
    """

    def __init__(self, centre: np.ndarray, deviation: np.ndarray, limit: np.ndarray) -> None:
        self.centre, self.deviation, self.limit = centre, deviation, limit

    @classmethod
    def fit(cls, items: np.ndarray, size: tuple[int, int]) -> WindowView:
        """Return the view of windows, (items, values), of ``size`` (length, channels)."""
        length, channels = size
        # (items, length * channels) -> (items * length, channels)
        rows = items.reshape(-1, channels)
        low, high = rows.min(axis=0), rows.max(axis=0)
        centre = rows.mean(axis=0, dtype=np.float64)
        deviation = rows.std(axis=0, dtype=np.float64)
        varies = (low < high) & (deviation > 0)
        centre, deviation = np.where(varies, centre, low), np.where(varies, deviation, 1.0)
        extremes = np.maximum(np.abs(low - centre), np.abs(high - centre))
        limit = np.where(varies, np.arcsinh(extremes / deviation), 1.0)
        return cls(*(np.tile(v, length).astype(np.float32) for v in (centre, deviation, limit)))

    def state(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"centre": self.centre, "deviation": self.deviation, "limit": self.limit}

    def scale(self, items: np.ndarray) -> np.ndarray:
        """Return scaled items; values outside the training range are outside [-1, 1]."""
        return np.arcsinh((items - self.centre) / self.deviation) / self.limit

    def project(self, scaled: Tensor) -> Tensor:
        """Return the representation for distances, (items, values) -> (items, values)."""
        return scaled * torch.from_numpy(self.limit).to(scaled)


View = FrameView | WindowView


def fit_view(items: np.ndarray, size: tuple[int, int], frames: bool) -> View:
    """Return the view of training items, (items, values)."""
    return (FrameView if frames else WindowView).fit(items, size)


def restore_view(state: dict[str, Any]) -> View:
    """Return the view that has this `state`."""
    return FrameView(**state) if "size" in state else WindowView(**state)
