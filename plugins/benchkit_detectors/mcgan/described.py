"""The variant that the MC-GAN notebook describes: the preset ``@described``; imports no torch."""

from __future__ import annotations

from typing import Any

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
"""40 epochs are about the 1,000 batches of the notebook for one digit."""
