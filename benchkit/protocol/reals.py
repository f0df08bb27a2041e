"""Arrays of real numbers from what foreign code returned, or the reason why there is none.

numpy makes a number of much that is none: a text, a date, the real half of a complex number, what
stands under a mask. A cast that nobody asked for is an error here.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np

_KINDS = {
    "c": "they are complex",
    "m": "they are spans of time: divide them by one",
    "M": "they are dates: subtract the first and divide by a span of time",
    "S": "they are texts",
    "T": "they are texts",
    "U": "they are texts",
    "V": "each is a tuple of named fields",
}


def real_array(values: Any) -> np.ndarray:
    """Return ``values`` as an array of booleans, integers, floats, or, as objects, `Fraction`.

    Nothing is rounded: objects become the narrowest of these that holds all of them, and a table
    of integers and floats that float64 does not hold becomes long doubles.

    Raises
    ------
    TypeError
        They are no real numbers; the message goes on from "..., but".
    """
    if np.ma.is_masked(values):
        raise TypeError("some of them are masked: fill or leave them out")
    if hasattr(values, "toarray") and hasattr(values, "nnz"):
        raise TypeError("it is sparse: return .toarray()")
    try:
        array = np.asarray(values)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(str(error)) from error
    if array.dtype.kind in _KINDS:
        raise TypeError(_KINDS[array.dtype.kind])
    if array.dtype.kind == "O":
        return _from_objects(array)
    return _from_table(values, array)


def pandas_index(values: Any) -> Any:
    """Return the index of a pandas object, None for anything else."""
    return getattr(values, "index", None) if hasattr(values, "iloc") else None


def _from_table(values: Any, array: np.ndarray) -> np.ndarray:
    """Return a table's numbers anew where joining its columns to float64 rounded integers."""
    try:
        kinds = [(dtype.kind, dtype.itemsize) for dtype in values.dtypes]
    except (AttributeError, TypeError):  # no table: one type for all
        return array
    whole = any(kind in "iu" and size == 8 for kind, size in kinds)
    if array.dtype != np.float64 or not whole or not (np.abs(array) >= 2.0**53).any():
        return array
    return np.asarray(values.to_numpy(np.longdouble))


def _from_objects(array: np.ndarray) -> np.ndarray:
    for value in array.flat:
        if not isinstance(value, Real | Decimal | np.bool_):
            raise TypeError(f"there is {value!r:.40} of type {type(value).__name__} among them")
    try:
        floats = array.astype(np.float64)
    except OverflowError as error:
        raise TypeError("there is a number beyond 1.8e308 among them") from error
    if not np.isfinite(floats).all() or (floats.astype(object) == array).all():
        return floats
    if all(value == int(value) for value in array.flat):
        for dtype in (np.int64, np.uint64):
            limits = np.iinfo(dtype)
            if all(limits.min <= value <= limits.max for value in array.flat):
                return np.array([int(v) for v in array.flat], dtype).reshape(array.shape)
    return np.asarray(np.frompyfunc(_fraction, 1, 1)(array), dtype=object)


def _fraction(value: Any) -> Fraction:
    if isinstance(value, bool | np.bool_):
        return Fraction(int(value))
    return Fraction(*value.as_integer_ratio())
