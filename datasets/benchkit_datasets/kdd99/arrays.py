"""The arrays that the MAD-GAN authors made of KDD99: 34 features and a 0/1 label a row."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from benchkit.data import InvalidDataset
from benchkit_datasets.kdd99.columns import MADGAN

TRAIN_ROWS = 562_387
"""Normal rows in their training array, the first ones of the full file."""

TEST_ROWS = 494_021
TEST_NORMAL = 97_278


def read_arrays(paths: list[Path]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (train, test, labels) from one ``.npz`` or from two ``.npy``, train first.

    Returns
    -------
    train, test
        float32, (562387, 34) and (494021, 34), unscaled.
    labels
        bool, (494021,).

    Raises
    ------
    InvalidDataset
        The files are not readable arrays, or have another shape or other label counts.
    """
    train = _read(paths[0], "train", TRAIN_ROWS)
    test = _read(paths[-1], "test", TEST_ROWS)
    labels = test[:, -1] != 0
    for path, name, attacks, right in (
        (paths[0], "train", int((train[:, -1] != 0).sum()), 0),
        (paths[-1], "test", int(labels.sum()), TEST_ROWS - TEST_NORMAL),
    ):
        if attacks != right:
            raise InvalidDataset(
                f"{path}: {name} has {attacks:,} rows labelled as attacks, not {right:,}; "
                "these are not the arrays of the MAD-GAN authors"
            )
    return train[:, :-1].astype(np.float32), test[:, :-1].astype(np.float32), labels


def _read(path: Path, name: str, rows: int) -> np.ndarray:
    """Return the array ``name`` of an npz, or all of an npy, once its shape is right."""
    try:
        loaded = np.load(path, mmap_mode="r" if path.suffix == ".npy" else None)
        array = loaded if isinstance(loaded, np.ndarray) else loaded[name]
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise InvalidDataset(f"{path} holds no readable array {name!r}: {error}") from error
    shape = (rows, len(MADGAN) + 1)
    if array.shape != shape or array.dtype.kind not in "fiu":
        raise InvalidDataset(
            f"{path}: {name} is {array.dtype} {array.shape}, not numbers of shape {shape}"
        )
    return array
