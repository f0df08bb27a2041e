"""Standardisation and weights of the terms, learned from held-out normal sequences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchkit_detectors.gan.scores import auroc
from benchkit_detectors.madgan_cnn.negatives import perturb, swap_frames
from benchkit_detectors.madgan_cnn.scoring import (
    FRAME,
    RECONSTRUCTION,
    SEQUENCE,
    FrameScoreComponents,
    Scorer,
)

CALIBRATION_SEQUENCES = 80
"""Maximum number of held-out sequences that are perturbed and mixed."""

PERTURBED_FRACTION = 0.3
"""Fraction of frames that is perturbed; the others stay, as in a sequence with anomalies."""


@dataclass(frozen=True)
class TermScale:
    """Mean and standard deviation of a term on held-out normal frames."""

    mean: float
    deviation: float

    @classmethod
    def fit(cls, values: np.ndarray) -> TermScale:
        """Return the scale of ``values``; a deviation of 1 where they are constant."""
        deviation = float(values.std(dtype=np.float64))
        mean = float(values.mean(dtype=np.float64))
        negligible = 1e-6 * max(abs(mean), 1e-6)
        return cls(mean, deviation if deviation > negligible else 1.0)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Return standardised ``values``, float64."""
        return (values.astype(np.float64) - self.mean) / self.deviation


@dataclass(frozen=True)
class TermCalibration:
    """What held-out normal sequences teach about the terms.

    Attributes
    ----------
    scales
        The scale of each term.
    reliability
        How well each term tells synthetic anomalies from normal frames, 0 to 1.
    """

    scales: dict[str, TermScale]
    reliability: dict[str, float]

    def weights(self) -> dict[str, float]:
        """Return the weight of each term; they sum to 1.

        The sequence discriminator has its reliability as its weight: where it can tell frames of
        other sequences apart, looking at single frames only adds noise; where it cannot, it is
        useless. The others divide the rest in proportion to their reliability; reconstruction has
        all of it where both are 0.
        """
        sequence = self.reliability.get(SEQUENCE, 0.0)
        reconstruction, frame = self.reliability[RECONSTRUCTION], self.reliability[FRAME]
        total = reconstruction + frame
        share = reconstruction / total if total > 0 else 1.0
        return {
            RECONSTRUCTION: (1 - sequence) * share,
            FRAME: (1 - sequence) * (1 - share),
            SEQUENCE: sequence,
        }

    def reconstruction_weight(self, requested: float | None) -> float:
        """Return λ: ``requested``, or the learned weight where that is None.

        1 where no discriminator is reliable, whatever was requested.
        """
        weights = self.weights()
        if weights[FRAME] + weights[SEQUENCE] == 0:
            return 1.0
        return weights[RECONSTRUCTION] if requested is None else float(requested)

    def components(self, terms: dict[str, np.ndarray]) -> FrameScoreComponents:
        """Return the components of raw terms, each (sequences, frames)."""
        weights = self.weights()
        total = weights[FRAME] + weights[SEQUENCE]
        discriminators = {
            name: weights[name] / total * self.scales[name](terms[name])
            for name in (FRAME, SEQUENCE)
            if weights[name] > 0 and name in terms
        }
        reconstruction = self.scales[RECONSTRUCTION](terms[RECONSTRUCTION])
        return FrameScoreComponents(reconstruction, discriminators)

    def state(self) -> dict[str, Any]:
        """Return what was learned as plain numbers."""
        scales = {name: [scale.mean, scale.deviation] for name, scale in self.scales.items()}
        return {"scales": scales, "reliability": dict(self.reliability)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> TermCalibration:
        """Return the calibration that has this `state`."""
        scales = {name: TermScale(*numbers) for name, numbers in state["scales"].items()}
        return cls(scales, state["reliability"])


def reliability(anomalous: np.ndarray, normal: np.ndarray) -> float:
    """Return how reliable a term is, 0 to 1, from its values on synthetic anomalies.

    Twice the excess of its AUC-ROC over one half, after two standard errors under chance are
    subtracted (Hanley & McNeil 1982). A term that points the wrong way has 0: its sign is never
    flipped, since nothing guarantees that the direction is stable.
    """
    if not anomalous.size or not normal.size:
        return 0.0
    counts = 12 * anomalous.size * normal.size
    error = math.sqrt((anomalous.size + normal.size + 1) / counts)
    return min(max(2 * (auroc(anomalous, normal) - 0.5 - 2 * error), 0.0), 1.0)


def calibrate(
    scorer: Scorer, train_part: Tensor, held_out: Tensor, normal: dict[str, np.ndarray], seed: int
) -> TermCalibration:
    """Return the calibration of the terms from held-out sequences.

    Reconstruction and the frame discriminator have to tell perturbed frames from normal ones, the
    latter also generated ones; the sequence discriminator, frames of training sequences from
    those of the sequence that they were put into.

    Parameters
    ----------
    scorer
        The trained networks.
    train_part, held_out
        Prepared sequences of the training part, and held-out ones.
    normal
        The terms of ``held_out``.
    seed
        Of all random numbers.
    """
    rng = torch.Generator(held_out.device).manual_seed(seed)
    some = held_out[:CALIBRATION_SEQUENCES]
    s, t = some.shape[:2]
    # (s, t, height, width) -> (s * t, height, width), and back
    perturbed = perturb(some.flatten(0, 1), rng).view_as(some)
    mask = torch.rand(s, t, generator=rng, device=rng.device) < PERTURBED_FRACTION
    terms = scorer.terms(torch.where(mask[:, :, None, None], perturbed, some))
    fake = scorer.model.generate(scorer.networks, s, t, seed).float()
    generated = scorer.terms(fake)[FRAME].ravel()
    places = mask.cpu().numpy()
    frame = terms[FRAME][places]
    found = {
        RECONSTRUCTION: reliability(terms[RECONSTRUCTION][places], normal[RECONSTRUCTION]),
        FRAME: min(
            reliability(frame, normal[FRAME]),
            reliability(np.concatenate([frame, generated]), normal[FRAME]),
        ),
    }
    if SEQUENCE in normal:
        mixed, swapped = swap_frames(some, train_part, rng, inside=False)
        values, places = scorer.terms(mixed)[SEQUENCE], swapped.cpu().numpy()
        found[SEQUENCE] = reliability(values[places], values[~places])
    return TermCalibration({name: TermScale.fit(v) for name, v in normal.items()}, found)
