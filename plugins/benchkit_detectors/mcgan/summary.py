"""Summary of a fitted MC-GAN and its threshold."""

from __future__ import annotations

import math
from typing import Any

from benchkit_detectors.mcgan.threshold import effective_size


def summarise(
    state: dict[str, Any], false_alarm_rate: float, correct: bool
) -> dict[str, str | float]:
    """Return the main numbers of a fitted detector and their interpretation, by name.

    Parameters
    ----------
    state
        What the detector learned.
    false_alarm_rate, correct
        The nominal rate, and whether held-out items correct the threshold.
    """
    scores, threshold = state["draw_scores"], state["threshold"]
    low, high = state["threshold_interval"]
    realised, held_out = state["held_out_false_alarm_rate"], len(state["held_out_scores"])
    observed = (
        "there are too few held-out items to check it"
        if math.isnan(realised)
        else f"of {held_out:,} held-out normal items {realised:.2%} are"
    )
    weights = "equal"
    if correct:
        weights = (
            f"effective sample size {effective_size(state['draw_weights']):,.0f}; the "
            "discriminator prefers a held-out item to a draw in "
            f"{state['discriminator_auroc']:.0%} of pairs"
        )
    return {
        "threshold": threshold,
        "95 % interval of the threshold": f"{low:.4g} to {high:.4g}",
        "mean of draws": float(scores.mean()),
        "min of draws": float(scores.min()),
        "max of draws": float(scores.max()),
        "weights of draws": weights,
        "MMD between draws and held-out items": "too few items"
        if state["mmd"] is None
        else f"{state['mmd']:.3g}",
        "interpretation": (
            f"An item that scores above {threshold:.4g} (95 % interval {low:.4g} to "
            f"{high:.4g}) is called anomalous; {false_alarm_rate:.2%} of normal items should be, "
            f"and {observed}. The {len(scores):,} draws score {scores.min():.4g} to "
            f"{scores.max():.4g}, {scores.mean():.4g} on average."
        ),
    }
