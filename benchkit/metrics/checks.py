"""What metrics refuse to be computed from, and how they say so."""

from __future__ import annotations

import math
import sys
from numbers import Real
from typing import Any, cast

import numpy as np

WIDEST = 10_000
"""The largest window: each up to it has an area of its own, so that time grows with its square."""


def check(labels: Any, scores: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return labels as booleans and scores as an array, both of shape (n,).

    Raises ValueError for empty input, another shape, different lengths, labels other than 0 and 1,
    a score that is not finite, a masked value, and for labels and scores whose rows have different
    names; the message says which and where.
    """
    truth, values = as_arrays(labels, scores, "scores")
    check_finite("scores", values)
    return as_booleans("labels", truth), values


def as_arrays(labels: Any, values: Any, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return both as arrays of shape (n,) with the same n, which is not 0.

    Raises ValueError where they have other shapes, where a value is masked, and where both have an
    index, as series of pandas do, and not the same one: arrays know no index, so that one point's
    label would meet another's score.
    """
    truth, array = as_array("labels", labels), as_array(name, values)
    _check_lengths(truth, array, name)
    _check_index(labels, values, name)
    return truth, array


def as_array(name: str, values: Any) -> np.ndarray:
    """Return values as an array; ValueError for one with masked values, which would come back."""
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise ValueError(
            f"{np.ma.count_masked(values):,} of {np.size(values):,} {name} are masked: "
            "leave these points out, of labels and scores alike"
        )
    try:
        return np.asarray(values)
    except (TypeError, ValueError, RuntimeError) as error:
        kind = type(values).__name__
        raise ValueError(f"{name} are a {kind} that is no array: {error}") from error


def check_calibration(calibration: Any) -> np.ndarray:
    """Return calibration scores as an array of shape (any,), not empty; ValueError for others."""
    values = as_array("calibration scores", calibration)
    if values.ndim != 1 or not len(values):
        raise ValueError(
            f"calibration scores must be one-dimensional, not empty; shape {values.shape}"
        )
    check_finite("calibration scores", values)
    return values


def check_finite(name: str, values: np.ndarray) -> None:
    """Raise ValueError unless every value is a real number; ``values`` has shape (n,)."""
    if values.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be numbers, got {values.dtype}")
    finite = np.isfinite(values)
    if not finite.all():
        wrong = int(np.argmin(finite))
        raise ValueError(f"{name} must be finite, got {values[wrong]} at index {wrong}")


def as_booleans(name: str, values: np.ndarray) -> np.ndarray:
    """Return an array of 0 and 1, shape (n,), as booleans; any other value raises ValueError."""
    if values.dtype == bool:
        return values
    if values.dtype.kind in "iuf":
        wrong = np.flatnonzero((values != 0) & (values != 1))
    else:  # objects may be equal to nothing, not even themselves
        right = [isinstance(v, Real | np.bool_) and float(v) in (0, 1) for v in values]
        wrong = np.flatnonzero(np.logical_not(right))
    if len(wrong):
        value = values[wrong[0]]
        got = repr(str(value)) if isinstance(value, str) else value
        raise ValueError(f"{name} must be 0 or 1, got {got} at index {wrong[0]}")
    return values.astype(bool)


def check_window(window: Any) -> int:
    """Return a window as a number of points; ValueError unless whole and up to `WIDEST`."""
    number = _as_number(window)
    if number is None or not (0 <= number <= WIDEST and float(number).is_integer()):
        raise ValueError(f"window must be a whole number from 0 to {WIDEST:,}, got {window!r}")
    return int(number)


def check_period(period: Any) -> float | None:
    """Return the seconds from one point to the next, None for None; ValueError unless above 0."""
    if period is None:
        return None
    number = _as_number(period)
    if number is None or not 0 < number < math.inf:
        raise ValueError(f"period must be a number of seconds above 0, got {period!r}")
    return float(number)


def check_threshold(name: str, threshold: Any) -> float:
    """Return a threshold, a whole number as it is; ValueError unless it is a finite number."""
    number = _as_number(threshold)
    if number is None or not -sys.float_info.max <= number <= sys.float_info.max:
        raise ValueError(f"{name} must be a finite number, got {threshold!r}")
    exact = isinstance(number, int | np.longdouble)
    return cast(float, number) if exact else float(number)


def check_share(name: str, share: Any) -> float:
    """Return a share; ValueError unless it is a number from 0 to 1."""
    number = _as_number(share)
    if number is None or not 0 <= number <= 1:
        raise ValueError(f"{name} must be a number from 0 to 1, got {share!r}")
    return float(number)


def _as_number(value: Any) -> Any:
    """Return a number, that of an array without dimensions too; None for anything else."""
    if isinstance(value, np.ndarray | np.generic) and value.ndim == 0:
        value = value.item() if value.dtype.kind in "biuf" else None
    return value if isinstance(value, Real) and not isinstance(value, bool) else None


def _check_lengths(labels: np.ndarray, values: np.ndarray, name: str) -> None:
    for what, array in (("labels", labels), (name, values)):
        if array.ndim != 1:
            raise ValueError(f"{what} must be one-dimensional, got shape {array.shape}")
    if len(labels) != len(values):
        raise ValueError(f"there are {len(labels)} labels but {len(values)} {name}")
    if not len(labels):
        raise ValueError(f"labels and {name} are empty")


def _check_index(labels: Any, values: Any, name: str) -> None:
    ours, theirs = getattr(labels, "index", None), getattr(values, "index", None)
    # Lists have an index too, which is a method.
    if (
        ours is None
        or theirs is None
        or not (hasattr(ours, "equals") and hasattr(theirs, "equals"))
    ):
        return
    if ours.equals(theirs):
        return
    pairs = zip(ours, theirs, strict=True)
    first = next((place for place, (a, b) in enumerate(pairs) if a != b), 0)
    raise ValueError(
        f"labels and {name} have different indices, {ours[first]} and {theirs[first]} "
        f"at place {first}: align them, {name}.reindex(labels.index), or give arrays"
    )
