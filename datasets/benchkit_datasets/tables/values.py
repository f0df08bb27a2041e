"""Whether the values of a table are those of its columns, in the units that were published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.layout import Layout
from benchkit_datasets.tables.transcript import Summary, Transcript

_NEAR = 1e-3


def check_values(
    transcript: Transcript, begins: Mapping[str, float], published: str, layout: Layout
) -> None:
    """Refuse values that a tag cannot have, and columns that may stand under another's name.

    Parameters
    ----------
    transcript, layout
        The table and its columns.
    begins
        Values of the first row, by tag, where they are known.
    published
        Which file that is, for messages.

    Raises
    ------
    InvalidDataset
        Values were scaled, changed or exchanged, or may have been.
    """
    summary = transcript.summary
    if how := _scaled(summary, layout):
        raise InvalidDataset(
            f"{transcript.name}: {how}; its values were scaled, get the file as published"
        )
    for channel, tag in enumerate(layout.tags):
        reason = _impossible(summary, channel, tag, layout)
        if reason:
            raise InvalidDataset(
                f"{transcript.name}: {tag} {reason}; columns were shifted, exchanged or scaled, "
                "get the file as published"
            )
    first = transcript.values()[0]
    for tag, value in begins.items():
        found = first[layout.tags.index(tag)]
        if _differs(found, value):
            raise InvalidDataset(
                f"{transcript.name}: {tag} begins with {found:g}, in {published} with {value:g}; "
                "columns or values were changed, get the file as published"
            )
    for group in _cycles(transcript.moved):
        if not any(
            _impossible(summary, layout.tags.index(found), expected, layout)
            or _differs(first[layout.tags.index(found)], begins.get(expected))
            for found, expected in group
        ):
            name, other = group[0]
            raise InvalidDataset(
                f"{transcript.name}: {name} stands where {other} is published, and the values "
                "do not tell whether columns were moved or only their names exchanged; put the "
                "columns into the published order"
            )


def _cycles(moved: tuple[tuple[str, str], ...]) -> list[list[tuple[str, str]]]:
    """Return the moved tags in groups that exchanged their places among each other."""
    rest = dict(moved)
    groups = []
    while rest:
        group = [rest.popitem()]
        while group[-1][1] in rest:
            found = group[-1][1]
            group.append((found, rest.pop(found)))
        groups.append(group)
    return groups


def _impossible(summary: Summary, channel: int, tag: str, layout: Layout) -> str:
    """Return why the values of a channel cannot be those of a tag, nothing if they can."""
    bounds = layout.bounds[tag]
    low, high = summary.low[channel], summary.high[channel]
    if low < bounds.low or high > bounds.high:
        return f"goes from {low:g} to {high:g}, not within {bounds.low:g} to {bounds.high:g}"
    if high < bounds.reach:
        return f"goes from {low:g} to {high:g}, and not to {bounds.reach:g} or more"
    if summary.fractions[channel] > bounds.fractions:
        return "has decimals, and is a code"
    return ""


def _scaled(summary: Summary, layout: Layout) -> str:
    """Return in which way at least half of the sensors were scaled, nothing if they were not."""
    is_sensor = np.array([layout.bounds[tag].fractions == 1 for tag in layout.tags])
    varies = is_sensor & (summary.high > summary.low)
    near_one = np.abs(summary.high - 1) < _NEAR
    ways = {
        "go from 0 to 1": near_one & (np.abs(summary.low) < _NEAR),
        "go from -1 to 1": near_one & (np.abs(summary.low + 1) < _NEAR),
        "have mean 0 and standard deviation 1": (np.abs(summary.mean) < _NEAR)
        & (np.abs(summary.deviation - 1) < 10 * _NEAR),
    }
    for how, marks in ways.items():
        share = float((marks & varies).sum()) / max(1.0, float(varies.sum()))
        if share >= 0.5:
            return f"{share:.0%} of the sensors {how}"
    return ""


def _differs(found: float, expected: float | None) -> bool:
    return expected is not None and abs(found - expected) > 1e-5 * max(1.0, abs(expected))
