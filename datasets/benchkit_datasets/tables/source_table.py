"""A table as it stands in a file: a header, and rows that come in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

HEADER_LINES = 50
"""How far down a header is looked for."""

IsHeader = Callable[[list[str]], bool]
"""Whether the cells of a line, stripped, are the header."""


@dataclass(frozen=True)
class Block:
    """Some rows of a table.

    Attributes
    ----------
    rows
        int64, (rows,): the number of each row in its file, from 1: the line of a text, the row of
        a sheet.
    columns
        One array (rows,) for each column: float64, NaN where there is nothing, where all cells
        are numbers or missing; else object, the texts of the cells, ``""`` where there is nothing.
    """

    rows: np.ndarray
    columns: list[np.ndarray]


@dataclass
class SourceTable:
    """A table in a file, not read yet.

    Attributes
    ----------
    name
        For messages: the file, and the sheet where there are several.
    header
        The names of the columns, stripped.
    blocks
        The rows below the header; can be gone through once.
    decimal
        The decimal sign of numbers that stand as text.
    notes
        What is unusual about the form, each a sentence; grows while the blocks are read.
    """

    name: str
    header: tuple[str, ...]
    blocks: Iterator[Block]
    decimal: str = "."
    notes: list[str] = field(default_factory=list)


def strip(cells: Iterable[str]) -> list[str]:
    """Return names without the blanks, quotes and byte order mark around them."""
    return [cell.strip(" \t\r\n\"'\ufeff\u00a0") for cell in cells]


def column_array(column: pd.Series) -> np.ndarray:
    """Return a column that pandas read as a `Block` has it."""
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64)
    texts = column.astype(object).where(column.notna(), "")
    return np.array([str(cell).strip() for cell in texts], object)
