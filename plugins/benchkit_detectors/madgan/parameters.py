"""Validation of MAD-GAN's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

Scaling = Literal["standard", "range"]
AT_LEAST_ONE = (
    "window",
    "latent",
    "hidden",
    "layers",
    "discriminator_hidden",
    "epochs",
    "generator_steps",
    "patience",
)
AT_LEAST_ZERO = ("components", "inversion_steps", "tolerance")


def check_parameters(params: Mapping[str, Any]) -> None:
    """Raise ValueError for the first parameter, of those by name, with an invalid value."""
    for minimum, names in ((1, AT_LEAST_ONE), (0, AT_LEAST_ZERO)):
        for name in names:
            value = params[name]
            if value is not None and value < minimum:
                raise ValueError(f"{name} must be {minimum} or more, got {value}")
    for name in ("learning_rate", "discriminator_learning_rate", "inversion_rate"):
        if not params[name] > 0:
            raise ValueError(f"{name} must be above 0, got {params[name]}")
    for name in ("epoch_windows", "batch_size"):
        if params[name] < 0:
            raise ValueError(f"{name} must be 0 or more, got {params[name]}")
    if not 1 <= params["step"] <= params["window"]:
        raise ValueError(
            f"step must be from 1 to the window's {params['window']} rows, so that every row is "
            f"in a window, got {params['step']}"
        )
    if not 0 <= params["reconstruction_weight"] <= 1:
        raise ValueError(
            f"reconstruction_weight must be from 0 to 1, got {params['reconstruction_weight']}"
        )
    if params["scaling"] not in get_args(Scaling):
        raise ValueError(
            f"scaling must be one of {', '.join(get_args(Scaling))}, got {params['scaling']!r}"
        )
