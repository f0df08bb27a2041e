"""What the physics and the controllers' program say about a recording, without labels."""

from __future__ import annotations

import numpy as np

from benchkit_datasets.testbeds.swat.tags import SENSORS
from benchkit_datasets.testbeds.swat.twin import CHECKED, PAIRS, Twin

RESIDUALS = (*SENSORS, *CHECKED, *(f"{one} or {other}" for one, other in PAIRS))


def residuals(values: np.ndarray) -> np.ndarray:
    """Compare a recording with a plant and controllers that run beside it.

    The first hour of a recording teaches the twin what it cannot know: levels, the raw water, the
    wear of the filter.

    Parameters
    ----------
    values
        Shape (time, 51), a stretch of a recording without gaps, from any time after start-up.

    Returns
    -------
    np.ndarray
        float32, shape (time, 41), in the order of ``RESIDUALS``: what a sensor shows more than it
        should, in units of its noise, and `twin.MISMATCH` or 0 for a state of an actuator that the
        program does not explain.
    """
    found = np.zeros((len(values), len(RESIDUALS)), np.float32)
    twin = Twin(values[0].tolist())
    for row in range(len(values)):
        found[row] = twin.compare(values[row].tolist())
    return found
