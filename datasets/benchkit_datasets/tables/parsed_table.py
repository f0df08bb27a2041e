"""A table parsed into a float32 file, with its times, labels and missing values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.decimals import DecimalCounter
from benchkit_datasets.tables.numbers import numbers
from benchkit_datasets.tables.schema import ColumnMap, TableSchema, map_columns
from benchkit_datasets.tables.source_table import Block, SourceTable

MOST_MISSING = 100_000
"""A table with more missing values is rejected."""


@dataclass(frozen=True)
class ColumnStatistics:
    """Statistics of each channel, without missing values; arrays of shape (channels,).

    Attributes
    ----------
    low, high, mean, deviation
        Minimum, maximum, mean and standard deviation.
    fractions
        Share of the values that have decimals.
    """

    low: np.ndarray
    high: np.ndarray
    fractions: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray


@dataclass(frozen=True)
class ParsedTable:
    """The result of reading a table once.

    Attributes
    ----------
    name
        Of the table, used in messages.
    path
        File with the values: raw float32, (rows, channels), NaN where missing.
    rows
        int64, (rows,): row numbers in the source file.
    seconds
        int64, (rows,): time in seconds since 1970.
    labels
        bool, (rows,); None if the table has no labels.
    missing
        int64, (cells, 2): row and channel of every missing value, ordered by row.
    statistics
        Of the values that are not missing.
    moved
        See `ColumnMap`.
    edition
        See `TableSchema`.
    notes
        What was unusual or repaired, one sentence each.
    """

    name: str
    path: Path
    rows: np.ndarray
    seconds: np.ndarray
    labels: np.ndarray | None
    missing: np.ndarray
    statistics: ColumnStatistics
    moved: tuple[tuple[str, str], ...]
    edition: str
    notes: tuple[str, ...]

    def values(self, mode: str = "r") -> np.ndarray:
        """Return the values, memory-mapped: float32, (rows, channels)."""
        channels = len(self.statistics.low)
        return np.memmap(self.path, np.float32, mode, shape=(len(self.rows), channels))  # type: ignore[call-overload]


def parse_table(table: SourceTable, schema: TableSchema, path: Path) -> ParsedTable:
    """Read a table once and write its values to ``path``.

    Empty rows at the end of a table are ignored.

    Raises
    ------
    InvalidDataset
        A column is missing or unknown; a cell is not a number, time or label; there are no rows;
        an empty row is followed by others; a column that is published empty has a value.
    """
    column_map = map_columns(table, schema)
    time_parser, label_parser = (
        schema.new_time_parser(table.name),
        schema.new_label_parser(table.name),
    )
    statistics, decimals = (
        _RunningStatistics(len(schema.tags)),
        DecimalCounter(schema.known_decimals, schema.tags),
    )
    rows, seconds, marks, missing = [], [], [], []
    done, empty = 0, 0
    with path.open("wb") as file:
        for block in table.blocks:
            whole, blank = _without_blanks(table, block, column_map, empty)
            empty += blank
            if not len(whole.rows):
                continue
            values = _values(table, schema, column_map, whole)
            gaps = np.argwhere(np.isnan(values))
            missing.append(gaps + np.array([done, 0]))
            if sum(map(len, missing)) > MOST_MISSING:
                raise InvalidDataset(
                    f"{table.name}: more than {MOST_MISSING:,} values are missing by row "
                    f"{whole.rows[-1]:,}; the file is incomplete, get it again"
                )
            statistics.add(values)
            decimals.add(values)
            values.astype(np.float32).tofile(file)
            rows.append(whole.rows)
            seconds.append(
                time_parser.seconds(
                    [whole.columns[c] for c in column_map.time_columns], whole.rows
                )
            )
            if column_map.label_column is not None:
                marks.append(
                    label_parser.anomalous(whole.columns[column_map.label_column], whole.rows)
                )
            done += len(whole.rows)
    if not done:
        raise InvalidDataset(f"{table.name} has a header and no rows; get the file again")
    notes = [*table.notes, *time_parser.notes, *label_parser.notes]
    if column_map.reordered:
        notes.append(f"{table.name}: columns are not in the published order; matched by name.")
    if "" in table.header:
        notes.append(f"{table.name}: an empty column without a name ignored.")
    if rounded := decimals.note():
        notes.append(f"{table.name}: {rounded}.")
    if empty:
        notes.append(f"{table.name}: {empty} empty row{'s' * (empty > 1)} at the end ignored.")
    return ParsedTable(
        table.name,
        path,
        np.concatenate(rows),
        np.concatenate(seconds),
        np.concatenate(marks) if marks else None,
        np.concatenate(missing),
        statistics.statistics(),
        column_map.moved,
        schema.edition(table.header, time_parser),
        tuple(notes),
    )


class _RunningStatistics:
    """Accumulates `ColumnStatistics` block by block."""

    def __init__(self, channels: int) -> None:
        self._low = np.full(channels, np.inf)
        self._high = np.full(channels, -np.inf)
        self._counts = np.zeros(channels)
        self._fractional = np.zeros(channels)
        self._sums = np.zeros(channels)
        self._squares = np.zeros(channels)

    def add(self, values: np.ndarray) -> None:
        there = ~np.isnan(values)
        self._low = np.fmin(self._low, np.where(there, values, np.inf).min(axis=0))
        self._high = np.fmax(self._high, np.where(there, values, -np.inf).max(axis=0))
        self._counts += there.sum(axis=0)
        self._fractional += (there & (values != np.rint(values))).sum(axis=0)
        known = np.where(there, values, 0.0)
        self._sums += known.sum(axis=0)
        self._squares += np.einsum("rc,rc->c", known, known)

    def statistics(self) -> ColumnStatistics:
        counts = np.maximum(self._counts, 1)
        mean = self._sums / counts
        variance = np.maximum(self._squares / counts - mean**2, 0)
        share = self._fractional / counts
        return ColumnStatistics(self._low, self._high, share, mean, np.sqrt(variance))


def _values(
    table: SourceTable, schema: TableSchema, column_map: ColumnMap, block: Block
) -> np.ndarray:
    """Return the channels of a block: float64, (rows, channels)."""
    values = np.empty((len(block.rows), len(schema.tags)))
    for channel, (tag, column) in enumerate(zip(schema.tags, column_map.tags, strict=True)):
        values[:, channel] = numbers(
            block.columns[column],
            block.rows,
            file=table.name,
            name=tag,
            decimal=table.decimal,
        )
    for column in column_map.empty:
        there = ~_is_blank(block.columns[column])
        if there.any():
            row = block.rows[int(there.argmax())]
            name = schema.rename(table.header[column])
            raise InvalidDataset(
                f"{table.name}, row {row:,}: there is a value in column {column + 1}, "
                f"{repr(name) if name else 'which has no name'}, that is published empty; "
                "the columns are shifted, get the file again"
            )
    return values


def _without_blanks(
    table: SourceTable, block: Block, column_map: ColumnMap, empty: int
) -> tuple[Block, int]:
    """Return a block without its empty rows, and their number.

    Raises `InvalidDataset` if a row follows an empty one.
    """
    blank = np.ones(len(block.rows), bool)
    for column in (*column_map.time_columns, *column_map.tags):
        blank &= _is_blank(block.columns[column])
        if not blank.any():
            break
    full = np.flatnonzero(~blank)
    if len(full) and (empty or blank[: full[-1]].any()):
        row = block.rows[0] if empty else block.rows[int(blank.argmax())]
        raise InvalidDataset(
            f"{table.name}: there is an empty row at {row:,} and rows that follow it; "
            "get the file again"
        )
    if not blank.any():
        return block, 0
    kept = ~blank
    columns = [column[kept] for column in block.columns]
    return Block(block.rows[kept], columns), int(blank.sum())


def _is_blank(column: np.ndarray) -> np.ndarray:
    if column.dtype == object:
        return np.array([not text for text in column], bool)
    return np.isnan(column)
