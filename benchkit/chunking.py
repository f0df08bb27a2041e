"""Long arrays piece by piece, so that memory does not grow with their length."""

from __future__ import annotations

import mmap
import sys
from collections.abc import Iterator
from pathlib import Path
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
    next one is asked for, so that a series may be longer than memory. What was changed in place
    in a private mapping is kept. Linux only; elsewhere nothing is given back.

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
    """Give back the pages that lie wholly inside a part of a mapping, if the file has them all."""
    if sys.platform != "linux" or not part.flags.c_contiguous:
        return
    import numpy as np  # not with `import benchkit`, which the command line waits for

    whole = np.frombuffer(mapped, np.uint8).__array_interface__["data"][0]
    begin = part.__array_interface__["data"][0] - whole
    first = -(-begin // mmap.PAGESIZE)
    pages = (begin + part.nbytes) // mmap.PAGESIZE - first
    if pages > 0 and _are_of_the_file(whole // mmap.PAGESIZE + first, pages):
        mapped.madvise(mmap.MADV_DONTNEED, first * mmap.PAGESIZE, pages * mmap.PAGESIZE)


def _are_of_the_file(first: int, pages: int) -> bool:
    """Return whether no page of this process's memory, from ``first`` on, is a changed copy.

    Reads /proc/self/pagemap (Linux, Documentation/admin-guide/mm/pagemap.rst): of each page bit 63
    says that it is in memory, 62 that it is swapped out, 61 that it is the file's.
    """
    import numpy as np

    try:
        with Path("/proc/self/pagemap").open("rb", buffering=0) as file:
            file.seek(8 * first)
            flags = np.frombuffer(file.read(8 * pages), np.uint64) >> np.uint64(61)
    except OSError:  # not every sandbox has it; then nothing is given back
        return False
    # Either not there at all, or in memory and the file's.
    return len(flags) == pages and bool(np.isin(flags, (0, 1, 5)).all())
