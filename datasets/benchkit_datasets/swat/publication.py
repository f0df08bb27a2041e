"""Schema and published files of SWaT.A1 & A2, December 2015."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.addition import Version
from benchkit_datasets.tables.decimals import KnownDecimals
from benchkit_datasets.tables.numbers import show_cell, show_number
from benchkit_datasets.tables.published_file import PublishedFile, parse_time
from benchkit_datasets.tables.schema import TableSchema, ValueRange
from benchkit_datasets.tables.times import find_format, read_times
from benchkit_datasets.testbeds.swat.tags import TAGS

CLOCK = "Timestamp"
LABEL = "Normal/Attack"

STARTED = parse_time("2015-12-22 16:00:00")
"""Start of the plant, which is the first row of v0."""

ATTACK_STARTED = parse_time("2015-12-28 10:00:00")

UTC_HOURS = 8
"""UTC offset of local time."""

_LAST_DAY = 2_958_466
"""First day number after the range of spreadsheets, which ends with the year 9999."""

_NORMAL_V0 = PublishedFile("the normal recording v0", 496_800, STARTED, labelled=True)
_NORMAL_V1 = PublishedFile("the normal recording v1", 495_000, STARTED + 1_800, labelled=True)
_ATTACK = PublishedFile(
    "the attack recording v0",
    449_919,
    ATTACK_STARTED,
    labelled=True,
    anomalies=54_621,
    events=35,
    missing=81,
    first={
        "FIT101": 2.427057,
        "LIT101": 522.8467,
        "MV101": 2,
        "P101": 2,
        "P102": 1,
        "AIT201": 262.0161,
        "AIT202": 8.396437,
        "AIT203": 328.6337,
        "FIT201": 2.445391,
    },
)

VERSIONS = (Version("v1", _NORMAL_V1, _ATTACK), Version("v0", _NORMAL_V0, _ATTACK))

_PH = ("AIT202", "AIT501")
_REACH = {"FIT101": 1.5, "FIT201": 1.5, "AIT201": 100, "AIT203": 100}
_DECIMALS = {"FIT101": 6, "FIT201": 6, "AIT202": 6, "LIT101": 4, "AIT201": 4, "AIT203": 4}
"""As in the first row of the attack recording, which has seven significant digits."""


def _range_of(tag: str) -> ValueRange:
    """Return the possible values of a tag: codes of actuators, physical limits of sensors."""
    if tag.startswith("MV"):
        return ValueRange(0, 2, fractions=0.0)
    if tag.startswith(("P", "UV")) and not tag.startswith("PIT"):
        return ValueRange(1, 2, fractions=0.0)
    if tag in _PH:
        return ValueRange(0, 14, reach=5)
    reach = _REACH.get(tag, -math.inf)
    if tag.startswith("FIT"):
        return ValueRange(-1, 20, reach=reach)
    if tag.startswith("LIT"):
        return ValueRange(-500, 2_500, reach=100)
    return ValueRange(-500, 5_000, reach=reach)


def _decimals_of(tag: str) -> KnownDecimals:
    """Return the number of decimals of the published values of a sensor."""
    expected = 5 if tag.startswith("FIT") or tag in _PH else 3
    return KnownDecimals((tag,), _DECIMALS.get(tag, expected))


class _TimestampParser:
    """Parses ``28/12/2015 10:00:00 AM``, day first, and the formats of other programs."""

    FORMATS = MappingProxyType(
        {
            "%d/%m/%Y %I:%M:%S %p": "",
            "%d/%m/%Y %H:%M:%S": "times have 24 hours",
            "%m/%d/%Y %I:%M:%S %p": "dates have the month first",
            "%m/%d/%Y %H:%M:%S": "dates have the month first and times have 24 hours",
            "%Y-%m-%d %H:%M:%S": "times are in ISO format",
            "%Y/%m/%d %H:%M:%S": "dates have the year first",
            "%Y/%m/%d %I:%M:%S %p": "dates have the year first",
            "%d.%m.%Y %H:%M:%S": "dates are written with dots",
        }
    )

    def __init__(self, file: str) -> None:
        self._said: list[str] = []
        self._file = file
        self._format = ""
        self._zone: str | None = None
        self._converts = False
        self._rounded = 0

    @property
    def notes(self) -> list[str]:
        """What is unusual about the times."""
        said = list(self._said)
        if self._rounded:
            rows = f"{self._rounded:,} row{'s' * (self._rounded > 1)}"
            said.append(f"the times of {rows} have fractions of a second, which were rounded")
        return [f"{self._file}: {sentence}." for sentence in said]

    def seconds(self, columns: list[np.ndarray], rows: np.ndarray) -> np.ndarray:
        """Return the seconds since 1970, int64."""
        (column,) = columns
        if column.dtype != object:
            return self._serial(column, rows)
        if not self._format:
            self._begin(column[0], rows[0])
        times = read_times(column, self._format)
        foreign = times.zones == "" if self._converts else times.zones != self._zone
        wrong = np.isnan(times.seconds) | foreign
        if wrong.any():
            place = int(wrong.argmax())
            raise self._no_time(column[place], rows[place])
        seconds = times.shifted(UTC_HOURS) if self._converts else times.seconds
        whole = np.rint(seconds)
        self._rounded += int((whole != seconds).sum())
        return whole.astype(np.int64)

    def _begin(self, text: str, row: int) -> None:
        """Determine the format of the first time, preferring day first, and its time zone.

        Programs append a time zone to local time, or convert the time to another zone; the first
        time, which is known, shows which.
        """
        form = find_format(text, tuple(self.FORMATS))
        if form is None:
            raise self._no_time(text, row)
        self._format = form
        if self.FORMATS[form]:
            self._said.append(self.FORMATS[form])
        first = read_times(np.array([text], object), form)
        self._zone = str(first.zones[0])
        if self._zone:
            begins = np.rint([first.seconds[0], first.shifted(UTC_HOURS)[0]])
            known = np.isin(begins, (STARTED, STARTED + 1_800, ATTACK_STARTED))
            self._converts = bool(known[1] and not known[0])
            how = "were converted to local time, UTC+8" if self._converts else "are local time"
            self._said.append(f"times have the time zone {self._zone} and {how}")

    def _serial(self, column: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return spreadsheet times, which are days since the end of 1899."""
        seconds = (column - 25_569) * 86_400
        is_day = (column > 1) & (column < _LAST_DAY)
        wrong = ~(is_day & (np.abs(seconds - np.rint(seconds)) < 0.1))
        if wrong.any():
            place = int(wrong.argmax())
            raise self._no_time(show_number(column[place]), rows[place])
        if not self._said:
            self._said.append("times are numbers of days, as in a spreadsheet")
        return np.rint(seconds).astype(np.int64)

    def _no_time(self, text: str, row: int) -> InvalidDataset:
        return InvalidDataset(
            f"{self._file}, row {row:,}: {CLOCK} is {str(text)[:40]!r}, "
            "not a time such as '28/12/2015 10:00:00 AM' in the format of the rows above"
        )


