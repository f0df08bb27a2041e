"""What draws and held-out normal items say, from which thresholds are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.mcgan.items import MOST_HELD_OUT_ITEMS, Parts
from benchkit_detectors.mcgan.scoring import Score
from benchkit_detectors.mcgan.simulation import simulate
from benchkit_detectors.mcgan.threshold import Calibration

if TYPE_CHECKING:
    from benchkit_detectors.mcgan.detector import MCGANDetector

COMPARED_ITEMS = 500
"""Held-out items and draws that the MMD is taken between."""
EXAMPLE_FRAMES, EXAMPLE_WINDOWS, EXAMPLE_ROWS = 24, 4, 300
"""Held-out items that are kept for figures."""


def gather(
    detector: MCGANDetector,
    parts: Parts,
    held_out: np.ndarray,
    score: Score,
    compute: Compute,
    randomness: torch.Generator,
) -> dict[str, Any]:
    """Score, weigh and compare draws and held-out items; return what is worth keeping.

    ``held_out`` are the scaled items of ``parts``, (items, values).
    """
    simulation = simulate(detector.networks_, detector.draws, score, held_out, compute, randomness)
    # Rows have the mean over their windows, which no single draw has. The correction of the
    # threshold takes care of that too if held-out scores are those of rows.
    tail = parts.tail
    # (sequences, frames) -> (items,)
    scores = detector.decision_function(tail, parts.segments).reshape(-1)
    apart = -(-len(scores) // MOST_HELD_OUT_ITEMS)
    if tail.ndim == 2:
        apart = max(apart, detector.window)
    scores = scores[::apart]
    compared = min(COMPARED_ITEMS, len(held_out), detector.draws)
    if tail.ndim == 4:
        shown = EXAMPLE_FRAMES
    else:
        shown = EXAMPLE_WINDOWS if detector.window > 1 else EXAMPLE_ROWS
    shown = min(shown, len(held_out))
    return {
        "draw_scores": simulation.scores,
        "draw_weights": simulation.weights,
        "direction": simulation.direction,
        "held_out_scores": scores,
        # Blocks by Künsch's rule for series; frames stay with their sequence.
        "block": tail.shape[1] if tail.ndim == 4 else round(len(scores) ** (1 / 3)),
        "mmd": None
        if compared < 2
        else mmd(
            torch.from_numpy(held_out[:compared]), torch.from_numpy(detector.sample(compared))
        ),
        "examples": held_out[np.linspace(0, len(held_out) - 1, shown).astype(np.int64)],
    }


def calibration_from(facts: dict[str, Any], correct: bool) -> Calibration:
    """Return what thresholds are made from: the draws, and held-out items if they may correct."""
    draws = facts["draw_scores"]
    if not correct:
        return Calibration(draws, np.ones(len(draws)), np.empty(0))
    return Calibration(draws, facts["draw_weights"], facts["held_out_scores"], facts["block"])
