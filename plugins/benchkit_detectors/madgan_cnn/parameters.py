"""Validation of the parameters of MAD-GAN for image sequences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral
from typing import Any

from benchkit_detectors.madgan_cnn.models import MODELS
from benchkit_detectors.madgan_cnn.similarity import SIMILARITIES

COUNTS = {"latent": 1, "hidden": 1, "channels": 1, "steps": 1, "patience": 1, "shared": 0}
COUNTS["inversion_steps"] = 0
POSITIVE = ("learning_rate", "inversion_rate")
NOT_NEGATIVE = ("adversarial", "tolerance")
FRACTIONS = ("validation_fraction", "false_alarm_rate")


def check_parameters(params: Mapping[str, Any]) -> None:
    """Raise ValueError for the first parameter, of those by name, with an invalid value."""
    for name, choices in (("model", tuple(MODELS)), ("similarity", SIMILARITIES)):
        if (value := params[name]) not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")
    for name, minimum in COUNTS.items():
        value = params[name]
        if not isinstance(value, Integral) or isinstance(value, bool) or value < minimum:
            raise ValueError(f"{name} must be a whole number, {minimum} or more, got {value!r}")
    size = params["size"]
    if size is not None and (not isinstance(size, Integral) or size < 1):
        raise ValueError(f"size must be None or a whole number above 0, got {size!r}")
    for name in (*POSITIVE, *NOT_NEGATIVE, *FRACTIONS):
        value = params[name]
        invalid = not isinstance(value, int | float) or not math.isfinite(value) or value < 0
        if (
            invalid
            or (value == 0 and name not in NOT_NEGATIVE)
            or (name in FRACTIONS and value >= 1)
        ):
            bounds = "above 0" if name not in NOT_NEGATIVE else "0 or more"
            bounds += " and below 1" if name in FRACTIONS else ""
            raise ValueError(f"{name} must be a number {bounds}, got {value!r}")
    weight = params["reconstruction_weight"]
    if weight is not None and not (isinstance(weight, int | float) and 0 <= weight <= 1):
        raise ValueError(
            f"reconstruction_weight must be None or a number from 0 to 1, got {weight!r}"
        )
