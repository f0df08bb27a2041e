"""Schema and published files of WADI.A1 (2017) and WADI.A2 (2019)."""

from __future__ import annotations

from benchkit_datasets.tables.addition import Version
from benchkit_datasets.tables.decimals import KnownDecimals
from benchkit_datasets.tables.published_file import PublishedFile, parse_time
from benchkit_datasets.tables.schema import TableSchema, ValueRange
from benchkit_datasets.testbeds.wadi.tags import LIVE, TAGS
from benchkit_datasets.wadi.columns import (
    ATTACK_STARTED,
    LABEL,
    NORMAL_STARTED,
    RowNumberTimeParser,
    SignLabelParser,
    edition,
    rename,
)

_ATTACKS = """
10-09 19:25:00 19:50:16
10-10 10:24:10 10:34:00
10-10 10:55:00 11:24:00
10-10 11:30:40 11:44:50
10-10 13:39:30 13:50:40
10-10 14:48:17 14:59:55
10-10 17:40:00 17:49:40
10-11 10:55:00 10:56:27
10-11 11:17:54 11:31:20
10-11 11:36:31 11:47:00
10-11 11:59:00 12:05:00
10-11 12:07:30 12:10:52
10-11 12:16:00 12:25:36
10-11 15:26:30 15:37:00
"""
"""First and last second of every attack, as published beside WADI.A1."""


def _windows() -> tuple[tuple[int, int], ...]:
    """Return the attacks in seconds after the first row of the attack recording."""
    lines = (line.split() for line in _ATTACKS.split("\n") if line)
    return tuple(
        (
            parse_time(f"2017-{day} {first}") - ATTACK_STARTED,
            parse_time(f"2017-{day} {last}") - ATTACK_STARTED,
        )
        for day, first, last in lines
    )


WINDOWS = _windows()

_JUMP = 599_999 - 335_998 - 1
"""Seconds missing in the normal recording of A2 before row 335,998 (from 0)."""

LONGEST_FILL = 60

VERSIONS = (
    Version(
        "A2",
        PublishedFile(
            "the normal recording of A2",
            784_571,
            NORMAL_STARTED,
            labelled=False,
            missing=_JUMP,
            jumps=((335_998, _JUMP),),
            longest_fill=LONGEST_FILL,
        ),
        PublishedFile(
            "the attack recording of A2",
            172_801,
            ATTACK_STARTED,
            labelled=True,
            anomalies=9_977,
            events=14,
            longest_fill=LONGEST_FILL,
            edition="A2",
        ),
    ),
    Version(
        "A1",
        PublishedFile(
            "the normal recording of A1",
            1_209_601,
            NORMAL_STARTED,
            labelled=False,
            longest_fill=LONGEST_FILL,
        ),
        PublishedFile(
            "the attack recording of A1",
            172_801,
            ATTACK_STARTED,
            labelled=False,
            anomalies=9_948,
            events=14,
            windows=WINDOWS,
            longest_fill=LONGEST_FILL,
            edition="A1",
        ),
    ),
)


def _range_of(tag: str) -> ValueRange:
    """Return the possible values of a tag; states and alarms are integers, apart from glitches."""
    if tag.endswith(("_STATUS", "_AL", "_AH")):
        return ValueRange(-1, 10, fractions=0.01)
    return ValueRange()


SCHEMA = TableSchema(
    tags=LIVE,
    time_columns=("Row", "Date", "Time"),
    label_column=LABEL,
    rename=rename,
    new_time_parser=RowNumberTimeParser,
    new_label_parser=SignLabelParser,
    bounds={tag: _range_of(tag) for tag in LIVE},
    empty=tuple(tag for tag in TAGS if tag not in LIVE),
    # Six significant digits, and some sensors have values below 1.
    known_decimals=(
        KnownDecimals(tuple(tag for tag in LIVE if _range_of(tag).fractions == 1), 5),
    ),
    edition=edition,
)
