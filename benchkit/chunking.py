"""Long arrays piece by piece, so that memory does not grow with their length."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benchkit.steps import progress

if TYPE_CHECKING:
    import numpy as np

CHUNK_VALUES = 2**21
"""Values in a chunk: 16 MiB as float64."""


def chunks(
    X: np.ndarray, values_per_row: int | None = None, desc: str = "rows"
) -> Iterator[slice]:
    """Yield slices over the first axis of X, a modest number of values each.

    Where X is mapped from a file, the memory of a chunk that has been read is given back once the
    next one is asked for, so that a series may be longer than memory. X must therefore not have
    been changed in place.

    Parameters
    ----------
    X
        Rows first: (rows, ...).
    values_per_row
        How many values a row needs while it is worked on; the values it has, by default.
    desc
        What `benchkit.progress` calls it.
    """
    mapped = _mapping(X)
    per_row = values_per_row or max(1, X.size // max(1, len(X)))
    size = max(1, CHUNK_VALUES // per_row)
    for start in progress(range(0, len(X), size), desc):
        stop = min(start + size, len(X))
        yield slice(start, stop)
        if mapped is not None:
            _let_go(mapped, X[start:stop])


def _mapping(X: Any) -> mmap.mmap | None:
    """Return the mapping that X is a view of, None where X is no view of one."""
    while X is not None and not isinstance(X, mmap.mmap):
        X = getattr(X, "base", None)
    return X


def _let_go(mapped: mmap.mmap, part: np.ndarray) -> None:
    """Give back the pages that lie wholly inside a part of a mapping; the file has them."""
    if not hasattr(mapped, "madvise") or not part.flags.c_contiguous:
        return
    import numpy as np  # not with `import benchkit`, which the command line waits for

    whole = np.frombuffer(mapped, np.uint8)
    begin = part.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    first = -(-begin // mmap.PAGESIZE)
    last = (begin + part.nbytes) // mmap.PAGESIZE
    if last > first:
        mapped.madvise(mmap.MADV_DONTNEED, first * mmap.PAGESIZE, (last - first) * mmap.PAGESIZE)
