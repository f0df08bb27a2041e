"""Validation of MC-GAN's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def check_parameters(params: Mapping[str, Any]) -> None:
    """Raise ValueError for the first parameter, of those by name, with an invalid value."""
    for name in COUNTS:
        value = params[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} must be a whole number, 1 or more, got {value!r}")
    for name in ("generator", "discriminator"):
        hidden = params[name]
        if not all(isinstance(units, int) and units >= 1 for units in hidden):
            raise ValueError(f"{name} must be whole numbers, units of each layer, got {hidden!r}")
    check_false_alarm_rate(params["false_alarm_rate"])
    if not 0 < params["validation_fraction"] < 1:
        raise ValueError(
            f"validation_fraction must be between 0 and 1, got {params['validation_fraction']}"
        )
    for name in ("learning_rate", "slope"):
        value = params[name]
        if value is not None and not value > 0:
            raise ValueError(f"{name} must be above 0, got {value}")
    if not params["coverage"] >= 0:
        raise ValueError(f"coverage must be 0 or more, got {params['coverage']}")
    if params["patience"] is not None and params["patience"] < 1:
        raise ValueError(f"patience must be 1 or more, or None, got {params['patience']}")
    if params["step"] > params["window"]:
        raise ValueError(
            f"step must be at most window, or rows get no score: got {params['step']} > "
            f"{params['window']}"
        )
    if params["score"] not in SCORES:
        raise ValueError(f"score must be one of {', '.join(SCORES)}, got {params['score']!r}")


def check_false_alarm_rate(rate: float) -> None:
    """Raise ValueError where ``rate`` is not a probability strictly between 0 and 1."""
    if not 0 < rate < 1:
        raise ValueError(
            f"false_alarm_rate must be between 0 and 1, got {rate}: 0.05 is one alarm in 20"
        )
