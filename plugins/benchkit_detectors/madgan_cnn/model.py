"""A fitted model: it scores and generates sequences, and knows nothing of the detector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.validation import check_input
from benchkit_detectors.madgan_cnn.calibration import TermCalibration
from benchkit_detectors.madgan_cnn.frames import FrameScaling
from benchkit_detectors.madgan_cnn.interface import FrameInversion, NetworkShape
from benchkit_detectors.madgan_cnn.models import MODELS
from benchkit_detectors.madgan_cnn.negatives import perturb
from benchkit_detectors.madgan_cnn.scoring import (
    BATCH_SEQUENCES,
    FrameScoreComponents,
    Scorer,
    combine,
)
from benchkit_detectors.madgan_cnn.threshold import tail_threshold


def build_networks(size: tuple[int, int], params: dict[str, Any]) -> nn.ModuleDict:
    """Return untrained networks of frames of so many pixels, (height, width)."""
    names = ("channels", "hidden", "latent", "shared")
    shape = NetworkShape(*size, **{name: params[name] for name in names})
    return MODELS[params["model"]].build(shape).to(params["device"])


def make_scorer(networks: nn.ModuleDict, params: dict[str, Any]) -> Scorer:
    """Return the scorer of trained networks."""
    inversion = FrameInversion(
        params["inversion_steps"],
        params["inversion_rate"],
        params["tolerance"],
        params["similarity"],
    )
    compute = Compute(params["device"], params["precision"])
    return Scorer(MODELS[params["model"]], networks, inversion, compute)


@dataclass(frozen=True)
class FittedMADGANCNN:
    """Trained networks, and what was learned with them.

    Attributes
    ----------
    scorer
        The networks.
    state
        ``frames``, ``calibration``, ``held_out`` and ``examples``, as the detector keeps them.
    """

    scorer: Scorer
    state: dict[str, Any]

    def components(self, X: np.ndarray) -> FrameScoreComponents:
        """Return the components of the scores of X, each (sequences, frames)."""
        batches = [self.scorer.terms(batch) for batch in self._prepared(X)]
        terms = {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}
        return self._calibration().components(terms)

    def threshold(self, reconstruction_weight: float, false_alarm_rate: float) -> float:
        """Return the threshold for this λ and nominal false-alarm rate."""
        return tail_threshold(self.held_out_scores(reconstruction_weight), false_alarm_rate)

    def held_out_scores(self, reconstruction_weight: float) -> np.ndarray:
        """Return the scores of the held-out sequences with this λ, (sequences, frames)."""
        terms = {name: values.numpy() for name, values in self.state["held_out"].items()}
        return combine(self._calibration().components(terms), reconstruction_weight)

    def residual_maps(self, X: np.ndarray) -> np.ndarray:
        """Return the residual of each pixel, float32 of the shape of X."""
        batches = [self.scorer.residual_maps(batch) for batch in self._prepared(X)]
        return np.concatenate([self._scaling().restore_size(batch) for batch in batches])

    def generate(self, sequences: int, frames: int, seed: int) -> np.ndarray:
        """Return generated sequences in the size and unit of X."""
        fake = self.scorer.model.generate(self.scorer.networks, sequences, frames, seed)
        return self._scaling().restore(fake)

    def examples(self) -> np.ndarray:
        """Return held-out sequences in the size and unit of X."""
        return self._scaling().restore(self.state["examples"])

    def perturbed_examples(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the examples with synthetic anomalies, and their mask, bool (frames,).

        Every third frame, counted from the end, is perturbed as in training; the last one comes
        from another sequence, where there is one.
        """
        normal = self.state["examples"]
        # (sequences, frames, height, width) -> (sequences * frames, height, width), and back
        rng = torch.Generator().manual_seed(seed)
        perturbed = perturb(normal.flatten(0, 1), rng).view_as(normal)
        if len(normal) > 1:
            perturbed[:, -1] = normal.roll(1, 0)[:, -1]
        mask = torch.arange(normal.shape[1]).flip(0) % 3 == 0
        mixed = torch.where(mask[:, None, None], perturbed, normal)
        return self._scaling().restore(mixed), mask.numpy()

    def _scaling(self) -> FrameScaling:
        return FrameScaling(**self.state["frames"])

    def _calibration(self) -> TermCalibration:
        return TermCalibration.from_state(self.state["calibration"])

    def _prepared(self, X: np.ndarray) -> Iterator[Tensor]:
        """Check X, and yield it in batches that are prepared for the networks."""
        X, scaling = check_input(X, 4), self._scaling()
        scaling.check(X)
        for start in range(0, len(X), BATCH_SEQUENCES):
            yield scaling.prepare(X[start : start + BATCH_SEQUENCES], self.scorer.compute)
