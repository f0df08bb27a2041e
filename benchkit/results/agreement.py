"""Whether two runs of one trial came to the same: status, metrics, thresholds, scores."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchkit.results.record import Record
from benchkit.results.store import Entry

TOLERANCE = 0.05
"""Between machines: twice what a GAN's metrics over all thresholds moved by at most between two
kinds of processor (docs/performance.md); those of others moved by less than a millionth."""

Verdict = Literal["same", "agrees", "jumped", "differs"]


@dataclass(frozen=True)
class Pair:
    """A number of the stored trial and the same of the new one; None where there is none.

    ``distance`` is how far they are apart, to be held against a tolerance; 0 where they are the
    same to the last bit, infinite where only one exists. ``jumps`` is whether a few points can
    make a great difference, as with a threshold and all that is measured at it.
    """

    name: str
    stored: float | None
    new: float | None
    distance: float
    jumps: bool = False

    @property
    def same(self) -> bool:
        """Whether they are the same to the last bit."""
        return self.stored == self.new


@dataclass(frozen=True)
class Drift:
    """How far scores moved; ``part`` is ``test`` or ``calibration``.

    ``differing`` counts the points that are not the same to the last bit, and ``largest`` is the
    largest difference in standard deviations of the stored scores; infinite where the two are not
    of one length and type.
    """

    part: str
    points: int
    differing: int
    largest: float


@dataclass(frozen=True)
class Agreement:
    """Two runs of a trial beside each other.

    ``metrics`` and ``thresholds`` are empty unless both runs are ``ok``; ``drifts`` has the parts
    whose scores both runs kept; ``unread`` says why the stored scores cannot be read, if so.
    """

    stored: Record
    new: Record
    metrics: tuple[Pair, ...] = ()
    thresholds: tuple[Pair, ...] = ()
    drifts: tuple[Drift, ...] = ()
    unread: str = ""

    @property
    def same_scores(self) -> bool:
        """Whether no score that can be compared differs."""
        return not any(drift.differing for drift in self.drifts)

    def verdict(self, pair: Pair, tolerance: float) -> Verdict:
        """Return what to think of a metric or a threshold.

        ``same`` to the last bit; ``agrees`` within a tolerance above zero; ``jumped`` where it
        moved further but is of the kind that does, and the scores moved as well or are not known;
        ``differs``. A threshold hangs on a few high scores, and a few points that cross it make
        or break whole events; so where scores moved, metrics over all thresholds are judged.
        """
        if pair.same:
            return "same"
        if tolerance > 0 and pair.distance <= tolerance:
            return "agrees"
        moved = not self.drifts or not self.same_scores
        return "jumped" if tolerance > 0 and moved and pair.jumps else "differs"

    def agrees(self, tolerance: float) -> bool:
        """Whether the new run confirms the stored one.

        With a tolerance of zero everything is the same to the last bit, scores included. Above it
        scores may move as they like: `verdict` of the metrics and thresholds decides.
        """
        if self.stored.status != self.new.status:
            return False
        pairs = (*self.metrics, *self.thresholds)
        right = all(self.verdict(pair, tolerance) != "differs" for pair in pairs)
        return right and (tolerance > 0 or self.same_scores)


def compare(stored: Entry, new: Entry, leave_out: Collection[str] = ()) -> Agreement:
    """Return how a new run of a trial stands to the stored one.

    Parameters
    ----------
    stored, new
        The two runs, with their folders.
    leave_out
        Names of the stored metrics that nobody can compute any more.

    Two values of a metric are as far apart as their difference; where one of them is above 1, as
    with delays, by their difference as a share of the larger. Two values of a threshold are as far
    apart as the share of the new test scores that lie between them, so that the unit of the scores
    does not matter.
    """
    old, now = stored.record, new.record
    if old.status != "ok" or now.status != "ok":
        return Agreement(old, now)
    metrics = tuple(
        _pair(name, value, now.metrics.get(name))
        for name, value in sorted(old.metrics.items())
        if name not in leave_out
    )
    scores: dict[str, tuple[np.ndarray | None, np.ndarray | None]] = {}
    unread = ""
    try:
        scores["test"] = stored.folder.scores(), new.folder.scores()
        scores["calibration"] = stored.folder.calibration(), new.folder.calibration()
    except (OSError, ValueError) as error:
        unread = str(error)
    test = scores["test"][1] if "test" in scores else None
    thresholds = tuple(
        _pair_thresholds(policy, value, now.thresholds.get(policy), test)
        for policy, value in sorted(old.thresholds.items())
    )
    drifts = tuple(
        _drift(part, then, today)
        for part, (then, today) in scores.items()
        if then is not None and today is not None
    )
    return Agreement(old, now, metrics, thresholds, drifts, unread)


def _pair(name: str, stored: float | None, new: float | None) -> Pair:
    if stored == new:
        distance = 0.0
    elif stored is None or new is None:
        distance = math.inf
    else:
        distance = abs(stored - new) / max(1.0, abs(stored), abs(new))
    return Pair(name, stored, new, distance, jumps="@" in name)


def _pair_thresholds(
    policy: str, stored: float, new: float | None, scores: np.ndarray | None
) -> Pair:
    """Return two thresholds; as far apart as the share of scores, (points,), between them."""
    if stored == new:
        distance = 0.0
    elif new is None or scores is None:
        distance = math.inf
    else:
        # As plain floats they would be rounded to the scores' own precision first.
        low, high = np.float64(min(stored, new)), np.float64(max(stored, new))
        distance = float(np.mean((scores > low) & (scores <= high)))
    return Pair(policy, stored, new, distance, jumps=True)


def _drift(part: str, old: np.ndarray, new: np.ndarray) -> Drift:
    """Return how far scores, (points,) each, moved."""
    if old.shape != new.shape or old.dtype != new.dtype:
        return Drift(part, len(new), len(new), math.inf)
    differing = old != new
    if not differing.any():
        return Drift(part, len(new), 0, 0.0)
    moved = np.abs(old.astype(np.float64) - new.astype(np.float64)).max()
    spread = float(np.std(old, dtype=np.float64))
    largest = float(moved) / spread if spread else math.inf
    return Drift(part, len(new), int(differing.sum()), largest)
