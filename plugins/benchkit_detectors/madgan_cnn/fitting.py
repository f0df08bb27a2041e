"""The fit: from normal sequences to trained networks and all that is learned with them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.training import seeded
from benchkit_detectors.madgan_cnn.calibration import calibrate
from benchkit_detectors.madgan_cnn.frames import FrameScaling
from benchkit_detectors.madgan_cnn.model import FittedMADGANCNN, build_networks, make_scorer
from benchkit_detectors.madgan_cnn.models import MODELS
from benchkit_detectors.madgan_cnn.training import MADGANCNNTrainingConfig

EXAMPLES, EXAMPLE_FRAMES = 6, 10
"""How many held-out sequences, and of each how many frames, are kept for figures."""


def fit_networks(X: np.ndarray, params: dict[str, Any]) -> tuple[nn.ModuleDict, dict[str, Any]]:
    """Return trained networks, and everything else that was learned by name.

    Parameters
    ----------
    X
        Normal sequences, checked, (sequences, frames, height, width).
    params
        The parameters of the detector by name, which are valid.

    Raises
    ------
    TrainingDiverged
        A loss became NaN or infinite.
    """
    seed, compute = params["random_state"], Compute(params["device"], params["precision"])
    scaling = FrameScaling.fit(X, params["size"])
    count = min(max(round(params["validation_fraction"] * len(X)), 1), max(len(X) - 1, 1))
    train_part, held_out = (
        scaling.prepare(part, compute)
        for part in ((X[:-count], X[-count:]) if len(X) > 1 else (X, X))
    )
    with seeded(seed):
        networks = build_networks(scaling.size, params)
    config = MADGANCNNTrainingConfig.from_params(params)
    model = MODELS[params["model"]]
    networks, curves = model.train(networks, train_part, held_out, config, compute, seed)
    scorer = make_scorer(networks, params)
    normal = scorer.terms(held_out)
    calibration = calibrate(scorer, train_part, held_out, normal, seed)
    weight = calibration.reconstruction_weight(params["reconstruction_weight"])
    state = {
        "frames": asdict(scaling),
        "calibration": calibration.state(),
        "held_out": {name: torch.from_numpy(values) for name, values in normal.items()},
        "reconstruction_weight": weight,
        "history": curves.history,
        "examples": held_out[:EXAMPLES, :EXAMPLE_FRAMES].cpu(),
    }
    fitted = FittedMADGANCNN(scorer, state)
    state["threshold"] = fitted.threshold(weight, params["false_alarm_rate"])
    return networks, state
