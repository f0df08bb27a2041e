"""What is published of SWaT.A1 & A2, December 2015: columns, files, times, labels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.addition import Version
from benchkit_datasets.tables.layout import Bounds, Layout
from benchkit_datasets.tables.parts import Part, seconds_of
from benchkit_datasets.testbeds.swat.tags import TAGS

CLOCK = "Timestamp"
LABEL = "Normal/Attack"

STARTED = seconds_of("2015-12-22 16:00:00")
"""When the plant was switched on, which is the first row of v0."""

_NORMAL_V0 = Part("the normal recording v0", 496_800, STARTED, labelled=True)
_NORMAL_V1 = Part("the normal recording v1", 495_000, STARTED + 1_800, labelled=True)
_ATTACK = Part(
    "the attack recording v0",
    449_919,
    seconds_of("2015-12-28 10:00:00"),
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


def _bounds(tag: str) -> Bounds:
    """Return what a tag can show: codes of actuators, and wide physical limits of sensors."""
    if tag.startswith("MV"):
        return Bounds(0, 2, fractions=0.0)
    if tag.startswith(("P", "UV")) and not tag.startswith("PIT"):
        return Bounds(1, 2, fractions=0.0)
    if tag in _PH:
        return Bounds(0, 14)
    if tag.startswith("FIT"):
        return Bounds(-1, 20)
    if tag.startswith("LIT"):
        return Bounds(-500, 2_500)
    return Bounds(-500, 5_000)


class _Times:
    """Reads ``28/12/2015 10:00:00 AM``, day first, and what other programs made of it."""

    FORMATS = (
        ("%d/%m/%Y %I:%M:%S %p", ""),
        ("%d/%m/%Y %H:%M:%S", "times have 24 hours"),
        ("%m/%d/%Y %I:%M:%S %p", "the month stands first"),
        ("%m/%d/%Y %H:%M:%S", "the month stands first and times have 24 hours"),
        ("%Y-%m-%d %H:%M:%S", "times are written the ISO way"),
    )

    def __init__(self, file: str) -> None:
        self.notes: list[str] = []
        self._file = file
        self._format: str | None = None

    def seconds(self, columns: list[np.ndarray], rows: np.ndarray) -> np.ndarray:
        """Return the seconds since 1970, int64."""
        (column,) = columns
        if column.dtype != object:
            return self._serial(column, rows)
        if self._format is None:
            self._format = self._choose(column[0], rows[0])
        times = pd.to_datetime(pd.Series(column), format=self._format, errors="coerce")
        if times.isna().any():
            place = int(times.isna().to_numpy().argmax())
            raise self._no_time(column[place], rows[place])
        return times.to_numpy("datetime64[s]").astype(np.int64)

    def _choose(self, text: str, row: int) -> str:
        """Return the format of the first time; day first where both are possible."""
        for form, note in self.FORMATS:
            if not pd.isna(pd.to_datetime(text, format=form, errors="coerce")):
                if note:
                    self.notes.append(f"{self._file}: {note}.")
                return form
        raise self._no_time(text, row)

    def _serial(self, column: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the times that a spreadsheet program keeps as days since the end of 1899."""
        seconds = (column - 25_569) * 86_400
        wrong = ~((column > 1) & (np.abs(seconds - np.rint(seconds)) < 0.1))
        if wrong.any():
            place = int(wrong.argmax())
            raise self._no_time(f"{column[place]:g}", rows[place])
        if not self.notes:
            self.notes.append(f"{self._file}: times are numbers of days, as in a spreadsheet.")
        return np.rint(seconds).astype(np.int64)

    def _no_time(self, text: str, row: int) -> InvalidDataset:
        return InvalidDataset(
            f"{self._file}, row {row:,}: {CLOCK} is {str(text)[:40]!r}, "
            "not a time such as '28/12/2015 10:00:00 AM', or not written as the ones above it"
        )


class _Words:
    """Reads ``Normal``, ``Attack`` and the typing mistake ``A ttack``."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._repaired = 0

    @property
    def notes(self) -> list[str]:
        """How many labels were repaired."""
        if not self._repaired:
            return []
        rows = f"{self._repaired:,} row{'s' * (self._repaired > 1)}"
        return [f"{self._file}: blanks in the label of {rows} left out, as in 'A ttack'."]

    def anomalous(self, column: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return True for ``Attack``."""
        words, codes = np.unique(column.astype(str), return_inverse=True)
        plain = ["".join(word.split()) for word in words]
        for number, (word, label) in enumerate(zip(words, plain, strict=True)):
            if label not in ("Normal", "Attack"):
                row = rows[int((codes == number).argmax())]
                raise InvalidDataset(
                    f"{self._file}, row {row:,}: {LABEL} is {str(word)[:40]!r}, "
                    "neither 'Normal' nor 'Attack'"
                )
            if word != label:
                self._repaired += int((codes == number).sum())
        return np.array([label == "Attack" for label in plain])[codes]


LAYOUT = Layout(
    tags=TAGS,
    clock=(CLOCK,),
    label=LABEL,
    rename=str.strip,
    new_clock=_Times,
    new_labels=_Words,
    bounds={tag: _bounds(tag) for tag in TAGS},
)
