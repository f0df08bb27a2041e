"""How the tables of a recording are laid out: which columns, by which names, with which values."""

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
    """Reads the time of rows, block by block."""

    @property
    def notes(self) -> list[str]:
        """What is unusual or was repaired, each a sentence."""
        ...

    def seconds(self, columns: list[np.ndarray], rows: np.ndarray) -> np.ndarray:
        """Return the time of each row, int64 seconds since 1970, from the columns of the clock.

        Raises `InvalidDataset` for a cell that is no time.
        """
        ...


class LabelParser(Protocol):
    """Reads the labels of rows, block by block."""

    @property
    def notes(self) -> list[str]:
        """What is unusual or was repaired, each a sentence."""
        ...

    def anomalous(self, column: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return True for each row that is labelled as an anomaly.

        Raises `InvalidDataset` for a cell that is no label.
        """
        ...


@dataclass(frozen=True)
class ValueRange:
    """What the values of a tag can be.

    Attributes
    ----------
    low, high
        Wide enough for every value that the plant or an attacker ever showed.
    fractions
        The share of values that may have decimals: 0.0 for codes of a valve or a pump.
    reach
        The largest value of a whole recording is not below this.
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
        Names of the columns that say when.
    label_column
        Name of the column of labels; a table need not have it.
    empty
        Names of columns that are published without a value, and left out.
    rename
        Turns a stripped name in a file into one of the names above.
    new_time_parser, new_label_parser
        Make a reader for the file of a name.
    bounds
        For each tag.
    known_decimals
        What is known of the decimals of tags.
    edition
        Tells from the names in a header, and from the clock that has read all rows, which
        edition of a file this is, as in `benchkit_datasets.tables.published_file.PublishedFile`;
        ``""`` where they do not tell.
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
        """Return whether a line has at least half of the tags in it."""
        names = {self.rename(cell) for cell in cells}
        return 2 * len(names.intersection(self.tags)) >= len(self.tags)


@dataclass(frozen=True)
class ColumnMap:
    """Where the columns of a schema stand in one table.

    Attributes
    ----------
    tags, time_columns
        Column numbers, in the order of the schema.
    label_column
        Column number, None where the table has no labels.
    empty
        Column numbers of what must have no value.
    reordered
        Whether any of these stands elsewhere among them than in the published table.
    moved
        Pairs (found, expected) of tags, for every tag that stands where the published table has
        another.
    """

    tags: tuple[int, ...]
    time_columns: tuple[int, ...]
    label_column: int | None
    empty: tuple[int, ...]
    reordered: bool
    moved: tuple[tuple[str, str], ...]


def map_columns(table: SourceTable, schema: TableSchema) -> ColumnMap:
    """Find the columns of a schema by their names.

    Raises
    ------
    InvalidDataset
        A name is missing, stands twice, or is none of the schema's.
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
