"""Connection records in memory, and the strict reader of the original text files."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchkit.data import InvalidDataset
from benchkit.data.packing import open_unpacked
from benchkit_datasets.kdd99.columns import COLUMNS, NUMERIC, SYMBOLIC

BLOCK_BYTES = 16 << 20
"""How much text is parsed at a time."""

FIELDS = len(COLUMNS) + 1
_DTYPES: dict[str, str] = {
    **dict.fromkeys(COLUMNS, "float32"),
    **dict.fromkeys((*SYMBOLIC, "label"), "category"),
}
_LABEL = re.compile(r"[a-z][a-z0-9_]*\.")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Records:
    """Connections in the order of their file.

    Attributes
    ----------
    numbers
        float32, (rows, 38), the columns of `NUMERIC`.
    symbols
        The three columns of `SYMBOLIC`, each of length rows.
    attack
        bool, (rows,): False is a normal connection.
    """

    numbers: np.ndarray
    symbols: dict[str, pd.Categorical]
    attack: np.ndarray

    def __len__(self) -> int:
        return len(self.attack)

    def __getitem__(self, rows: slice | np.ndarray) -> Records:
        symbols = {name: column[rows] for name, column in self.symbols.items()}
        return Records(self.numbers[rows], symbols, self.attack[rows])


def read_records(
    path: Path, *, rows: int | None = None, normal: int | None = None, block: int = BLOCK_BYTES
) -> Records:
    """Read an original file of KDD Cup 1999, packed or plain.

    Parameters
    ----------
    path
        As for `benchkit.data.packing.open_unpacked`.
    rows
        How many rows the file has when it is whole; None to accept any number but zero.
    normal
        None to keep every row; a number to keep only that many normal rows, the first ones.
    block
        Bytes of text parsed at a time.

    Raises
    ------
    InvalidDataset
        A line is not 41 features and a label with a trailing dot, or the file is cut off or has
        another number of rows. The message names the file, and the line where there is one.
    """
    parts: list[Records] = []
    seen = kept = 0
    for text in _blocks(path, block):
        # Past the last wanted row only the lines are counted, to know that the file is whole.
        if normal is None or kept < normal:
            part = _parse(text, path, seen)
            if normal is not None:
                part = part[np.flatnonzero(~part.attack)[: normal - kept]]
            parts.append(part)
            kept += len(part)
        seen += text.count(b"\n") + (not text.endswith(b"\n"))
    if rows is not None and seen != rows:
        raise InvalidDataset(
            f"{path} has {seen:,} rows, not {rows:,}: it is truncated or another edition; "
            "delete it to download it again, or replace it by the original"
        )
    if normal is not None and kept < normal:
        raise InvalidDataset(f"{path} has {kept:,} normal rows, {normal:,} are needed")
    if not seen:
        raise InvalidDataset(f"{path} is empty")
    return _join(parts)


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    """Yield the text in whole lines, each ended by a single line feed."""
    rest = b""
    with open_unpacked(path) as file:
        while piece := file.read(size):
            whole, newline, tail = (rest + piece).rpartition(b"\n")
            rest = tail
            if newline:
                yield (whole + newline).replace(b"\r\n", b"\n")
    if rest:
        yield rest


def _parse(text: bytes, path: Path, before: int) -> Records:
    """Parse whole lines; ``before`` is how many lines of the file came earlier."""
    try:
        # The reader below pads short lines and may cut long ones, and NUL has no place in text.
        lines = text.count(b"\n") + (not text.endswith(b"\n"))
        if text.count(b",") != lines * (FIELDS - 1) or b"\0" in text:
            raise ValueError("a line has another number of fields")
        frame = pd.read_csv(
            io.BytesIO(text),
            header=None,
            names=[*COLUMNS, "label"],
            index_col=False,
            dtype=_DTYPES,
            encoding="latin-1",
            lineterminator="\n",
            quoting=3,  # QUOTE_NONE: a quote is a wrong character here, not syntax
            na_filter=False,
            skip_blank_lines=False,
        )
        numbers = frame[list(NUMERIC)].to_numpy(np.float32)
        symbols = {name: frame[name].array for name in SYMBOLIC}
        label = frame["label"].array
        words = [w for column in symbols.values() for w in column.categories]
        if not all(map(_WORD.fullmatch, words)) or not all(
            map(_LABEL.fullmatch, label.categories)
        ):
            raise ValueError("a word has an invalid character")
        if len(frame) != lines or not np.isfinite(numbers).all() or (numbers < 0).any():
            raise ValueError("a number is negative or not finite")
    except ValueError as error:
        fault = _first_fault(text, before) or f"after line {before}: {error}"
        raise InvalidDataset(f"{path}, {fault}") from error
    return Records(numbers, symbols, np.asarray(label != "normal."))


def _first_fault(text: bytes, before: int) -> str | None:
    """Return the first wrong line and what is wrong with it, read slowly with the same rules."""
    for number, line in enumerate(text.removesuffix(b"\n").split(b"\n"), before + 1):
        fields = line.decode("latin-1").split(",")
        if len(fields) != FIELDS:
            return f"line {number}: {len(fields)} fields, not {FIELDS} (41 features and a label)"
        for name, field in zip(COLUMNS, fields, strict=False):
            if name in SYMBOLIC:
                right = _WORD.fullmatch(field) is not None
            else:
                right = _NUMBER.fullmatch(field) is not None and 0 <= float(field) < math.inf
            if not right:
                kind = "a word" if name in SYMBOLIC else "a finite number from 0 up"
                return f"line {number}: {name} is {field[:40]!r}, not {kind}"
        if not _LABEL.fullmatch(fields[-1]):
            return (
                f"line {number}: the label is {fields[-1][:40]!r}, not a lower-case word "
                "with a dot at its end"
            )
    return None


def _join(parts: list[Records]) -> Records:
    if len(parts) == 1:
        return parts[0]
    columns = {
        name: pd.api.types.union_categoricals([part.symbols[name] for part in parts])
        for name in SYMBOLIC
    }
    return Records(
        np.concatenate([part.numbers for part in parts]),
        columns,
        np.concatenate([part.attack for part in parts]),
    )
