"""Files that appear whole or not at all, and questions about paths that never raise.

`pathlib` raises `PermissionError` where a folder on the way cannot be searched.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path


def is_file(path: Path) -> bool:
    """Return whether a path is a file; False where nobody may look."""
    return stat.S_ISREG(_mode(path))


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder; False where nobody may look."""
    return stat.S_ISDIR(_mode(path))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a hidden path beside ``path`` to write to, and put that file in its place.

    This happens at once, at the end of the ``with`` statement; where its body raises, ``path``
    stays as it was, and nothing is left beside it. The hidden name ends with the number of this
    process, so that what a killed one leaves can be told.
    """
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield hidden
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)
