"""Check what a dataset plugin loaded, and write it into the cache in one pass."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchkit.chunking import chunks
from benchkit.data.dataset import Dataset, DataUnavailable, InvalidDataset
from benchkit.protocol.prepared import AMBIGUOUS, LABELS, TEST, TRAIN, Prepared

META = "meta.json"


def import_dataset(dataset: Dataset, modality: str, folder: Path) -> None:
    """Write a dataset as float32 and boolean arrays; ``folder`` appears whole or not at all.

    The arrays are read once and piece by piece, so that they may be larger than memory.

    Raises
    ------
    InvalidDataset
        The arrays are not what they should be; the message says where.
    DataUnavailable
        The cache cannot be written to.
    """
    if not isinstance(dataset, Dataset):
        kind = type(dataset).__name__
        raise InvalidDataset(f"load returned a {kind}: it must return a benchkit.data.Dataset")
    train, test = (_shaped(part, getattr(dataset, part), modality) for part in ("train", "test"))
    if train.shape[1:] != test.shape[1:]:
        raise InvalidDataset(f"train has shape {train.shape} but test {test.shape}")
    if len(train) < 2:
        raise InvalidDataset(f"train has {len(train)} rows; at least 2 are needed")
    if dataset.channels and len(dataset.channels) != train.shape[1]:
        raise InvalidDataset(
            f"{len(dataset.channels)} channel names for {train.shape[1]} channels"
        )
    points = test.shape[:1] if modality == "series" else test.shape[:2]
    labels = _booleans("labels", dataset.labels, points)
    segments = {
        "train": _segments("train", dataset.train_segments, train, modality),
        "test": _segments("test", dataset.test_segments, test, modality),
    }
    temporary = _make(folder)
    try:
        digest = hashlib.sha256()
        lows, highs = _write("train", train, temporary / TRAIN, digest)
        _write("test", test, temporary / TEST, digest)
        _hash(digest, "labels", labels)
        np.save(temporary / LABELS, labels)
        if dataset.ambiguous is not None:
            ambiguous = _booleans("ambiguous", dataset.ambiguous, points)
            _hash(digest, "ambiguous", ambiguous)
            np.save(temporary / AMBIGUOUS, ambiguous)
        for part, begins in segments.items():
            if len(begins) > 1:
                digest.update(repr((part, begins)).encode())
        meta = Prepared(
            folder="",
            variant="",
            fingerprint=digest.hexdigest(),
            train_shape=train.shape,
            test_shape=test.shape,
            anomalies=int(labels.sum()),
            channels=dataset.channels,
            period=dataset.period,
            notes=(*dataset.notes, *_constant(dataset, modality, lows, highs)),
            train_segments=segments["train"],
            test_segments=segments["test"],
        )
        (temporary / META).write_text(json.dumps(asdict(meta)))
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


def _shaped(part: str, values: Any, modality: str) -> np.ndarray:
    array = np.asarray(values)
    dimensions = 2 if modality == "series" else 4
    if array.ndim == dimensions and not array.size:
        raise InvalidDataset(f"{part} is empty, it has shape {array.shape}")
    if array.ndim != dimensions:
        raise InvalidDataset(f"{part} has shape {array.shape}; a {modality} has {dimensions} axes")
    return array


def _booleans(name: str, values: Any, shape: tuple[int, ...]) -> np.ndarray:
    array = np.asarray(values)
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
    if rows[:1] != (0,) or any(a >= b for a, b in zip(rows, bounds[1:], strict=True)):
        raise InvalidDataset(
            f"{part}_segments must be rising rows of {part}, the first of them 0; got {rows[:4]}"
        )
    return rows


def _write(part: str, array: np.ndarray, path: Path, digest: Any) -> tuple[np.ndarray, np.ndarray]:
    """Write and hash an array as float32; return the least and greatest along its first axis."""
    digest.update(repr((part, array.shape)).encode())
    lows = np.full(array.shape[1:], np.inf, np.float32)
    highs = -lows
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": array.shape}
        np.lib.format.write_array_header_1_0(file, header)
        for rows in chunks(array, desc=f"writing {part}"):
            values = np.ascontiguousarray(array[rows], dtype=np.float32)
            _check_finite(part, values, rows.start)
            np.minimum(lows, values.min(axis=0), out=lows)
            np.maximum(highs, values.max(axis=0), out=highs)
            digest.update(values.data)
            file.write(values.data)
    return lows, highs


def _check_finite(part: str, values: np.ndarray, first: int) -> None:
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        row, *rest = (int(i) for i in wrong[0])
        raise InvalidDataset(
            f"{part} has the value {values[tuple(wrong[0])]} at row {first + row}, position {rest}"
            ": a dataset plugin must fill or leave out what is missing, and say so in its notes"
        )


def _hash(digest: Any, name: str, array: np.ndarray) -> None:
    digest.update(repr((name, array.shape)).encode())
    digest.update(np.ascontiguousarray(array).data)


def _constant(
    dataset: Dataset, modality: str, lows: np.ndarray, highs: np.ndarray
) -> tuple[str, ...]:
    if modality != "series" or not (lows == highs).any():
        return ()
    indices = np.flatnonzero(lows == highs)
    names = [dataset.channels[i] if dataset.channels else str(i) for i in indices]
    return (f"constant in train: {', '.join(names)}",)
