"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


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
