"""MAD-GAN for image sequences as a detector."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.persistence import Persistent
from benchkit_detectors.gan.scores import subsample
from benchkit_detectors.gan.training import seeded
from benchkit_detectors.gan.validation import check_input
from benchkit_detectors.madgan_cnn.answers import Answers
from benchkit_detectors.madgan_cnn.calibration import calibrate
from benchkit_detectors.madgan_cnn.evidence import Witness
from benchkit_detectors.madgan_cnn.frames import Frames
from benchkit_detectors.madgan_cnn.models import MODELS, Inversion, Shape
from benchkit_detectors.madgan_cnn.parameters import check_parameters
from benchkit_detectors.madgan_cnn.scoring import Parts, combine
from benchkit_detectors.madgan_cnn.summary import summarise
from benchkit_detectors.madgan_cnn.training import Plan

EXAMPLES, EXAMPLE_FRAMES = 6, 10
"""How many held-out sequences, and of each how many frames, are kept for figures."""


class MADGANCNNDetector(Persistent):
    """A GAN for image sequences.

    A frame is anomalous if the generator cannot make it, if the discriminator does not believe it,
    or if it does not belong to its sequence.

    After MAD-GAN (Li et al. 2019, arXiv 1901.04997) and its replication for images. What was wrong
    with them and is not so here: the discriminator's direction is measured on held-out data and
    never assumed; every item's inversion stops by itself, so that a score does not depend on its
    batch; the generator stands still meanwhile; no weight, threshold or epoch is chosen on labels;
    scores are of frames among the others of their sequence, so that sequences of ten digits can be
    told apart; the residual has a gradient everywhere and is 0 for a perfect match.

    Parameters
    ----------
    model
        ``"context"``, the default, or ``"paper"``, the networks of the replication.
    size
        Frames are resized to ``size`` x ``size`` first; None leaves them as they are. Cost grows
        with its square.
    latent
        Latent values that a frame has of its own.
    shared
        Latent values that a frame has from the others of its sequence; ``context`` only.
    hidden
        Features of a frame; for ``paper`` the units of its LSTMs.
    channels
        Maps of the first convolution; the second has twice, all further ones four times as many.
        Cost grows nearly with its square.
    steps
        Training steps of some 80 frames (``paper``: 16 sequences). Cost grows with it.
    learning_rate, adversarial
        Of Adam, and what deceiving the discriminator counts for the generator.
    patience
        Training looks at held-out sequences ten times; so many looks without a better one end it.
    tail_share
        The share of the sequences, from the end, that is held out: training stops by it, and
        weights and threshold come from it.
    weight
        λ, what reconstruction counts, 0 to 1; None learns it from the held-out sequences. It can
        be changed without training: see `parts`.
    false_alarms
        The share of normal frames that may lie above ``threshold_``.
    inversion_steps, inversion_rate, tolerance
        Gradient steps on the latent values of each item, on top of the encoder where there is one;
        their size; and the mean residual at which an item stops. A step costs about as much as
        scoring without any.
    similarity
        The residual: ``"squares"``, ``"l1"`` or ``"ssim"``.
    random_state, device, precision
        Seed; ``"cpu"``, ``"cuda:0"``; ``"auto"``, ``"float32"``, ``"bfloat16"``.

    Attributes
    ----------
    score_parts_
        What reconstruction and each verdict of the discriminator gave to the scores that
        `decision_function` returned last, float32 (sequences * frames,); they add up to them.
    """

    def __init__(
        self,
        model: str = "context",
        size: int | None = None,
        latent: int = 24,
        shared: int = 8,
        hidden: int = 128,
        channels: int = 16,
        steps: int = 1000,
        learning_rate: float = 1.5e-3,
        adversarial: float = 1.0,
        patience: int = 4,
        tail_share: float = 0.15,
        weight: float | None = None,
        false_alarms: float = 0.004,
        inversion_steps: int = 0,
        inversion_rate: float = 0.05,
        tolerance: float = 0.0,
        similarity: str = "squares",
        random_state: int = 0,
        device: str = "cpu",
        precision: str = "auto",
    ) -> None:
        self.model = model
        self.size = size
        self.latent = latent
        self.shared = shared
        self.hidden = hidden
        self.channels = channels
        self.steps = steps
        self.learning_rate = learning_rate
        self.adversarial = adversarial
        self.patience = patience
        self.tail_share = tail_share
        self.weight = weight
        self.false_alarms = false_alarms
        self.inversion_steps = inversion_steps
        self.inversion_rate = inversion_rate
        self.tolerance = tolerance
        self.similarity = similarity
        self.random_state = random_state
        self.device = device
        self.precision = precision

    def fit(self, X: np.ndarray) -> MADGANCNNDetector:
        """Learn from normal sequences, (sequences, frames, height, width).

        The last ``tail_share`` of them is held out, at least one sequence; a single sequence is
        both learned from and held out.

        Raises
        ------
        ValueError
            X has another shape or values that are not finite, or a parameter makes no sense.
        TrainingDiverged
            A loss is not finite.
        """
        X = check_input(X, 4)
        check_parameters(self)
        frames = Frames.of(X, self.size)
        facts: dict[str, Any] = {"frames": asdict(frames)}
        compute = Compute(self.device, self.precision)
        tail = min(max(round(self.tail_share * len(X)), 1), max(len(X) - 1, 1))
        part, held_out = (
            frames.prepare(some, compute)
            for some in ((X[:-tail], X[-tail:]) if len(X) > 1 else (X, X))
        )
        with seeded(self.random_state):
            networks = self._build(facts)
        plan = Plan(self.steps, self.learning_rate, self.adversarial, self.patience)
        self.networks_, curves = MODELS[self.model].train(
            networks, part, held_out, plan, compute, self.random_state
        )
        witness = self._witness(compute)
        normal = witness.terms(held_out)
        calibration = calibrate(witness, part, held_out, normal, self.random_state)
        self.state_ = facts | {
            "calibration": calibration.as_facts(),
            "held_out": {name: torch.from_numpy(values) for name, values in normal.items()},
            "weight": calibration.weight(self.weight),
            "history": curves.history,
            "examples": held_out[:EXAMPLES, :EXAMPLE_FRAMES].cpu(),
        }
        self.state_["threshold"] = self.threshold_for(self.weight_)
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return one score for each frame of X, (sequences, frames, ...) -> (sequences, frames).

        Raises
        ------
        RuntimeError
            The detector is not fitted.
        ValueError
            X has frames of another size than those of `fit`, or values that are not finite.
        """
        parts = self.parts(X)
        self.score_parts_ = parts.terms(self.weight_)
        return combine(parts, self.weight_)

    def parts(self, X: np.ndarray) -> Parts:
        """Return what reconstruction and discrimination say of each frame, before λ.

        ``combine(detector.parts(X), weight)`` gives the scores for any λ, and `threshold_for` the
        threshold that goes with them; nothing is trained again. Raises as `decision_function`.
        """
        return self._answers().parts(X)

    def threshold_for(self, weight: float) -> float:
        """Return the threshold that goes with scores of ``combine(parts, weight)``."""
        return self._answers().threshold(weight, self.false_alarms)

    def residual_maps(self, X: np.ndarray) -> np.ndarray:
        """Return what the generator leaves of each pixel, float32 of the shape of X.

        In the unit of ``similarity`` for values in [0, 1], the training part's range. Raises as
        `decision_function`.
        """
        return self._answers().residual_maps(X)

    def generate(self, sequences: int, frames: int, seed: int = 0) -> np.ndarray:
        """Return new sequences, float32 (sequences, frames, height, width), in the unit of X."""
        return self._answers().generate(sequences, frames, seed)

    def diagnostics(self, folder: str | Path) -> None:
        """Draw generated beside held-out frames, and residuals of spoiled ones, into ``folder``.

        Raises
        ------
        RuntimeError
            The detector is not fitted.
        """
        from benchkit_detectors.madgan_cnn.diagnostics import write_figures

        write_figures(self._answers(), Path(folder), self.random_state)

    @property
    def history_(self) -> dict[str, list[float]]:
        """Training curves, one value for each look."""
        return self.state_["history"]

    @property
    def threshold_(self) -> float:
        """The detector's own threshold, from the held-out sequences."""
        return self.state_["threshold"]

    @property
    def reference_scores_(self) -> dict[str, np.ndarray]:
        """The scores that `threshold_` comes from, at most 20,000 of them."""
        return {"held-out frames": subsample(self._answers().held_out_scores(self.weight_))}

    @property
    def summary_(self) -> dict[str, str | float]:
        """What is worth knowing after a fit, a few words a name."""
        return summarise(self)

    @property
    def weight_(self) -> float:
        """λ: ``weight``, or what was learned; 1 where the discriminator is worth nothing."""
        return self.state_["weight"]

    @property
    def worth_(self) -> dict[str, float]:
        """What each term is trusted with, 0 to 1."""
        return dict(self.state_["calibration"]["worth"])

    def _build(self, facts: dict[str, Any]) -> nn.ModuleDict:
        height, width = facts["frames"]["size"]
        shape = Shape(height, width, self.channels, self.hidden, self.latent, self.shared)
        return MODELS[self.model].build(shape).to(self.device)

    def _witness(self, compute: Compute) -> Witness:
        inversion = Inversion(
            self.inversion_steps, self.inversion_rate, self.tolerance, self.similarity
        )
        return Witness(MODELS[self.model], self.networks_, inversion, compute)

    def _answers(self) -> Answers:
        if not hasattr(self, "state_"):
            raise RuntimeError("this MADGANCNNDetector is not fitted: call fit(X) first")
        return Answers(self._witness(Compute(self.device, self.precision)), self.state_)
