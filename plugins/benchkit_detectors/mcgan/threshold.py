"""The quantile of a Monte-Carlo simulation that is not quite the truth, with its interval.

The generator's draws are many but only resemble normal items; the held-out normal items are real
but few. The density ratio model of Qin & Zhang 1997 and Chen & Liu 2013, Quantile and
quantile-function estimations under density ratio model, uses both: the score density of normal
items is that of the draws times exp(b'q(score)), where b is fitted by logistic regression of
held-out against drawn scores. Every score of both samples then carries a mass, and thresholds are
quantiles of these masses. Where draws are good, b is near 0 and thousands of draws speak; where
they are hopeless, the masses fall back on the held-out scores by themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from benchkit_detectors.mcgan.ratio import masses, terms

RESAMPLES = 100
SURE = NormalDist().inv_cdf(0.975)
"""Standard deviations to either side that hold 95 %."""
FOLDS = 5


@dataclass(frozen=True)
class Quantile:
    """A threshold and how far it may be off.

    Parameters
    ----------
    value
        Normal scores are above it with the probability asked for.
    low, high
        The interval that covers the true threshold with 95 % confidence.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """What thresholds are made from.

    Parameters
    ----------
    draws, weights
        Scores of draws and how much each counts, (draws,); weights are positive.
    held_out
        Scores of held-out normal items in their order, (items,). Where there are none, the draws
        speak alone.
    block
        Held-out items are resampled in runs of this many, which keeps what neighbours share.
    """

    draws: np.ndarray
    weights: np.ndarray
    held_out: np.ndarray
    block: int = 1

    def quantile(
        self, alpha: float, rng: np.random.Generator, resamples: int = RESAMPLES
    ) -> Quantile:
        """Return the threshold that normal items pass with probability ``alpha``.

        The interval is Woodruff's (1952): the error of the share of normal items above the
        threshold, on the log-odds scale, is carried over to scores. That error is the standard
        deviation over bootstrap resamples of both samples, so that it has the error of the
        simulation and that of the held-out items, and at least what counting independent items
        would have. It does not shrink below that because the model of the ratio may be wrong.
        """
        pooled = np.concatenate([self.draws, self.held_out])
        powers = terms(pooled, len(self.held_out))
        worth = self._worth()
        mass, slope = masses(powers, worth, np.ones(len(self.held_out)), np.zeros(powers.shape[1]))
        value = weighted_quantile(pooled, mass, alpha)
        above = pooled > value
        shares = []
        for _ in range(resamples):
            times = rng.multinomial(len(worth), np.full(len(worth), 1 / len(worth)))
            resampled, _ = masses(powers, worth * times, self._resample(rng), slope)
            shares.append(resampled[above].sum() / resampled.sum())
        counted = 1 / worth.sum() + (1 / len(self.held_out) if len(self.held_out) else 0)
        error = max(float(np.std(shares)), math.sqrt(alpha * (1 - alpha) * counted))
        odds, reach = math.log(alpha / (1 - alpha)), SURE * error / (alpha * (1 - alpha))
        low, high = (
            weighted_quantile(pooled, mass, 1 / (1 + math.exp(min(-end, 700.0))))
            for end in (odds + reach, odds - reach)
        )
        return Quantile(value, min(low, value), max(high, value))

    def checked_rate(self, alpha: float) -> float:
        """Return the share of held-out items above thresholds that were made without them.

        Each of five folds, runs of neighbours, is held against the threshold that the other folds
        give. NaN where there are fewer than two held-out items.
        """
        count = len(self.held_out)
        if count < 2:
            return float("nan")
        alarms = 0
        for fold in np.array_split(np.arange(count), min(FOLDS, count)):
            others = np.delete(self.held_out, fold)
            pooled = np.concatenate([self.draws, others])
            powers = terms(pooled, len(others))
            mass, _ = masses(
                powers, self._worth(), np.ones(len(others)), np.zeros(powers.shape[1])
            )
            threshold = weighted_quantile(pooled, mass, alpha)
            alarms += int((self.held_out[fold] > threshold).sum())
        return alarms / count

    def _worth(self) -> np.ndarray:
        """Return the weights with the sum that draws of equal worth would have."""
        return self.weights * (effective_size(self.weights) / self.weights.sum())

    def _resample(self, rng: np.random.Generator) -> np.ndarray:
        """Return how often each held-out item is in a resample, (items,)."""
        count = len(self.held_out)
        if not count:
            return np.empty(0)
        starts = rng.integers(count, size=-(-count // self.block))
        # (runs, block) -> (runs * block,), which goes round the end
        items = ((starts[:, None] + np.arange(self.block)) % count).reshape(-1)[:count]
        return np.bincount(items, minlength=count).astype(np.float64)


def effective_size(weights: np.ndarray) -> float:
    """Return how many equally weighted draws are worth as much (Kish 1965)."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def weighted_quantile(values: np.ndarray, weights: np.ndarray, alpha: float) -> float:
    """Return the value above which a share ``alpha`` of the weight lies.

    With equal weights it is the (1 - alpha) quantile by Hazen's rule: each value stands in the
    middle of its weight, and between values the quantile is a straight line.
    """
    order = np.argsort(values, kind="stable")
    mass = weights[order]
    middle = np.cumsum(mass) - mass / 2
    return float(np.interp((1 - alpha) * mass.sum(), middle, values[order]))
