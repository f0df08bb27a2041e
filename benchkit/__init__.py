"""benchkit: an honest, plugin-based benchmarking harness for anomaly detectors.

Plugin authors need only what stands here: `hookimpl` marks the functions of a plugin module, and
`progress` shows a bar while a detector works, and `windows` cuts a series into views.
"""

from benchkit.registry.hooks import hookimpl
from benchkit.steps import progress
from benchkit.windowing import windows

__version__ = "0.1.0"

__all__ = ["__version__", "hookimpl", "progress", "windows"]
