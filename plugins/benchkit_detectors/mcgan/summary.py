"""What a fitted MC-GAN says about its threshold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchkit_detectors.mcgan.threshold import effective_size

if TYPE_CHECKING:
    from benchkit_detectors.mcgan.detector import MCGANDetector


def summarise(detector: MCGANDetector) -> dict[str, str | float]:
    """Return the numbers of a fitted detector, and what they mean in a sentence or two."""
    scores, facts = detector.draw_scores_, detector.facts_
    low, high = detector.threshold_interval_
    realised = detector.false_alarms_
    held = len(detector.held_out_scores_)
    checked = (
        "nothing could be held out to check it"
        if math.isnan(realised)
        else f"of {held:,} held-out normal items {realised:.2%} are"
    )
    weights = "all the same"
    if detector.correct:
        weights = (
            f"worth {effective_size(detector.draw_weights_):,.0f} equal ones; the discriminator "
            f"prefers a held-out item to a draw in {facts['direction']:.0%} of pairs"
        )
    return {
        "threshold": detector.threshold_,
        "95 % interval of the threshold": f"{low:.4g} to {high:.4g}",
        "mean of draws": float(scores.mean()),
        "min of draws": float(scores.min()),
        "max of draws": float(scores.max()),
        "weights of draws": weights,
        "MMD between draws and held-out items": "too few items"
        if facts["mmd"] is None
        else f"{facts['mmd']:.3g}",
        "interpretation": (
            f"An item that scores above {detector.threshold_:.4g} (95 % interval {low:.4g} to "
            f"{high:.4g}) is called anomalous; {detector.alpha:.2%} of normal items should be, "
            f"and {checked}. The {len(scores):,} draws score {scores.min():.4g} to "
            f"{scores.max():.4g}, {scores.mean():.4g} on average."
        ),
    }
