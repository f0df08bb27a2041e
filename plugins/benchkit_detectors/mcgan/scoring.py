"""Scores of items: the distance to the generator's draws, or 1 - D."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.mcgan.items import Items
from benchkit_detectors.mcgan.networks import MLPDiscriminator
from benchkit_detectors.mcgan.views import View

MAX_ITEMS = 1024
"""Maximum number of items in a batch."""


def project(scaled: np.ndarray, view: View, compute: Compute) -> Tensor:
    """Return the representation for distances of scaled items, (items, values) -> (items, any)."""
    starts = range(0, len(scaled), MAX_ITEMS)
    return torch.cat([view.project(compute.tensor(scaled[i : i + MAX_ITEMS])) for i in starts])


def nearest(
    items: Tensor, references: Tensor, count: int, compute: Compute, numbers: bool = False
) -> Tensor:
    """Return the mean distance of each item to its ``count`` nearest references, (items,).

    The distance to the k-th nearest draw is the classical Monte-Carlo estimate of a density
    (Loftsgaarden & Quesenberry 1965): the fewer draws near an item, the lower the density. The
    mean over the first k has less variance than the k-th alone.

    Parameters
    ----------
    items, references
        (items, values) and (references, values).
    count
        At most the number of references.
    compute
        Device; its free memory bounds the batch size.
    numbers
        Return the index of the nearest reference instead, int64.
    """
    squares = references.square().sum(dim=1)
    size = compute.batch_size(3 * 4 * len(references), MAX_ITEMS)
    results = []
    for part in items.split(size):
        # (items, values), (values, references) -> (items, references)
        squared = torch.addmm(squares, part, references.T, alpha=-2)
        if numbers:
            results.append(squared.argmin(dim=1))
            continue
        least = squared.topk(count, dim=1, largest=False, sorted=False).values
        least = (least + part.square().sum(dim=1, keepdim=True)).clamp_min(0)
        results.append(least.sqrt().mean(dim=1))
    return torch.cat(results)


class DensityScore:
    """Mean distance of an item to the nearest draws, in the representation of a view.

    Parameters
    ----------
    references
        Projected draws, (references, values).
    neighbours
        Number of nearest draws that the mean is over.
    view, compute
        Representation for distances, and the device.
    """

    def __init__(self, references: Tensor, neighbours: int, view: View, compute: Compute) -> None:
        self.references, self.view, self.compute = references, view, compute
        self.neighbours = min(neighbours, len(references))

    def __call__(self, scaled: Tensor) -> Tensor:
        """Return the score of each scaled item, (items, values) -> (items,)."""
        return nearest(self.view.project(scaled), self.references, self.neighbours, self.compute)


class DiscriminatorScore:
    """1 - D: the discriminator's probability that an item is generated."""

    def __init__(self, discriminator: MLPDiscriminator, compute: Compute) -> None:
        self.discriminator, self.compute = discriminator, compute

    @torch.no_grad()
    def __call__(self, scaled: Tensor) -> Tensor:
        """Return the score of each scaled item, (items, values) -> (items,)."""
        with self.compute.autocast():
            logits = self.discriminator(scaled)
        return torch.sigmoid(-logits.double())


Score = DensityScore | DiscriminatorScore


def score_items(items: Items, score: Score, view: View, compute: Compute) -> np.ndarray:
    """Return the score of each item, float64 (items,), computed in batches."""
    scores = np.empty(len(items))
    for start in progress(range(0, len(items), MAX_ITEMS), "score"):
        numbers = np.arange(start, min(start + MAX_ITEMS, len(items)))
        scores[numbers] = score(compute.tensor(view.scale(items.take(numbers)))).cpu().numpy()
    return scores
