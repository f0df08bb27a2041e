"""The cells of rows of a sheet, from XML to columns."""

from __future__ import annotations

import html
import io
import re

import numpy as np
import pandas as pd

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.numbers import MISSING
from benchkit_datasets.tables.source_table import Block, column_array

_TEXT = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
_ROW = re.compile(rb'<row (?:[^>]* )?r="(\d+)"')
_COLUMNS = 1 << 15
"""More than a sheet can have."""


def parse_rows(name: str, xml: bytes, shared: np.ndarray, width: int | None = None) -> Block:
    """Return the rows in some XML as columns.

    All tags are found at once, in arrays of positions. The values of number cells are written as
    lines of text, which pandas reads; the few cells of another type are then put in one by one.

    Parameters
    ----------
    name
        Of the sheet, for messages.
    xml
        Any number of ``<row>`` elements, whole, without a namespace prefix.
    shared
        The shared texts of the workbook, stripped.
    width
        How many columns; None for as many as there are.

    Raises
    ------
    InvalidDataset
        There is a value to the right of ``width``, or a cell does not begin with its reference.
    ValueError, IndexError
        The XML is not that of a sheet: a text without a number, two values in the place of one.
    """
    # As good as no type, and some programs write it into every cell.
    xml = xml.replace(b' t="n"', b"")
    codes = np.frombuffer(xml + bytes(8), np.uint8)
    tags = np.flatnonzero(codes == ord("<"))
    kind = _numbers_at(codes, tags + 1, 2)
    # Below sheetData only <row begins with these two letters; <r> is a run of a rich text.
    rows = tags[kind == _number(b"ro")]
    is_cell = (kind == _number(b"c ")) | (kind == _number(b"c>"))
    start = tags[is_cell]
    named = [_ROW.match(xml, place) for place in rows.tolist()]
    row = np.searchsorted(rows, start, side="right") - 1
    column = _columns(codes, start)
    ordered = np.diff(row * _COLUMNS + column) > 0
    if not all(named) or (column < 0).any() or (row < 0).any() or not ordered.all():
        raise InvalidDataset(
            f"{name} is written in a way that is not read here (rows or cells without a number); "
            "open it in a spreadsheet program and save it again"
        )
    numbers = np.array([int(match[1]) for match in named if match], np.int64)

    # The value of each cell is between these two; 0 and 0 where it has none.
    begin, end = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
    values = np.flatnonzero(kind == _number(b"v>"))
    owner = (np.cumsum(is_cell) - 1)[values]
    begin[owner], end[owner] = tags[values] + 3, tags[values + 1]

    is_shared, texts = _typed(xml, codes, start, begin, end)
    if width is None:
        width = int(column.max(initial=-1)) + 1
    filled = end > begin
    filled[[cell for cell, text in texts.items() if text]] = True
    if (filled & (column >= width)).any():
        far = int((filled & (column >= width)).argmax())
        raise InvalidDataset(
            f"{name}, row {numbers[row[far]]:,}: there is a cell to the right of the header; "
            "the row is shifted or has a cell too many"
        )
    read = filled.copy()
    read[list(texts)] = False
    place = (row * width + column)[read]
    columns = _read_numbers(codes, begin[read], end[read], place, len(rows), width)

    is_text = is_shared & filled
    is_text[[cell for cell, text in texts.items() if text]] = True
    for where in np.unique(column[is_text]).tolist():
        words = np.full(len(rows), "", object)
        here = filled & (column == where)
        referring = row[here & is_shared]
        words[referring] = shared[columns[where][referring].astype(np.int64)]
        for cell in np.flatnonzero(here & ~is_shared).tolist():
            text = texts.get(cell)
            words[row[cell]] = xml[begin[cell] : end[cell]].decode() if text is None else text
        columns[where] = words
    return Block(numbers, columns)


def text_of(xml: bytes) -> str:
    """Return the text of a shared or inline string, whose runs may be formatted each."""
    return html.unescape(b"".join(_TEXT.findall(xml)).decode())


def _number(text: bytes) -> int:
    return int.from_bytes(text, "little")


def _numbers_at(codes: np.ndarray, places: np.ndarray, size: int) -> np.ndarray:
    """Return the ``size`` bytes (2 or 8) at each place as one number, to compare at once."""
    count = len(codes) - size + 1
    return np.ndarray(count, f"<u{size}", codes.data, strides=(1,))[places]


def _columns(codes: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the column, from 0, of each cell, read from ``<c r="AB12"``; -1 where it has none."""
    signs = _numbers_at(codes, start + 2, 8)
    letters = (signs & 0xFFFFFFFF) == _number(b' r="')
    column = np.zeros(len(start), np.int64)
    for shift in (32, 40, 48):
        sign = ((signs >> np.uint64(shift)) & 0xFF).astype(np.int64)
        letters &= (sign >= ord("A")) & (sign <= ord("Z"))
        column = np.where(letters, column * 26 + sign - ord("A") + 1, column)
    return column - 1


def _typed(
    xml: bytes, codes: np.ndarray, start: np.ndarray, begin: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, dict[int, str]]:
    """Return which cells refer to a shared text, and what the cells of other types hold."""
    size = len(codes) - 2
    # t= as an attribute, behind a blank.
    marked = (codes[:size] == ord(" ")) & (codes[1:-1] == ord("t")) & (codes[2:] == ord("="))
    places = np.flatnonzero(marked)
    cells = np.searchsorted(start, places, side="right") - 1
    refers = _numbers_at(codes, places + 3, 2) == _number(b'"s')
    refers &= codes[places + 5] == ord('"')
    is_shared = np.zeros(len(start), bool)
    is_shared[cells[refers]] = True
    texts = {}
    for cell, place in zip(cells[~refers].tolist(), places[~refers].tolist(), strict=True):
        if xml.startswith(b'"inlineStr"', place + 3):
            text = text_of(xml[place : xml.index(b"</c>", place)])
        else:
            text = html.unescape(xml[begin[cell] : end[cell]].decode())
        texts[cell] = text.strip()
    return is_shared, texts


def _read_numbers(
    codes: np.ndarray,
    begin: np.ndarray,
    end: np.ndarray,
    place: np.ndarray,
    rows: int,
    width: int,
) -> list[np.ndarray]:
    """Return the columns of the number cells: their values as lines of text, read by pandas.

    ``place`` counts the cells of the table, row by row.
    """
    steps = np.zeros(len(codes), np.int8)
    steps[begin] = 1
    steps[end] = -1
    values = codes[np.cumsum(steps, dtype=np.int8).view(bool)]
    sizes = np.zeros(rows * width, np.int64)
    sizes[place] = end - begin
    # Behind every cell, empty ones too, stands a separator.
    behind = np.cumsum(sizes) + np.arange(rows * width)
    lines = np.empty(len(values) + rows * width, np.uint8)
    is_value = np.ones(len(lines), bool)
    is_value[behind] = False
    lines[is_value] = values
    lines[behind] = ord(",")
    lines[behind[width - 1 :: width]] = ord("\n")
    if np.isin(values, list(b',"\n\r')).any():
        raise ValueError("a number cell holds something else")
    frame = pd.read_csv(
        io.BytesIO(lines.tobytes()),
        header=None,
        names=list(range(width)),
        index_col=False,
        na_values=list(MISSING),
        keep_default_na=False,
        low_memory=False,
        skip_blank_lines=False,
    )
    return [column_array(frame[number]) for number in frame]
