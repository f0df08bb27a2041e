"""How many independent scores a series of dependent ones is worth."""

from __future__ import annotations

import numpy as np

from benchkit.metrics.quantiles import quantile

LEVELS = (0.8, 0.9, 0.95)
"""Quantiles whose exceedances are looked at."""

_BLOCK = 2**16
"""Scores that autocovariances are computed of at once: dependence over more is not seen."""


def effective_size(scores: np.ndarray) -> float:
    """Return the number of independent scores that say as much of the tail as these do.

    The scores of neighbouring points are alike, so those above a high level come in clusters, and
    few clusters say little. n scores are worth n / c, where c is the integrated autocorrelation
    time of the indicator "above the level": what the variance of a share of exceedances is larger
    by than that of independent scores. Of the levels `LEVELS` the one with the largest c decides.
    c is summed up to where neighbouring autocorrelations no longer have a positive sum, the
    initial monotone sequence (Geyer 1992, "Practical Markov Chain Monte Carlo", Stat. Science 7).
    As the mean is estimated too, c comes out too small by about its share of a short series; the
    size is made smaller by twice that share.

    The intervals estimator of the extremal index (Ferro & Segers 2003, "Inference for clusters of
    extreme values", JRSS B 65) was tried in its place: above a quantile that is not extreme yet it
    takes one long excursion for several clusters, and so promised too much by a factor of two.

    Parameters
    ----------
    scores
        In the order of their points, (any,), at least one.

    Returns
    -------
    float
        From 1 to the number of scores. 1 is what a series that never comes back is worth.
    """
    values = np.asarray(scores, dtype=np.float64)
    count = len(values)
    time = max(_correlation_time(values > quantile(values, level)) for level in LEVELS)
    return max(1.0, count / time * max(1 - 2 * time / count, 0.1)) if time > 1 else float(count)


def _correlation_time(flags: np.ndarray) -> float:
    """Return the integrated autocorrelation time of flags, (any,): 1 of independent ones."""
    covariances = _autocovariances(flags - flags.mean())
    if len(covariances) < 2 or covariances[0] <= 0:
        return 1.0
    even = len(covariances) // 2 * 2
    # (lags,) -> (lags / 2, 2): lags 0 and 1, lags 2 and 3, ...
    pairs = (covariances[:even] / covariances[0]).reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs <= 0)
    pairs = np.minimum.accumulate(pairs[: ends[0] if len(ends) else None])
    return max(1.0, float(2 * pairs.sum() - 1))


def _autocovariances(centred: np.ndarray) -> np.ndarray:
    """Return the mean of the products at each lag, (lags,), over blocks of a series."""
    block = min(len(centred), _BLOCK)
    total = np.zeros(block)
    starts = range(0, len(centred) - block + 1, block)
    size = 2 ** (2 * block - 1).bit_length()
    for start in starts:
        spectrum = np.fft.rfft(centred[start : start + block], size)
        total += np.fft.irfft(np.abs(spectrum) ** 2, size)[:block]
    return np.asarray(total / (block * len(starts)))
