"""Python processes of our own, started so that no file of the working folder is in them.

``python -c``, by which `multiprocessing` starts servers and spawned processes, looks for modules
in the working folder first: a user's ``random.py`` would become ``random`` there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_VARIABLE = "PYTHONSAFEPATH"
_OURS = "BENCHKIT_SAFE_PATH"


@contextmanager
def safe_path() -> Iterator[None]:
    """Keep the working folder off the path of the interpreters that are started meanwhile."""
    if os.environ.get(_VARIABLE):
        yield
        return
    os.environ[_VARIABLE] = os.environ[_OURS] = "1"
    try:
        yield
    finally:
        leave_safe_path()


def leave_safe_path() -> None:
    """Forget the setting in this process, so that what a detector starts is as it expects."""
    if os.environ.pop(_OURS, ""):
        os.environ.pop(_VARIABLE, None)
