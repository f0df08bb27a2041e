"""Check what a dataset plugin loaded, and write it into the cache."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchkit.chunking import chunks
from benchkit.data.dataset import Dataset, DataUnavailable, InvalidDataset
from benchkit.protocol.contract import Checked, check_dataset
from benchkit.protocol.mistakes import describe_majority, find_mistakes
from benchkit.protocol.precision import survey
from benchkit.protocol.prepared import AMBIGUOUS, LABELS, TEST, TRAIN, Prepared
from benchkit.protocol.rules import MINIMUM_ROWS
from benchkit.protocol.shifts import LARGEST, Shift, as_type, common_type, to_float32

META = "meta.json"


def import_dataset(dataset: Dataset, modality: str, folder: Path) -> None:
    """Write a dataset as float32 and boolean arrays; ``folder`` appears whole or not at all.

    The arrays are read piece by piece, so that they may be larger than memory: once, and twice
    more where float32 would round away what varies in a channel (`benchkit.protocol.precision`).

    Raises
    ------
    InvalidDataset
        The arrays are not what they should be; the message says where.
    DataUnavailable
        The cache cannot be written to.
    """
    checked = check_dataset(dataset, modality)
    temporary = _make(folder)
    try:
        meta = _import(checked, temporary)
        (temporary / META).write_text(json.dumps(asdict(meta)), encoding="utf-8")
        temporary.rename(folder)
    except OSError:
        if not (folder / META).is_file():  # else another run has just written the same
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _make(folder: Path) -> Path:
    temporary = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
    try:
        temporary.mkdir(parents=True)
    except OSError as error:
        raise DataUnavailable(
            f"the cache {folder.parent} cannot be written to, {error.strerror}: set BENCHKIT_CACHE"
        ) from None
    return temporary


def _import(data: Checked, folder: Path) -> Prepared:
    digest = hashlib.sha256()
    train, test = _write_values(data, folder, digest, shifts=None)
    if len(data.train) < MINIMUM_ROWS:
        what = "rows" if data.train.ndim == 2 else "sequences"
        raise InvalidDataset(
            f"train has {len(data.train)} {what}; at least {MINIMUM_ROWS} are needed, some to fit "
            "on and the last fifth for thresholds: give a longer one"
        )
    found = survey(data.train, data.test, _reach(train, test))
    if found.shifts:
        digest = hashlib.sha256()
        train, test = _write_values(data, folder, digest, found.shifts)
        digest.update(repr([shift.exactly for shift in found.shifts]).encode())
    for name, file, flags in (
        ("labels", LABELS, data.labels),
        ("ambiguous", AMBIGUOUS, data.ambiguous),
    ):
        if flags is not None:
            _hash(digest, name, flags)
            np.save(folder / file, flags)
    for part, begins in (("train", data.train_segments), ("test", data.test_segments)):
        if len(begins) > 1:
            digest.update(repr((part, begins)).encode())
    said = [*_describe_shifts(data, found.shifts), *_describe_coarse(data, found.coarse)]
    said += find_mistakes(data, *(np.load(folder / f, mmap_mode="r") for f in (TRAIN, TEST)))
    return Prepared(
        folder="",
        variant="",
        fingerprint=digest.hexdigest(),
        train_shape=data.train.shape,
        test_shape=data.test.shape,
        anomalies=int(data.labels.sum()),
        channels=data.channels,
        period=data.period,
        notes=(
            *data.notes,
            *_describe_constant(data, train, test),
            *describe_majority(data.labels),
            *said,
        ),
        warnings=tuple(said),
        train_segments=data.train_segments,
        test_segments=data.test_segments,
    )


@dataclass(frozen=True)
class _Range:
    """The least and greatest of an array along its first axis, in its own type."""

    low: np.ndarray
    high: np.ndarray

    @property
    def constant(self) -> np.ndarray:
        return np.asarray(self.low == self.high)


def _write_values(
    data: Checked, folder: Path, digest: Any, shifts: Sequence[Shift] | None
) -> tuple[_Range, _Range]:
    """Write and hash both parts as float32, and return their ranges.

    Without ``shifts``, which are not known yet then, a value that float32 does not reach is let
    through.
    """
    return (
        _write("train", data, data.train, folder / TRAIN, digest, shifts),
        _write("test", data, data.test, folder / TEST, digest, shifts),
    )


def _write(
    part: str,
    data: Checked,
    array: np.ndarray,
    path: Path,
    digest: Any,
    shifts: Sequence[Shift] | None,
) -> _Range:
    digest.update(repr((part, array.shape)).encode())
    low = high = np.empty(0)
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": array.shape}
        np.lib.format.write_array_header_1_0(file, header)
        for rows in chunks(array, desc=f"writing {part}"):
            given = np.asarray(array[rows])
            values = to_float32(given, shifts or ())
            _check_finite(part, data, given, values, rows.start, beyond=shifts is not None)
            least, greatest = given.min(axis=0), given.max(axis=0)
            low = np.minimum(least if rows.start == 0 else low, least)
            high = np.maximum(greatest if rows.start == 0 else high, greatest)
            digest.update(values.data)
            file.write(values.data)
    return _Range(low, high)


def _check_finite(
    part: str, data: Checked, given: np.ndarray, values: np.ndarray, first: int, *, beyond: bool
) -> None:
    if np.isfinite(values).all():
        return
    for at in np.argwhere(~np.isfinite(values)):
        row, *rest = (int(i) for i in at)
        value = given[tuple(at)]
        where = f"{part} has the value {value!s} at row {first + row}, position {rest}"
        if given.dtype.kind == "f" and not np.isfinite(value):
            raise InvalidDataset(
                f"{where}: a dataset plugin must fill or leave out what is missing, and say so in "
                "its notes"
            )
        if beyond:
            raise InvalidDataset(
                f"{where}, which float32 does not reach beside the training values: if it stands "
                "for something missing, fill it; else scale or clip it in the dataset plugin"
            )


def _reach(train: _Range, test: _Range) -> np.ndarray:
    """Return the largest magnitude of each channel, 0 where it never varies; see `survey`."""
    dtype = common_type(train.low.dtype, test.low.dtype)
    low = np.minimum(as_type(train.low, dtype), as_type(test.low, dtype))
    high = np.maximum(as_type(train.high, dtype), as_type(test.high, dtype))
    if low.ndim > 1:
        low, high = low.min(keepdims=True).reshape(1), high.max(keepdims=True).reshape(1)
    with np.errstate(over="ignore"):
        size = np.maximum(np.abs(low.astype(np.float64)), np.abs(high.astype(np.float64)))
    return np.where((low == high) & (size <= LARGEST), 0, size)


def _hash(digest: Any, name: str, array: np.ndarray) -> None:
    digest.update(repr((name, array.shape)).encode())
    digest.update(np.ascontiguousarray(array).data)


def _describe_shifts(data: Checked, shifts: Sequence[Shift]) -> list[str]:
    if not shifts:
        return []
    named = "; ".join(f"{data.channel(shift.channel)} {shift}" for shift in shifts)
    return [f"shifted so that float32 keeps what varies: {named}"]


def _describe_coarse(data: Checked, coarse: Sequence[tuple[int, str]]) -> list[str]:
    if not coarse:
        return []
    named = "; ".join(f"{data.channel(i)} ({words})" for i, words in coarse)
    return [f"float32 keeps only a part of what varies: {named}"]


def _describe_constant(data: Checked, train: _Range, test: _Range) -> list[str]:
    if data.train.ndim != 2:
        return []
    found = {
        "constant in train": train.constant,
        "constant in test, not in train": test.constant & ~train.constant,
    }
    return [
        f"{words}: {', '.join(data.channel(int(i)) for i in np.flatnonzero(flags))}"
        for words, flags in found.items()
        if flags.any()
    ]
