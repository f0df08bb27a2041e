"""MC-GAN as benchkit runs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.gan.persistence import Persistent
from benchkit_detectors.gan.training import seeded
from benchkit_detectors.gan.validation import check_input
from benchkit_detectors.mcgan.items import MOST_HELD_OUT_ITEMS, Parts, as_items, divide
from benchkit_detectors.mcgan.networks import Discriminator, Generator
from benchkit_detectors.mcgan.parameters import check_alpha, check_parameters
from benchkit_detectors.mcgan.scoring import (
    DensityScore,
    DiscriminatorScore,
    Score,
    score_items,
)
from benchkit_detectors.mcgan.simulation import draw, simulate
from benchkit_detectors.mcgan.summary import summarise
from benchkit_detectors.mcgan.threshold import Calibration, Quantile, weighted_quantile
from benchkit_detectors.mcgan.training import Plan, train
from benchkit_detectors.mcgan.views import fit_view, view_from

COMPARED_ITEMS = 500
"""Held-out items and draws that the MMD is taken between."""


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
    summary_
        ``threshold``, ``mean``, ``min`` and ``max`` of the draws' scores, ``direction`` and
        ``effective_draws`` of their weights, ``mmd`` between draws and held-out items, and an
        ``interpretation`` in a sentence.
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
        X = self._check(X)
        compute = Compute(self.device, self.precision)
        randomness = torch.Generator().manual_seed(self.random_state)
        parts = divide(X, segments, self.window, self.held_out)
        view = fit_view(parts.fitting, parts.size, frames=X.ndim == 4)
        fitting, held_out = view.scale(parts.fitting), view.scale(parts.held_out)
        facts = {"item": _item(X), "values": fitting.shape[1], "view": view.facts()}
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
        self._simulate(parts, held_out, compute, randomness)
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
        X = self._check(X)
        if _item(X) != self.facts_["item"]:
            raise ValueError(
                f"the detector was fitted on items of shape {self.facts_['item']} "
                f"and cannot score items of shape {_item(X)}"
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
        return self._calibration().quantile(alpha, rng)

    def diagnostics(self, folder: Path) -> None:
        """Write ``mcgan-scores.png`` and ``mcgan-draws.png`` into ``folder``, which exists."""
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

    def _check(self, X: np.ndarray) -> np.ndarray:
        X = np.asarray(X)
        if X.ndim not in (2, 4):
            raise ValueError(
                f"the input has {X.ndim} axes: a series has 2 (rows, channels), "
                "image sequences have 4 (sequences, frames, height, width)"
            )
        return check_input(X, X.ndim)

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

    def _simulate(
        self, parts: Parts, held_out: np.ndarray, compute: Compute, randomness: torch.Generator
    ) -> None:
        """Score, weigh and compare draws and held-out items, and keep that in ``facts_``."""
        simulation = simulate(
            self.networks_, self.draws, self._score(compute), held_out, compute, randomness
        )
        # Rows have the mean over their windows, which no single draw has. The correction of the
        # threshold takes care of that too if held-out scores are those of rows.
        tail = parts.tail
        # (sequences, frames) -> (items,)
        scores = self.decision_function(tail, parts.segments).reshape(-1)
        apart = -(-len(scores) // MOST_HELD_OUT_ITEMS)
        if tail.ndim == 2:
            apart = max(apart, self.window)
        scores = scores[::apart]
        compared = min(COMPARED_ITEMS, len(held_out), self.draws)
        self.facts_ |= {
            "draw_scores": simulation.scores,
            "draw_weights": simulation.weights,
            "direction": simulation.direction,
            "held_out_scores": scores,
            # Blocks by Künsch's rule for series; frames stay with their sequence.
            "block": tail.shape[1] if tail.ndim == 4 else round(len(scores) ** (1 / 3)),
            "mmd": None
            if compared < 2
            else mmd(
                torch.from_numpy(held_out[:compared]), torch.from_numpy(self.sample(compared))
            ),
        }

    def _calibration(self) -> Calibration:
        facts = self.facts_
        draws = facts["draw_scores"]
        if not self.correct:
            return Calibration(draws, np.ones(len(draws)), np.empty(0))
        return Calibration(draws, facts["draw_weights"], facts["held_out_scores"], facts["block"])

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
            self._calibration().checked_rate(self.alpha)
            if self.correct
            else float(np.mean(self.held_out_scores_ > self.threshold_))
        )
        self.summary_ = summarise(self)


def _item(X: np.ndarray) -> tuple[int, ...]:
    """Return what all items must have alike: (channels,) or (height, width)."""
    return tuple(int(n) for n in (X.shape[2:] if X.ndim == 4 else X.shape[1:]))
