"""Overlap of training and test rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchkit.data import Dataset


def is_in_train(train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Return for each row of ``test`` whether a row of ``train`` has the same values, all of them.

    Parameters
    ----------
    train, test
        Of one type, (rows, channels).

    Returns
    -------
    numpy.ndarray
        bool, (rows of test,).
    """
    known = set(_bytes(train))
    return np.fromiter((row in known for row in _bytes(test)), bool, len(test))


def drop_seen(dataset: Dataset) -> Dataset:
    """Return the dataset without the test rows that also occur in train, with a note.

    The remaining rows keep their order and are still one segment: the rows of KDD99 have no
    timestamps, and those of its test part are a sample of every tenth row anyway.
    """
    seen = is_in_train(dataset.train, dataset.test)
    labels = dataset.labels.astype(bool)
    normal, attack = int((seen & ~labels).sum()), int((seen & labels).sum())
    note = (
        f"{normal:,} of {int((~labels).sum()):,} normal test rows and {attack:,} of "
        f"{int(labels.sum()):,} attack rows also occur in train and are dropped."
    )
    kept = ~seen
    return replace(
        dataset,
        test=dataset.test[kept],
        labels=dataset.labels[kept],
        notes=(*dataset.notes, note),
    )


def _bytes(values: np.ndarray) -> list[bytes]:
    rows = np.ascontiguousarray(values + 0.0)  # + 0.0 makes -0.0 the 0.0 that it equals
    # (rows, channels) -> (rows,), a row as one value
    return rows.view(f"V{rows.itemsize * rows.shape[1]}").ravel().tolist()
