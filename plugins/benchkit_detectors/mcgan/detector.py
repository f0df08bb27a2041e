"""MC-GAN as benchkit runs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.persistence import Persistent
from benchkit_detectors.gan.references import thin
from benchkit_detectors.gan.training import seeded
from benchkit_detectors.mcgan.evidence import calibration_from, gather
from benchkit_detectors.mcgan.items import as_items, check, divide, item_shape
from benchkit_detectors.mcgan.networks import Discriminator, Generator
from benchkit_detectors.mcgan.parameters import check_alpha, check_parameters
from benchkit_detectors.mcgan.scoring import (
    DensityScore,
    DiscriminatorScore,
    Score,
    score_items,
)
from benchkit_detectors.mcgan.simulation import draw
from benchkit_detectors.mcgan.summary import summarise
from benchkit_detectors.mcgan.threshold import Quantile, weighted_quantile
from benchkit_detectors.mcgan.training import Plan, train
from benchkit_detectors.mcgan.views import fit_view, view_from


class MCGANDetector(Persistent):
    """A GAN simulates normal items; what is far from its Monte-Carlo draws is anomalous.

    Items are the frames of image sequences, or the windows of a series (its rows, where a window
    is one row). The score of an item is its mean distance to the nearest of the generator's
    draws, and the threshold is a quantile of the scores of further draws, corrected by normal
    items that the detector kept from its training part. After the MC-GAN notebook, in which the
    score is the discriminator's alone; the preset ``described`` is that, with these mistakes of
    its code repaired:

    - The discriminator learns. It was frozen before it was compiled, and its loss went up.
    - The threshold comes from draws. It was a percentile of the scores of the test set itself,
      so that the share of alarms was fixed beforehand.
    - What looks less real than the threshold is the anomaly, and a share alpha of normal items
      does. There 95 % of all did.
    - Data are scaled to [-1, 1], the range of the generator. They were in [0, 1].

    Parameters
    ----------
    alpha
        False-alarm rate that ``threshold_`` is for, between 0 and 1.
    draws
        Monte-Carlo draws that the threshold is taken from.
    references
        Other draws that items are compared with.
    neighbours
        How many of the nearest references count.
    score
        ``"density"``, the distance to the draws, or ``"discriminator"``, 1 - D.
    correct
        Correct the quantile of the draws by the held-out items; if not, ``threshold_`` is
        ``raw_threshold_``.
    window, step
        Series: rows a window, and rows from one window to the next. The score of a row is the
        mean over the windows that cover it.
    held_out
        Share of the training part, its tail, that only early stopping and the threshold see.
    latent, generator, discriminator
        Numbers of noise, and hidden units of both networks.
    epochs, batch_size, learning_rate
        Most epochs of up to 4,096 items, items a step, and Adam's rate.
    coverage
        Weight of the loss that keeps a draw near every training item, 0 for a plain GAN.
    slope
        Bound on the singular values of the discriminator's layers; None for none.
    patience
        Epochs without draws nearer to held-out items that end training; None to train for all.
    random_state, device, precision
        Seed, torch device, and ``"auto"``, ``"float32"`` or ``"bfloat16"``.

    Attributes
    ----------
    threshold_, threshold_interval_
        The threshold for ``alpha`` and its 95 % interval (low, high), which has the error of
        the simulation and that of the held-out items.
    raw_threshold_
        The quantile of the draws as they come.
    false_alarms_
        Share of held-out items above thresholds made without them, NaN for fewer than two.
    draw_scores_, draw_weights_, held_out_scores_
        What the threshold was made from, (draws,), (draws,) and (held-out items,).
    reference_scores_
        The same by name, at most 20,000 of each; the held-out ones where they ``correct``.
    summary_
        The threshold; mean, least and greatest of the draws' scores; what their weights are
        worth; how far draws are from held-out items; and an ``interpretation``.
    history_
        Curves, a value an epoch: both losses, the coverage loss, and the mean distance of
        held-out items to their nearest draw.
    """

    modalities = ("series", "image-sequence")

    def __init__(
        self,
        alpha: float = 0.05,
        draws: int = 10_000,
        references: int = 5_000,
        neighbours: int = 5,
        score: Literal["density", "discriminator"] = "density",
        correct: bool = True,
        window: int = 1,
        step: int = 1,
        held_out: float = 0.3,
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
        self.alpha = alpha
        self.draws = draws
        self.references = references
        self.neighbours = neighbours
        self.score = score
        self.correct = correct
        self.window = window
        self.step = step
        self.held_out = held_out
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

        ``segments`` are the rows at which a new stretch of a series begins, 0 first; no window
        reaches into another stretch.

        Raises
        ------
        ValueError
            A parameter or X cannot be worked with; the message says what and where.
        TrainingDiverged
            A loss became NaN or infinite.
        """
        check_parameters(self)
        X = check(X)
        compute = Compute(self.device, self.precision)
        randomness = torch.Generator().manual_seed(self.random_state)
        parts = divide(X, segments, self.window, self.held_out)
        view = fit_view(parts.fitting, parts.size, frames=X.ndim == 4)
        fitting, held_out = view.scale(parts.fitting), view.scale(parts.held_out)
        facts = {"item": item_shape(X), "values": fitting.shape[1], "view": view.facts()}
        with seeded(self.random_state):
            networks = self._build(facts).to(compute.device)
        facts["history"] = train(
            networks, fitting, held_out, view, self._plan(), compute, randomness
        )
        if self.score == "density":
            references = draw(networks["generator"], self.references, compute, randomness)
            seen = torch.cat([view.project(part) for part in references])
            facts["references"] = seen.cpu().numpy()
        self.networks_, self.facts_ = networks, facts
        score = self._score(compute)
        facts |= gather(self, parts, held_out, score, compute, randomness)
        self._publish()
        return self

    def decision_function(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> np.ndarray:
        """Return the score of each row or frame, (rows,) or (sequences, frames).

        Takes ``segments`` as `fit` does.

        Raises
        ------
        ValueError
            X cannot be worked with, or is not of the kind that was fitted on.
        RuntimeError
            The detector is not fitted.
        """
        if not hasattr(self, "networks_"):
            raise RuntimeError("this MCGANDetector is not fitted: call fit(X) first")
        X = check(X)
        if item_shape(X) != self.facts_["item"]:
            raise ValueError(
                f"the detector was fitted on items of shape {self.facts_['item']} "
                f"and cannot score items of shape {item_shape(X)}"
            )
        compute = Compute(self.device, self.precision)
        view = view_from(self.facts_["view"])
        items = as_items(X, self.window, self.step, segments)
        return items.spread(score_items(items, self._score(compute), view, compute))

    def threshold_at(self, alpha: float) -> Quantile:
        """Return the threshold for another false-alarm rate, with its interval.

        Raises
        ------
        ValueError
            ``alpha`` is not between 0 and 1.
        """
        check_alpha(alpha)
        rng = np.random.default_rng(self.random_state)
        return calibration_from(self.facts_, self.correct).quantile(alpha, rng)

    def diagnostics(self, folder: Path) -> None:
        """Draw the generator's draws beside held-out items into ``folder``, which exists."""
        from benchkit_detectors.mcgan.diagnostics import write_figures

        write_figures(self, Path(folder))

    def sample(self, count: int, seed: int = 0) -> np.ndarray:
        """Return draws of the generator, float32 (count, values), scaled to [-1, 1]."""
        compute = Compute(self.device, self.precision)
        made = self.networks_.to(compute.device)["generator"]
        randomness = torch.Generator().manual_seed(seed)
        return torch.cat(list(draw(made, count, compute, randomness))).cpu().numpy()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what another detector with the same parameters learned."""
        super().load_state_dict(state)
        self._publish()

    def _plan(self) -> Plan:
        return Plan(
            self.epochs,
            self.batch_size,
            self.learning_rate,
            self.coverage,
            self.slope,
            self.patience,
        )

    def _build(self, facts: dict[str, Any]) -> nn.ModuleDict:
        return nn.ModuleDict(
            {
                "generator": Generator(self.latent, self.generator, facts["values"]),
                "discriminator": Discriminator(facts["values"], self.discriminator),
            }
        )

    def _score(self, compute: Compute) -> Score:
        if self.score == "discriminator":
            judged = self.networks_.to(compute.device)["discriminator"]
            return DiscriminatorScore(judged, compute)
        references = compute.tensor(self.facts_["references"])
        return DensityScore(references, self.neighbours, view_from(self.facts_["view"]), compute)

    def _publish(self) -> None:
        """Set the attributes that follow from ``facts_``."""
        facts = self.facts_
        self.history_ = facts["history"]
        self.draw_scores_ = facts["draw_scores"]
        self.draw_weights_ = facts["draw_weights"]
        self.held_out_scores_ = facts["held_out_scores"]
        found = self.threshold_at(self.alpha)
        self.threshold_, self.threshold_interval_ = found.value, (found.low, found.high)
        once = np.ones(len(self.draw_scores_))
        self.raw_threshold_ = weighted_quantile(self.draw_scores_, once, self.alpha)
        self.false_alarms_ = (
            calibration_from(facts, self.correct).checked_rate(self.alpha)
            if self.correct
            else float(np.mean(self.held_out_scores_ > self.threshold_))
        )
        self.reference_scores_ = {"Monte-Carlo draws": thin(self.draw_scores_)}
        if self.correct:
            kind = "held-out frames" if len(facts["item"]) == 2 else "held-out rows"
            self.reference_scores_[kind] = thin(self.held_out_scores_)
        self.summary_ = summarise(self)
