"""What MC-GAN calls an item: a frame of an image sequence, or a window of a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchkit import windows
from benchkit.windowing import cut_segments
from benchkit_detectors.gan.coverage import RowMean
from benchkit_detectors.gan.stretches import pad_stretches
from benchkit_detectors.gan.validation import check_input

LARGEST = 1e18
"""Values beyond are taken for this: their squares are still float32 numbers."""
MOST_VALUES = 1 << 26
"""Most values of all training items together, 256 MiB."""
MOST_TRAINING_ITEMS = 50_000
MOST_HELD_OUT_ITEMS = 10_000
MOST_HELD_OUT_ROWS = 50_000


class Frames:
    """The frames of image sequences, each by itself.

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
        """Return the items with these numbers, float32 (items, height * width)."""
        return _as_float32(self._rows[numbers])

    def spread(self, scores: np.ndarray) -> np.ndarray:
        """Return the score of each frame, (items,) -> (sequences, frames)."""
        return scores.reshape(self.shape)


class Windows:
    """The windows of a series; of length 1 they are its rows.

    Parameters
    ----------
    X
        (rows, channels).
    length, step, segments
        Of the windows; see `benchkit.windows`. A stretch shorter than a window is padded.
    """

    def __init__(self, X: np.ndarray, length: int, step: int, segments: Sequence[int]) -> None:
        self.size = (length, X.shape[1])
        X, begins, self._kept = pad_stretches(X, np.asarray(segments, np.int64), length)
        self.rows = len(X)
        self._view, self._starts = windows(X, length, step, begins)

    def __len__(self) -> int:
        return len(self._starts)

    def take(self, numbers: np.ndarray) -> np.ndarray:
        """Return the items with these numbers, float32 (items, length * channels)."""
        picked = self._view[self._starts[numbers]]
        # (items, length, channels) -> (items, length * channels)
        return _as_float32(picked).reshape(len(picked), -1)

    def spread(self, scores: np.ndarray) -> np.ndarray:
        """Return the mean score of each row over its windows, (items,) -> (rows,)."""
        mean = RowMean(self.rows, self.size[0])
        mean.add(self._starts, scores)
        return mean.mean()[self._kept]


Items = Frames | Windows


def check(X: np.ndarray) -> np.ndarray:
    """Return X where it is a series or image sequences, and finite; else raise ValueError."""
    X = np.asarray(X)
    if X.ndim not in (2, 4):
        raise ValueError(
            f"the input has {X.ndim} axes: a series has 2 (rows, channels), "
            "image sequences have 4 (sequences, frames, height, width)"
        )
    return check_input(X, X.ndim)


def item_shape(X: np.ndarray) -> tuple[int, ...]:
    """Return what all items must have alike: (channels,) or (height, width)."""
    return tuple(int(n) for n in (X.shape[2:] if X.ndim == 4 else X.shape[1:]))


def as_items(X: np.ndarray, window: int, step: int, segments: Sequence[int]) -> Items:
    """Return the items of X: frames of four axes, windows of two, none across two segments."""
    return Frames(X) if X.ndim == 4 else Windows(X, window, step, segments)


@dataclass(frozen=True)
class Parts:
    """A training part, divided.

    Parameters
    ----------
    fitting, held_out
        Items to train on and items of the tail, float32 (items, values).
    tail, segments
        The end of the training part, of the shape of X, that ``held_out`` is from.
    size
        (height, width) of a frame or (length, channels) of a window.
    """

    fitting: np.ndarray
    held_out: np.ndarray
    tail: np.ndarray
    segments: tuple[int, ...]
    size: tuple[int, int]


def divide(X: np.ndarray, segments: Sequence[int], window: int, share: float) -> Parts:
    """Cut the tail off X and take items of both parts, evenly spread where there are many.

    Where X is too short to be cut, one sequence or fewer rows than two windows have, both parts
    are all of it.

    Raises
    ------
    ValueError
        X has fewer rows than a window has.
    """
    if X.ndim == 2 and len(X) < window:
        raise ValueError(f"{len(X)} rows are fewer than a window of {window}")
    start = len(X) - max(1, round(share * len(X)))
    least = 1
    if X.ndim == 2:
        start, least = min(start, len(X) - window), window
    stop, start = (start, start) if start >= least else (len(X), 0)
    many = as_items(X[:stop], window, 1, cut_segments(segments, 0, stop))
    # Held-out windows stand apart, so that they are more than one stretch seen many times.
    apart = as_items(X[start:], window, window, cut_segments(segments, start, len(X)))
    last = max(start, len(X) - MOST_HELD_OUT_ROWS)
    affordable = max(MOST_VALUES // (many.size[0] * many.size[1]), 1)
    return Parts(
        many.take(_spread(len(many), min(MOST_TRAINING_ITEMS, affordable))),
        apart.take(_spread(len(apart), min(MOST_HELD_OUT_ITEMS, affordable))),
        X[last:],
        cut_segments(segments, last, len(X)),
        (int(many.size[0]), int(many.size[1])),
    )


def _spread(count: int, most: int) -> np.ndarray:
    """Return up to ``most`` numbers below ``count``, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))


def _as_float32(values: np.ndarray) -> np.ndarray:
    # Clipped first: float64 may hold what float32 cannot.
    return np.clip(values, -LARGEST, LARGEST).astype(np.float32)
