"""Plausibility checks: values in the published units, under the right column names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.parsed_table import ColumnStatistics, ParsedTable
from benchkit_datasets.tables.schema import TableSchema

_NEAR = 1e-3


def check_values(
    parsed: ParsedTable, begins: Mapping[str, float], published: str, schema: TableSchema
) -> None:
    """Reject values that a tag cannot have, and columns that may have the wrong name.

    Parameters
    ----------
    parsed, schema
        The table and its columns.
    begins
        Values of the first row, by tag, as far as known.
    published
        Name of the published file, for messages.

    Raises
    ------
    InvalidDataset
        Values are scaled, changed or swapped, or may be.
    """
    statistics = parsed.statistics
    if how := _scaled(statistics, schema):
        raise InvalidDataset(
            f"{parsed.name}: {how}; its values were scaled, get the file as published"
        )
    for channel, tag in enumerate(schema.tags):
        reason = _impossible(statistics, channel, tag, schema)
        if reason:
            raise InvalidDataset(
                f"{parsed.name}: {tag} {reason}; columns were shifted, swapped or scaled; "
                "get the file as published"
            )
    first = parsed.values()[0]
    for tag, value in begins.items():
        found = first[schema.tags.index(tag)]
        if _differs(found, value):
            raise InvalidDataset(
                f"{parsed.name}: {tag} starts with {found:g}, but with {value:g} in {published}; "
                "columns or values were changed, get the file as published"
            )
    for group in _cycles(parsed.moved):
        if not any(
            _impossible(statistics, schema.tags.index(found), expected, schema)
            or _differs(first[schema.tags.index(found)], begins.get(expected))
            for found, expected in group
        ):
            name, other = group[0]
            raise InvalidDataset(
                f"{parsed.name}: {name} stands where {other} is published, and the values "
                "do not show whether columns were moved or only their names swapped; put the "
                "columns into the published order"
            )


def _cycles(moved: tuple[tuple[str, str], ...]) -> list[list[tuple[str, str]]]:
    """Return the moved tags as cycles of the permutation of columns."""
    rest = dict(moved)
    groups = []
    while rest:
        group = [rest.popitem()]
        while group[-1][1] in rest:
            found = group[-1][1]
            group.append((found, rest.pop(found)))
        groups.append(group)
    return groups


def _impossible(statistics: ColumnStatistics, channel: int, tag: str, schema: TableSchema) -> str:
    """Return why a channel cannot be a tag, ``""`` if it can."""
    bounds = schema.bounds[tag]
    low, high = statistics.low[channel], statistics.high[channel]
    if low < bounds.low or high > bounds.high:
        return f"goes from {low:g} to {high:g}, not within {bounds.low:g} to {bounds.high:g}"
    if high < bounds.reach:
        return f"goes from {low:g} to {high:g}, and not to {bounds.reach:g} or more"
    if statistics.fractions[channel] > bounds.fractions:
        return "has decimals, but holds codes"
    return ""


def _scaled(statistics: ColumnStatistics, schema: TableSchema) -> str:
    """Return how at least half of the sensors are scaled, ``""`` if they are not."""
    is_sensor = np.array([schema.bounds[tag].fractions == 1 for tag in schema.tags])
    varies = is_sensor & (statistics.high > statistics.low)
    near_one = np.abs(statistics.high - 1) < _NEAR
    ways = {
        "go from 0 to 1": near_one & (np.abs(statistics.low) < _NEAR),
        "go from -1 to 1": near_one & (np.abs(statistics.low + 1) < _NEAR),
        "have mean 0 and standard deviation 1": (np.abs(statistics.mean) < _NEAR)
        & (np.abs(statistics.deviation - 1) < 10 * _NEAR),
    }
    for how, marks in ways.items():
        share = float((marks & varies).sum()) / max(1.0, float(varies.sum()))
        if share >= 0.5:
            return f"{share:.0%} of the sensors {how}"
    return ""


def _differs(found: float, expected: float | None) -> bool:
    return expected is not None and abs(found - expected) > 1e-5 * max(1.0, abs(expected))
