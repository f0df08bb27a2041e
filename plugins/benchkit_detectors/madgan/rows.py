"""A series, or image sequences, as rows of channels in stretches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchkit.windowing import cut_segments
from benchkit_detectors.gan.validation import check_input


@dataclass(frozen=True)
class Rows:
    """Rows of channels, and where one stretch of them ends and the next begins.

    Parameters
    ----------
    values
        (rows, channels).
    segments
        The first row of each stretch, int64: given for a series, the sequences of image sequences.
    frames
        Of each image sequence; None for a series.
    """

    values: np.ndarray
    segments: np.ndarray
    frames: int | None = None

    @classmethod
    def of(cls, X: np.ndarray, segments: Sequence[int] | np.ndarray = (0,)) -> Rows:
        """Take X apart: (rows, channels), or (sequences, frames, height, width).

        Raises
        ------
        ValueError
            X is neither, or has a value that is not finite.
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
        """What scores must have: (rows,), or (sequences, frames)."""
        return (len(self),) if self.frames is None else (len(self) // self.frames, self.frames)

    @property
    def longest(self) -> int:
        """Rows of the longest stretch."""
        return int(np.diff(np.append(self.segments, len(self))).max())

    def split(self, share: float, least: int) -> tuple[Rows, Rows]:
        """Return all but a tail, and the tail; both are all where it is short.

        A series is cut anywhere, image sequences between two of them. The tail has ``share`` of
        the rows and no fewer than ``least``, and so has what is before it.
        """
        cut = len(self) - max(int(share * len(self)), least)
        cut -= cut % (self.frames or 1)
        if cut < least:
            return self, self
        return self._part(0, cut), self._part(cut, len(self))

    def _part(self, start: int, stop: int) -> Rows:
        segments = np.array(cut_segments(self.segments, start, stop))
        return Rows(self.values[start:stop], segments, self.frames)
