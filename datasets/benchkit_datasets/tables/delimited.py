"""Reader of delimited text; separator, decimal separator and encoding are detected."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pandas as pd

from benchkit import progress
from benchkit.data import InvalidDataset
from benchkit_datasets.tables.input_files import reading_errors
from benchkit_datasets.tables.numbers import MISSING
from benchkit_datasets.tables.source_table import (
    HEADER_LINES,
    Block,
    IsHeader,
    SourceTable,
    column_array,
    strip,
)

CHARACTERS = 1 << 22
"""Characters read at once."""

SAMPLE_LINES = 20
"""Lines below the header from which the decimal separator is detected."""

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_delimited(name: str, file: BinaryIO, is_header: IsHeader) -> SourceTable | None:
    """Return the table in a text file, or None if no line near its top is the header.

    Raises
    ------
    InvalidDataset
        The file cannot be read, or mixes decimal points and commas. While blocks are read: a row
        has more or fewer cells than the header.
    """
    with reading_errors(name):
        encoding, marked = _encoding(file.read(1 << 16))
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline=None)
    lines: list[str] = []
    found = None
    with reading_errors(name):
        while found is None and len(lines) < HEADER_LINES:
            line = text.readline(1 << 20)
            if not line:
                return None
            lines.append(line)
            found = _header(line, is_header)
        if found is None:
            return None
        separator, header = found
        sample = [text.readline() for _ in range(SAMPLE_LINES)]
    decimal = _decimal(name, sample, separator)
    notes = _notes(name, encoding, marked, separator, decimal, len(lines) - 1)
    table = SourceTable(name, tuple(header), iter(()), decimal, notes)
    dialect = _Dialect(separator, decimal, len(header))
    chunks = max(1, size // (CHARACTERS * (2 if "16" in encoding else 1)))
    rest = _whole_lines(table, text, "".join(sample), dialect, chunks)
    table.blocks = _blocks(table, rest, len(lines) + 1, dialect)
    return table


@dataclass(frozen=True)
class _Dialect:
    separator: str
    decimal: str
    width: int


def _encoding(head: bytes) -> tuple[str, bool]:
    """Return the encoding of a text from its beginning, and whether it has a byte order mark."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, True
    for encoding, zeros in (("utf-16-le", head[1:200:2]), ("utf-16-be", head[0:200:2])):
        if zeros and not any(zeros):
            return encoding, False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "latin-1", False
    return "utf-8", False


def _header(line: str, is_header: IsHeader) -> tuple[str, list[str]] | None:
    """Return separator and column names if a line is the header."""
    for separator in _SEPARATORS:
        cells = strip(_cells(line, separator))
        if is_header(cells):
            return separator, cells
    return None


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\n")], delimiter=separator), [])
    except csv.Error:
        return []


def _decimal(name: str, lines: list[str], separator: str) -> str:
    """Return the decimal separator of some lines, a point if no number has decimals."""
    cells = [cell.strip() for line in lines for cell in _cells(line, separator)]
    used = [sign for sign in ".," if any(re.fullmatch(rf"-?\d+\{sign}\d+", c) for c in cells)]
    if len(used) > 1:
        raise InvalidDataset(
            f"{name}: some numbers have a decimal comma and some a decimal point; "
            "save the file with one of them"
        )
    return used[0] if used else "."


def _notes(
    name: str, encoding: str, marked: bool, separator: str, decimal: str, above: int
) -> list[str]:
    notes = []
    if encoding != "utf-8":
        mark = ", with a byte order mark" if marked else ""
        notes.append(f"{name}: read as {encoding.removesuffix('-sig')}{mark}.")
    if separator != ",":
        notes.append(f"{name}: the cells are separated by a {_SEPARATORS[separator]}.")
    if decimal != ".":
        notes.append(f"{name}: the numbers have a decimal comma.")
    if above:
        notes.append(f"{name}: {above} line{'s' * (above > 1)} above the header ignored.")
    return notes


