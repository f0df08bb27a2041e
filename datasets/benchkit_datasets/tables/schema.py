"""Schema of the tables of a recording: the columns, their names and their possible values."""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.decimals import KnownDecimals
from benchkit_datasets.tables.source_table import SourceTable


class TimeParser(Protocol):
    """Parses the times of rows, block by block."""

    @property
    def notes(self) -> list[str]:
        """What is unusual or was repaired, one sentence each."""
        ...

    def seconds(self, columns: list[np.ndarray], rows: np.ndarray) -> np.ndarray:
        """Return the time of each row, int64 seconds since 1970, from the time columns.

        Raises `InvalidDataset` for a cell that is not a time.
        """
        ...


class LabelParser(Protocol):
    """Parses the labels of rows, block by block."""

    @property
    def notes(self) -> list[str]:
        """What is unusual or was repaired, one sentence each."""
        ...

    def anomalous(self, column: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return True for each row that is labelled as an anomaly.

        Raises `InvalidDataset` for a cell that is not a label.
        """
        ...


@dataclass(frozen=True)
class ValueRange:
    """Possible values of a tag.

    Attributes
    ----------
    low, high
        Limits that hold for the plant in operation and under attack.
    fractions
        Largest share of values with decimals: 0.0 for the codes of a valve or pump.
    reach
        Lower bound of the maximum of a complete recording.
    """

    low: float = -math.inf
    high: float = math.inf
    fractions: float = 1.0
    reach: float = -math.inf


@dataclass(frozen=True)
class TableSchema:
    """The columns of the tables of a recording.

    Attributes
    ----------
    tags
        Names of the channels, in the published order.
    time_columns
        Names of the columns with the time.
    label_column
        Name of the label column, which is optional.
    empty
        Names of columns that are published empty; they are dropped.
    rename
        Maps a stripped column name of a file to one of the names above.
    new_time_parser, new_label_parser
        Create a parser; the argument is the name of the file, for messages.
    bounds
        Possible values by tag.
    known_decimals
        Number of decimals of the published values.
    edition
        Determines the edition of a file from the names in its header and the time parser after
        all rows, as in `benchkit_datasets.tables.published_file.PublishedFile`;
        ``""`` if undetermined.
    """

    tags: tuple[str, ...]
    time_columns: tuple[str, ...]
    label_column: str
    rename: Callable[[str], str]
    new_time_parser: Callable[[str], TimeParser]
    new_label_parser: Callable[[str], LabelParser]
    bounds: Mapping[str, ValueRange]
    empty: tuple[str, ...] = ()
    known_decimals: tuple[KnownDecimals, ...] = ()
    edition: Callable[[tuple[str, ...], Any], str] = lambda header, time_parser: ""

    def is_header(self, cells: list[str]) -> bool:
        """Return whether a line has at least half of the tags."""
        names = {self.rename(cell) for cell in cells}
        return 2 * len(names.intersection(self.tags)) >= len(self.tags)


@dataclass(frozen=True)
class ColumnMap:
    """Positions of the columns of a schema in a table.

    Attributes
    ----------
    tags, time_columns
        Column numbers, in the order of the schema.
    label_column
        Column number, None if the table has no labels.
    empty
        Numbers of the columns that must be empty.
    reordered
        Whether the order of these columns differs from the published one.
    moved
        Pairs (found, expected) of tags, for every position with another tag than published.
    """

    tags: tuple[int, ...]
    time_columns: tuple[int, ...]
    label_column: int | None
    empty: tuple[int, ...]
    reordered: bool
    moved: tuple[tuple[str, str], ...]


def map_columns(table: SourceTable, schema: TableSchema) -> ColumnMap:
    """Find the positions of the columns of a schema by name.

    Raises
    ------
    InvalidDataset
        A column is missing, duplicate or unknown.
    """
    names = [schema.rename(name) for name in table.header]
    known = (*schema.time_columns, *schema.tags, *schema.empty, schema.label_column)
    duplicates = [name for name, count in Counter(names).items() if count > 1 and name]
    unknown = [name for name in names if name and name not in known]
    missing = [name for name in (*schema.time_columns, *schema.tags) if name not in names]
    if duplicates or unknown or missing:
        found = [
            f"{what}: {_listed(wrong)}"
            for what, wrong in (
                ("missing columns", missing),
                ("duplicate columns", duplicates),
                ("unknown columns", unknown),
            )
            if wrong
        ]
        near = difflib.get_close_matches(unknown[0], missing, 1) if unknown else []
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise InvalidDataset(f"{table.name}: {'; '.join(found)}{hint}; get the file as published")
    found_tags = [name for name in names if name in schema.tags]
    published = [*schema.time_columns, *schema.tags, schema.label_column]
    kept = [name for name in names if name in published]
    return ColumnMap(
        tags=tuple(names.index(tag) for tag in schema.tags),
        time_columns=tuple(names.index(name) for name in schema.time_columns),
        label_column=names.index(schema.label_column) if schema.label_column in names else None,
        empty=tuple(
            number for number, name in enumerate(names) if not name or name in schema.empty
        ),
        reordered=kept != [name for name in published if name in kept],
        moved=tuple(
            (found, tag)
            for found, tag in zip(found_tags, schema.tags, strict=True)
            if found != tag
        ),
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
