"""Summary of a fitted MAD-GAN for image sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchkit_detectors.madgan_cnn.scoring import RECONSTRUCTION


def summarise(state: dict[str, Any], params: dict[str, Any]) -> dict[str, str | float]:
    """Return the main results of a fit by name.

    Parameters
    ----------
    state
        What the detector learned.
    params
        The parameters of the detector, by name.
    """
    frames = state["held_out"][RECONSTRUCTION].numel()
    paper = params["model"] == "paper"
    criterion = "MMD" if paper else "sum of held-out metrics"
    values = state["history"]["mmd" if paper else "held_out_total"]
    weight, requested = state["reconstruction_weight"], params["reconstruction_weight"]
    if requested is None:
        source = "learned from held-out sequences"
    elif weight == requested:
        source = "as requested"
    else:
        source = "since no discriminator is reliable"
    reliability = state["calibration"]["reliability"].items()
    return {
        "threshold": state["threshold"],
        "threshold comes from": f"the tail of the scores of {frames:,} held-out frames; "
        f"nominal false-alarm rate {params['false_alarm_rate']:.2%}",
        "training": f"evaluation {np.argmin(values) + 1} of {len(values)} on held-out sequences, "
        f"with the least {criterion}, {min(values):.3g}, is kept",
        "weight of reconstruction (λ)": f"{weight:.3g}, {source}",
        "reliability, 0 to 1": ", ".join(f"{name} {value:.2f}" for name, value in reliability),
    }
