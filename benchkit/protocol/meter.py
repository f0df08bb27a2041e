"""Time and memory of a phase, with the device synchronised on both sides."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MIB = 2**20


class Meter:
    """Measures the phases of one trial in the process that runs it.

    Parameters
    ----------
    device
        ``"cpu"``, ``"cuda:0"``, ``"mps"``: what is synchronised before a clock is read.

    Attributes
    ----------
    seconds
        Phase name to wall-clock seconds.
    """

    def __init__(self, device: str) -> None:
        self.seconds: dict[str, float] = {}
        self._torch: Any = sys.modules.get("torch") if device != "cpu" else None
        self._device = device
        self._resident_at_start = peak_resident()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time the body of the ``with`` statement under ``name``."""
        self._synchronise()
        started = time.perf_counter()
        yield
        self._synchronise()
        self.seconds[name] = time.perf_counter() - started

    def memory(self) -> dict[str, float | None]:
        """Return peak memory in MiB.

        ``peak`` is the most resident memory that this process had, ``growth`` what that is above
        its size when the meter was made (imports done, no data touched), ``device`` the most
        memory that torch held on the accelerator, None where there is none.
        """
        peak = peak_resident()
        device = None
        if self._torch is not None and self._device.startswith("cuda"):
            device = self._torch.cuda.max_memory_allocated(self._device) / MIB
        return {
            "peak_mib": round(peak / MIB, 1),
            "growth_mib": round((peak - self._resident_at_start) / MIB, 1),
            "device_mib": None if device is None else round(device, 1),
        }

    def _synchronise(self) -> None:
        if self._torch is not None:
            backend = self._torch.mps if self._device == "mps" else self._torch.cuda
            backend.synchronize()


def peak_resident() -> int:
    """Return the most bytes of memory that this process has had resident so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
