"""The numbers that make two results comparable; changing one is a new protocol version."""

from __future__ import annotations

VERSION = 1
"""Part of every record's identity: results of different versions never share a board."""

CALIBRATION_SHARE = 0.2
"""The tail of the training part that is scored and never fitted on; thresholds come from it."""

MINIMUM_ROWS = 4
"""Training rows or sequences that a dataset needs: three to fit on and one for the tail."""

FEW_POINTS = 100
"""Training rows or frames below which a note says that they are few."""


def calibration_start(rows: int) -> int:
    """Return the index at which the calibration tail of ``rows`` rows or sequences begins.

    Both parts have at least one row; raises ValueError where ``rows`` is below 2.
    """
    if rows < 2:
        raise ValueError(f"{rows} training rows cannot be split into a fitting part and a tail")
    return min(rows - 1, max(1, round(rows * (1 - CALIBRATION_SHARE))))
