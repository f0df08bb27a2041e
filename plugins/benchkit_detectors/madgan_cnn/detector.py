"""MAD-GAN for image sequences as a detector: parameters, fit, and decision function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from benchkit_detectors.gan.persistence import Persistent, learned
from benchkit_detectors.gan.scores import subsample
from benchkit_detectors.gan.validation import check_input
from benchkit_detectors.madgan_cnn.fitting import fit_networks
from benchkit_detectors.madgan_cnn.model import FittedMADGANCNN, build_networks, make_scorer
from benchkit_detectors.madgan_cnn.parameters import check_parameters
from benchkit_detectors.madgan_cnn.scoring import FrameScoreComponents, combine
from benchkit_detectors.madgan_cnn.summary import summarise

FIGURE_SEQUENCES = 3
"""Sequences of each kind in a figure."""


class MADGANCNNDetector(Persistent):
    """MAD-GAN for image sequences.

    A frame is anomalous if the generator cannot reproduce it, if the frame discriminator takes it
    for generated or perturbed, or if it does not belong to its sequence. After MAD-GAN (Li et al.
    2019, arXiv 1901.04997) and its replication for images, which is the preset ``paper``. The
    page of this detector says what differs and why.

    Parameters
    ----------
    model
        ``"context"``, the default, or ``"paper"``, the networks of the replication.
    size
        Frames are resized to ``size`` x ``size``; None leaves them unchanged. Cost grows with its
        square.
    latent, shared
        Number of latent values of a frame's own, and of those that it shares with its sequence;
        the latter for ``context`` only.
    hidden
        Features of a frame; for ``paper`` the units of its LSTMs.
    channels
        Channels of the first convolution; the second has twice, all further ones four times as
        many. Cost grows nearly with its square.
    steps
        Training steps of about 80 frames (``paper``: 16 sequences).
    learning_rate, adversarial
        Adam's learning rate, and the weight of the generator's adversarial loss.
    patience
        Evaluations on held-out sequences, of ten, without improvement after which training stops.
    validation_fraction
        Fraction of the sequences, from the end, that is held out for early stopping, weights and
        threshold.
    reconstruction_weight
        λ, the weight of reconstruction, 0 to 1; None learns it from held-out sequences. It can be
        changed without training: see `score_components`.
    false_alarm_rate
        Nominal false-alarm rate of ``threshold_``.
    inversion_steps, inversion_rate, tolerance
        Gradient steps on the latent values of each item, after the encoder where there is one;
        their learning rate; and the mean residual at which an item stops. A step costs about as
        much as scoring without any.
    similarity
        The residual: ``"squares"``, ``"l1"`` or ``"ssim"``.
    random_state, device, precision
        Seed, torch device, and ``"auto"``, ``"float32"`` or ``"bfloat16"``.

    Attributes
    ----------
    threshold_, reference_scores_
        The threshold, and at most 20,000 of the held-out scores that it is estimated from.
    reconstruction_weight_
        λ: ``reconstruction_weight``, or what was learned; 1 where no discriminator is reliable.
    reliability_
        How well each term tells synthetic anomalies from held-out normal frames, 0 to 1.
    score_parts_
        The terms of the scores that `decision_function` returned last, float32
        (sequences * frames,), which sum to them.
    history_, summary_
        Training curves, one value per evaluation; main results of the fit, by name.
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
        validation_fraction: float = 0.15,
        reconstruction_weight: float | None = None,
        false_alarm_rate: float = 0.004,
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
        self.validation_fraction = validation_fraction
        self.reconstruction_weight = reconstruction_weight
        self.false_alarm_rate = false_alarm_rate
        self.inversion_steps = inversion_steps
        self.inversion_rate = inversion_rate
        self.tolerance = tolerance
        self.similarity = similarity
        self.random_state = random_state
        self.device = device
        self.precision = precision

    def fit(self, X: np.ndarray) -> MADGANCNNDetector:
        """Fit on normal sequences, (sequences, frames, height, width).

        The last ``validation_fraction`` of them is held out, at least one sequence; a single
        sequence is both trained on and held out.

        Raises
        ------
        ValueError
            X has another shape or values that are not finite, or a parameter is invalid.
        TrainingDiverged
            A loss became NaN or infinite.
        """
        X = check_input(X, 4)
        check_parameters(vars(self))
        self.networks_, self.state_ = fit_networks(X, vars(self))
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return one score for each frame of X, (sequences, frames, ...) -> (sequences, frames).

        Raises
        ------
        RuntimeError
            The detector is not fitted.
        ValueError
            X has frames of another size than in `fit`, or values that are not finite.
        """
        components = self.score_components(X)
        self.score_parts_ = components.terms(self.reconstruction_weight_)
        return combine(components, self.reconstruction_weight_)

    def score_components(self, X: np.ndarray) -> FrameScoreComponents:
        """Return the components of the score of each frame, before they are weighted by λ.

        ``combine(detector.score_components(X), weight)`` gives the scores for any λ, and
        `threshold_for` their threshold, without training again. Raises as `decision_function`.
        """
        return self._fitted().components(X)

    def threshold_for(self, reconstruction_weight: float) -> float:
        """Return the threshold of scores with another λ."""
        return self._fitted().threshold(reconstruction_weight, self.false_alarm_rate)

    def residual_maps(self, X: np.ndarray) -> np.ndarray:
        """Return the residual of each pixel, float32 of the shape of X.

        In the unit of ``similarity`` for values in [0, 1], the training part's range. Raises as
        `decision_function`.
        """
        return self._fitted().residual_maps(X)

    def generate(self, sequences: int, frames: int, seed: int = 0) -> np.ndarray:
        """Return generated sequences, float32 (sequences, frames, height, width), as X."""
        return self._fitted().generate(sequences, frames, seed)

    def diagnostics(self, folder: str | Path) -> None:
        """Draw generated beside held-out frames, and residual maps, into ``folder``.

        Raises
        ------
        RuntimeError
            The detector is not fitted.
        """
        from benchkit_detectors.madgan_cnn.diagnostics import draw_generated, draw_residuals

        fitted, seed = self._fitted(), self.random_state
        real = fitted.examples()[:FIGURE_SEQUENCES]
        fake = fitted.generate(FIGURE_SEQUENCES, real.shape[1], seed)
        draw_generated(real, fake, Path(folder))
        mixed, mask = fitted.perturbed_examples(seed)
        mixed = mixed[:FIGURE_SEQUENCES]
        limits = float(real.min()), float(real.max())
        draw_residuals(mixed, mask, fitted.residual_maps(mixed), limits, Path(folder))

    history_ = learned("history")
    threshold_ = learned("threshold")
    reconstruction_weight_ = learned("reconstruction_weight")

    @property
    def reliability_(self) -> dict[str, float]:
        """How well each term tells synthetic anomalies from held-out normal frames, 0 to 1."""
        return dict(self.state_["calibration"]["reliability"])

    @property
    def reference_scores_(self) -> dict[str, np.ndarray]:
        """The scores that `threshold_` is estimated from, at most 20,000 of them."""
        scores = self._fitted().held_out_scores(self.reconstruction_weight_)
        return {"held-out frames": subsample(scores)}

    @property
    def summary_(self) -> dict[str, str | float]:
        """Main results of the fit, by name."""
        return summarise(self.state_, vars(self))

    def _build(self, state: dict[str, Any]) -> nn.ModuleDict:
        return build_networks(state["frames"]["size"], vars(self))

    def _fitted(self) -> FittedMADGANCNN:
        self._check_fitted()
        return FittedMADGANCNN(make_scorer(self.networks_, vars(self)), self.state_)
