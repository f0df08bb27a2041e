"""What a number was measured with."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
from pathlib import Path

import benchkit

_PACKAGES = ("numpy", "scikit-learn", "torch", "pandas", "pyod")


@functools.cache
def describe_environment() -> dict[str, str]:
    """Return versions and hardware as text, by name; nothing that names a person or a host."""
    facts = {
        "benchkit": benchkit.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": f"{_processor()}, {len(usable_cores())} cores",
        "cpu": " ".join(_cpuinfo(name) for name in ("cpu family", "model", "stepping")).strip(),
    }
    for package in _PACKAGES:
        try:
            facts[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return facts


def usable_cores() -> list[int]:
    """Return the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _cpuinfo(name: str) -> str:
    """Return what Linux says of the first processor; of virtual ones many share a model name."""
    path = Path("/proc/cpuinfo")
    for line in path.read_text().splitlines() if path.is_file() else ():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
