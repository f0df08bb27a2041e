"""Score long series piece by piece, so that memory does not grow with their length."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchkit import progress

CHUNK_VALUES = 2**21
"""Values in a chunk: 16 MiB as float64."""


def row_chunks(X: np.ndarray, values_per_row: int | None = None) -> Iterator[slice]:
    """Yield slices over the rows of X, shape (rows, channels), a modest number of values each.

    ``values_per_row`` is how many values a row needs while it is worked on; its channels by
    default.
    """
    size = max(1, CHUNK_VALUES // max(1, values_per_row or X.shape[1]))
    for start in progress(range(0, len(X), size), "rows"):
        yield slice(start, min(start + size, len(X)))
