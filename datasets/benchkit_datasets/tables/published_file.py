"""Facts about the published files, and the check that a table is one of them, unmodified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.parsed_table import ParsedTable
from benchkit_datasets.tables.schema import TableSchema
from benchkit_datasets.tables.source_table import HEADER_LINES
from benchkit_datasets.tables.value_checks import check_values

EXCEL_ROWS = 1_048_576
"""Row limit of spreadsheet programs, which truncate longer files."""


@dataclass(frozen=True)
class PublishedFile:
    """Facts about one published file.

    Attributes
    ----------
    name
        Used in messages: ``"the normal recording v1"``.
    rows
        Number of rows below the header.
    start
        Time of the first row, in seconds since 1970.
    labelled
        Whether it has a label column.
    anomalies, events
        Number of anomalous rows, and of runs of them.
    windows
        First and last second of each attack after ``start``, both included, if the labels are
        published separately. Empty for a `labelled` file.
    missing
        Number of missing seconds.
    jumps
        If known, pairs (row, missing seconds before it).
    longest_fill
        The longest run of missing values in a channel that is filled; 0 if the published file has
        no missing values.
    first
        Values of the first row, by tag, as far as known.
    edition
        Distinguishes files with the same start and number of rows by the format of their header
        and times; ``""`` if there is only one.
    """

    name: str
    rows: int
    start: int
    labelled: bool
    anomalies: int = 0
    events: int = 0
    windows: tuple[tuple[int, int], ...] = ()
    missing: int = 0
    jumps: tuple[tuple[int, int], ...] | None = None
    longest_fill: int = 0
    first: Mapping[str, float] = field(default_factory=dict)
    edition: str = ""


def parse_time(text: str) -> int:
    """Return an ISO time without a zone as seconds since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def format_time(seconds: int) -> str:
    """Return seconds since 1970 as an ISO time without a zone."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M:%S")


def event_starts(labels: np.ndarray) -> np.ndarray:
    """Return the first row of each run of anomalous rows."""
    marks = np.asarray(labels, bool)
    return np.flatnonzero(marks & ~np.append(False, marks[:-1]))


def identify(
    parsed: ParsedTable, parts: Sequence[PublishedFile], schema: TableSchema
) -> PublishedFile:
    """Return the published file that a table is.

    Raises
    ------
    InvalidDataset
        It is none of them, or was modified; the message says what was expected and found.
    """
    begins = [part for part in parts if part.start == parsed.seconds[0]]
    if not begins:
        expected = " or ".join(
            f"{format_time(part.start)} ({part.name})" for part in _unique(parts)
        )
        raise InvalidDataset(
            f"{parsed.name} begins at {format_time(parsed.seconds[0])}, not at {expected}: "
            "its beginning is missing, or it is another recording"
        )
    _check_order(parsed)
    part = _by_rows(parsed, _by_labels(parsed, begins, schema))
    _check_jumps(parsed, part)
    if parsed.labels is not None and not part.windows:
        _check_labels(parsed, part)
    _check_missing(parsed, part, schema)
    check_values(parsed, part.first, part.name, schema)
    return part


def _by_labels(
    parsed: ParsedTable, parts: list[PublishedFile], schema: TableSchema
) -> list[PublishedFile]:
    """Return the candidates that match the edition and the presence of a label column.

    A file that is published without labels may have an added label column.
    """
    edition = parsed.edition
    possible = [part for part in parts if not edition or part.edition in ("", edition)]
    labelled = parsed.labels is not None
    fitting = [part for part in possible if part.labelled == labelled]
    if not fitting and not labelled:
        named = " or ".join(part.name for part in _unique(possible))
        raise InvalidDataset(
            f"{parsed.name} has no column of labels ({schema.label_column!r}), unlike {named}; "
            "get the file as published"
        )
    return fitting or possible


def _unique(parts: Sequence[PublishedFile]) -> list[PublishedFile]:
    return list({part.start: part for part in parts}.values())


def _check_order(parsed: ParsedTable) -> None:
    steps = np.diff(parsed.seconds)
    if (steps <= 0).any():
        place = int((steps <= 0).argmax())
        how = "the same time as" if steps[place] == 0 else "an earlier time than"
        raise InvalidDataset(
            f"{parsed.name}, row {parsed.rows[place + 1]:,}: it has {how} the row before "
            "it; rows are duplicated or out of order, get the file again"
        )


def _by_rows(parsed: ParsedTable, parts: list[PublishedFile]) -> PublishedFile:
    rows = len(parsed.rows)
    for part in parts:
        if part.rows == rows:
            return part
    expected = " or ".join(f"{part.rows:,} ({part.name})" for part in parts)
    if parsed.rows[-1] == EXCEL_ROWS or 0 <= EXCEL_ROWS - rows <= HEADER_LINES:
        why = f"a spreadsheet program cut it off at line {EXCEL_ROWS:,}"
        todo = "use the file that was never saved from a spreadsheet"
    else:
        left_out = int((np.diff(parsed.seconds) - 1).sum())
        why = f"it ends at {format_time(parsed.seconds[-1])}"
        if left_out:
            why += f" and {left_out:,} seconds are missing"
        todo = "it is cut off, lacks rows or is another recording; get the file as published"
    raise InvalidDataset(f"{parsed.name} has {rows:,} rows, not {expected}: {why}; {todo}")


def _check_jumps(parsed: ParsedTable, part: PublishedFile) -> None:
    left_out = np.diff(parsed.seconds) - 1
    found = tuple((int(row) + 1, int(left_out[row])) for row in np.flatnonzero(left_out))
    total = int(left_out.sum())
    if total != part.missing or (part.jumps is not None and found != part.jumps):
        where = f", the first at row {parsed.rows[found[0][0]]:,}" if found else ""
        raise InvalidDataset(
            f"{parsed.name}: {total:,} seconds are missing{where}, {part.missing:,} in "
            f"{part.name}: rows are missing or their times were changed"
        )


def _check_labels(parsed: ParsedTable, part: PublishedFile) -> None:
    assert parsed.labels is not None
    rows, events = int(parsed.labels.sum()), len(event_starts(parsed.labels))
    if (rows, events) != (part.anomalies, part.events):
        raise InvalidDataset(
            f"{parsed.name}: {rows:,} rows are labelled as anomalies, in {events} events; "
            f"{part.name} has {part.anomalies:,} in {part.events}: the labels were changed"
        )


def _check_missing(parsed: ParsedTable, part: PublishedFile, schema: TableSchema) -> None:
    if not len(parsed.missing):
        return
    row, channel = parsed.missing[0]
    if not part.longest_fill:
        raise InvalidDataset(
            f"{parsed.name}, row {parsed.rows[row]:,}: {schema.tags[channel]} has no "
            f"value, and {part.name} lacks none; get the file again"
        )
    length, row, channel = _longest_run(parsed.missing)
    if length > part.longest_fill or length == len(parsed.rows):
        raise InvalidDataset(
            f"{parsed.name}: {schema.tags[channel]} has no value for {length:,} rows from row "
            f"{parsed.rows[row]:,} on; the file is incomplete, get it again"
        )


def _longest_run(missing: np.ndarray) -> tuple[int, int, int]:
    """Return length, first row and channel of the longest run of missing values."""
    rows, channels = missing[np.lexsort((missing[:, 0], missing[:, 1]))].T
    begins = np.flatnonzero(np.append(True, (np.diff(rows) != 1) | (np.diff(channels) != 0)))
    lengths = np.diff(np.append(begins, len(rows)))
    longest = begins[int(lengths.argmax())]
    return int(lengths.max()), int(rows[longest]), int(channels[longest])
