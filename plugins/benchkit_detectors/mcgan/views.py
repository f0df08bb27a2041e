"""How items are scaled for the networks, and how two of them are compared.

A view scales items into [-1, 1], the range of the generator's tanh, and gives what distances are
taken between. All of it is learned from training items.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812, what everybody calls it

REFERENCE_SIDE = 28
"""Pixels a side for which the blur is one pixel wide; larger frames are blurred more."""


class FrameView:
    """Frames by shape: blurred a little, thinned out, and of unit length.

    Of unit length, because a frame with little ink is else near to every other one, whatever it
    shows. A frame without any has length 0, and is at distance 1 from all that have some.

    Parameters
    ----------
    size
        (height, width).
    low, high
        What become -1 and 1.
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

    def facts(self) -> dict[str, Any]:
        """Return the arguments that make this view."""
        return {"size": self.size, "low": self.low, "high": self.high}

    def scale(self, items: np.ndarray) -> np.ndarray:
        """Return items scaled; those beyond the training range come out beyond [-1, 1]."""
        width = self.high - self.low
        return (items - self.low) * (2 / (width if width > 0 else 1.0)) - 1

    def project(self, scaled: Tensor) -> Tensor:
        """Return what distances are taken between, (items, values) -> (items, fewer values)."""
        # (items, height * width) -> (items, 1, height, width)
        frames = ((scaled + 1) / 2).view(-1, 1, *self.size)
        kernel, radius = self.kernel.to(scaled), len(self.kernel) // 2
        # one axis after the other; the kernel is (1, 1, taps, 1), then (1, 1, 1, taps)
        down = F.conv2d(frames, kernel.view(1, 1, -1, 1), None, (self.stride, 1), (radius, 0))
        both = F.conv2d(down, kernel.view(1, 1, 1, -1), None, (1, self.stride), (0, radius))
        return F.normalize(both.flatten(1), dim=1)


class WindowView:
    """Windows by value: each channel in standard deviations, far values pressed together.

    Channels pass through asinh, which is linear within a deviation and logarithmic far out, so
    that one wild value neither fixes the range of a channel nor drowns the other channels. A
    channel that is constant in training keeps its units.

    Parameters
    ----------
    centre, deviation, limit
        Of each value of a window, (values,): mean, standard deviation, and the largest size in
        training after asinh.
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
        moves = (low < high) & (deviation > 0)
        centre, deviation = np.where(moves, centre, low), np.where(moves, deviation, 1.0)
        extremes = np.maximum(np.abs(low - centre), np.abs(high - centre))
        limit = np.where(moves, np.arcsinh(extremes / deviation), 1.0)
        return cls(*(np.tile(v, length).astype(np.float32) for v in (centre, deviation, limit)))

    def facts(self) -> dict[str, Any]:
        """Return the arguments that make this view."""
        return {"centre": self.centre, "deviation": self.deviation, "limit": self.limit}

    def scale(self, items: np.ndarray) -> np.ndarray:
        """Return items scaled; those beyond the training range come out beyond [-1, 1]."""
        return np.arcsinh((items - self.centre) / self.deviation) / self.limit

    def project(self, scaled: Tensor) -> Tensor:
        """Return what distances are taken between, (items, values) -> (items, values)."""
        return scaled * torch.from_numpy(self.limit).to(scaled)


View = FrameView | WindowView


def fit_view(items: np.ndarray, size: tuple[int, int], frames: bool) -> View:
    """Return the view of training items, (items, values)."""
    return (FrameView if frames else WindowView).fit(items, size)


def view_from(facts: dict[str, Any]) -> View:
    """Return the view that ``facts()`` told of."""
    return FrameView(**facts) if "size" in facts else WindowView(**facts)
