"""What the parent knows about a test part and no detector is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Truth:
    """The labels of a test part, and what metrics need to know of where they come from.

    Parameters
    ----------
    labels
        Boolean, shape (points,): the rows of a series, or the frames of all sequences one after
        the other.
    ambiguous
        Boolean, shape (points,): True where even the one who labelled could not tell. None: there
        is no such place.
    frames
        Frames a sequence; None for a series. It divides the number of points.
    window
        Rows on either side of an event in which an alarm is not quite false: the largest window of
        VUS. A property of the dataset, fixed before anything was scored.
    period
        Seconds from one row to the next; None where the series has no clock.
    """

    labels: np.ndarray
    ambiguous: np.ndarray | None = None
    frames: int | None = None
    window: int = 100
    period: float | None = None
