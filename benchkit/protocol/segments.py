"""Who is told where the stretches of a series begin."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np


def segment_arguments(
    method: Callable[..., Any], X: np.ndarray, segments: tuple[int, ...], frames: int | None
) -> dict[str, np.ndarray]:
    """Return ``{"segments": first rows}`` for a method that takes them, else nothing.

    Parameters
    ----------
    method
        ``fit`` or ``decision_function``.
    X
        What it will be given. Image sequences end by themselves, so nothing goes with them.
    segments
        Of a series.
    frames
        Where the rows of X are the frames of image sequences, how many each has: every sequence
        is a segment then.
    """
    try:
        takes = "segments" in inspect.signature(method).parameters
    except ValueError:  # some callables written in C do not say what they take
        takes = False
    if not takes or X.ndim != 2:
        return {}
    begins = np.asarray(segments) if frames is None else np.arange(0, len(X), frames)
    return {"segments": begins.astype(np.int64)}
