"""Device, precision and batch size of the networks."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import numpy as np
import psutil
import torch
from torch import Tensor

PRECISIONS = ("auto", "float32", "bfloat16")
MEMORY_SHARE = 0.1
"""The share of the free memory that one batch may take."""


class Compute:
    """A device and a precision.

    Parameters
    ----------
    device
        As torch names it: ``"cpu"``, ``"cuda:0"``.
    precision
        ``"float32"``; ``"bfloat16"`` for matrix products in bfloat16 with sums in float32; or
        ``"auto"``: bfloat16 on a GPU that supports it, float32 elsewhere, so that results do not
        depend on the model of the CPU.

    Raises
    ------
    ValueError
        The precision is none of these.
    """

    def __init__(self, device: str = "cpu", precision: str = "auto") -> None:
        if precision not in PRECISIONS:
            raise ValueError(
                f"precision must be one of {', '.join(PRECISIONS)}, got {precision!r}"
            )
        self.device = torch.device(device)
        cuda = self.device.type == "cuda"
        self.low = precision == "bfloat16" or (
            precision == "auto" and cuda and torch.cuda.is_bf16_supported()
        )

    def autocast(self) -> AbstractContextManager[object]:
        """Return a context in which matrix products have the chosen precision."""
        if not self.low:
            return nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)

    def tensor(self, array: np.ndarray) -> Tensor:
        """Return a float32 tensor of a copy of ``array`` on the device."""
        # A copy, since torch warns about read-only arrays.
        return torch.from_numpy(np.array(array, dtype=np.float32)).to(self.device)

    def batch_size(self, item_bytes: int, maximum: int) -> int:
        """Return how many items of ``item_bytes`` fit in a batch, from 1 to ``maximum``."""
        if self.device.type == "cuda":
            free = torch.cuda.mem_get_info(self.device)[0]
        else:
            free = psutil.virtual_memory().available
        return int(min(max(MEMORY_SHARE * free // max(item_bytes, 1), 1), maximum))
