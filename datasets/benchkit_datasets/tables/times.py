"""Parsing of dates with times, with optional fractions of a second and time zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

_TEXT = (
    r"^\s*(?P<date>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})[T ]\s*(?P<time>\d{1,2}:\d{2}:\d{2})"
    r"(?:[.,](?P<fraction>\d{1,9}))?(?P<half>\s*[AP]M)?\s*(?P<zone>Z|UTC|[+-]\d{2}:?(?:\d{2})?)?\s*$"
)


@dataclass(frozen=True)
class ParsedTimes:
    """Parsed times, without conversion of the time zone.

    Attributes
    ----------
    seconds
        float64, (rows,): local time in seconds since 1970, ignoring the time zone; NaN where a
        text does not match the format.
    zones
        object, (rows,): the time zone as written, ``""`` if there is none.
    """

    seconds: np.ndarray
    zones: np.ndarray

    def shifted(self, hours: float) -> np.ndarray:
        """Return the local times in a time zone that is ``hours`` ahead of UTC."""
        return self.seconds - _offsets(self.zones) + hours * 3_600


def read_times(texts: np.ndarray, form: str) -> ParsedTimes:
    """Parse texts with a ``strptime`` format without fractions and time zone.

    Date and time may be separated by a blank or ``T``; the seconds may have a fraction, and a time
    zone may follow (``Z``, ``UTC``, ``+08:00``).
    """
    column = pd.Series(texts, dtype=object)
    plain = pd.to_datetime(column, format=form, errors="coerce")
    if not plain.isna().any():
        return ParsedTimes(_seconds(plain), np.full(len(column), "", object))
    parts = column.astype("str").str.upper().str.extract(_TEXT)
    bare = parts["date"] + " " + parts["time"] + parts["half"].fillna("").str.strip().radd(" ")
    seconds = _seconds(pd.to_datetime(bare.str.strip(), format=form, errors="coerce"))
    fraction = pd.to_numeric("0." + parts["fraction"].fillna("0")).to_numpy()
    return ParsedTimes(seconds + fraction, parts["zone"].fillna("").to_numpy(object))


def find_format(text: str, forms: Sequence[str]) -> str | None:
    """Return the first format that matches a text, None if none does."""
    one = np.array([text], object)
    return next((form for form in forms if np.isfinite(read_times(one, form).seconds[0])), None)


def _seconds(times: pd.Series) -> np.ndarray:
    values = times.to_numpy("datetime64[s]")
    return np.where(np.isnat(values), np.nan, values.astype(np.int64).astype(np.float64))


def _offsets(zones: np.ndarray) -> np.ndarray:
    """Return the UTC offset of each time zone in seconds; 0 if there is none."""
    names, codes = np.unique(zones.astype(str), return_inverse=True)
    ahead = []
    for name in names:
        digits = name.lstrip("+-").replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:] or 0) if digits.isdigit() else 0
        ahead.append((-60 if name.startswith("-") else 60) * minutes)
    return np.array(ahead, np.float64)[codes]
