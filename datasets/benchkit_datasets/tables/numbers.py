"""Conversion of a column of a table to numbers."""

from __future__ import annotations

import re

import numpy as np

from benchkit.data import InvalidDataset

MISSING = (
    *("", "-", "?", "nan", "NaN", "NAN", "-nan", "-NaN", "NA", "N/A", "n/a", "#N/A", "null"),
    *("NULL", "None", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND", "1.#QNAN0", "-1.#IND0"),
)
"""Markers of missing values, including NaN as printed by old Windows programs."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_LARGEST = float(np.finfo(np.float32).max)


def numbers(
    column: np.ndarray, rows: np.ndarray, *, file: str, name: str, decimal: str = "."
) -> np.ndarray:
    """Return a column as float64, NaN for missing values.

    Parameters
    ----------
    column, rows
        A column of a `Block` and the numbers of its rows, for messages.
    file, name
        The file and the column, for messages.
    decimal
        The decimal separator in text.

    Raises
    ------
    InvalidDataset
        A cell is neither a number within the range of float32 nor one of `MISSING`.
    """
    if column.dtype == object:
        values = np.full(len(column), np.nan)
        for place, cell in enumerate(column):
            text = str(cell).strip()
            if text in MISSING:
                continue
            plain = text if decimal == "." else text.replace(".", "x").replace(decimal, ".")
            if not _NUMBER.fullmatch(plain):
                raise InvalidDataset(
                    f"{file}, row {rows[place]:,}: {name} is {_short(text)}, not a number"
                )
            values[place] = float(plain)
    else:
        values = column
    wrong = np.abs(values) > _LARGEST
    if wrong.any():
        place = int(wrong.argmax())
        raise InvalidDataset(
            f"{file}, row {rows[place]:,}: {name} is {values[place]:g}, not a measured value"
        )
    return values


def show_cell(cell: object) -> str:
    """Return a cell as the file has it, for messages: in quotes, or that it is empty."""
    if isinstance(cell, float):
        return "empty" if np.isnan(cell) else repr(show_number(cell))
    return _short(str(cell).strip()) if str(cell).strip() else "empty"


def show_number(value: float) -> str:
    """Return a number as a file would have it: of a whole one all digits."""
    whole = float(value).is_integer() and abs(value) < 1e21
    return f"{value:.0f}" if whole else f"{value:.15g}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
