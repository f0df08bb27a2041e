"""benchkit: an honest, plugin-based benchmarking harness for anomaly detectors.

Plugin authors need only what stands here: `hookimpl` marks the functions of a plugin module,
`progress` shows a bar while a detector works, `windows` cuts a series into views, and `chunks`
goes through one that is longer than memory.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchkit.chunking import chunks
    from benchkit.registry.hooks import hookimpl
    from benchkit.steps import progress
    from benchkit.windowing import windows

__version__ = "0.1.0"

__all__ = ["__version__", "chunks", "hookimpl", "progress", "windows"]

_HOMES = {
    "chunks": "benchkit.chunking",
    "hookimpl": "benchkit.registry.hooks",
    "progress": "benchkit.steps",
    "windows": "benchkit.windowing",
}


def __getattr__(name: str) -> Any:
    # Imported when asked for: ``python -m benchkit`` runs this file before `__main__` can keep
    # the modules of the working folder from taking the place of Python's own.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
