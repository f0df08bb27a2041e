"""Labels that were checked once, and the events in them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from benchkit.metrics.runs import Runs, find_runs
from benchkit.metrics.undefined import UndefinedMetric


class Labels:
    """Which points are anomalous; ``flags`` is boolean, shape (n,)."""

    def __init__(self, flags: np.ndarray) -> None:
        self.flags = flags

    def __len__(self) -> int:
        return len(self.flags)

    @cached_property
    def events(self) -> Runs:
        """The stretches of anomalous points."""
        return find_runs(self.flags)

    @cached_property
    def positives(self) -> int:
        """Number of anomalous points."""
        return int(np.count_nonzero(self.flags))

    @property
    def negatives(self) -> int:
        """Number of normal points."""
        return len(self) - self.positives

    def need_anomalies(self) -> None:
        """Raise `UndefinedMetric` where no point is anomalous."""
        if not self.positives:
            raise UndefinedMetric("no point is anomalous")

    def need_normal(self) -> None:
        """Raise `UndefinedMetric` where every point is anomalous."""
        if not self.negatives:
            raise UndefinedMetric("every point is anomalous")
