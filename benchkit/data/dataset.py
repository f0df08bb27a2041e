"""The dataset that a plugin loads, and the contract of the plugin that loads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np


class DataUnavailable(Exception):
    """The real values are not here and could not be fetched.

    The message is one line that says what is missing and why; it is read after the dataset's name
    and before the sentence of its card that says how to get it.
    """


class InvalidDataset(ValueError):
    """A dataset plugin gave arrays that break the contract; the message says which and where."""


@dataclass(frozen=True)
class Dataset:
    """One member of a dataset, split and labelled, before the protocol touches it.

    Parameters
    ----------
    train
        float32. Series: (time, channels). Image sequences: (sequences, frames, height, width).
        Normal only, unless the dataset's card says otherwise.
    test
        As ``train``, with any number of rows or sequences.
    labels
        One per test row, shape (time,), or one per test frame, shape (sequences, frames).
        0 or False is normal, 1 or True is anomalous.
    channels
        Names of the channels of a series; empty for image sequences.
    period
        Seconds from one row to the next, where the series has a clock.
    notes
        What was repaired or left out on the way in, each a sentence.
    """

    train: np.ndarray
    test: np.ndarray
    labels: np.ndarray
    channels: tuple[str, ...] = ()
    period: float | None = None
    notes: tuple[str, ...] = ()


class DatasetPlugin(Protocol):
    """What the class at a `DatasetSpec` target does.

    The constructor takes the dataset's parameters as keywords and only stores them. A parameter
    that has a wrong value raises ValueError in the constructor, naming the right ones.
    """

    def sources(self, member: str, *, offline: bool) -> list[Path]:
        """Return the local files that the real variant of a member is read from.

        Fetches what is missing unless ``offline``. Raises `DataUnavailable` when a file is not
        here and cannot be had. The paths, sizes and times of these files decide whether an
        earlier import can be used again.
        """
        ...

    def load(self, variant: Literal["real", "sim"], member: str, sources: list[Path]) -> Dataset:
        """Load one member; ``sources`` is what `sources` returned, empty for ``sim``.

        Must give the same arrays for the same parameters and files on every machine.
        """
        ...
