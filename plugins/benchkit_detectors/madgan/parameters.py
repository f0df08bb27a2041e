"""What MAD-GAN's parameters may be; importing this imports nothing heavy."""

from __future__ import annotations

from typing import Any, Literal, get_args

Scaling = Literal["standard", "range"]
AT_LEAST_ONE = (
    "window",
    "latent",
    "hidden",
    "layers",
    "discriminator_hidden",
    "epochs",
    "generator_rounds",
    "patience",
)
AT_LEAST_ZERO = ("components", "inversion_steps", "tolerance")
PAPER: dict[str, Any] = {
    "window": 30,
    "step": 10,
    "components": 6,
    "scaling": "range",
    "latent": 15,
    "hidden": 100,
    "layers": 3,
    "discriminator_hidden": 100,
    "encoder": False,
    "perturb": False,
    "outside": False,
    "lam": 0.5,
    "epochs": 100,
    "epoch_windows": 0,
    "batch_size": 500,
    "rate": 1e-3,
    "discriminator_rate": 1e-3,
    "generator_rounds": 3,
    "patience": 100,
    "inversion_steps": 100,
    "inversion_rate": 0.01,
}
"""The preset ``@paper``: the article's networks and rounds, its components for KDD99."""


def check_parameters(detector: Any) -> None:
    """Raise ValueError for a parameter that has a value which it cannot have."""
    for least, names in ((1, AT_LEAST_ONE), (0, AT_LEAST_ZERO)):
        for name in names:
            value = getattr(detector, name)
            if value is not None and value < least:
                raise ValueError(f"{name} must be {least} or more, got {value}")
    for name in ("rate", "discriminator_rate", "inversion_rate"):
        if not getattr(detector, name) > 0:
            raise ValueError(f"{name} must be above 0, got {getattr(detector, name)}")
    for name in ("epoch_windows", "batch_size"):
        if getattr(detector, name) < 0:
            raise ValueError(f"{name} must be 0 or more, got {getattr(detector, name)}")
    if not 1 <= detector.step <= detector.window:
        raise ValueError(
            f"step must be from 1 to the window's {detector.window} rows, so that every row is "
            f"in one, got {detector.step}"
        )
    if not 0 <= detector.lam <= 1:
        raise ValueError(f"lam must be from 0 to 1, got {detector.lam}")
    if detector.scaling not in get_args(Scaling):
        raise ValueError(
            f"scaling must be one of {', '.join(get_args(Scaling))}, got {detector.scaling!r}"
        )
