"""The building blocks of a training loop: configuration, batches, curves, early stopping."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Self

import torch
from torch import Tensor, nn


class TrainingDiverged(ArithmeticError):
    """A loss became NaN or infinite, so that the weights are meaningless from then on."""


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """The training parameters that all GAN detectors share.

    A detector subclasses it to add its own. Every field has the name of the detector's
    parameter.

    Attributes
    ----------
    learning_rate
        Learning rate of Adam, for all networks unless another field says otherwise.
    patience
        Evaluations without improvement after which training stops; None to never stop early.
    """

    learning_rate: float
    patience: int | None

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> Self:
        """Return the configuration that is among the parameters of a detector."""
        return cls(**{field.name: params[field.name] for field in fields(cls)})


class TrainingCurves:
    """Training curves; adding a value that is not finite raises.

    Attributes
    ----------
    history
        Maps the name of a curve to its values, in the order in which they were added.
    """

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}

    def add(self, **values: float | Tensor) -> None:
        """Append one value to each named curve.

        Raises
        ------
        TrainingDiverged
            A value is NaN or infinite; the message names the curve and the epoch, from 1.
        """
        for name, value in values.items():
            number = float(value.detach() if isinstance(value, Tensor) else value)
            curve = self.history.setdefault(name, [])
            if not math.isfinite(number):
                raise TrainingDiverged(
                    f"training diverged: {name} is {number} in epoch {len(curve) + 1}; "
                    "try a smaller learning rate, or look for extreme values in the training part"
                )
            curve.append(number)


class EarlyStopping:
    """Keep the best weights, and tell when there was no improvement for some time.

    Parameters
    ----------
    module
        The module in training.
    patience
        Number of updates without improvement after which training should stop; None for never.
    """

    def __init__(self, module: nn.Module, patience: int | None) -> None:
        self.module = module
        self.patience = patience
        self.best = math.inf
        self.since_best = 0
        self._weights: dict[str, Tensor] | None = None

    def update(self, value: float) -> bool:
        """Record a value, lower is better; return True when training should stop."""
        if value < self.best:
            self.best, self.since_best = value, 0
            self._weights = copy.deepcopy(self.module.state_dict())
        else:
            self.since_best += 1
        return self.patience is not None and self.since_best >= self.patience

    def restore(self) -> None:
        """Load the best weights; does nothing before the first update."""
        if self._weights is not None:
            self.module.load_state_dict(self._weights)


def shuffled(count: int, batch_size: int, rng: torch.Generator) -> Iterator[Tensor]:
    """Yield the indices below ``count`` in random order, ``batch_size`` at a time.

    A last batch of less than half of ``batch_size`` is dropped unless it is the only one: its
    gradient would weigh as much as that of a full batch.
    """
    order = torch.randperm(count, generator=rng)
    for start in range(0, count, batch_size):
        batch = order[start : start + batch_size]
        if start == 0 or 2 * len(batch) >= batch_size:
            yield batch


@contextmanager
def frozen(*modules: nn.Module) -> Iterator[None]:
    """Compute no gradients for the weights of ``modules``; gradients still pass through."""
    weights = [p for module in modules for p in module.parameters() if p.requires_grad]
    for weight in weights:
        weight.requires_grad_(False)
    try:
        yield
    finally:
        for weight in weights:
            weight.requires_grad_(True)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Initialise the layers that are created inside the block from ``seed`` alone.

    Torch initialises layers from its global random state, which is restored afterwards.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
