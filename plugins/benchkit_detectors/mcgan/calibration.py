"""Thresholds of a fitted model: from draws and held-out normal items."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.mcgan.items import MAX_HELD_OUT_ITEMS, TrainSplit
from benchkit_detectors.mcgan.model import FittedMCGAN
from benchkit_detectors.mcgan.simulation import simulate
from benchkit_detectors.mcgan.threshold import ThresholdCalibration, weighted_quantile

MMD_ITEMS = 500
"""Maximum number of held-out items, and of draws, that the MMD is computed from."""
EXAMPLE_FRAMES, EXAMPLE_WINDOWS, EXAMPLE_ROWS = 24, 4, 300
"""Numbers of held-out items that are kept for figures."""


def score_references(
    model: FittedMCGAN, split: TrainSplit, held_out: np.ndarray, draws: int, rng: torch.Generator
) -> dict[str, Any]:
    """Score draws and held-out items; return these scores, and how alike the two samples are.

    Parameters
    ----------
    model
        The fitted model.
    split, held_out
        The training part, and the held-out items of it, scaled, (items, values).
    draws
        Number of draws.
    rng
        Source of random numbers.
    """
    simulation = simulate(model.networks, draws, model.score, held_out, model.compute, rng)
    # The score of a row is a mean over its windows, which a single draw does not have. Held-out
    # scores are therefore those of rows, so that the correction covers that difference, too.
    tail = split.tail
    # (rows,) or (sequences, frames) -> (points,)
    scores = model.score_points(tail, split.segments).reshape(-1)
    stride = -(-len(scores) // MAX_HELD_OUT_ITEMS)
    if tail.ndim == 2:
        stride = max(stride, model.window)
    scores = scores[::stride]
    compared = min(MMD_ITEMS, len(held_out), draws)
    distance = None
    if compared >= 2:
        fake = model.sample(compared, seed=0)
        distance = mmd(torch.from_numpy(held_out[:compared]), torch.from_numpy(fake))
    if tail.ndim == 4:
        examples = EXAMPLE_FRAMES
    else:
        examples = EXAMPLE_WINDOWS if model.window > 1 else EXAMPLE_ROWS
    examples = min(examples, len(held_out))
    return {
        "draw_scores": simulation.scores,
        "draw_weights": simulation.weights,
        "discriminator_auroc": simulation.discriminator_auroc,
        "held_out_scores": scores,
        # Künsch's rule for series; the frames of a sequence are one block.
        "block": tail.shape[1] if tail.ndim == 4 else round(len(scores) ** (1 / 3)),
        "mmd": distance,
        "examples": held_out[np.linspace(0, len(held_out) - 1, examples).astype(np.int64)],
    }


def threshold_calibration(state: dict[str, Any], correct: bool) -> ThresholdCalibration:
    """Return what thresholds are estimated from; without ``correct``, draws of equal weight."""
    draws = state["draw_scores"]
    if not correct:
        return ThresholdCalibration(draws, np.ones(len(draws)), np.empty(0))
    return ThresholdCalibration(
        draws, state["draw_weights"], state["held_out_scores"], state["block"]
    )


def estimate_threshold(
    state: dict[str, Any], false_alarm_rate: float, correct: bool, seed: int
) -> dict[str, Any]:
    """Return the threshold, its interval, the uncorrected one, and the held-out rate by name."""
    calibration = threshold_calibration(state, correct)
    estimate = calibration.quantile(false_alarm_rate, np.random.default_rng(seed))
    draws = state["draw_scores"]
    return {
        "threshold": estimate.value,
        "threshold_interval": (estimate.low, estimate.high),
        "raw_threshold": weighted_quantile(draws, np.ones(len(draws)), false_alarm_rate),
        "held_out_false_alarm_rate": calibration.cross_validated_rate(false_alarm_rate)
        if correct
        else float(np.mean(state["held_out_scores"] > estimate.value)),
    }
