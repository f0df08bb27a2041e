"""What is worth knowing of a fitted detector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchkit_detectors.madgan_cnn.evidence import RECONSTRUCTION

if TYPE_CHECKING:
    from benchkit_detectors.madgan_cnn.detector import MADGANCNNDetector


def summarise(detector: MADGANCNNDetector) -> dict[str, str | float]:
    """Return it, a few words a name."""
    held_out = detector.state_["held_out"][RECONSTRUCTION].numel()
    paper = detector.model == "paper"
    measure = "MMD" if paper else "sum of held-out measures"
    looks = detector.history_["mmd" if paper else "held_out"]
    if detector.weight is None:
        why = "learned from held-out sequences"
    elif detector.weight_ == detector.weight:
        why = "as asked for"
    else:
        why = "since the discriminator is worth nothing"
    return {
        "threshold": detector.threshold_,
        "threshold comes from": f"the tail of {held_out:,} held-out frames' scores; "
        f"{detector.false_alarms:.2%} of normal frames should be above",
        "training": f"kept is look {np.argmin(looks) + 1} of {len(looks)} at held-out sequences, "
        f"with the least {measure}, {min(looks):.3g}",
        "weight of reconstruction (λ)": f"{detector.weight_:.3g}, {why}",
        "worth, 0 to 1": ", ".join(f"{name} {n:.2f}" for name, n in detector.worth_.items()),
    }
