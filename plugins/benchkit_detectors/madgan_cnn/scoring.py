"""From what the networks say of a frame to one score, and from held-out scores to a threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchkit_detectors.gan.scores import auroc

TAIL = 0.1
"""The share of the highest held-out scores that the shape of the tail is learned from."""

FEW = 20
"""With fewer scores in the tail than this its shape is not estimated, but taken as exponential."""


@dataclass(frozen=True)
class Parts:
    """What speaks against each frame, kept apart until the end; all (sequences, frames).

    ``reconstruction`` says how badly the generator makes the frame, ``discrimination`` how little
    the discriminator believes it, which is the sum of its verdicts by name. Both have mean 0 and
    standard deviation 1 or less on held-out normal frames, so that they can be added.
    """

    reconstruction: np.ndarray
    verdicts: dict[str, np.ndarray]

    @property
    def discrimination(self) -> np.ndarray:
        """The sum of the discriminator's verdicts; zeros where it has no say."""
        return sum(self.verdicts.values(), np.zeros_like(self.reconstruction))

    def terms(self, weight: float) -> dict[str, np.ndarray]:
        """Return what gives how much to the score that `combine` returns, float32 (points,).

        They add up to it, and like it may be below 0: 0 is a held-out normal frame's mean.
        """
        given = {"reconstruction": weight * self.reconstruction}
        given |= {f"discriminator, {k}": (1 - weight) * v for k, v in self.verdicts.items()}
        # (sequences, frames) -> (points,)
        return {name: term.astype(np.float32).reshape(-1) for name, term in given.items()}


def combine(parts: Parts, weight: float) -> np.ndarray:
    """Return ``weight`` times reconstruction plus the rest of it times discrimination.

    The DR-score of MAD-GAN (Li et al. 2019, section 3.3), of standardised parts; ``weight`` is 0
    to 1.
    """
    return weight * parts.reconstruction + (1 - weight) * parts.discrimination


@dataclass(frozen=True)
class Scale:
    """How a term is standardised: what held-out normal frames have."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: np.ndarray) -> Scale:
        """Return the scale of ``values``; a deviation of 1 where they do not vary."""
        deviation = float(values.std(dtype=np.float64))
        mean = float(values.mean(dtype=np.float64))
        negligible = 1e-6 * max(abs(mean), 1e-6)
        return cls(mean, deviation if deviation > negligible else 1.0)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Return ``values`` in deviations from the mean, float64."""
        return (values.astype(np.float64) - self.mean) / self.deviation


def worth(odd: np.ndarray, normal: np.ndarray) -> float:
    """Return what a term may be trusted with, 0 to 1, for telling made frames from normal ones.

    Twice what its AUC-ROC exceeds a coin's by, after two standard errors of a coin's are taken
    off (Hanley & McNeil 1982). A term that points the wrong way is worth 0: it is never turned
    round, since nothing says that it would stay so.
    """
    if not odd.size or not normal.size:
        return 0.0
    error = math.sqrt((odd.size + normal.size + 1) / (12 * odd.size * normal.size))
    return min(max(2 * (auroc(odd, normal) - 0.5 - 2 * error), 0.0), 1.0)


def tail_threshold(scores: np.ndarray, false_alarms: float) -> float:
    """Return the threshold that a share of ``false_alarms`` of such scores exceeds.

    Above the 90 % quantile the scores follow a generalised Pareto distribution (Pickands 1975)
    whose parameters are found from weighted moments (Hosking & Wallis 1987), so that the threshold
    does not hang on the one or two highest scores, and may lie beyond them.

    Parameters
    ----------
    scores
        Of held-out normal frames, any shape, one or more.
    false_alarms
        Above 0 and below 1.
    """
    ordered = np.sort(np.ravel(scores).astype(np.float64))
    share = max(TAIL, false_alarms)
    start = float(np.quantile(ordered, 1 - share))
    excess = ordered[ordered > start] - start
    if false_alarms >= TAIL or not len(excess):
        return start
    mean = float(excess.mean())
    shape = 0.0
    if len(excess) >= FEW:
        ranks = (np.arange(len(excess), 0, -1) - 0.65) / len(excess)
        weighted = float((ranks * excess).mean())
        if mean > 2 * weighted:
            shape = float(np.clip(2 - mean / (mean - 2 * weighted), -0.5, 0.5))
    scale = mean * (1 - shape)
    rarer = share / false_alarms
    if abs(shape) < 1e-6:
        return start + scale * math.log(rarer)
    return start + scale / shape * (rarer**shape - 1)
