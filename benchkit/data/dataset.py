"""The dataset that a plugin loads, and the contract of the plugin that loads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np


class DataUnavailable(Exception):
    """The real values are not here and could not be fetched.

    The message is one line that says what is missing and why; it is read after the dataset's name
    and before the sentence of its card that says how to get it.

    Parameters
    ----------
    message
        The line.
    obtain
        What to say in place of the card's sentence, where other files are needed with these
        parameters: the rest of a sentence that begins "To get it,".
    """

    def __init__(self, message: str, obtain: str = "") -> None:
        super().__init__(message)
        self.obtain = obtain


class InvalidDataset(ValueError):
    """A dataset plugin gave arrays that break the contract; the message says which and where."""


@dataclass(frozen=True)
class Dataset:
    """One member of a dataset, split and labelled, before the protocol touches it.

    Parameters
    ----------
    train
        Real numbers of any type, as they were measured. Series: (time, channels). Image sequences:
        (sequences, frames, height, width). Normal only, unless the dataset's card says otherwise.
        They are stored as float32, a channel less its offset where that would lose what varies: a
        cast made before cannot be helped.
    test
        As ``train``, with any number of rows or sequences.
    labels
        One per test row, shape (time,), or one per test frame, shape (sequences, frames).
        0 or False is normal, 1 or True is anomalous.
    channels
        Names of the channels of a series, any sequence of them; empty for image sequences.
    period
        Seconds from one row to the next, where the series has a clock.
    notes
        What was repaired or left out on the way in, each a sentence.
    train_segments, test_segments
        The rows of a series at which a new stretch begins, rising, 0 first: what lies before and
        after such a row did not follow one another, and no window may hold both.
    ambiguous
        Shaped as ``labels``: True where even the one who labelled could not tell (a frame half way
        between two digits). Metrics are given with and without these points. None: there are none.
    """

    train: np.ndarray
    test: np.ndarray
    labels: np.ndarray
    channels: tuple[str, ...] = ()
    period: float | None = None
    notes: tuple[str, ...] = ()
    train_segments: tuple[int, ...] = (0,)
    test_segments: tuple[int, ...] = (0,)
    ambiguous: np.ndarray | None = None


@dataclass(frozen=True)
class Addition:
    """What an owner's files turned out to be, and were made into.

    Parameters
    ----------
    version
        Which publication they are, as a folder name: ``"v1"``, ``"A2"``.
    facts
        What was found, for the owner to compare with what he knows: rows, events, share of
        anomalies, first and last time, each as a text.
    notes
        What was repaired, each a sentence.
    """

    version: str
    facts: Mapping[str, str]
    notes: tuple[str, ...] = ()


class DatasetPlugin(Protocol):
    """What the class at a `DatasetSpec` target does.

    The constructor takes the dataset's parameters as keywords and only stores them. A parameter
    that has a wrong value raises ValueError in the constructor, naming the right ones.

    A dataset that only its owners have (`DatasetSpec.added`) has one method more, which
    ``benchkit data add`` calls::

        def add(self, paths: list[Path], folder: Path) -> Addition

    It recognises files, folders and archives by their content, and writes what it made of them
    into ``folder``, which is empty. The harness shows the `Addition`, asks whether the licence is
    kept, and renames the folder to ``<data folder>/<dataset>/<version>``, where ``sources`` then
    finds it, with a ``manifest.json`` beside what was written. Raises `InvalidDataset` for files
    that are not the dataset's, or not whole: the message says which file, what was expected and
    what was found.
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
