"""Make a trial repeatable: seeds for every generator, deterministic kernels where they exist."""

from __future__ import annotations

import os
import random
import sys

import numpy as np


def seed_everything(seed: int) -> None:
    """Seed Python, numpy and, where it is imported, torch; ask torch for deterministic kernels.

    A kernel that has no deterministic form warns into the trial's log instead of failing.
    """
    random.seed(seed)
    np.random.seed(seed)
    torch = sys.modules.get("torch")
    if torch is not None:
        # cuBLAS reads this when it is first used; without it its results differ between runs.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.manual_seed(seed)
        # The same as torch.use_deterministic_algorithms(True, warn_only=True), which besides
        # imports torch's compiler: two seconds in every trial.
        torch.set_deterministic_debug_mode("warn")
        torch.backends.cudnn.benchmark = False
