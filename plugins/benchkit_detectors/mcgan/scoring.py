"""What is odd about an item: how far it is from the generator's draws, or what D thinks of it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.mcgan.items import Items
from benchkit_detectors.mcgan.networks import Discriminator
from benchkit_detectors.mcgan.views import View

MOST_ITEMS = 1024
"""Items scored at once where memory allows."""


def project(scaled: np.ndarray, view: View, compute: Compute) -> Tensor:
    """Return scaled items as distances see them, (items, values) -> (items, view's values)."""
    starts = range(0, len(scaled), MOST_ITEMS)
    return torch.cat([view.project(compute.tensor(scaled[i : i + MOST_ITEMS])) for i in starts])


def nearest(
    items: Tensor, references: Tensor, count: int, compute: Compute, numbers: bool = False
) -> Tensor:
    """Return the mean distance of each item to its ``count`` nearest references, (items,).

    The distance to the k-th nearest draw is the classical Monte-Carlo estimate of a density where
    items come from (Loftsgaarden & Quesenberry 1965): few draws near an item, little density
    there. The mean over the first k has less noise than the k-th alone.

    Parameters
    ----------
    items, references
        (items, values) and (references, values).
    count
        At most as many as there are references.
    compute
        Where memory is counted.
    numbers
        Return which reference is the nearest instead, int64.
    """
    squares = references.square().sum(dim=1)
    size = compute.batch_size(3 * 4 * len(references), MOST_ITEMS)
    found = []
    for part in items.split(size):
        # (items, values), (values, references) -> (items, references)
        squared = torch.addmm(squares, part, references.T, alpha=-2)
        if numbers:
            found.append(squared.argmin(dim=1))
            continue
        least = squared.topk(count, dim=1, largest=False, sorted=False).values
        least = (least + part.square().sum(dim=1, keepdim=True)).clamp_min(0)
        found.append(least.sqrt().mean(dim=1))
    return torch.cat(found)


class DensityScore:
    """Mean distance of an item to the nearest of many draws, as a view sees them.

    Parameters
    ----------
    references
        Projected draws, (references, values).
    neighbours
        How many of them count.
    view, compute
        How items are seen, and where.
    """

    def __init__(self, references: Tensor, neighbours: int, view: View, compute: Compute) -> None:
        self.references, self.view, self.compute = references, view, compute
        self.neighbours = min(neighbours, len(references))

    def __call__(self, scaled: Tensor) -> Tensor:
        """Return the score of each scaled item, (items, values) -> (items,)."""
        return nearest(self.view.project(scaled), self.references, self.neighbours, self.compute)


class DiscriminatorScore:
    """How sure the discriminator is that an item is not real: 1 - D, between 0 and 1."""

    def __init__(self, discriminator: Discriminator, compute: Compute) -> None:
        self.discriminator, self.compute = discriminator, compute

    @torch.no_grad()
    def __call__(self, scaled: Tensor) -> Tensor:
        """Return the score of each scaled item, (items, values) -> (items,)."""
        with self.compute.autocast():
            odds = self.discriminator(scaled)
        return torch.sigmoid(-odds.double())


Score = DensityScore | DiscriminatorScore


def score_items(items: Items, score: Score, view: View, compute: Compute) -> np.ndarray:
    """Return the score of each item, float64 (items,), some items at a time."""
    scores = np.empty(len(items))
    for start in progress(range(0, len(items), MOST_ITEMS), "score"):
        numbers = np.arange(start, min(start + MOST_ITEMS, len(items)))
        scores[numbers] = score(compute.tensor(view.scale(items.take(numbers)))).cpu().numpy()
    return scores
