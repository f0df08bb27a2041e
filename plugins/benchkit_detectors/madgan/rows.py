"""A series, or image sequences, as rows of channels in segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchkit.windowing import cut_segments
from benchkit_detectors.gan.validation import check_input


@dataclass(frozen=True)
class Rows:
    """Rows of channels, divided into segments.

    Attributes
    ----------
    values
        (rows, channels).
    segments
        First row of each segment, int64; the sequences of image sequences are segments.
    frames
        Number of frames of each image sequence; None for a series.
    """

    values: np.ndarray
    segments: np.ndarray
    frames: int | None = None

    @classmethod
    def from_input(cls, X: np.ndarray, segments: Sequence[int] | np.ndarray = (0,)) -> Rows:
        """Return the rows of X, (rows, channels) or (sequences, frames, height, width).

        Raises
        ------
        ValueError
            X has another shape, or a value that is not finite.
        """
        X = check_input(X, 4 if np.ndim(X) == 4 else 2)
        if X.ndim == 2:
            return cls(X, np.asarray(segments, np.int64))
        sequences, frames, height, width = X.shape
        # (sequences, frames, height, width) -> (sequences * frames, height * width)
        values = X.reshape(sequences * frames, height * width)
        return cls(values, np.arange(0, len(values), frames), frames)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of scores: (rows,), or (sequences, frames)."""
        return (len(self),) if self.frames is None else (len(self) // self.frames, self.frames)

    @property
    def longest(self) -> int:
        """Rows of the longest segment."""
        return int(np.diff(np.append(self.segments, len(self))).max())

    def split(self, fraction: float, minimum: int) -> tuple[Rows, Rows]:
        """Return all rows before a tail, and the tail; twice all rows where there are few.

        Image sequences are not cut. The tail has ``fraction`` of the rows; both parts have at
        least ``minimum``.
        """
        cut = len(self) - max(int(fraction * len(self)), minimum)
        cut -= cut % (self.frames or 1)
        if cut < minimum:
            return self, self
        return self._part(0, cut), self._part(cut, len(self))

    def _part(self, start: int, stop: int) -> Rows:
        segments = np.array(cut_segments(self.segments, start, stop))
        return Rows(self.values[start:stop], segments, self.frames)
