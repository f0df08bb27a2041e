"""A table in a file: a header, and an iterator over blocks of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

HEADER_LINES = 50
"""Lines in which a header is searched for."""

IsHeader = Callable[[list[str]], bool]
"""Whether the cells of a line, stripped, are the header."""


@dataclass(frozen=True)
class Block:
    """Consecutive rows of a table.

    Attributes
    ----------
    rows
        int64, (rows,): row numbers in the file, from 1: lines of a text, rows of a sheet.
    columns
        One array (rows,) per column: float64 with NaN for empty cells if all others are numbers;
        otherwise object, the text of the cells, ``""`` for empty ones.
    """

    rows: np.ndarray
    columns: list[np.ndarray]


@dataclass
class SourceTable:
    """A table in a file, read lazily.

    Attributes
    ----------
    name
        Used in messages: the file, and the sheet if there are several.
    header
        The names of the columns, stripped.
    blocks
        The rows below the header; can be iterated once.
    decimal
        The decimal separator of numbers in text.
    notes
        What is unusual about the format, one sentence each; appended while blocks are read.
    """

    name: str
    header: tuple[str, ...]
    blocks: Iterator[Block]
    decimal: str = "."
    notes: list[str] = field(default_factory=list)


def strip(cells: Iterable[str]) -> list[str]:
    """Return names without surrounding blanks, quotes and byte order marks."""
    return [cell.strip(" \t\r\n\"'\ufeff\u00a0") for cell in cells]


def column_array(column: pd.Series) -> np.ndarray:
    """Convert a pandas column to an array as in `Block`."""
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64)
    texts = column.astype(object).where(column.notna(), "")
    return np.array([str(cell).strip() for cell in texts], object)
