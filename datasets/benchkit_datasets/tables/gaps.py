"""Gaps of a recording: missing values are filled, missing seconds begin a new segment."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from benchkit_datasets.tables.parsed_table import ParsedTable


def fill_missing(parsed: ParsedTable) -> list[str]:
    """Forward-fill missing values within each segment, in place, and return notes.

    Leading missing values of a segment are back-filled.
    """
    if not len(parsed.missing):
        return []
    values = parsed.values("r+")
    bounds = [*find_segments(parsed.seconds), len(values)]
    for channel in np.unique(parsed.missing[:, 1]):
        rows = parsed.missing[parsed.missing[:, 1] == channel, 0]
        for begin, end in pairwise(bounds):
            here = rows[(rows >= begin) & (rows < end)]
            leading = np.count_nonzero(here == begin + np.arange(len(here)))
            values[here[:leading], channel] = values[begin + leading, channel]
            for row in here[leading:]:
                values[row, channel] = values[row - 1, channel]
    values.flush()  # type: ignore[attr-defined]
    cells, channels = len(parsed.missing), len(np.unique(parsed.missing[:, 1]))
    rows = parsed.rows[np.unique(parsed.missing[:, 0])]
    return [
        f"{parsed.name}: {cells:,} missing value{'s' * (cells > 1)} of {channels} "
        f"channel{'s' * (channels > 1)}, in {len(rows):,} row{'s' * (len(rows) > 1)} from "
        f"{rows[0]:,} to {rows[-1]:,}, filled with the value before."
    ]


def find_segments(seconds: np.ndarray) -> tuple[int, ...]:
    """Return the first row of each segment: 0, and every row after a gap in time."""
    return (0, *(int(row) + 1 for row in np.flatnonzero(np.diff(seconds) != 1)))
