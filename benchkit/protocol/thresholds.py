"""Threshold policies: how scores become alarms, and what that was allowed to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit.errors import BenchkitError, Faults
from benchkit.metrics.dependence import effective_size
from benchkit.metrics.expectation import Rate, expect_pot_rate, expect_rate
from benchkit.metrics.peaks import POT_RISK, fit_pot
from benchkit.metrics.quantiles import (
    contamination_percent,
    contamination_threshold,
    train_percent,
    train_threshold,
)
from benchkit.registry.suggestions import suggest

DEFAULT_POLICIES = ("train_q99", "pot", "own", "oracle")

POLICIES = {
    "train_q99": (
        "the 99 % quantile of the scores of the calibration tail, which is training data that the "
        "detector did not fit on; any other percentage likewise, train_q99.5"
    ),
    "pot": (
        "peaks over threshold: a generalised Pareto tail fitted to the calibration scores above "
        "their 98 % quantile, extrapolated to one false alarm in 1,000 points (Siffer et al. 2017)"
    ),
    "own": (
        "the detector's own threshold, learned without labels; "
        "only where a detector has one, as `threshold_`"
    ),
    "contamination_5": (
        "as many alarms as a share of anomalies that is taken for known, here 5 %: a quantile of "
        "the test scores themselves, which no detector has that runs live"
    ),
    "oracle": (
        "the threshold at which the metric is best on the test labels, which nobody has in "
        "practice; for a metric that belongs to an F1, the threshold of that F1"
    ),
}
"""Threshold policies, an example of each, and what each was allowed to look at."""


@dataclass(frozen=True)
class Threshold:
    """An alarm is a score above ``value``.

    ``promised`` is the share of normal points with an alarm that the policy aims at, None where it
    promises nothing; ``expected`` is what the scores that it comes from say of that. The metric
    ``false_alarm_rate`` is what became of it.
    """

    value: float
    promised: float | None = None
    expected: Rate | None = None


def parse_policies(*texts: str) -> tuple[str, ...]:
    """Return the policies in comma-separated lists, each once.

    Raises a `BenchkitError` for a name that is none, and where there is none at all.
    """
    listed = [name.strip() for text in texts for name in text.split(",")]
    names = tuple(dict.fromkeys(filter(None, listed)))
    if not names:
        raise BenchkitError(f"no threshold policy is named: {suggest('', POLICIES)}")
    faults = Faults()
    for name in names:
        with faults.noting():
            _check_policy(name)
    faults.raise_all()
    return names


def _check_policy(name: str) -> None:
    if not is_policy(name):
        hint = suggest(name, POLICIES)
        raise BenchkitError(
            f"{name!r} is no threshold policy: {hint} (a percentage is between 0 and 100)"
        )


def is_policy(name: str) -> bool:
    """Whether a threshold policy has this name."""
    percent = train_percent(name) or contamination_percent(name)
    return name in ("pot", "own", "oracle") or percent is not None


def find_threshold(policy: str, calibration: np.ndarray, scores: np.ndarray) -> Threshold:
    """Return the threshold of a policy that looks at scores alone.

    Parameters
    ----------
    policy
        ``pot``, or a name like ``train_q99`` or ``contamination_5``.
    calibration, scores
        Scores of the calibration tail, in the order of its points, and of the test part, finite,
        each of shape (any,).

    Raises
    ------
    NoThreshold
        The scores do not give one.
    """
    if policy == "pot":
        fit = fit_pot(calibration)
        expected = expect_pot_rate(fit, effective_size(calibration))
        return Threshold(fit.threshold, POT_RISK, expected)
    percent = train_percent(policy)
    if percent is not None:
        value = train_threshold(calibration, percent)
        expected = expect_rate(calibration, value, effective_size(calibration))
        return Threshold(value, (100 - percent) / 100, expected)
    share = contamination_percent(policy)
    if share is None:
        raise ValueError(f"{policy!r} does not look at scores alone")
    return Threshold(contamination_threshold(scores, share))
