"""KDD99 as benchkit loads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from benchkit.data import Dataset, DataUnavailable
from benchkit_datasets.kdd99 import files
from benchkit_datasets.kdd99.arrays import TRAIN_ROWS, read_arrays
from benchkit_datasets.kdd99.columns import MADGAN, SYMBOLIC
from benchkit_datasets.kdd99.overlap import drop_seen
from benchkit_datasets.kdd99.records import Records, read_records
from benchkit_datasets.kdd99.spec import OBTAIN
from benchkit_datasets.kdd99.views import count_unknown, full_view, madgan_view, vocabulary_of
from benchkit_datasets.parameters import check_whole

SPLITS = ("madgan", "clean", "corrected")


class Kdd99:
    """Network connections of the KDD Cup 1999.

    Parameters
    ----------
    split
        ``"madgan"``: trained on the first 562,387 normal rows of the full file, tested on the
        10 % file row for row, 34 numeric features. ``"clean"``: the same without the test rows
        that also occur in train. ``"corrected"``: trained on the normal rows of the 10 % file,
        tested on the file ``corrected``, all 41 features with the symbolic ones as 0/1 channels.
        Of the simulated connections it decides the features and which test rows stay.
    seed
        Of the simulated connections, 0 or more.

    Raises
    ------
    ValueError
        A parameter is invalid.
    """

    def __init__(self, split: str = "madgan", seed: int = 0) -> None:
        if split not in SPLITS:
            raise ValueError(f"split must be one of {', '.join(SPLITS)}, got {split!r}")
        check_whole("seed", seed, 0)
        self.split = split
        self.seed = seed

    def sources(self, member: str, *, offline: bool) -> list[Path]:
        """Return the files of the split, downloading missing ones unless ``offline``.

        For ``madgan`` and ``clean`` these are the authors' own arrays if present
        (``kdd99_madgan.npz`` or ``kdd99_train.npy`` and ``kdd99_test.npy``), else the full file
        and the 10 % file; for ``corrected`` the 10 % file and ``corrected``. Training data comes
        first.

        Raises
        ------
        DataUnavailable
            A file is missing and cannot be downloaded.
        """
        if self.split != "corrected":
            arrays = files.madgan_arrays()
            if arrays:
                return arrays
            needed = (files.FULL, files.TEN_PERCENT)
        else:
            needed = (files.TEN_PERCENT, files.CORRECTED)
        try:
            return [files.find_original(file, offline=offline) for file in needed]
        except DataUnavailable as missing:
            raise DataUnavailable(str(missing), OBTAIN[self.split]) from None

    def load(self, variant: Literal["real", "sim"], member: str, sources: list[Path]) -> Dataset:
        """Load the split.

        Returns
        -------
        Dataset
            Series of float32, unscaled: 34 channels, more for ``corrected``. Training rows are
            normal. Rows are connections in the order of their files, without timestamps.

        Raises
        ------
        InvalidDataset
            A file has unexpected content; the message names it, and the line if possible.
        """
        whole = self._whole(variant, sources)
        return drop_seen(whole) if self.split == "clean" else whole

    def _whole(self, variant: Literal["real", "sim"], sources: list[Path]) -> Dataset:
        """Load the split with all test rows."""
        if variant == "sim":
            from benchkit_datasets.kdd99.simulate import simulate

            return self._view(*simulate(self.seed))
        if sources[0].suffix in (".npz", ".npy"):
            train, test, labels = read_arrays(sources)
            return Dataset(train, test, labels, MADGAN)
        train_file, test_file = sources
        return self._from_originals(train_file, test_file)

    def _from_originals(self, train: Path, test: Path, normal: int | None = TRAIN_ROWS) -> Dataset:
        """Make the split from two original files; ``normal`` rows of the first are used."""
        if self.split != "corrected":
            kept = read_records(train, rows=files.rows_of(train), normal=normal)
        else:
            kept = read_records(train, rows=files.rows_of(train))
            kept = kept[~kept.attack]
        made = self._view(kept, read_records(test, rows=files.rows_of(test)))
        remarks = (*files.notes_on(train), *files.notes_on(test))
        return replace(made, notes=(*remarks, *made.notes))

    def _view(self, train: Records, test: Records) -> Dataset:
        if self.split != "corrected":
            return Dataset(madgan_view(train), madgan_view(test), test.attack, MADGAN)
        words = vocabulary_of(train)
        values, channels = full_view(train, words)
        foreign = count_unknown(test, words)
        notes = tuple(
            f"{foreign[name]:,} test rows have a {name} that no training row has: "
            "it is encoded as zeros."
            for name in SYMBOLIC
            if foreign[name]
        )
        return Dataset(values, full_view(test, words)[0], test.attack, channels, notes=notes)
