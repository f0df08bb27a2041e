"""benchkit: an honest, plugin-based benchmarking harness for anomaly detectors.

Plugin authors need only what stands here: `hookimpl` marks the functions of a plugin module,
`progress` shows a bar while a detector works, `windows` cuts a series into views, and `chunks`
goes through one that is longer than memory.
"""

from benchkit.chunking import chunks
from benchkit.registry.hooks import hookimpl
from benchkit.steps import progress
from benchkit.windowing import windows

__version__ = "0.1.0"

__all__ = ["__version__", "chunks", "hookimpl", "progress", "windows"]
