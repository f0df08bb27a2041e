"""The parameters of MC-GAN, looked at before anything is trained; imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchkit_detectors.mcgan.detector import MCGANDetector

SCORES = ("density", "discriminator")
COUNTS = (
    "draws",
    "references",
    "neighbours",
    "window",
    "step",
    "latent",
    "epochs",
    "batch_size",
)
DESCRIBED: dict[str, Any] = {
    "score": "discriminator",
    "correct": False,
    "coverage": 0.0,
    "slope": None,
    "latent": 100,
    "generator": [128, 256, 512],
    "discriminator": [512, 256, 128],
    "learning_rate": 2e-4,
    "batch_size": 128,
    "epochs": 40,
    "patience": None,
}
"""The preset ``@described``; 40 epochs are about the 1,000 batches of the notebook for a digit."""


def check_parameters(detector: MCGANDetector) -> None:
    """Raise ValueError for the first parameter that cannot be worked with."""
    for name in COUNTS:
        value = getattr(detector, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} must be a whole number, 1 or more, got {value!r}")
    for name in ("generator", "discriminator"):
        widths = getattr(detector, name)
        if not all(isinstance(w, int) and w >= 1 for w in widths):
            raise ValueError(f"{name} must be whole numbers, units of each layer, got {widths!r}")
    check_alpha(detector.alpha)
    if not 0 < detector.held_out < 1:
        raise ValueError(f"held_out must be between 0 and 1, got {detector.held_out}")
    for name in ("learning_rate", "slope"):
        value = getattr(detector, name)
        if value is not None and not value > 0:
            raise ValueError(f"{name} must be above 0, got {value}")
    if not detector.coverage >= 0:
        raise ValueError(f"coverage must be 0 or more, got {detector.coverage}")
    if detector.patience is not None and detector.patience < 1:
        raise ValueError(f"patience must be 1 or more, or None, got {detector.patience}")
    if detector.step > detector.window:
        raise ValueError(
            f"step must be at most window, or rows go unscored: got {detector.step} > "
            f"{detector.window}"
        )
    if detector.score not in SCORES:
        raise ValueError(f"score must be one of {', '.join(SCORES)}, got {detector.score!r}")


def check_alpha(alpha: float) -> None:
    """Raise ValueError where ``alpha`` is no rate."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be between 0 and 1, got {alpha}: 0.05 is one alarm in 20")
