"""Items: the frames of image sequences, or the windows of a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchkit import windows
from benchkit.windowing import cut_segments
from benchkit_detectors.gan.validation import check_input
from benchkit_detectors.gan.windowing import OverlapMean, pad_segments

MAX_MAGNITUDE = 1e18
"""Larger values are clipped to this, so that their squares are finite in float32."""
MAX_VALUES = 1 << 26
"""Maximum number of values in all training items together, 256 MiB."""
MAX_TRAINING_ITEMS = 50_000
MAX_HELD_OUT_ITEMS = 10_000
MAX_HELD_OUT_ROWS = 50_000


class FrameItems:
    """The frames of image sequences, one item each.

    Parameters
    ----------
    X
        (sequences, frames, height, width).
    """

    def __init__(self, X: np.ndarray) -> None:
        self.shape = X.shape[:2]
        self.size = X.shape[2:]
        # (sequences, frames, height, width) -> (sequences * frames, height * width)
        self._rows = X.reshape(X.shape[0] * X.shape[1], -1)

    def __len__(self) -> int:
        return len(self._rows)

    def take(self, numbers: np.ndarray) -> np.ndarray:
        """Return the items with these indices, float32 (items, height * width)."""
        return _as_float32(self._rows[numbers])

    def to_points(self, scores: np.ndarray) -> np.ndarray:
        """Return the score of each frame, (items,) -> (sequences, frames)."""
        return scores.reshape(self.shape)


class WindowItems:
    """The windows of a series; its rows where the length is 1.

    Parameters
    ----------
    X
        (rows, channels).
    length, step, segments
        Of the windows, as in `benchkit.windows`. A segment shorter than a window is padded.
    """

    def __init__(self, X: np.ndarray, length: int, step: int, segments: Sequence[int]) -> None:
        self.size = (length, X.shape[1])
        X, begins, self._kept = pad_segments(X, np.asarray(segments, np.int64), length)
        self.rows = len(X)
        self._view, self._starts = windows(X, length, step, begins)

    def __len__(self) -> int:
        return len(self._starts)

    def take(self, numbers: np.ndarray) -> np.ndarray:
        """Return the items with these indices, float32 (items, length * channels)."""
        picked = self._view[self._starts[numbers]]
        # (items, length, channels) -> (items, length * channels)
        return _as_float32(picked).reshape(len(picked), -1)

    def to_points(self, scores: np.ndarray) -> np.ndarray:
        """Return the mean score of each row over its windows, (items,) -> (rows,)."""
        mean = OverlapMean(self.rows, self.size[0])
        mean.add(self._starts, scores)
        return mean.mean()[self._kept]


Items = FrameItems | WindowItems


def check_modality(X: np.ndarray) -> np.ndarray:
    """Return X; raise ValueError where it is not a finite series or image sequences."""
    X = np.asarray(X)
    if X.ndim not in (2, 4):
        raise ValueError(
            f"the input has {X.ndim} axes: a series has 2 (rows, channels), "
            "image sequences have 4 (sequences, frames, height, width)"
        )
    return check_input(X, X.ndim)


def item_shape(X: np.ndarray) -> tuple[int, ...]:
    """Return the shape that items must share: (channels,) or (height, width)."""
    return tuple(int(n) for n in (X.shape[2:] if X.ndim == 4 else X.shape[1:]))


def to_items(X: np.ndarray, window: int, step: int, segments: Sequence[int]) -> Items:
    """Return the frames of image sequences, or the windows of a series within its segments."""
    return FrameItems(X) if X.ndim == 4 else WindowItems(X, window, step, segments)


@dataclass(frozen=True)
class TrainSplit:
    """The training part, split into items to train on and a held-out tail.

    Attributes
    ----------
    train, held_out
        Items to train on and items of the tail, float32 (items, values).
    tail, segments
        The end of the training part that ``held_out`` is taken from, and its segments.
    size
        (height, width) of a frame or (length, channels) of a window.
    """

    train: np.ndarray
    held_out: np.ndarray
    tail: np.ndarray
    segments: tuple[int, ...]
    size: tuple[int, int]


def split_items(
    X: np.ndarray, segments: Sequence[int], window: int, fraction: float
) -> TrainSplit:
    """Split the tail off X and take items of both parts, evenly spaced where there are many.

    Where X is too short to be split (one sequence, or fewer rows than two windows), both parts
    are all of it.

    Raises
    ------
    ValueError
        X has fewer rows than a window.
    """
    if X.ndim == 2 and len(X) < window:
        raise ValueError(f"{len(X)} rows are fewer than a window of {window}")
    start = len(X) - max(1, round(fraction * len(X)))
    minimum = 1
    if X.ndim == 2:
        start, minimum = min(start, len(X) - window), window
    stop, start = (start, start) if start >= minimum else (len(X), 0)
    train = to_items(X[:stop], window, 1, cut_segments(segments, 0, stop))
    # Held-out windows do not overlap: overlapping ones would be nearly the same item many times.
    held_out = to_items(X[start:], window, window, cut_segments(segments, start, len(X)))
    last = max(start, len(X) - MAX_HELD_OUT_ROWS)
    affordable = max(MAX_VALUES // (train.size[0] * train.size[1]), 1)
    return TrainSplit(
        train.take(_evenly_spaced(len(train), min(MAX_TRAINING_ITEMS, affordable))),
        held_out.take(_evenly_spaced(len(held_out), min(MAX_HELD_OUT_ITEMS, affordable))),
        X[last:],
        cut_segments(segments, last, len(X)),
        (int(train.size[0]), int(train.size[1])),
    )


def _evenly_spaced(count: int, maximum: int) -> np.ndarray:
    """Return up to ``maximum`` indices below ``count``, evenly spaced."""
    return np.unique(np.linspace(0, count - 1, min(count, maximum)).astype(np.int64))


def _as_float32(values: np.ndarray) -> np.ndarray:
    # Clipped first: float64 may hold what float32 cannot.
    return np.clip(values, -MAX_MAGNITUDE, MAX_MAGNITUDE).astype(np.float32)
