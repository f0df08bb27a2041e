"""The windows of a reduced series, in batches on the device."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from benchkit import windows
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.training import shuffled
from benchkit_detectors.gan.windowing import pad_segments


class WindowedSeries:
    """The windows of one series, extracted batch by batch.

    Parameters
    ----------
    reduced
        float32 (rows, components).
    length, step, segments
        Of the windows, as in `benchkit.windows`. A segment shorter than a window is padded.
    compute
        Device of the batches.

    Attributes
    ----------
    rows
        Number of rows after padding; ``kept`` selects the original ones.
    """

    def __init__(
        self, reduced: np.ndarray, length: int, step: int, segments: np.ndarray, compute: Compute
    ) -> None:
        reduced, segments, self.kept = pad_segments(reduced, segments, length)
        self.rows, self.length = len(reduced), length
        series = compute.tensor(reduced)
        self.starts = torch.from_numpy(windows(reduced, length, step, segments)[1])
        # (rows, components) -> (rows - length + 1, length, components), a view
        self._view = series.unfold(0, length, 1).transpose(1, 2)

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, indices: Tensor) -> Tensor:
        """Return the windows with these indices, (windows,) -> (windows, length, components)."""
        return self._view[self.starts[indices].to(self._view.device)]

    def evenly_spaced(self, maximum: int) -> Tensor:
        """Return at most ``maximum`` windows, evenly spaced."""
        return self.take(self._evenly_spaced(maximum))

    def evenly_spaced_rows(self, maximum: int) -> np.ndarray:
        """Return the original rows of the windows that `evenly_spaced` returns.

        int64 (windows, length); a padding row stands for the row that it repeats.
        """
        rows = self.starts[self._evenly_spaced(maximum)].numpy()[:, None] + np.arange(self.length)
        return rows if isinstance(self.kept, slice) else np.searchsorted(self.kept, rows)

    def _evenly_spaced(self, maximum: int) -> Tensor:
        return torch.linspace(0, len(self) - 1, min(maximum, len(self))).long()

    def epoch(self, size: int | None, batch_size: int, rng: torch.Generator) -> Iterator[Tensor]:
        """Yield batches of ``size`` windows in total, in random order; None for each window once.

        Where there are fewer windows than ``size``, they are repeated.
        """
        left = len(self) if size is None else size
        while left > 0:
            for indices in shuffled(len(self), min(batch_size, len(self)), rng):
                yield self.take(indices)
                left -= len(indices)
                if left <= 0:
                    return
