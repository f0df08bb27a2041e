"""Scores sorted once, for every metric that asks what each threshold would catch."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from numbers import Integral
from typing import Any, TypeVar, cast

import numpy as np

from benchkit.metrics.checks import check
from benchkit.metrics.labels import Labels

T = TypeVar("T")


class Ranking:
    """Labels and scores of the same points, with the one sort that all metrics share.

    Points with the same score are on the same *level*; level 0 has the highest score. A threshold
    at a level raises an alarm at every point of it and of those above it. Whatever is computed
    from levels alone is unchanged by a strictly rising transformation of the scores, to the bit.

    Parameters
    ----------
    labels
        Of n points.
    scores
        Finite numbers, higher is more anomalous, shape (n,). Both are taken as checked; see `of`.
    """

    def __init__(self, labels: Labels, scores: np.ndarray) -> None:
        self.labels = labels
        self.scores = scores
        # Half the memory wherever twice a count fits.
        self._counts = np.int32 if len(scores) < 2**30 else np.int64
        self._shared: dict[Hashable, Any] = {}

    @classmethod
    def of(cls, labels: np.ndarray, scores: np.ndarray) -> Ranking:
        """Return the ranking of labels (0 or 1) and scores, both of shape (n,).

        Raises ValueError for anything else; see `benchkit.metrics.checks.check`.
        """
        flags, values = check(labels, scores)
        return cls(Labels(flags), values)

    def __len__(self) -> int:
        return len(self.scores)

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        order = np.argsort(self.scores)[::-1]
        ranked = self.scores[order]
        last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)
        last = last.astype(self._counts)
        of_ranked = np.repeat(np.arange(len(last), dtype=np.int32), np.diff(last, prepend=-1))
        levels = np.empty(len(ranked), dtype=np.int32)
        levels[order] = of_ranked
        return levels, ranked[last], last + 1

    @property
    def levels(self) -> np.ndarray:
        """The level of every point, int32, shape (n,)."""
        return self._sorted[0]

    @property
    def thresholds(self) -> np.ndarray:
        """The distinct scores, falling: one a level, shape (levels,)."""
        return self._sorted[1]

    @property
    def flagged(self) -> np.ndarray:
        """Number of points with an alarm, for a threshold at each level, shape (levels,)."""
        return self._sorted[2]

    @cached_property
    def true_positives(self) -> np.ndarray:
        """Number of anomalous points among those flagged, whole numbers, shape (levels,)."""
        caught = self.levels[self.labels.flags]
        return np.cumsum(np.bincount(caught, minlength=len(self.thresholds)), dtype=self._counts)

    @cached_property
    def false_positives(self) -> np.ndarray:
        """Number of normal points among those flagged, whole numbers, shape (levels,)."""
        return self.flagged - self.true_positives

    def threshold(self, level: int) -> float:
        """Return the highest threshold t for which ``scores > t`` flags this level and no other.

        That is the next lower score; below the last level the next lower number. Of whole numbers
        it is an int, and of a type wider than a float one of that type, since a float would be
        rounded to another score.
        """
        last = level + 1 == len(self.thresholds)
        threshold = self.thresholds[-1 if last else level + 1]
        if threshold.dtype.kind in "iu":
            return int(threshold) - last
        if last:
            with np.errstate(over="ignore"):  # nothing but -inf is below the lowest number
                threshold = np.nextafter(threshold, -np.inf)
        return cast(float, threshold) if threshold.dtype.itemsize > 8 else float(threshold)

    def above(self, threshold: float) -> np.ndarray:
        """Return which scores are above a threshold, boolean, shape (n,).

        Exact, whatever the types: a comparison by numpy would round the one to the type of the
        other first.
        """
        if self.scores.dtype.kind in "iu":
            whole = isinstance(threshold, Integral)
            return self.scores > (int(threshold) if whole else int(np.floor(threshold)))
        if self.scores.dtype.itemsize > 8:
            return self.scores > np.longdouble(threshold)
        rounded = np.float64(threshold)
        if float(rounded) > threshold:
            rounded = np.nextafter(rounded, -np.inf)
        return self.scores > rounded

    def share(self, make: Callable[..., T], *settings: Hashable) -> T:
        """Return ``make(self, *settings)``, computed once for all metrics that ask for it."""
        key = (make, *settings)
        if key not in self._shared:
            self._shared[key] = make(self, *settings)
        return cast(T, self._shared[key])
