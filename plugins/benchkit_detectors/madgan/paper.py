"""The article's variant, the preset ``@paper``; importing this imports nothing heavy."""

from __future__ import annotations

from typing import Any

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
    "reconstruction_weight": 0.5,
    "epochs": 100,
    "epoch_windows": 0,
    "batch_size": 500,
    "learning_rate": 1e-3,
    "discriminator_learning_rate": 1e-3,
    "generator_steps": 3,
    "patience": 100,
    "inversion_steps": 100,
    "inversion_rate": 0.01,
}
"""The article's networks and training, with its components for KDD99."""
