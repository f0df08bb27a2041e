"""Maximum mean discrepancy between real and generated samples."""

from __future__ import annotations

import torch
from torch import Tensor

BANDWIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Widths of the kernel, as multiples of the median distance between real items."""


def mmd(real: Tensor, fake: Tensor) -> float:
    """Return the unbiased estimate of the squared MMD between two samples.

    The kernel is a mixture of Gaussians whose bandwidths are multiples of the median distance
    within ``real``, so that the result does not depend on units. Near 0 for samples of one
    distribution, where it may also be negative.

    Gretton et al. 2012, A kernel two-sample test, equation 3.

    Parameters
    ----------
    real, fake
        (items, ...), at least two items each.

    Raises
    ------
    ValueError
        One of them has fewer than two items.
    """
    if min(len(real), len(fake)) < 2:
        raise ValueError(f"MMD needs two items of each, got {len(real)} and {len(fake)}")
    x, y = real.flatten(1).double(), fake.flatten(1).double()  # (items, values)
    xx, yy, xy = torch.cdist(x, x) ** 2, torch.cdist(y, y) ** 2, torch.cdist(x, y) ** 2
    upper = torch.triu_indices(len(x), len(x), 1)
    width = xx[upper[0], upper[1]].median()
    if width == 0:  # more than half of the real items are the same
        width = xy.mean().clamp_min(1e-12)
    total = 0.0
    for factor in BANDWIDTHS:
        scale = 2 * factor**2 * width
        total += float(
            _mean_off_diagonal(torch.exp(-xx / scale))
            + _mean_off_diagonal(torch.exp(-yy / scale))
            - 2 * torch.exp(-xy / scale).mean()
        )
    return total / len(BANDWIDTHS)


def _mean_off_diagonal(kernel: Tensor) -> Tensor:
    n = len(kernel)
    return (kernel.sum() - kernel.diagonal().sum()) / (n * (n - 1))
