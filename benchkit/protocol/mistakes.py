"""What looks like a mistake of whoever loaded a dataset: it is said, and nothing is refused."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchkit.chunking import chunks
from benchkit.protocol.contract import Checked
from benchkit.protocol.rules import FEW_POINTS, calibration_start

SHARED = 0.5
"""The share of a part's rows that stand in the other part too, from which on it is said."""

_LOOKED_AT, _TELLING = 1000, 10
"""Rows of a part that are looked for in the other; at least so many of them must differ."""


def find_mistakes(data: Checked, train: np.ndarray, test: np.ndarray) -> list[str]:
    """Return a sentence for everything that is there and hardly meant.

    Parameters
    ----------
    data
        What the plugin gave.
    train, test
        As float32, which may be mapped; read piece by piece.
    """
    return [
        *_few(train),
        *_labels(data.labels),
        *_label_channels(data, test),
        *_shared(train, test),
    ]


def _few(train: np.ndarray) -> Iterator[str]:
    frames = train.shape[1] if train.ndim == 4 else 1
    if len(train) * frames < FEW_POINTS:
        what = "rows" if frames == 1 else "frames"
        start = calibration_start(len(train))
        yield (
            f"there are few training {what}: {start * frames} to fit on and "
            f"{(len(train) - start) * frames} for thresholds"
        )


def _labels(labels: np.ndarray) -> Iterator[str]:
    share = labels.mean()
    if share == 0:
        yield (
            "no test point is labelled anomalous: AUC, F1 and recall do not exist here, only "
            "false alarms can be counted"
        )
    elif share == 1:
        yield (
            "every test point is labelled anomalous: AUC and false alarms do not exist here, and "
            "an alarm at every point has F1 1"
        )


def describe_majority(labels: np.ndarray) -> list[str]:
    """Return a note where most points are anomalous, which is so of some data and no mistake."""
    share = labels.mean()
    if not 0.5 < share < 1:
        return []
    return [
        f"{share:.1%} of the test points are labelled anomalous, so that an alarm at every point "
        f"has F1 {2 * share / (1 + share):.3f}; if that is not meant, the labels are the wrong "
        "way round (1 is anomalous)"
    ]


def _label_channels(data: Checked, test: np.ndarray) -> Iterator[str]:
    """Name the channels of a series that have one value at normal rows, another at anomalous.

    At these it may be any whole number, as of a column with the kind of attack.
    """
    labels = data.labels
    if test.ndim != 2 or labels.sum() < 2 or labels.all():
        return
    normal, anomalous = test[np.argmin(labels)], test[np.argmax(labels)]
    left = np.flatnonzero(normal != anomalous)
    for rows in chunks(test, desc="looking for labels"):
        if not len(left):
            return
        values, flags = test[rows][:, left], labels[rows, None]
        kinds = (values == anomalous[left]) | (values == np.rint(values))
        as_labels = (values == normal[left]) != flags
        left = left[(as_labels & (kinds | ~flags)).all(axis=0)]
    if len(left):
        names = ", ".join(data.channel(int(i)) for i in left)
        yield (
            f"the labels again: {names}, with one value at every normal row and never "
            "at an anomalous one; if it is the label column, leave it out of the channels"
        )


def _shared(train: np.ndarray, test: np.ndarray) -> Iterator[str]:
    what = "rows" if train.ndim == 2 else "sequences"
    if len(train) == len(test) and _alike(train, test):
        yield f"train and test are the same {what}: what is there to be found was learned"
        return
    found = []
    parts = ("test", test), ("train", train)
    for (name, part), (where, other) in (parts, parts[::-1]):
        count = len(part)
        # Rows that are seldom new, as of switches, tell something only by their order.
        if count < len(other) and (_alike(part, other[:count]) or _alike(part, other[-count:])):
            share = 1.0
        else:
            share = _share_within(part, other)
        found.append((share, name, where))
    share, name, where = max(found, key=lambda of: of[0])
    if share >= SHARED:
        many = "all" if share == 1 else f"about {share:.0%} of the"
        yield f"{many} {name} {what} stand in {where} too: give each to one part only"


def _alike(left: np.ndarray, right: np.ndarray) -> bool:
    """Return whether two arrays of one shape are the same, and not all one row."""
    varies = False
    for rows in chunks(left, desc="comparing train and test"):
        if not np.array_equal(left[rows], right[rows]):
            return False
        varies = varies or bool((left[rows] != left[0]).any())
    return varies


def _share_within(part: np.ndarray, other: np.ndarray) -> float:
    """Return what share of some rows of ``part`` stand in ``other``, 0 where few rows differ."""
    picked = np.linspace(0, len(part) - 1, min(len(part), _LOOKED_AT)).astype(int)
    wanted = np.unique(_marks(part[picked]))
    if len(wanted) < max(_TELLING, len(picked) / 2):
        return 0.0
    found = np.zeros(len(wanted), bool)
    for rows in chunks(other, desc="comparing train and test"):
        marks = _marks(other[rows])
        places = np.searchsorted(wanted, marks).clip(max=len(wanted) - 1)
        found[places[wanted[places] == marks]] = True
    return float(found.mean())


def _marks(rows: np.ndarray) -> np.ndarray:
    """Return a 64-bit hash of each row: a sum of its words, each times an odd number."""
    # (rows, ...) -> (rows, values); minus zero becomes zero
    words = (np.ascontiguousarray(rows).reshape(len(rows), -1) + np.float32(0)).view(np.uint32)
    draw = np.random.default_rng(0)
    odd = draw.integers(2**64, size=words.shape[1], dtype=np.uint64) | np.uint64(1)
    return np.asarray(words.astype(np.uint64) @ odd)
