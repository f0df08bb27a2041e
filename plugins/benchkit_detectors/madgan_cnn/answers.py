"""What a fitted detector can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchkit_detectors.gan.validation import check_input
from benchkit_detectors.madgan_cnn.calibration import Calibration
from benchkit_detectors.madgan_cnn.evidence import SEQUENCES, Witness
from benchkit_detectors.madgan_cnn.frames import Frames
from benchkit_detectors.madgan_cnn.negatives import perturb
from benchkit_detectors.madgan_cnn.scoring import Parts, combine, tail_threshold


@dataclass(frozen=True)
class Answers:
    """Trained networks, and the facts that were learned with them.

    Parameters
    ----------
    witness
        The networks.
    facts
        ``frames``, ``calibration``, ``held_out`` and ``examples``, as the detector keeps them.
    """

    witness: Witness
    facts: dict[str, Any]

    def parts(self, X: np.ndarray) -> Parts:
        """Return the parts of the scores of X, each (sequences, frames)."""
        pieces = [self.witness.terms(some) for some in self._prepared(X)]
        terms = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
        return self._calibration().parts(terms)

    def threshold(self, weight: float, false_alarms: float) -> float:
        """Return what about ``false_alarms`` of normal scores with this λ lie above."""
        return tail_threshold(self.held_out_scores(weight), false_alarms)

    def held_out_scores(self, weight: float) -> np.ndarray:
        """Return the scores of the held-out sequences with this λ, (sequences, frames)."""
        terms = {name: values.numpy() for name, values in self.facts["held_out"].items()}
        return combine(self._calibration().parts(terms), weight)

    def residual_maps(self, X: np.ndarray) -> np.ndarray:
        """Return the residual of each pixel, float32 of the shape of X."""
        pieces = [self.witness.maps(some) for some in self._prepared(X)]
        return np.concatenate([self._frames().restore_size(piece) for piece in pieces])

    def generate(self, sequences: int, frames: int, seed: int) -> np.ndarray:
        """Return generated sequences in the size and unit of X."""
        made = self.witness.model.draw(self.witness.networks, sequences, frames, seed)
        return self._frames().give_back(made)

    def examples(self) -> np.ndarray:
        """Return held-out sequences in the size and unit of X."""
        return self._frames().give_back(self.facts["examples"])

    def spoil(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the examples with spoiled frames, and which ones these are, bool (frames,).

        Every third is broken as in training, counted from the end; the last comes from another
        sequence, where there is one.
        """
        whole = self.facts["examples"]
        # (sequences, frames, height, width) -> (sequences * frames, height, width), and back
        spoiled = perturb(whole.flatten(0, 1), torch.Generator().manual_seed(seed)).view_as(whole)
        if len(whole) > 1:
            spoiled[:, -1] = whole.roll(1, 0)[:, -1]
        hit = torch.arange(whole.shape[1]).flip(0) % 3 == 0
        mixed = torch.where(hit[:, None, None], spoiled, whole)
        return self._frames().give_back(mixed), hit.numpy()

    def _frames(self) -> Frames:
        return Frames(**self.facts["frames"])

    def _calibration(self) -> Calibration:
        return Calibration.from_facts(self.facts["calibration"])

    def _prepared(self, X: np.ndarray) -> Iterator[Tensor]:
        """Check X, and yield it in pieces that are ready for the networks."""
        X, frames = check_input(X, 4), self._frames()
        frames.check(X)
        for start in range(0, len(X), SEQUENCES):
            yield frames.prepare(X[start : start + SEQUENCES], self.witness.compute)
