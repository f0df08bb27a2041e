"""MC-GAN's own loss; the adversarial ones are in `benchkit_detectors.gan.losses`."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import mse_loss


def coverage_loss(fake: Tensor, real: Tensor) -> Tensor:
    """Return the mean squared distance of real items to the draws matched with them.

    Implicit maximum likelihood estimation (Li & Malik 2018): minimising it over nearest draws
    maximises the likelihood of the items under the draws.

    Parameters
    ----------
    fake, real
        (items, values); row i of ``fake`` was matched with row i of ``real``.
    """
    return mse_loss(fake, real, reduction="sum") / len(real)
