"""WADI as benchkit loads it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from benchkit.data import Addition, Dataset
from benchkit_datasets.parameters import check_blocks, check_choice, check_whole
from benchkit_datasets.tables.addition import add_recording
from benchkit_datasets.tables.customs import downsample, drop_warmup
from benchkit_datasets.tables.store import find_recording, read_recording
from benchkit_datasets.testbeds.wadi import SIZES
from benchkit_datasets.wadi.publication import LAYOUT, VERSIONS

_NAMES = tuple(version.name for version in VERSIONS)


class Wadi:
    """Water Distribution: reservoirs and six consumers, attacked for two days.

    Parameters
    ----------
    version
        ``"A1"`` of 2017, ``"A2"`` of 2019 (the same days, with a column of labels, and without
        264,000 seconds of the training part), or ``"newest"`` for the newest that was added.
    warmup
        Training rows that are left out at the beginning.
    median
        Rows in a block that becomes one row of medians; 10 in Deng and Hooi 2021 (GDN). A block
        is anomalous if any of its rows is, and none crosses a gap.
    every
        Rows in a block of which only the first is kept; labels as for ``median``.
    size
        Of the simulated plant: ``"laptop"``, or ``"full"`` for the real one's number of rows.
    seed
        Of the simulated plant, 0 or more.

    Raises
    ------
    ValueError
        A parameter has a value that is none of these, or both ``median`` and ``every`` are given.
    """

    def __init__(
        self,
        version: str = "newest",
        warmup: int = 0,
        median: int = 1,
        every: int = 1,
        size: str = SIZES[0],
        seed: int = 0,
    ) -> None:
        check_choice("version", version, ("newest", *_NAMES))
        check_choice("size", size, SIZES)
        check_whole("warmup", warmup, 0)
        check_blocks(median, every)
        check_whole("seed", seed, 0)
        self.version = version
        self.warmup = warmup
        self.median = median
        self.every = every
        self.size = size
        self.seed = seed

    def add(self, paths: list[Path], folder: Path) -> Addition:
        """Recognise an owner's files and write their arrays into ``folder``.

        Raises
        ------
        InvalidDataset
            The files are not the published ones, or not whole.
        """
        return add_recording(paths, folder, VERSIONS, LAYOUT)

    def sources(self, member: str, *, offline: bool) -> list[Path]:
        """Return the arrays of the version, which are here once their owner added them.

        Raises
        ------
        DataUnavailable
            They were not added; they are never fetched.
        """
        return find_recording("wadi", _NAMES if self.version == "newest" else (self.version,))

    def load(self, variant: Literal["real", "sim"], member: str, sources: list[Path]) -> Dataset:
        """Load the recording.

        Returns
        -------
        Dataset
            123 channels of float32, unscaled, in the units of the plant; training rows are
            normal. One row a second; a new segment begins after every second that is missing.
        """
        if variant == "sim":
            from benchkit_datasets.testbeds.wadi.simulate import simulate

            made = simulate(self.size, self.seed)
            dataset = Dataset(made.train, made.test, made.labels, made.channels, made.period)
        else:
            dataset = read_recording(sources, LAYOUT.tags)
        return downsample(drop_warmup(dataset, self.warmup), median=self.median, every=self.every)
