"""Whether a detector's parameters make sense."""

from __future__ import annotations

import math
from numbers import Integral
from typing import Any

from benchkit_detectors.madgan_cnn.models import MODELS
from benchkit_detectors.madgan_cnn.similarity import SIMILARITIES

WHOLE = {"latent": 1, "hidden": 1, "channels": 1, "steps": 1, "patience": 1, "shared": 0}
WHOLE["inversion_steps"] = 0
ABOVE = ("learning_rate", "inversion_rate")
NOT_BELOW = ("adversarial", "tolerance")
SHARES = ("tail_share", "false_alarms")


def check_parameters(detector: Any) -> None:
    """Raise ValueError for the first attribute of ``detector`` whose value makes no sense."""
    for name, choices in (("model", tuple(MODELS)), ("similarity", SIMILARITIES)):
        if (value := getattr(detector, name)) not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")
    for name, least in WHOLE.items():
        value = getattr(detector, name)
        if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name} must be a whole number, {least} or more, got {value!r}")
    size = detector.size
    if size is not None and (not isinstance(size, Integral) or size < 1):
        raise ValueError(f"size must be None or a whole number above 0, got {size!r}")
    for name in (*ABOVE, *NOT_BELOW, *SHARES):
        value = getattr(detector, name)
        wrong = not isinstance(value, int | float) or not math.isfinite(value) or value < 0
        if wrong or (value == 0 and name not in NOT_BELOW) or (name in SHARES and value >= 1):
            bounds = "above 0" if name not in NOT_BELOW else "0 or more"
            bounds += " and below 1" if name in SHARES else ""
            raise ValueError(f"{name} must be a number {bounds}, got {value!r}")
    weight = detector.weight
    if weight is not None and not (isinstance(weight, int | float) and 0 <= weight <= 1):
        raise ValueError(f"weight must be None or a number from 0 to 1, got {weight!r}")
