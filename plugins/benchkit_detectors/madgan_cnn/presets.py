"""The preset ``@paper`` of madgan-cnn; importing this imports no torch, as `paper` does."""

from __future__ import annotations

from typing import Any

PAPER: dict[str, Any] = {
    "model": "paper",
    "size": 32,
    "latent": 75,
    "hidden": 200,
    "channels": 32,
    "steps": 200,
    "learning_rate": 1e-3,
    "similarity": "ssim",
    "inversion_steps": 100,
    "inversion_rate": 0.01,
    "reconstruction_weight": 0.1,
}
"""``@paper``: the replication's sizes, residual and inversion; 200 steps are about five epochs."""
