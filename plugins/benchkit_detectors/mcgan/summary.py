"""What a fitted MC-GAN says about its threshold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from benchkit_detectors.mcgan.threshold import effective_size

if TYPE_CHECKING:
    from benchkit_detectors.mcgan.detector import MCGANDetector


def summarise(detector: MCGANDetector) -> dict[str, Any]:
    """Return the numbers of a fitted detector, and a sentence that says what they mean."""
    scores, facts = detector.draw_scores_, detector.facts_
    low, high = detector.threshold_interval_
    realised = detector.false_alarms_
    held = len(detector.held_out_scores_)
    checked = (
        "nothing could be held out to check it"
        if math.isnan(realised)
        else f"of {held:,} held-out normal items {realised:.2%} are"
    )
    return {
        "threshold": detector.threshold_,
        "interval": (low, high),
        "raw_threshold": detector.raw_threshold_,
        "mean": float(scores.mean()),
        "min": float(scores.min()),
        "max": float(scores.max()),
        "direction": facts["direction"],
        "effective_draws": effective_size(detector.draw_weights_),
        "mmd": facts["mmd"],
        "false_alarms": realised,
        "interpretation": (
            f"An item that scores above {detector.threshold_:.4g} (95 % interval {low:.4g} to "
            f"{high:.4g}) is called anomalous; {detector.alpha:.2%} of normal items should be, "
            f"and {checked}. The {len(scores):,} draws score {scores.min():.4g} to "
            f"{scores.max():.4g}, {scores.mean():.4g} on average."
        ),
    }
