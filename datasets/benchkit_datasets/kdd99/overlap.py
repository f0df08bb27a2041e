"""Test rows that a detector has already seen."""

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
    """Return the dataset without the test rows that also stand in train, and a note of them.

    What remains keeps its order and is still one stretch: the rows of KDD99 have no clock, and
    those of its test part are every tenth of a longer file to begin with.
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
