"""Calibration workloads: fixed pieces of work that a benchmark is measured against.

A machine that is slower, or busy, is so for both, if both are of the same nature. Each workload
takes some 5 to 30 ms on one core, does the same work whenever it is called, and needs no input.

There is none for disks, nor one that is larger than caches: how long those take depends on what
else the machine does, and in another way each time. Benchmarks should be of a size, and in a
place, that need neither.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Callable

from benchkit.errors import BenchkitError

VERSION = 1
"""Raised when a workload changes: ratios to another one cannot be compared."""

Work = Callable[[], object]


@functools.cache
def build_workload(nature: str) -> Work:
    """Return the workload of a nature, ready to be called any number of times.

    Raises `BenchkitError` for a nature that there is not.
    """
    if nature not in NATURES:
        raise BenchkitError(f"there is no workload {nature!r}: choose one of {', '.join(NATURES)}")
    return NATURES[nature]()


def _build_python() -> Work:
    facts = {f"name {i}": {"value": i / 7, "words": ["a", str(i)]} for i in range(700)}

    def work() -> str:
        again = json.loads(json.dumps(facts))
        lines = [f"{name}: {fact['value']:.3f}" for name, fact in sorted(again.items())]
        counts: dict[str, int] = {}
        for line in lines * 8:
            counts[line[-1]] = counts.get(line[-1], 0) + len(line.split())
        return "\n".join(lines)

    return work


def _build_sort() -> Work:
    import numpy as np

    values = np.random.default_rng(0).normal(size=100_000)
    return lambda: np.argsort(values).cumsum()


def _build_matmul() -> Work:
    import numpy as np

    left, right = np.random.default_rng(0).normal(size=(2, 640, 640)).astype(np.float32)
    return lambda: left @ right


def _build_lstm() -> Work:
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = torch.nn.LSTM(8, 32, batch_first=True)
        windows = torch.randn(32, 30, 8)  # (windows, rows, channels)
    # Without a step size the weights stay as they are, and every call is the same work.
    optimiser = torch.optim.Adam(network.parameters(), lr=0.0)

    def work() -> None:
        optimiser.zero_grad()
        network(windows)[0].square().mean().backward()
        optimiser.step()

    return work


def _build_process() -> Work:
    # Isolated, so that neither the environment nor what is installed changes the work.
    command = [sys.executable, "-I", "-S", "-c", "import json"]
    return lambda: subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


NATURES: dict[str, Callable[[], Work]] = {
    "python": _build_python,
    "sort": _build_sort,
    "matmul": _build_matmul,
    "lstm": _build_lstm,
    "process": _build_process,
}
"""What the workloads are: plain Python (JSON, strings, dictionaries), a sort, a product of
matrices, a training step of a small LSTM, the start of a process."""
