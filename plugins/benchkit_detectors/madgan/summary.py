"""What is worth knowing of a MAD-GAN once it is fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchkit_detectors.madgan.detector import MADGANDetector


def summarise(detector: MADGANDetector) -> dict[str, str | float]:
    """Return it in a few words a name."""
    facts, curves = detector.state_, detector.history_
    channels, components = facts["reduction"]["axes_"].shape
    judge = "held-out residual" if detector.encoder else "mmd"
    found = (
        f"its weight is {detector.trust_:.3g}"
        if detector.trust_
        else "it points the wrong way and does not count"
    )
    return {
        "threshold": detector.threshold_,
        "threshold comes from": f"the 99 % quantile of {facts['tail']:,} held-out scores",
        "epochs": f"{len(curves[judge])} of at most {detector.epochs}; kept is the one with "
        f"the least {judge.replace('mmd', 'MMD')}, {min(curves[judge]):.3g}",
        "components": f"{components} of {channels}" if components < channels else "all channels",
        "weight of reconstruction (lam)": float(detector.lam),
        "discriminator": f"AUC-ROC {detector.separation_:.3g} on held-out windows against made "
        f"ones, so {found}",
    }
