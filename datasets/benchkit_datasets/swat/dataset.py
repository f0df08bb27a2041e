"""SWaT as benchkit loads it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from benchkit.data import Addition, Dataset
from benchkit_datasets.parameters import check_blocks, check_choice, check_whole
from benchkit_datasets.swat.publication import LAYOUT, STARTED, VERSIONS
from benchkit_datasets.tables.addition import add_recording
from benchkit_datasets.tables.customs import downsample, drop_warmup
from benchkit_datasets.tables.store import find_recording, read_recording, version_of
from benchkit_datasets.testbeds.swat import SIZES, STARTUP

_NAMES = tuple(version.name for version in VERSIONS)
_SETTLED = 21_600


class Swat:
    """Secure Water Treatment: six stages of water purification, attacked 36 times.

    Parameters
    ----------
    version
        ``"v0"``, ``"v1"`` (the same without its first 30 minutes), or ``"newest"`` for the newest
        that was added.
    warmup
        Seconds after the plant was switched on that are left out of training, by default the
        21,600 of Li et al. 2019 (MAD-GAN). Version ``v1`` lacks the first 1,800 of them already,
        so the training part begins at the same second. Of the simulated plant, whose start-up
        takes less in a smaller size, as large a share of the start-up is left out.
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
        warmup: int = _SETTLED,
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
        return find_recording("swat", _NAMES if self.version == "newest" else (self.version,))

    def load(self, variant: Literal["real", "sim"], member: str, sources: list[Path]) -> Dataset:
        """Load the recording.

        Returns
        -------
        Dataset
            51 channels of float32, unscaled, in the units of the plant; training rows are normal.
            One row a second; a new segment begins after every second that is missing.
        """
        if variant == "sim":
            from benchkit_datasets.testbeds.swat.simulate import simulate

            made = simulate(self.size, self.seed)
            dataset = Dataset(made.train, made.test, made.labels, made.channels, made.period)
            warmup = self.warmup * STARTUP[self.size] // _SETTLED
        else:
            dataset = read_recording(sources, LAYOUT.tags)
            parts = {version.name: version.train for version in VERSIONS}
            begun = parts[version_of(sources)].start - STARTED
            warmup = max(0, self.warmup - begun)
        return downsample(drop_warmup(dataset, warmup), median=self.median, every=self.every)