class _WordLabelParser:
    """Parses ``Normal``, ``Attack`` and the misspelling ``A ttack``."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._repaired = 0

    @property
    def notes(self) -> list[str]:
        """A note on repaired labels, if there are any."""
        if not self._repaired:
            return []
        rows = f"{self._repaired:,} row{'s' * (self._repaired > 1)}"
        return [f"{self._file}: blanks in the label of {rows} removed, as in 'A ttack'."]

    def anomalous(self, column: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return True for ``Attack``."""
        words, codes = np.unique(column.astype(str), return_inverse=True)
        plain = ["".join(word.split()) for word in words]
        for number, (word, label) in enumerate(zip(words, plain, strict=True)):
            if label not in ("Normal", "Attack"):
                place = int((codes == number).argmax())
                raise InvalidDataset(
                    f"{self._file}, row {rows[place]:,}: {LABEL} is {show_cell(column[place])}, "
                    "neither 'Normal' nor 'Attack'; get the file as published"
                )
            if word != label:
                self._repaired += int((codes == number).sum())
        return np.array([label == "Attack" for label in plain])[codes]


SCHEMA = TableSchema(
    tags=TAGS,
    time_columns=(CLOCK,),
    label_column=LABEL,
    rename=str.strip,
    new_time_parser=_TimestampParser,
    new_label_parser=_WordLabelParser,
    bounds={tag: _range_of(tag) for tag in TAGS},
    known_decimals=tuple(_decimals_of(tag) for tag in TAGS if _range_of(tag).fractions),
)
