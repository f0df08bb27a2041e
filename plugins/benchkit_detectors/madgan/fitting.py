"""The fit of MAD-GAN: from the training part to trained networks and all that is learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.scores import subsample
from benchkit_detectors.madgan.model import FittedMADGAN, build_networks, window_bytes
from benchkit_detectors.madgan.reduction import Reduction
from benchkit_detectors.madgan.rows import Rows
from benchkit_detectors.madgan.scoring import discriminator_auroc, discriminator_weight
from benchkit_detectors.madgan.training import MADGANTrainingConfig, train

VALIDATION_FRACTION = 0.1
THRESHOLD_QUANTILE = 0.99
DEFAULT_COMPONENTS = {2: 5, 4: 20}
"""By the number of axes: of a series, of image sequences."""
EXAMPLE_WINDOWS = 4
"""Held-out windows that are kept for the figures."""
CPU_BATCH_SIZE, GPU_BATCH_SIZE = 64, 512


def fit_networks(
    X: np.ndarray, segments: Sequence[int], params: dict[str, Any]
) -> tuple[nn.ModuleDict, dict[str, Any]]:
    """Return trained networks, and everything else that was learned by name.

    Parameters
    ----------
    X, segments
        As `MADGANDetector.fit` takes them.
    params
        The parameters of the detector by name, which are valid.

    Raises
    ------
    ValueError, TrainingDiverged
        As `MADGANDetector.fit`.
    """
    rows = Rows.from_input(X, segments)
    if rows.frames is None and rows.longest < params["window"]:
        raise ValueError(
            f"{rows.longest} rows are fewer than a window of {params['window']}: "
            f"choose window={rows.longest} or less, and step no larger"
        )
    window = min(params["window"], rows.longest)
    train_rows, tail = rows.split(VALIDATION_FRACTION, window)
    components = params["components"]
    if components is None:
        components = DEFAULT_COMPONENTS[np.ndim(X)]
    reduction = Reduction(params["scaling"], components).fit(train_rows.values)
    state: dict[str, Any] = {
        "axes": np.ndim(X),
        "window": window,
        "channels": rows.values.shape[1],
        "frame": np.shape(X)[2:],
        "reduction": reduction.state(),
    }
    networks = build_networks(reduction.axes_.shape[1], params)
    model = FittedMADGAN.from_state(networks, state, params)
    windows, held_out = model.windows(train_rows), model.windows(tail)
    compute, seed = model.compute, params["random_state"]
    config = training_config(params, compute)
    state["history"] = train(networks, windows, held_out, config, compute, seed)
    state["discriminator_auroc"] = discriminator_auroc(networks, held_out, compute, seed)
    example_rows = held_out.evenly_spaced_rows(EXAMPLE_WINDOWS)
    # (windows, length, channels)
    state["examples"] = tail.values[example_rows].astype(np.float32)
    parts = model.score_components(tail)
    state["units"] = parts.units() if params["outside"] else (1.0, 1.0)
    weight = discriminator_weight(state["discriminator_auroc"])
    scores = parts.combine(params["reconstruction_weight"], weight, state["units"])
    state["threshold"] = float(np.quantile(scores, THRESHOLD_QUANTILE))
    state["tail"], state["references"] = scores.size, subsample(scores)
    return networks, state


def training_config(params: dict[str, Any], compute: Compute) -> MADGANTrainingConfig:
    """Return the training parameters among ``params``, with 0 replaced by what it stands for."""
    maximum = CPU_BATCH_SIZE if compute.device.type == "cpu" else GPU_BATCH_SIZE
    batch_size = compute.batch_size(3 * window_bytes(params), maximum)
    return replace(
        MADGANTrainingConfig.from_params(params),
        epoch_windows=params["epoch_windows"] or None,
        batch_size=params["batch_size"] or batch_size,
    )
