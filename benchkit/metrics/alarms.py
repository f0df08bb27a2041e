"""A detector's alarms against the labels."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from benchkit.metrics.checks import as_arrays, as_booleans
from benchkit.metrics.labels import Labels
from benchkit.metrics.runs import Runs, find_runs
from benchkit.metrics.undefined import UndefinedMetric


class Alarms:
    """Which points have an alarm, and what that means beside the labels.

    Parameters
    ----------
    labels
        Of n points.
    flags
        Boolean, shape (n,). Both are taken as checked; see `of`.
    """

    def __init__(self, labels: Labels, flags: np.ndarray) -> None:
        self.labels = labels
        self.flags = flags

    @classmethod
    def of(cls, labels: np.ndarray, alarms: np.ndarray) -> Alarms:
        """Return alarms beside labels, both 0 or 1, shape (n,); ValueError for anything else."""
        truth, flags = as_arrays(labels, alarms, "alarms")
        return cls(Labels(as_booleans("labels", truth)), as_booleans("alarms", flags))

    @cached_property
    def runs(self) -> Runs:
        """The stretches of points with an alarm."""
        return find_runs(self.flags)

    @cached_property
    def flagged(self) -> int:
        """Number of points with an alarm."""
        return int(np.count_nonzero(self.flags))

    @cached_property
    def true_positives(self) -> int:
        """Number of anomalous points with an alarm."""
        return int(np.count_nonzero(self.flags & self.labels.flags))

    @property
    def false_positives(self) -> int:
        """Number of normal points with an alarm."""
        return self.flagged - self.true_positives

    def need_alarms(self) -> None:
        """Raise `UndefinedMetric` where no point has an alarm."""
        if not self.flagged:
            raise UndefinedMetric("no point has an alarm")
