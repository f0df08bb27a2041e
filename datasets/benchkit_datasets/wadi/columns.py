"""Parsers of the time and label columns of WADI."""

from __future__ import annotations

import datetime
import re

import numpy as np
import pandas as pd

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.numbers import numbers, show_cell
from benchkit_datasets.tables.published_file import format_time, parse_time

LABEL = "Attack LABLE (1:No Attack, -1:Attack)"
"""Spelled as in the files."""

NORMAL_STARTED = parse_time("2017-09-25 18:00:00")
ATTACK_STARTED = parse_time("2017-10-09 18:00:00")
STARTS = (NORMAL_STARTED, ATTACK_STARTED)
"""Time of row number 1 of each recording, in both versions."""

_DAY = 86_400
_HOUR = 3_600
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_ZONE = r"(?:Z|UTC|[+-]\d{2}:?\d{2})?"
_TIME = (
    r"^\s*(?:0 DAYS |T)?(?:(?P<hour>\d{1,2}):)?(?P<minute>\d{1,2}):"
    rf"(?P<second>\d{{1,2}}(?:[.,]\d+)?)\s*(?P<half>[AP]M)?\s*{_ZONE}\s*$"
)
_DATE = re.compile(
    r"(?P<one>\d{1,4})[/.-](?P<two>\d{1,2})[/.-](?P<three>\d{1,4})"
    rf"(?:[T ]0?0:00(?::00(?:[.,]0+)?)?{_ZONE})?"
)
"""A date may be followed by midnight."""
_ORDERS = {
    "month first": ("three", "one", "two"),
    "day first": ("three", "two", "one"),
    "year first": ("one", "two", "three"),
}


def rename(name: str) -> str:
    r"""Return a name without its path: ``\\WIN-25J4RO10SBF\...\1_AIT_001_PV``."""
    bare = name.rpartition("\\")[2].strip()
    return LABEL if re.match(r"attack\s*la(bl|be)", bare, re.IGNORECASE) else bare


def edition(header: tuple[str, ...], time_parser: RowNumberTimeParser) -> str:
    """Return the version of an attack recording: only A1 has name prefixes and hours."""
    if any("\\" in name for name in header) or time_parser.with_hour:
        return "A1"
    return "A2"


class RowNumberTimeParser:
    """Parses times from row numbers: one row per second after a start given by the first date.

    The time column of A2 lacks the hours, so dates and times are only compared with the result.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._start = 0
        self._order = ""
        self._hourless = 0
        self.with_hour = 0
        """Rows whose time has the hour."""

    @property
    def notes(self) -> list[str]:
        """What is unusual about dates and times."""
        notes = []
        if self._order not in ("", "month first"):
            notes.append(f"{self._file}: dates are written {self._order}.")
        if self._hourless:
            notes.append(
                f"{self._file}: the time of {self._hourless:,} rows lacks the hour; the row "
                "number gives the time, and minutes and seconds agree with it."
            )
        return notes

    def seconds(self, columns: list[np.ndarray], rows: np.ndarray) -> np.ndarray:
        """Return the seconds since 1970, int64."""
        number, date, time = columns
        count = numbers(number, rows, file=self._file, name="Row")
        wrong = np.isnan(count) | (count != np.rint(count))
        if wrong.any():
            place = int(wrong.argmax())
            raise self._refusal(rows[place], "Row", number[place], "a row number")
        count = count.astype(np.int64)
        if not self._order:
            self._begin(int(count[0]), date[0], rows[0])
        seconds = self._start + count - 1
        self._compare_dates(seconds, date, rows)
        self._compare_times(seconds, time, rows)
        return seconds

    def _begin(self, count: int, date: object, row: int) -> None:
        """Determine the recording and the order of day, month and year."""
        for order in _ORDERS:
            for start in STARTS:
                if _day(date, order) == (start + count - 1) // _DAY:
                    self._start, self._order = start, order
                    return
        expected = " or ".join(format_time(start + count - 1)[:10] for start in STARTS)
        raise self._refusal(row, "Date", date, f"{expected}, as row number {count:,} has")

    def _compare_dates(self, seconds: np.ndarray, dates: np.ndarray, rows: np.ndarray) -> None:
        codes, words = pd.factorize(dates, use_na_sentinel=False)
        days = np.array([_day(word, self._order) for word in words])[codes]
        wrong = days != seconds // _DAY
        if wrong.any():
            place = int(wrong.argmax())
            expected = f"{format_time(seconds[place])[:10]}, as its row number implies"
            raise self._refusal(rows[place], "Date", dates[place], expected)

    def _compare_times(self, seconds: np.ndarray, times: np.ndarray, rows: np.ndarray) -> None:
        if times.dtype == object:
            found = pd.Series(times, dtype="str").str.upper().str.extract(_TIME)
            hour = found["hour"].astype(float).to_numpy()
            half = found["half"].to_numpy()
            hour = np.where(pd.isna(half), hour, hour % 12 + 12 * (half == "PM"))
            second = found["second"].str.replace(",", ".").astype(float)
            of_hour = (found["minute"].astype(float) * 60 + second).to_numpy()
        else:
            # Spreadsheet programs store a time as a fraction of a day, without an hour as one of
            # the first hour.
            of_day = (times % 1) * _DAY
            has_hour = np.abs(of_day - seconds % _DAY) < _HOUR / 2
            hour = np.where((of_day < _HOUR) & ~has_hour, np.nan, 0.0)
            of_hour = of_day
        hourless = np.isnan(hour)
        self._hourless += int(hourless.sum())
        self.with_hour += int((~hourless).sum())
        turn = np.where(hourless, _HOUR, _DAY)
        off = (np.nan_to_num(hour) * _HOUR + of_hour - seconds) % turn
        wrong = ~(np.minimum(off, turn - off) < 0.5)
        if wrong.any():
            place = int(wrong.argmax())
            expected = f"{format_time(seconds[place])[11:]}, as its row number implies"
            raise self._refusal(rows[place], "Time", times[place], expected)

    def _refusal(self, row: int, name: str, found: object, expected: str) -> InvalidDataset:
        return InvalidDataset(
            f"{self._file}, row {row:,}: {name} is {str(found)[:40]!r}, not {expected}; "
            "rows or times were changed, get the file as published"
        )


class SignLabelParser:
    """Parses 1 (normal) and -1 (attack)."""

    def __init__(self, file: str) -> None:
        self.notes: list[str] = []
        self._file = file

    def anomalous(self, column: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return True for -1."""
        signs = numbers(column, rows, file=self._file, name=LABEL)
        wrong = np.abs(signs) != 1
        if wrong.any():
            place = int(wrong.argmax())
            raise InvalidDataset(
                f"{self._file}, row {rows[place]:,}: the label is {show_cell(column[place])}, "
                "neither 1 (no attack) nor -1 (attack); get the file as published"
            )
        return signs == -1


def _day(date: object, order: str) -> int | None:
    """Return a date as days since 1970, None if it is not a date in this order."""
    if isinstance(date, float):
        # Spreadsheet programs store a date as days since the end of 1899.
        return int(date) - 25_569 if date > 0 else None
    found = _DATE.fullmatch(str(date).strip())
    if found is None:
        return None
    year, month, day = (int(found[name]) for name in _ORDERS[order])
    try:
        return datetime.date(year + 2000 * (year < 100), month, day).toordinal() - _EPOCH
    except ValueError:
        return None
