"""Stretches of consecutive points: events in the labels, alarms in a detector's output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Runs:
    """Maximal stretches of True, in order.

    Parameters
    ----------
    starts, stops
        First point of each and the point after its last, int64, shape (runs,).
    """

    starts: np.ndarray
    stops: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def lengths(self) -> np.ndarray:
        """Number of points of each, int64, shape (runs,)."""
        return self.stops - self.starts


def find_runs(flags: np.ndarray) -> Runs:
    """Return the maximal stretches of True in a boolean array of shape (n,)."""
    edges = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    if len(flags) and flags[0]:
        edges = np.append(0, edges)
    if len(flags) and flags[-1]:
        edges = np.append(edges, len(flags))
    return Runs(edges[0::2], edges[1::2])


def count_touching(runs: Runs, others: Runs) -> np.ndarray:
    """Return how many of the others each run has a point in common with, shape (runs,)."""
    begun = np.searchsorted(others.starts, runs.stops)
    return begun - np.searchsorted(others.stops, runs.starts, side="right")


def spread(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the points of stretches, one after the other: int64, shape (sum of lengths,)."""
    before = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)


def running_totals(totals: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return running totals that begin anew wherever ``first`` is true; both of shape (n,)."""
    begins = np.flatnonzero(first)
    base = np.append(0, totals[begins[1:] - 1])
    return totals - np.repeat(base, np.diff(np.append(begins, len(totals))))
