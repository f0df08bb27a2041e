"""Storage of the arrays of an added recording."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchkit.data import Dataset, DataUnavailable
from benchkit.data.manifest import find_added

ARRAYS = ("train.npy", "test.npy", "labels.npy")
ABOUT = "recording.json"


def write_recording(folder: Path, version: str, recording: Dataset) -> None:
    """Write a recording to a folder: float32 arrays, bool labels, metadata as JSON."""
    for name, array in zip(
        ARRAYS, (recording.train, recording.test, recording.labels), strict=True
    ):
        np.save(folder / name, array)
    about = {
        "version": version,
        "train_segments": list(recording.train_segments),
        "test_segments": list(recording.test_segments),
        "notes": list(recording.notes),
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def find_recording(dataset: str, versions: Sequence[str]) -> list[Path]:
    """Return the files of the first of some versions that is in a data folder.

    Raises
    ------
    DataUnavailable
        None was added, or files are missing.
    """
    added = find_added(dataset)
    for version in versions:
        if version in added:
            files = [added[version] / name for name in (*ARRAYS, ABOUT)]
            gone = [file.name for file in files if not file.is_file()]
            if gone:
                lost = ", ".join(gone)
                raise DataUnavailable(f"{added[version]} lacks {lost}: add the files again")
            return files
    what = f"version {versions[0]} was" if len(versions) == 1 else "its files were"
    raise DataUnavailable(f"{what} not added on this machine")


def version_of(files: Sequence[Path]) -> str:
    """Return the version of what `find_recording` found."""
    return str(json.loads(files[-1].read_text(encoding="utf-8"))["version"])


def read_recording(files: Sequence[Path], channels: tuple[str, ...]) -> Dataset:
    """Return what `find_recording` found, memory-mapped, one row a second."""
    train, test, labels = (np.load(file, mmap_mode="r") for file in files[: len(ARRAYS)])
    about = json.loads(files[-1].read_text(encoding="utf-8"))
    return Dataset(
        train,
        test,
        labels,
        channels,
        period=1.0,
        notes=tuple(about["notes"]),
        train_segments=tuple(about["train_segments"]),
        test_segments=tuple(about["test_segments"]),
    )
