"""What a detector says of itself once it has scored: curves, terms, references, words, figures.

All of it is optional, and read after the scores are written. Trouble with it is a warning in the
record, never a failed trial.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchkit.errors import describe_error
from benchkit.protocol.reals import real_array
from benchkit.results.folder import TrialFolder

MOST_VALUES = 1_000_000
"""Reference scores that are kept under one name."""
MOST_ENTRIES = 40
"""Names in one mapping."""
MOST_CHARACTERS = 500
"""Of a word or a sentence in ``summary_``."""


def read_threshold(detector: Any, warnings: list[str]) -> float | None:
    """Return ``threshold_`` where it is one finite number; warn where it is something else."""
    with _asking("threshold_", warnings):
        own = getattr(detector, "threshold_", None)
        if own is None:
            return None
        try:
            value = math.nan if isinstance(own, str | bytes) else float(own)
        except (TypeError, ValueError):
            value = math.nan
        if math.isfinite(value):
            return value
        warnings.append(
            f"threshold_ is left out: {type(own).__name__} {own!r:.40} is no threshold"
        )
    return None


def keep_byproducts(
    detector: Any, folder: TrialFolder, points: int, sign: int, warnings: list[str]
) -> None:
    """Write what a detector offers into a trial's folder.

    Parameters
    ----------
    detector
        After it has scored the test part.
    folder
        Where to.
    points
        How many test scores there are.
    sign
        What its scores were multiplied with.
    warnings
        Gets a sentence for everything that is there and not what it should be.
    """
    for name, read, keep in (
        ("history_", _curve, folder.keep_history),
        ("summary_", _words, folder.keep_summary),
        ("score_parts_", lambda v: sign * _part(v, points), folder.keep_parts),
        ("reference_scores_", lambda v: sign * _reference(v), folder.keep_reference_scores),
    ):
        with _asking(name, warnings):
            found = _read(detector, name, read)
            if found:
                keep(found)


def draw_figures(detector: Any, folder: TrialFolder, warnings: list[str]) -> None:
    """Let a detector that has ``diagnostics`` draw figures of itself into the trial's folder."""
    with _asking("diagnostics", warnings):
        draw = getattr(detector, "diagnostics", None)
        if callable(draw):
            drawn = folder.figure_folder()
            draw(drawn)
            if not any(drawn.iterdir()):
                drawn.rmdir()


def _read(detector: Any, name: str, read: Callable[[Any], Any]) -> dict[str, Any]:
    found = getattr(detector, name, None)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise TypeError(f"it must be a mapping, not a {type(found).__name__}")
    if len(found) > MOST_ENTRIES:
        raise ValueError(f"it has {len(found)} entries, more than {MOST_ENTRIES}")
    return {str(key): read(value) for key, value in found.items()}


def _curve(values: Any) -> list[float | None]:
    # JSON has no NaN: a gap in the curve.
    return [v if math.isfinite(v) else None for v in map(float, values)]


def _words(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return " ".join(text.split())[:MOST_CHARACTERS]


def _numbers(values: Any) -> np.ndarray:
    array = real_array(values)
    # On a large offset float32 would make one of all of them, beside scores that differ.
    return array.astype(array.dtype if array.dtype == np.float32 else np.float64).reshape(-1)


def _part(values: Any, points: int) -> np.ndarray:
    part = _numbers(values)
    if len(part) != points:
        raise ValueError(f"a part has {len(part)} numbers where {points} points were scored")
    return part


def _reference(values: Any) -> np.ndarray:
    scores = _numbers(values)
    if len(scores) > MOST_VALUES:
        raise ValueError(f"there are {len(scores):,} of them, more than {MOST_VALUES:,}")
    return scores


@contextmanager
def _asking(name: str, warnings: list[str]) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001  a detector's own code; the scores are safe
        traceback.print_exc()  # to the trial's log
        warnings.append(f"{name} is left out: {describe_error(error)}; see log.txt")
