"""What a dataset plugin must give: arrays of numbers of matching shapes, labels of 0 and 1."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from benchkit.data.dataset import Dataset, InvalidDataset
from benchkit.protocol.reals import pandas_index, real_array


@dataclass(frozen=True)
class Checked:
    """A `benchkit.data.Dataset` that keeps the contract.

    ``train`` and ``test`` are numbers of any type, finite or not; labels are booleans.
    """

    train: np.ndarray
    test: np.ndarray
    labels: np.ndarray
    ambiguous: np.ndarray | None
    channels: tuple[str, ...]
    period: float | None
    notes: tuple[str, ...]
    train_segments: tuple[int, ...]
    test_segments: tuple[int, ...]

    def channel(self, number: int) -> str:
        """Return how a sentence names a channel; of image sequences all values are one."""
        if self.train.ndim != 2:
            return "the frames"
        return self.channels[number] if self.channels else str(number)


def check_dataset(dataset: Dataset, modality: str) -> Checked:
    """Return a dataset's arrays with what is said of them; raise `InvalidDataset` for others."""
    if not isinstance(dataset, Dataset):
        kind = type(dataset).__name__
        raise InvalidDataset(f"load returned a {kind}: it must return a benchkit.data.Dataset")
    train, test = (_shaped(part, getattr(dataset, part), modality) for part in ("train", "test"))
    if train.shape[1:] != test.shape[1:]:
        raise InvalidDataset(f"train has shape {train.shape} but test {test.shape}")
    names = _names(dataset.channels)
    if names and len(names) != train.shape[1]:
        raise InvalidDataset(f"{len(names)} channel names for {train.shape[1]} channels")
    points = test.shape[:1] if modality == "series" else test.shape[:2]
    given = (dataset.notes,) if isinstance(dataset.notes, str) else dataset.notes
    notes = [*map(str, given), *_check_tables(dataset)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        notes.append(f"more than one channel has the name {', '.join(twice)}")
    return Checked(
        train,
        test,
        _booleans("labels", dataset.labels, points),
        None if dataset.ambiguous is None else _booleans("ambiguous", dataset.ambiguous, points),
        names,
        _period(dataset.period),
        tuple(notes),
        _segments("train", dataset.train_segments, train, modality),
        _segments("test", dataset.test_segments, test, modality),
    )


def _numbers(name: str, values: Any) -> np.ndarray:
    try:
        return real_array(values)
    except TypeError as reason:
        raise InvalidDataset(
            f"{name} must be real numbers, but {reason} ({type(values).__name__})"
        ) from reason


def _shaped(part: str, values: Any, modality: str) -> np.ndarray:
    array = _numbers(part, values)
    dimensions = 2 if modality == "series" else 4
    if array.ndim == dimensions and not array.size:
        raise InvalidDataset(f"{part} is empty, it has shape {array.shape}")
    if array.ndim != dimensions:
        raise InvalidDataset(f"{part} has shape {array.shape}; a {modality} has {dimensions} axes")
    return array


def _names(channels: Any) -> tuple[str, ...]:
    if isinstance(channels, str):
        raise InvalidDataset(f"channels is one text, {channels!r}: give a tuple of names")
    return () if channels is None else tuple(str(name) for name in channels)


def _period(period: Any) -> float | None:
    if period is None:
        return None
    if not isinstance(period, Real) or not 0 < float(period) < math.inf:
        raise InvalidDataset(f"period is the seconds from row to row, above 0; got {period!r:.60}")
    return float(period)


def _booleans(name: str, values: Any, shape: tuple[int, ...]) -> np.ndarray:
    array = _numbers(name, values)
    if array.shape != shape:
        raise InvalidDataset(f"{name} have shape {array.shape} where {shape} is needed")
    if array.dtype == bool:
        return array
    strange = array[(array != 0) & (array != 1)]
    if strange.size:
        raise InvalidDataset(f"{name} must be 0 or 1, but there is {strange[0]}")
    return array.astype(bool)


def _segments(part: str, begins: Any, array: np.ndarray, modality: str) -> tuple[int, ...]:
    rows = tuple(int(row) for row in begins)
    if modality != "series" and rows != (0,):
        raise InvalidDataset(f"{part}_segments are for series; sequences end by themselves")
    bounds = (*rows, len(array))
    if (
        rows[:1] != (0,)
        or any(a >= b for a, b in zip(rows, bounds[1:], strict=True))
        or any(row != given for row, given in zip(rows, begins, strict=True))
    ):
        raise InvalidDataset(
            f"{part}_segments must be rising rows of {part}, the first of them 0; got "
            f"{tuple(begins)[:4]}"
        )
    return rows


def _check_tables(dataset: Dataset) -> list[str]:
    """Hold the indices and columns of pandas tables against one another; return notes."""
    notes = []
    for part in ("train", "test"):
        index = pandas_index(getattr(dataset, part))
        if index is not None and not index.is_monotonic_increasing:
            notes.append(f"the index of {part} does not rise; rows are taken as they stand")
    left, right = (list(getattr(p, "columns", ())) for p in (dataset.train, dataset.test))
    if left and right and left != right:
        raise InvalidDataset(
            f"train has the columns {left[:5]}, test {right[:5]}: give both the same columns in "
            "the same order"
        )
    rows, plain = pandas_index(dataset.test), range(len(dataset.test))
    for name in ("labels", "ambiguous"):
        index = pandas_index(getattr(dataset, name))
        if rows is None or index is None or index.equals(rows) or len(index) != len(rows):
            continue
        # A default index names no rows, unless the other is the same rows in another order.
        default = list(index) == list(plain) or list(rows) == list(plain)
        if not default or set(index) == set(rows):
            raise InvalidDataset(
                f"the index of {name} is not that of test: give {name} in the order of the rows, "
                f"as {name}.loc[test.index]"
            )
    return notes