def _blocks(
    table: SourceTable, lines: Iterator[str], row: int, dialect: _Dialect
) -> Iterator[Block]:
    """Yield blocks of rows, numbered from ``row``; each text has many complete lines."""
    empty = 0
    for text in lines:
        block = _block(table.name, text, row, dialect)
        row += text.count("\n")
        empty += text.count("\n") - len(block.rows)
        yield block
    if empty:
        table.notes.append(f"{table.name}: {empty} empty line{'s' * (empty > 1)} ignored.")


def _whole_lines(
    table: SourceTable, text: io.TextIOWrapper, pending: str, dialect: _Dialect, chunks: int
) -> Iterator[str]:
    """Yield the pending text and the rest in chunks of complete lines."""
    above = ""
    with text, reading_errors(table.name):
        for more in progress(iter(lambda: text.read(CHARACTERS), ""), table.name, chunks):
            pending += more
            cut = pending.rfind("\n") + 1
            if cut:
                whole, pending = pending[:cut], pending[cut:]
                above = whole[whole.rfind("\n", 0, -1) + 1 :]
                yield whole
    *whole_lines, last = pending.split("\n")
    if last:
        _check_end(table, whole_lines[-1] if whole_lines else above, last, dialect)
        table.notes.append(f"{table.name}: the last line has no line end.")
        pending += "\n"
    if pending:
        yield pending


def _check_end(table: SourceTable, above: str, last: str, dialect: _Dialect) -> None:
    """Reject a last line without a line end whose last number may be truncated.

    Labels are checked by their parser; a number equal to that of the line above is accepted.
    """
    cell, before = (_cells(line, dialect.separator)[-1:] for line in (last, above))
    if cell != before and re.fullmatch(r"[-+.,\d]*", "".join(cell).strip()):
        raise InvalidDataset(
            f"{table.name}: the last line has no line end, and its last number, "
            f"{''.join(cell)!r}, may be cut off; get the file again, or end the line if you know "
            "that it is whole"
        )


def _block(name: str, text: str, row: int, dialect: _Dialect) -> Block:
    """Parse complete lines into columns; each must have as many cells as the header."""
    if "\0" in text:
        raise InvalidDataset(f"{name}: there are zero bytes after row {row:,}: it is damaged")
    rows = row + np.arange(text.count("\n"))
    data = text.encode()
    cells = _cell_counts(data, text, dialect.separator)
    kept = cells != 0
    if (cells[kept] != dialect.width).any():
        first = int((kept & (cells != dialect.width)).argmax())
        raise InvalidDataset(
            f"{name}, row {rows[first]:,}: {cells[first]} cells under a header of "
            f"{dialect.width}: the line is cut off, or a separator is lost or doubled; get the "
            "file again"
        )
    try:
        frame = pd.read_csv(
            io.BytesIO(data),
            sep=dialect.separator,
            decimal=dialect.decimal,
            header=None,
            names=list(range(dialect.width)),
            index_col=False,
            na_values=list(MISSING),
            keep_default_na=False,
            low_memory=False,
        )
    except pd.errors.ParserError as error:
        raise InvalidDataset(f"{name}, after row {row:,}: {error}; get it again") from error
    if len(frame) != np.count_nonzero(kept):
        raise InvalidDataset(f"{name}: quotes after row {row:,} do not match; get the file again")
    return Block(rows[kept], [column_array(frame[place]) for place in frame])


def _cell_counts(data: bytes, text: str, separator: str) -> np.ndarray:
    """Return the number of cells of each line, 0 for an empty one."""
    if '"' in text:
        return np.array([len(_cells(line, separator)) for line in text.split("\n")[:-1]], int)
    codes = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(codes == ord("\n"))
    between = np.searchsorted(np.flatnonzero(codes == ord(separator)), ends)
    lengths = np.diff(ends, prepend=-1)
    return np.where(lengths > 1, np.diff(between, prepend=0) + 1, 0)
