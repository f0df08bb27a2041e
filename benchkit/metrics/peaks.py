"""Peaks over threshold: a fitted tail as a threshold beyond the scores that were seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchkit.metrics.quantiles import quantile
from benchkit.metrics.tail import fit_tail
from benchkit.metrics.undefined import UndefinedMetric

POT_LEVEL = 0.98
"""The quantile of the calibration scores from which on the tail is fitted."""

POT_RISK = 1e-3
"""The share of normal points that policy ``pot`` promises to raise an alarm at."""

POT_PEAKS = 10
"""A tail is fitted to at least so many scores."""


class NoThreshold(UndefinedMetric):
    """A policy has no threshold for these scores; the message is the reason."""


@dataclass(frozen=True)
class Peaks:
    """A threshold in the tail of calibration scores, and the tail.

    Parameters
    ----------
    threshold
        What normal points exceed with the risk that was asked for.
    start
        The level above which scores are peaks.
    peaks
        By how much they exceed it, (peaks,).
    level
        The share of scores that are no peaks.
    shape, scale
        Of the generalised Pareto distribution that was fitted to the peaks.
    """

    threshold: float
    start: float
    peaks: np.ndarray
    level: float
    shape: float
    scale: float


def fit_pot(calibration: np.ndarray, level: float = POT_LEVEL, risk: float = POT_RISK) -> Peaks:
    """Return the score that normal points exceed with probability ``risk``, by extreme values.

    Siffer et al. 2017 ("Anomaly Detection in Streams with Extreme Value Theory", KDD), equation 1:
    what exceeds the ``level`` quantile of the calibration scores follows a generalised Pareto
    distribution; its shape and scale are those of maximum likelihood. The initial level is the
    paper's. This is the batch form: the threshold is not moved while testing. How far the risk is
    kept where scores are few or dependent says `benchkit.metrics.expectation`.

    Parameters
    ----------
    calibration
        Scores of points that are taken for normal and were not learned from, finite, (any,).
    level
        Between 0 and 1.
    risk
        Below ``1 - level``.

    Raises
    ------
    NoThreshold
        Fewer than `POT_PEAKS` scores exceed the quantile, or these do not differ.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # infinite ones are refused below
        values = np.asarray(calibration).astype(np.float64)
        start = quantile(values, level)
        peaks = values[values > start] - start
    if len(peaks) < POT_PEAKS:
        raise NoThreshold(
            f"only {len(peaks)} of {len(values)} calibration scores exceed their {level:.0%} "
            f"quantile, a tail needs {POT_PEAKS}"
        )
    with np.errstate(over="ignore"):
        unit = float(peaks.mean())
    if not math.isfinite(unit):
        raise NoThreshold("the calibration scores are further apart than a number can say")
    if np.ptp(peaks) <= 1e-9 * unit:
        raise NoThreshold(f"the calibration scores above their {level:.0%} quantile are all alike")
    shape, scale = fit_tail(peaks / unit)
    rarer = risk * len(values) / len(peaks)
    tail = -math.log(rarer) if abs(shape) < 1e-9 else (rarer**-shape - 1) / shape
    threshold = float(start + unit * scale * tail)
    if not math.isfinite(threshold):
        raise NoThreshold("the tail of the calibration scores could not be fitted")
    return Peaks(threshold, start, peaks, 1 - len(peaks) / len(values), shape, unit * scale)
