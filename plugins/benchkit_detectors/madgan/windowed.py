"""A reduced series on its device, and batches of its windows."""

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
    """The windows of one series, cut out batch by batch.

    Parameters
    ----------
    reduced
        float32 (rows, components).
    length, step, segments
        Of the windows; see `benchkit.windows`. A stretch shorter than a window is padded.
    compute
        Where the batches are needed.

    Attributes
    ----------
    rows
        How many there are after padding; ``kept`` takes from them those that were given.
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

    def take(self, chosen: Tensor) -> Tensor:
        """Return the chosen ones of the windows, (any,) -> (any, length, components)."""
        return self._view[self.starts[chosen].to(self._view.device)]

    def spread(self, most: int) -> Tensor:
        """Return at most ``most`` windows, evenly spaced."""
        return self.take(self._spread(most))

    def spread_rows(self, most: int) -> np.ndarray:
        """Return the rows, as they were given, of the windows that `spread` returns.

        int64 (windows, length); a row that was put in stands for the one that it repeats.
        """
        rows = self.starts[self._spread(most)].numpy()[:, None] + np.arange(self.length)
        return rows if isinstance(self.kept, slice) else np.searchsorted(self.kept, rows)

    def _spread(self, most: int) -> Tensor:
        return torch.linspace(0, len(self) - 1, min(most, len(self))).long()

    def epoch(self, size: int | None, batch: int, generator: torch.Generator) -> Iterator[Tensor]:
        """Yield batches of ``size`` windows in random order; None for each window once.

        Where there are fewer windows than ``size``, they come several times.
        """
        left = len(self) if size is None else size
        while left > 0:
            for chosen in shuffled(len(self), min(batch, len(self)), generator):
                yield self.take(chosen)
                left -= len(chosen)
                if left <= 0:
                    return
