"""The memory of a process that a test starts."""

from __future__ import annotations

from pathlib import Path


def peak_gigabytes() -> float:
    """Return the most that this process has had resident; on Linux only.

    ``ru_maxrss`` would not do: in a process that was just started it begins with what its parent
    had.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    status = dict(line.split(":", 1) for line in lines)
    return int(status["VmHWM"].split()[0]) / 1e6
