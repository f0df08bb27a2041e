"""A series, or image sequences, as rows of channels in stretches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit_detectors.gan.validation import check_input


@dataclass(frozen=True)
class Rows:
    """Rows of channels, and where one stretch of them ends and the next begins.

    Parameters
    ----------
    values
        (rows, channels).
    stretch
        Rows a stretch; all of them for a series, the frames of a sequence for image sequences.
    shape
        That scores must have: (rows,), or (sequences, frames).
    """

    values: np.ndarray
    stretch: int
    shape: tuple[int, ...]

    @classmethod
    def of(cls, X: np.ndarray) -> Rows:
        """Take X apart: (rows, channels), or (sequences, frames, height, width).

        Raises
        ------
        ValueError
            X is neither, or has a value that is not finite.
        """
        X = check_input(X, 4 if np.ndim(X) == 4 else 2)
        if X.ndim == 2:
            return cls(X, len(X), X.shape[:1])
        sequences, frames, height, width = X.shape
        # (sequences, frames, height, width) -> (sequences * frames, height * width)
        return cls(X.reshape(sequences * frames, height * width), frames, X.shape[:2])

    def __len__(self) -> int:
        return len(self.values)

    @property
    def segments(self) -> np.ndarray:
        """The first row of each stretch."""
        return np.arange(0, len(self), self.stretch)

    def split(self, share: float, least: int) -> tuple[Rows, Rows]:
        """Return all but a tail of whole stretches, and the tail; both are all where it is short.

        A series is cut anywhere. The tail has ``share`` of the rows and no fewer than ``least``,
        and so has what is before it.
        """
        unit = 1 if self.stretch == len(self) else self.stretch
        cut = len(self) - max(int(share * len(self)), least)
        cut -= cut % unit
        if cut < least:
            return self, self
        return self._part(slice(0, cut)), self._part(slice(cut, None))

    def padded(self, least: int) -> tuple[Rows, int]:
        """Return at least ``least`` rows a stretch, and how many were put before the first.

        Only a series is padded: with its first row, repeated.
        """
        missing = max(least - self.stretch, 0)
        if not missing:
            return self, 0
        values = np.concatenate([np.repeat(self.values[:1], missing, axis=0), self.values])
        return Rows(values, len(values), (len(values),)), missing

    def _part(self, rows: slice) -> Rows:
        values = self.values[rows]
        if len(self.shape) == 1:
            return Rows(values, len(values), (len(values),))
        return Rows(values, self.stretch, (len(values) // self.stretch, self.stretch))
