"""What a number was measured with."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
from math import ceil
from pathlib import Path

import psutil

import benchkit

CGROUP = Path("/sys/fs/cgroup")
"""Where a container finds its own limits."""

_PACKAGES = ("numpy", "scikit-learn", "torch", "pandas", "pyod")


@functools.cache
def describe_environment(accelerator: str = "") -> dict[str, str]:
    """Return versions and hardware as text, by name; nothing that names a person or a host.

    ``accelerator`` is the name of the one that is used, if any.
    """
    facts = {
        "benchkit": benchkit.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": f"{_processor()}, {len(usable_cores())} cores",
    }
    if accelerator:
        facts["accelerator"] = accelerator
    # Of virtual processors many share a name.
    kind = [_cpuinfo().get(name, "") for name in ("cpu family", "model", "stepping")]
    if any(kind):
        facts["processor kind"] = " ".join(kind)
    for package in _PACKAGES:
        try:
            facts[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return facts


def usable_cores(cgroup: Path = CGROUP) -> list[int]:
    """Return the processors that this process may run on.

    In a container with a quota of processor time no more of them than the quota fills.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = sorted(os.sched_getaffinity(0))
    else:
        cores = list(range(os.cpu_count() or 1))
    quota, _, period = _read_limit(cgroup / "cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit():
        return cores[: max(1, ceil(int(quota) / int(period)))]
    return cores


def usable_memory(cgroup: Path = CGROUP) -> int:
    """Return the bytes of memory of this machine, or of the container where it has less."""
    total = psutil.virtual_memory().total
    limit = _read_limit(cgroup / "memory.max")
    return min(total, int(limit)) if limit.isdigit() else total


def _read_limit(path: Path) -> str:
    """Return a limit of Linux's control groups (version 2), empty where there is none."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _processor() -> str:
    return _cpuinfo().get("model name") or platform.processor() or platform.machine()


@functools.cache
def _cpuinfo() -> dict[str, str]:
    """Return what Linux says of the first processor; empty elsewhere."""
    path = Path("/proc/cpuinfo")
    first = path.read_text(encoding="utf-8").partition("\n\n")[0] if path.is_file() else ""
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}
