"""Residuals between a recording and the digital twin, computed without labels."""

from __future__ import annotations

import numpy as np

from benchkit_datasets.testbeds.swat.tags import SENSORS
from benchkit_datasets.testbeds.swat.twin import CHECKED, PAIRS, Twin

RESIDUALS = (*SENSORS, *CHECKED, *(f"{one} or {other}" for one, other in PAIRS))


def residuals(values: np.ndarray) -> np.ndarray:
    """Compare a recording with the digital twin.

    The twin needs about one hour to estimate the levels, the raw water and the fouling of the
    filter.

    Parameters
    ----------
    values
        Shape (time, 51), a segment of a recording, from any time after start-up.

    Returns
    -------
    np.ndarray
        float32, shape (time, 41), in the order of ``RESIDUALS``: measured minus predicted value
        of each sensor, in units of its noise, and `twin.MISMATCH` or 0 for each actuator, whether
        its state contradicts the control program.
    """
    found = np.zeros((len(values), len(RESIDUALS)), np.float32)
    twin = Twin(values[0].tolist())
    for row in range(len(values)):
        found[row] = twin.compare(values[row].tolist())
    return found
