"""MC-GAN as a detector: parameters, fit, and decision function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.persistence import Persistent, learned
from benchkit_detectors.gan.scores import subsample
from benchkit_detectors.gan.training import seeded
from benchkit_detectors.mcgan.calibration import (
    estimate_threshold,
    score_references,
    threshold_calibration,
)
from benchkit_detectors.mcgan.items import check_modality, item_shape, split_items
from benchkit_detectors.mcgan.model import FittedMCGAN
from benchkit_detectors.mcgan.networks import build_networks
from benchkit_detectors.mcgan.parameters import check_false_alarm_rate, check_parameters
from benchkit_detectors.mcgan.simulation import draw
from benchkit_detectors.mcgan.summary import summarise
from benchkit_detectors.mcgan.threshold import ThresholdEstimate
from benchkit_detectors.mcgan.training import MCGANTrainingConfig, train
from benchkit_detectors.mcgan.views import fit_view


class MCGANDetector(Persistent):
    """Distance to the Monte-Carlo draws of a GAN that was trained on normal items.

    Items are the frames of image sequences, or the windows of a series (its rows, where a window
    is one row). The score of an item is its mean distance to the nearest of the generator's
    draws, and the threshold is a quantile of the scores of further draws, corrected by normal
    items that were held out. After the MC-GAN notebook; the preset ``described`` has its score,
    the discriminator's, and the page of this detector says what was corrected.

    Parameters
    ----------
    false_alarm_rate
        Nominal false-alarm rate of ``threshold_``, between 0 and 1.
    draws, references, neighbours
        Draws that the threshold is estimated from; further draws that items are compared with;
        and the number of nearest references that a score is the mean distance to.
    score
        ``"density"``, the distance to the draws, or ``"discriminator"``, 1 - D.
    correct
        Whether held-out items correct the quantile of the draws; if not, ``threshold_`` is
        ``raw_threshold_``.
    window, step
        For series: rows of a window, and rows from one window to the next. The score of a row is
        the mean over the windows that contain it.
    validation_fraction
        Fraction of the training part, from its end, that is held out for early stopping and the
        threshold.
    latent, generator, discriminator
        Size of the noise vector, and hidden units of both networks.
    epochs, batch_size, learning_rate
        Maximum number of epochs of up to 4,096 items, items per step, and Adam's learning rate.
    coverage
        Weight of the coverage loss, which keeps a draw near every training item; 0 for a plain
        GAN.
    slope
        Bound on the singular values of the discriminator's layers; None for none.
    patience
        Epochs without improvement on held-out items after which training stops; None for never.
    random_state, device, precision
        Seed, torch device, and ``"auto"``, ``"float32"`` or ``"bfloat16"``.

    Attributes
    ----------
    threshold_, threshold_interval_
        The threshold for ``false_alarm_rate``, and its 95 % interval (low, high).
    raw_threshold_
        The quantile of the draws alone.
    held_out_false_alarm_rate_
        False-alarm rate of held-out items, cross-validated; NaN for fewer than two.
    draw_scores_, draw_weights_, held_out_scores_
        What the threshold is estimated from, (draws,), (draws,) and (held-out items,).
    reference_scores_
        The same by name, at most 20,000 of each; the held-out ones where they ``correct``.
    summary_
        Threshold, scores of the draws, their weights and MMD, and an ``interpretation``.
    history_
        Training curves, one value per epoch.
    """

    modalities = ("series", "image-sequence")

    def __init__(
        self,
        false_alarm_rate: float = 0.05,
        draws: int = 10_000,
        references: int = 5_000,
        neighbours: int = 5,
        score: Literal["density", "discriminator"] = "density",
        correct: bool = True,
        window: int = 1,
        step: int = 1,
        validation_fraction: float = 0.3,
        latent: int = 16,
        generator: Sequence[int] = (256, 256),
        discriminator: Sequence[int] = (256, 128),
        epochs: int = 25,
        batch_size: int = 64,
        learning_rate: float = 1e-3,
        coverage: float = 0.025,
        slope: float | None = 3.0,
        patience: int | None = 6,
        random_state: int = 0,
        device: str = "cpu",
        precision: Literal["auto", "float32", "bfloat16"] = "auto",
    ) -> None:
        self.false_alarm_rate = false_alarm_rate
        self.draws = draws
        self.references = references
        self.neighbours = neighbours
        self.score = score
        self.correct = correct
        self.window = window
        self.step = step
        self.validation_fraction = validation_fraction
        self.latent = latent
        self.generator = generator
        self.discriminator = discriminator
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.coverage = coverage
        self.slope = slope
        self.patience = patience
        self.random_state = random_state
        self.device = device
        self.precision = precision

    def fit(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> MCGANDetector:
        """Fit on X, (rows, channels) or (sequences, frames, height, width).

        ``segments`` are the first rows of the segments of a series, 0 first; no window spans two
        segments.

        Raises
        ------
        ValueError
            A parameter or X is invalid; the message says what and where.
        TrainingDiverged
            A loss became NaN or infinite.
        """
        check_parameters(vars(self))
        X = check_modality(X)
        compute = Compute(self.device, self.precision)
        rng = torch.Generator().manual_seed(self.random_state)
        split = split_items(X, segments, self.window, self.validation_fraction)
        view = fit_view(split.train, split.size, frames=X.ndim == 4)
        items, held_out = view.scale(split.train), view.scale(split.held_out)
        state = {"item": item_shape(X), "values": items.shape[1], "view": view.state()}
        with seeded(self.random_state):
            networks = self._build(state).to(compute.device)
        config = MCGANTrainingConfig.from_params(vars(self))
        state["history"] = train(networks, items, held_out, view, config, compute, rng)
        if self.score == "density":
            draws = draw(networks["generator"], self.references, compute, rng)
            references = torch.cat([view.project(batch) for batch in draws])
            state["references"] = references.cpu().numpy()
        model = FittedMCGAN.from_state(networks, state, vars(self))
        state |= score_references(model, split, held_out, self.draws, rng)
        state |= estimate_threshold(state, self.false_alarm_rate, self.correct, self.random_state)
        self.networks_, self.state_ = networks, state
        return self

    def decision_function(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> np.ndarray:
        """Return the score of each row or frame, (rows,) or (sequences, frames).

        Takes ``segments`` as `fit` does.

        Raises
        ------
        ValueError
            X is invalid, or its items have another shape than in `fit`.
        RuntimeError
            The detector is not fitted.
        """
        model = self._fitted()
        X = check_modality(X)
        if item_shape(X) != self.state_["item"]:
            raise ValueError(
                f"the detector was fitted on items of shape {self.state_['item']} "
                f"and cannot score items of shape {item_shape(X)}"
            )
        return model.score_points(X, segments)

    def threshold_at(self, false_alarm_rate: float) -> ThresholdEstimate:
        """Return the threshold for another nominal false-alarm rate, with its interval.

        Raises
        ------
        ValueError
            ``false_alarm_rate`` is not between 0 and 1.
        """
        check_false_alarm_rate(false_alarm_rate)
        rng = np.random.default_rng(self.random_state)
        return threshold_calibration(self.state_, self.correct).quantile(false_alarm_rate, rng)

    def sample(self, count: int, seed: int = 0) -> np.ndarray:
        """Return draws of the generator, float32 (count, values), scaled to [-1, 1]."""
        return self._fitted().sample(count, seed)

    def diagnostics(self, folder: Path) -> None:
        """Draw generated beside held-out items into ``folder``, which exists."""
        from benchkit_detectors.mcgan.diagnostics import draw_items

        real = self.state_["examples"]
        fake = self.sample(len(real), seed=self.random_state)
        draw_items(real, fake, self.state_["item"], Path(folder))

    threshold_ = learned("threshold")
    threshold_interval_ = learned("threshold_interval")
    raw_threshold_ = learned("raw_threshold")
    held_out_false_alarm_rate_ = learned("held_out_false_alarm_rate")
    draw_scores_ = learned("draw_scores")
    draw_weights_ = learned("draw_weights")
    held_out_scores_ = learned("held_out_scores")
    history_ = learned("history")

    @property
    def reference_scores_(self) -> dict[str, np.ndarray]:
        """The scores that `threshold_` is estimated from, by name."""
        scores = {"Monte-Carlo draws": subsample(self.draw_scores_)}
        if self.correct:
            kind = "held-out frames" if len(self.state_["item"]) == 2 else "held-out rows"
            scores[kind] = subsample(self.held_out_scores_)
        return scores

    @property
    def summary_(self) -> dict[str, str | float]:
        """Threshold, draws and interpretation, by name."""
        return summarise(self.state_, self.false_alarm_rate, self.correct)

    def _build(self, state: dict[str, Any]) -> nn.ModuleDict:
        return build_networks(self.latent, self.generator, self.discriminator, state["values"])

    def _fitted(self) -> FittedMCGAN:
        self._check_fitted()
        return FittedMCGAN.from_state(self.networks_, self.state_, vars(self))
