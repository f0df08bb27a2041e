"""The parts of a training loop: batches, curves, stopping, and weights that stand still."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class TrainingDiverged(ArithmeticError):
    """A loss became NaN or infinite, so that nothing learned from then on means anything."""


class Curves:
    """Training curves that end training when a value is no number.

    Attributes
    ----------
    history
        Name to one value for each time that it was added.
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
    """Remember the best weights, and say when there has been no better ones for a while.

    Parameters
    ----------
    module
        What is trained.
    patience
        How many updates without a better value end training.
    """

    def __init__(self, module: nn.Module, patience: int) -> None:
        self.module = module
        self.patience = patience
        self.best = math.inf
        self.since_best = 0
        self._weights: dict[str, Tensor] | None = None

    def update(self, value: float) -> bool:
        """Take note of a value, lower is better; True when training should stop."""
        if value < self.best:
            self.best, self.since_best = value, 0
            self._weights = copy.deepcopy(self.module.state_dict())
        else:
            self.since_best += 1
        return self.since_best >= self.patience

    def restore(self) -> None:
        """Put the best weights back; does nothing before the first update."""
        if self._weights is not None:
            self.module.load_state_dict(self._weights)


def shuffled(count: int, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Yield the numbers below ``count`` in random order, ``size`` at a time.

    A last batch that is smaller than half of ``size`` is left out, where it is not the only one:
    its gradient would count as much as that of a full one.
    """
    order = torch.randperm(count, generator=generator)
    for start in range(0, count, size):
        batch = order[start : start + size]
        if start == 0 or 2 * len(batch) >= size:
            yield batch


@contextmanager
def frozen(*modules: nn.Module) -> Iterator[None]:
    """Let gradients pass through ``modules`` without computing any for their weights."""
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
    """Make layers inside the block begin with weights that depend on ``seed`` alone.

    Torch initialises layers from its global generator, whose state is put back afterwards.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
