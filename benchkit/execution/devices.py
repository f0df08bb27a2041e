"""Which accelerators there are, and which one a trial gets."""

from __future__ import annotations

import re
from typing import Any

from benchkit.errors import BenchkitError, describe_error

_FORM = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


def probe_devices() -> dict[str, Any]:
    """Return torch's version and the accelerators it sees; imports torch, so call it in a worker.

    ``cuda`` is a list of names, ``mps`` a boolean, ``error`` why torch cannot be imported.
    """
    try:
        import torch
    except Exception as error:  # noqa: BLE001  a broken torch raises OSError, RuntimeError and more
        return {"torch": "", "cuda": [], "mps": False, "error": describe_error(error)}
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return {
        "torch": torch.__version__,
        "cuda": [torch.cuda.get_device_name(i) for i in range(count)],
        "mps": bool(torch.backends.mps.is_available()),
        "error": "",
    }


def check_device(request: str) -> str:
    """Return a device request, or raise a `BenchkitError` where it has not the right form."""
    if not _FORM.fullmatch(request):
        raise BenchkitError(f"unknown device {request!r}: use auto, cpu, cuda, cuda:1 or mps")
    return request


def resolve_devices(request: str, found: dict[str, Any]) -> list[str]:
    """Return the devices that trials take turns on, as torch names them.

    Parameters
    ----------
    request
        ``auto`` (all GPUs, else MPS, else the CPU), ``cpu``, ``cuda`` (all GPUs), ``cuda:1``,
        ``mps``.
    found
        What `probe_devices` returned.

    Raises
    ------
    BenchkitError
        The device asked for is not there.
    """
    gpus = [f"cuda:{i}" for i in range(len(found["cuda"]))]
    if request == "auto":
        return gpus or (["mps"] if found["mps"] else ["cpu"])
    if request == "cuda" and gpus:
        return gpus
    if request == "cpu" or request in gpus or (request == "mps" and found["mps"]):
        return [request]
    there = ", ".join([*gpus, *(["mps"] if found["mps"] else []), "cpu"])
    why = f" (torch cannot be imported: {found['error']})" if found["error"] else ""
    raise BenchkitError(f"there is no device {request!r} here, only {there}{why}")
