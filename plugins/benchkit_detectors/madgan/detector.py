"""MAD-GAN as a detector: parameters, fit, and decision function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from benchkit_detectors.gan.persistence import Persistent, learned
from benchkit_detectors.madgan.fitting import fit_networks
from benchkit_detectors.madgan.model import FittedMADGAN, build_networks
from benchkit_detectors.madgan.parameters import Scaling, check_parameters
from benchkit_detectors.madgan.rows import Rows
from benchkit_detectors.madgan.scoring import (
    ScoreComponents,
    discriminator_weight,
)
from benchkit_detectors.madgan.summary import summarise


class MADGANDetector(Persistent):
    """MAD-GAN: reconstruction by a generator and the verdict of a discriminator on windows.

    Li et al. 2019, MAD-GAN: multivariate anomaly detection for time series data with generative
    adversarial networks, arXiv 1901.04997. The default is a variant of ours with an encoder;
    ``@paper`` is the article's. The page of this detector says what differs and why.

    Parameters
    ----------
    window, step
        Rows of a window, and rows from one window to the next, in training and in scoring;
        ``step`` is at most ``window``. A sequence of fewer frames is one window.
    components
        Number of principal components; 0 keeps all channels. None is 5 for a series and 20 for
        image sequences.
    scaling
        ``"standard"``, or ``"range"`` for a generator that ends in tanh.
    latent, hidden, layers, discriminator_hidden
        Sizes of the networks.
    encoder
        Whether there is an encoder; without, inversion starts at 0.
    perturb
        Whether perturbed windows are used in training.
    outside
        Whether the residual outside the principal subspace is part of the score. It and the
        reconstruction are then in units of their held-out 99 % quantiles.
    reconstruction_weight
        λ, the weight of the residual in the score, 0 to 1; the discriminator has the rest.
    epochs, epoch_windows, batch_size, learning_rate, discriminator_learning_rate, \
    generator_steps, patience
        See `benchkit_detectors.madgan.training.MADGANTrainingConfig`. 0 for ``epoch_windows`` is
        all of them, and for ``batch_size`` 64 on a CPU and up to 512 on a GPU.
    inversion_steps, inversion_rate, tolerance
        Maximum number of RMSprop steps per window, their learning rate, and the residual at which
        a window stops. A step costs about four times as much as the encoder.
    random_state, device, precision
        Seed, torch device, and ``"float32"``, ``"bfloat16"`` or ``"auto"``.

    Attributes
    ----------
    history_
        Training curves, one value per epoch.
    threshold_, reference_scores_
        The 99 % quantile of the scores of the held-out tail, and at most 20,000 of these scores.
    score_parts_
        The terms of the scores that `decision_function` returned last, float32 (points,), which
        sum to them.
    summary_
        Main results of the fit, by name.
    discriminator_auroc_, discriminator_weight_
        AUC-ROC of 1 - D on held-out windows against generated and perturbed ones, and the weight
        that follows: 1 for an AUC-ROC of 1, 0 for 0.5 and below.
    """

    def __init__(
        self,
        window: int = 30,
        step: int = 10,
        components: int | None = None,
        scaling: Scaling = "standard",
        latent: int = 3,
        hidden: int = 48,
        layers: int = 1,
        discriminator_hidden: int = 48,
        encoder: bool = True,
        perturb: bool = True,
        outside: bool = True,
        reconstruction_weight: float = 0.5,
        epochs: int = 6,
        epoch_windows: int = 10_000,
        batch_size: int = 0,
        learning_rate: float = 2e-3,
        discriminator_learning_rate: float = 1e-3,
        generator_steps: int = 1,
        patience: int = 2,
        inversion_steps: int = 0,
        inversion_rate: float = 0.1,
        tolerance: float = 0.01,
        random_state: int = 0,
        device: str = "cpu",
        precision: str = "auto",
    ) -> None:
        self.window = window
        self.step = step
        self.components = components
        self.scaling = scaling
        self.latent = latent
        self.hidden = hidden
        self.layers = layers
        self.discriminator_hidden = discriminator_hidden
        self.encoder = encoder
        self.perturb = perturb
        self.outside = outside
        self.reconstruction_weight = reconstruction_weight
        self.epochs = epochs
        self.epoch_windows = epoch_windows
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.discriminator_learning_rate = discriminator_learning_rate
        self.generator_steps = generator_steps
        self.patience = patience
        self.inversion_steps = inversion_steps
        self.inversion_rate = inversion_rate
        self.tolerance = tolerance
        self.random_state = random_state
        self.device = device
        self.precision = precision

    def fit(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> MADGANDetector:
        """Train on X; its last tenth is held out for early stopping and the threshold.

        Parameters
        ----------
        X
            A series (rows, channels), or image sequences (sequences, frames, height, width),
            where a frame is a row and no window spans two sequences.
        segments
            First rows of the segments of a series, 0 first; no window spans two segments.

        Raises
        ------
        ValueError
            X has another shape, is not finite or has no segment as long as a window, or a
            parameter is invalid.
        TrainingDiverged
            A loss became NaN or infinite.
        """
        check_parameters(vars(self))
        self.networks_, self.state_ = fit_networks(X, segments, vars(self))
        return self

    def decision_function(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> np.ndarray:
        """Return a score for each row or frame of X, (rows,) or (sequences, frames).

        The score of a row depends only on the windows that contain it. A segment of fewer rows
        than a window is padded by repeating its first row. Takes ``segments`` as `fit` does.
        """
        parts = self.score_components(X, segments)
        self.score_parts_ = parts.terms(
            self.reconstruction_weight, self.discriminator_weight_, self.state_["units"]
        )
        return self.combine(parts)

    def score_components(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> ScoreComponents:
        """Return the components of the score of each row or frame of X, in the shape of scores.

        Raises
        ------
        ValueError
            X has another number of axes or channels than in `fit`, or a parameter is invalid.
        RuntimeError
            The detector is not fitted.
        """
        check_parameters(vars(self))
        self._check_fitted()
        rows, state = Rows.from_input(X, segments), self.state_
        if np.ndim(X) != state["axes"] or rows.values.shape[1] != state["channels"]:
            raise ValueError(
                f"an input of shape {np.shape(X)} does not go with a training part of "
                f"{state['channels']} channels and {state['axes']} axes"
            )
        return self._fitted().score_components(rows)

    def combine(
        self, parts: ScoreComponents, reconstruction_weight: float | None = None
    ) -> np.ndarray:
        """Return the scores for another ``reconstruction_weight``, or the detector's own."""
        if reconstruction_weight is None:
            reconstruction_weight = self.reconstruction_weight
        return parts.combine(
            reconstruction_weight, self.discriminator_weight_, self.state_["units"]
        )

    def diagnostics(self, folder: Path) -> None:
        """Draw generated beside held-out windows or frames into ``folder``, which exists."""
        from benchkit_detectors.madgan.diagnostics import draw

        model, real = self._fitted(), self.state_["examples"]
        fake = model.generate(len(real), real.shape[1], self.random_state)
        draw(real, fake, model.reduction, self.state_["frame"], Path(folder))

    history_ = learned("history")
    threshold_ = learned("threshold")
    discriminator_auroc_ = learned("discriminator_auroc")

    @property
    def discriminator_weight_(self) -> float:
        """The weight of 1 - D: 1 for an AUC-ROC of 1, 0 for 0.5 and below."""
        return discriminator_weight(self.discriminator_auroc_)

    @property
    def reference_scores_(self) -> dict[str, np.ndarray]:
        """The scores that `threshold_` is estimated from."""
        kind = "held-out frames" if self.state_["frame"] else "held-out rows"
        return {kind: self.state_["references"]}

    @property
    def summary_(self) -> dict[str, str | float]:
        """Main results of the fit, by name."""
        return summarise(self.state_, vars(self))

    def _build(self, state: dict[str, Any]) -> nn.ModuleDict:
        return build_networks(state["reduction"]["axes_"].shape[1], vars(self))

    def _fitted(self) -> FittedMADGAN:
        return FittedMADGAN.from_state(self.networks_, self.state_, vars(self))
