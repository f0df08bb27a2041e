"""Thresholds: quantiles of Monte-Carlo scores, corrected by held-out items, with an interval.

The generator's draws are many but only approximate normal items; the held-out normal items are
real but few. The density ratio model of Qin & Zhang 1997 and Chen & Liu 2013, Quantile and
quantile-function estimations under density ratio model, combines both: the score density of
normal items is that of the draws times exp(b'q(score)), where b is fitted by logistic regression
of held-out against drawn scores. Every score of both samples then carries a mass, and thresholds
are quantiles of these masses. Where draws are realistic, b is near 0 and the draws dominate;
where they are not, the masses concentrate on the held-out scores.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from benchkit_detectors.mcgan.ratio import masses, terms

RESAMPLES = 100
Z_95 = NormalDist().inv_cdf(0.975)
"""Half-width of a 95 % interval, in standard deviations."""
FOLDS = 5


@dataclass(frozen=True)
class ThresholdEstimate:
    """A threshold with its confidence interval.

    Attributes
    ----------
    value
        Normal scores exceed it with the nominal probability.
    low, high
        The interval that covers the true quantile with 95 % confidence.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ThresholdCalibration:
    """The scores from which thresholds are estimated.

    Attributes
    ----------
    draws, weights
        Scores of draws and their weights, (draws,); weights are positive.
    held_out
        Scores of held-out normal items in their order, (items,); may be empty.
    block
        Block length of the bootstrap of held-out items, which preserves their dependence.
    """

    draws: np.ndarray
    weights: np.ndarray
    held_out: np.ndarray
    block: int = 1

    def quantile(
        self, false_alarm_rate: float, rng: np.random.Generator, resamples: int = RESAMPLES
    ) -> ThresholdEstimate:
        """Return the threshold that normal items exceed with this probability.

        The interval is Woodruff's (1952): the error of the share of normal items above the
        threshold, on the log-odds scale, is carried over to scores. That error is the standard
        deviation over bootstrap resamples of both samples, so that it includes the error of the
        simulation and that of the held-out items. It is at least the binomial error of
        independent items, since the model of the ratio may be wrong.
        """
        pooled = np.concatenate([self.draws, self.held_out])
        powers = terms(pooled, len(self.held_out))
        weights = self._scaled_weights()
        mass, slope = masses(
            powers, weights, np.ones(len(self.held_out)), np.zeros(powers.shape[1])
        )
        value = weighted_quantile(pooled, mass, false_alarm_rate)
        above = pooled > value
        shares = []
        for _ in range(resamples):
            copies = rng.multinomial(len(weights), np.full(len(weights), 1 / len(weights)))
            resampled, _ = masses(powers, weights * copies, self._resample(rng), slope)
            shares.append(resampled[above].sum() / resampled.sum())
        inverse_size = 1 / weights.sum() + (1 / len(self.held_out) if len(self.held_out) else 0)
        variance = false_alarm_rate * (1 - false_alarm_rate)
        error = max(float(np.std(shares)), math.sqrt(variance * inverse_size))
        logit = math.log(false_alarm_rate / (1 - false_alarm_rate))
        margin = Z_95 * error / variance
        low, high = (
            weighted_quantile(pooled, mass, 1 / (1 + math.exp(min(-end, 700.0))))
            for end in (logit + margin, logit - margin)
        )
        return ThresholdEstimate(value, min(low, value), max(high, value))

    def cross_validated_rate(self, false_alarm_rate: float) -> float:
        """Return the realised false-alarm rate of held-out items, by cross-validation.

        Each of five folds of contiguous items is compared with the threshold that the other
        folds give. NaN where there are fewer than two held-out items.
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
                powers, self._scaled_weights(), np.ones(len(others)), np.zeros(powers.shape[1])
            )
            threshold = weighted_quantile(pooled, mass, false_alarm_rate)
            alarms += int((self.held_out[fold] > threshold).sum())
        return alarms / count

    def _scaled_weights(self) -> np.ndarray:
        """Return the weights, scaled so that their sum is the effective sample size."""
        return self.weights * (effective_size(self.weights) / self.weights.sum())

    def _resample(self, rng: np.random.Generator) -> np.ndarray:
        """Return the copies of each held-out item in a circular block bootstrap, (items,)."""
        count = len(self.held_out)
        if not count:
            return np.empty(0)
        starts = rng.integers(count, size=-(-count // self.block))
        # (blocks, block) -> (blocks * block,), modulo the number of items
        items = ((starts[:, None] + np.arange(self.block)) % count).reshape(-1)[:count]
        return np.bincount(items, minlength=count).astype(np.float64)


def effective_size(weights: np.ndarray) -> float:
    """Return the effective sample size of weighted draws (Kish 1965)."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def weighted_quantile(values: np.ndarray, weights: np.ndarray, tail: float) -> float:
    """Return the value above which a fraction ``tail`` of the weight lies.

    With equal weights it is the (1 - tail) quantile by Hazen's rule: each value stands at the
    middle of its weight, with linear interpolation between values.
    """
    order = np.argsort(values, kind="stable")
    mass = weights[order]
    middle = np.cumsum(mass) - mass / 2
    return float(np.interp((1 - tail) * mass.sum(), middle, values[order]))
