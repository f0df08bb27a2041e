"""What false-alarm rate to expect at a threshold, by the scores that it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit.metrics.peaks import Peaks

CONFIDENCE = 0.95
"""Of the intervals."""

WIDE = 2.0
"""A rate is uncertain if its interval reaches beyond so many times the promise."""

_ENDS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
_SHAPES = (-0.75, 1.0)
"""Shapes of tails that are thought possible; none is preferred."""
_GRID = 61
_SHARES = 24
_GROUPS = 200
"""Steps of the grid of shapes and of scales, quantiles of the share of peaks, and into how many
groups peaks are gathered for their likelihood: more of either changes nothing in three digits."""


@dataclass(frozen=True)
class Rate:
    """The expected share of normal points with an alarm, and its 95 % interval.

    Normal points that are like those of the calibration scores are meant: what changes between
    calibration and test is in no interval.
    """

    mean: float
    low: float
    high: float

    def is_uncertain(self, promised: float) -> bool:
        """Whether the rate may well be more than `WIDE` times what was promised."""
        return self.high > WIDE * promised


def expect_rate(calibration: np.ndarray, threshold: float, effective: float) -> Rate:
    """Return the rate to expect above a quantile of calibration scores.

    The interval is that of Clopper and Pearson for a share, with the effective size in place of
    the number of scores (Korn & Graubard 1998, "Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data", Survey Methodology 24); its
    lower end is never that of less than half a score. The mean is that of Jeffreys' prior.

    Parameters
    ----------
    calibration
        Scores, (any,), finite.
    threshold
        Scores above it are alarms.
    effective
        How many independent scores they are worth; see
        `benchkit.metrics.dependence.effective_size`.
    """
    share = float(np.mean(np.asarray(calibration) > np.float64(threshold)))
    low, high = (
        float(_beta_quantiles(*ends, [quantile])[0])
        for ends, quantile in zip(_ends_of_share(share, effective), _ENDS, strict=True)
    )
    return Rate(_mean_share(share, effective), low, high)


def expect_pot_rate(fit: Peaks, effective: float) -> Rate:
    """Return the rate to expect above a threshold in a fitted tail.

    The rate is the share of peaks times the probability that a peak exceeds the threshold. The
    share has the distributions of `expect_rate`; the second is computed for each tail on a grid of
    shapes and log-scales, whose weights are their likelihoods to the power of effective size by
    number of scores: dependent peaks count as so many fewer (Coles 2001, "An Introduction to
    Statistical Modeling of Extreme Values", sections 4.3 and 9.1; Pauli et al. 2011, "Bayesian
    composite marginal likelihoods", Statistica Sinica 21, for the power). The fitted tail is one
    of them, and most others are heavier above the threshold: so the mean is above the promise.
    """
    count = len(fit.peaks)
    share = 1 - fit.level
    power = effective / (count / share)
    exceeds, weights = _weigh_tails(fit, power)
    mean = _mean_share(share, effective) * float(np.exp(exceeds) @ weights)
    order = exceeds.argsort()
    exceeds, weights = exceeds[order], weights[order]
    ends = [
        _product_quantile(_beta_quantiles(*shape, _middles()), exceeds, weights, quantile)
        for shape, quantile in zip(_ends_of_share(share, effective), _ENDS, strict=True)
    ]
    return Rate(mean, *ends)


def _mean_share(share: float, effective: float) -> float:
    return (share * effective + 0.5) / (effective + 1)


def _ends_of_share(
    share: float, effective: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the beta distributions whose quantiles are the lower and the upper end of a share."""
    above, below = share * effective, (1 - share) * effective
    return (max(above, 0.5), below + 1), (above + 1, max(below, 0.5))


def _weigh_tails(fit: Peaks, power: float) -> tuple[np.ndarray, np.ndarray]:
    """Return of possible tails the log-probability beyond the threshold, and weights, (tails,)."""
    unit = float(fit.peaks.mean())
    peaks, counts = _gather(np.sort(fit.peaks / unit))
    width = max(len(fit.peaks) * power, 0.5) ** -0.5
    least, most = _SHAPES
    nearest = min(max(fit.shape, least), most)
    reach = 6 * (1 + abs(fit.shape)) * width
    shapes = np.linspace(max(least, nearest - reach), min(most, nearest + reach), _GRID)
    shapes = np.where(np.abs(shapes) < 1e-6, 1e-6, shapes)
    logs = np.log(max(fit.scale / unit, 0.05)) + min(9 * width, 4) * np.linspace(-1, 1, _GRID)
    # (shapes,), (scales,) -> (shapes * scales,) each
    shape, log = (axis.reshape(-1) for axis in np.meshgrid(shapes, logs, indexing="ij"))
    ratio = shape / np.exp(log)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A peak that a tail ends before has the logarithm of something negative: no likelihood.
        sums = sum(n * np.log1p(ratio * y) for y, n in zip(peaks, counts, strict=True))
        likelihoods = -counts.sum() * log - (1 + 1 / shape) * sums
        likelihoods = np.where(np.isfinite(likelihoods), likelihoods, -np.inf)
        beyond = -np.log1p(ratio * (fit.threshold - fit.start) / unit) / shape
    weights = np.exp(power * (likelihoods - likelihoods.max()))
    return np.where(np.isfinite(beyond), beyond, -80.0), weights / weights.sum()


def _gather(peaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the means and sizes of groups of sorted peaks, the largest peak by itself."""
    groups = np.array_split(peaks[:-1], min(_GROUPS, len(peaks)) - 1)
    means = np.append([group.mean() for group in groups], peaks[-1])
    return means, np.append([len(group) for group in groups], 1)


def _middles() -> np.ndarray:
    return (np.arange(_SHARES) + 0.5) / _SHARES


def _product_quantile(
    shares: np.ndarray, exceeds: np.ndarray, weights: np.ndarray, quantile: float
) -> float:
    """Return a quantile of a share, (shares,), times a probability; its logarithms are sorted."""
    reached = np.concatenate([[0.0], np.cumsum(weights)])
    low, high = float(np.log(shares[0]) + exceeds[0]), float(np.log(shares[-1]) + exceeds[-1])
    for _ in range(60):
        middle = (low + high) / 2
        below = np.searchsorted(exceeds, middle - np.log(shares), side="right")
        low, high = (low, middle) if reached[below].mean() >= quantile else (middle, high)
    return float(np.exp(high))


def _beta_quantiles(a: float, b: float, quantiles: np.ndarray | list[float]) -> np.ndarray:
    """Return quantiles of the beta distribution, by its integral over the logit of its variable.

    As a function of the logit the density is smooth and has one maximum, and its logarithm falls
    off like a straight line on either side: a grid that is wide enough for both gives four digits.
    """
    peak = np.log(a / b)
    spread = np.sqrt(1 / a + 1 / b)
    logits = peak + np.linspace(-(12 * spread + 40 / a), 12 * spread + 40 / b, 20_001)
    densities = -a * np.logaddexp(0, -logits) - b * np.logaddexp(0, logits)
    densities = np.exp(densities - densities.max())
    reached = np.concatenate([[0.0], np.cumsum(densities[1:] + densities[:-1])])
    return np.asarray(1 / (1 + np.exp(-np.interp(quantiles, reached / reached[-1], logits))))
