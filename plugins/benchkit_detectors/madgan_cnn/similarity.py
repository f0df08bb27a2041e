"""Residuals between reconstructed and given frames."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

SIMILARITIES = ("squares", "l1", "ssim")
WINDOW = 7
C1, C2 = 0.01**2, 0.03**2


def residuals(reconstructed: Tensor, frames: Tensor, similarity: str) -> Tensor:
    """Return the residual of each pixel, 0 for a perfect match; all are (frames, height, width).

    Parameters
    ----------
    reconstructed, frames
        Values with a range of 1.
    similarity
        ``"squares"``, ``"l1"``, or ``"ssim"`` for 1 minus the structural similarity around the
        pixel.
    """
    if similarity == "squares":
        return (reconstructed - frames) ** 2
    if similarity == "l1":
        return (reconstructed - frames).abs()
    return 1 - structural_similarity(reconstructed, frames)


def structural_similarity(x: Tensor, y: Tensor) -> Tensor:
    """Return the structural similarity around each pixel, (frames, height, width).

    Wang et al. 2004, equation 13, with a square window that is cropped at the border.
    """

    def around(values: Tensor) -> Tensor:
        return functional.avg_pool2d(
            values[:, None], WINDOW, 1, WINDOW // 2, count_include_pad=False
        )[:, 0]

    mean_x, mean_y = around(x), around(y)
    # Not below 0, which rounding can make them.
    variance_x = (around(x * x) - mean_x**2).clamp_min(0)
    variance_y = (around(y * y) - mean_y**2).clamp_min(0)
    covariance = around(x * y) - mean_x * mean_y
    numerator = (2 * mean_x * mean_y + C1) * (2 * covariance + C2)
    return numerator / ((mean_x**2 + mean_y**2 + C1) * (variance_x + variance_y + C2))
