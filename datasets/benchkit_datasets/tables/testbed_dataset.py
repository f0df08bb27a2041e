"""A recorded plant as benchkit loads it: from its owner's files, or simulated."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Literal

from benchkit.data import Addition, Dataset
from benchkit_datasets.parameters import check_blocks, check_choice, check_whole
from benchkit_datasets.tables.addition import Version, add_recording
from benchkit_datasets.tables.preprocessing import downsample, drop_warmup
from benchkit_datasets.tables.schema import TableSchema
from benchkit_datasets.tables.store import find_recording, read_recording
from benchkit_datasets.testbeds.recording import Recording


class TestbedDataset(ABC):
    """What the datasets of plants share; each says which publications there are of it.

    Parameters
    ----------
    version
        The name of one that was published, or ``"newest"`` for the newest that was added.
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

    name: ClassVar[str]
    versions: ClassVar[tuple[Version, ...]]
    """Publications, the newest first."""
    schema: ClassVar[TableSchema]
    sizes: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        version: str = "newest",
        warmup: int = 0,
        median: int = 1,
        every: int = 1,
        size: str = "laptop",
        seed: int = 0,
    ) -> None:
        check_choice("version", version, ("newest", *(v.name for v in self.versions)))
        check_choice("size", size, self.sizes)
        check_whole("warmup", warmup, 0)
        check_blocks(median, every)
        check_whole("seed", seed, 0)
        self.version = version
        self.warmup = warmup
        self.median = median
        self.every = every
        self.size = size
        self.seed = seed

    @abstractmethod
    def simulate(self) -> Recording:
        """Run the simulated plant."""

    def warmup_rows(self, variant: Literal["real", "sim"], sources: list[Path]) -> int:
        """Return how many training rows ``warmup`` is of a variant."""
        return self.warmup

    def add(self, paths: list[Path], folder: Path) -> Addition:
        """Recognise an owner's files and write their arrays into ``folder``.

        Raises
        ------
        InvalidDataset
            The files are not the published ones, or not whole.
        """
        return add_recording(paths, folder, self.versions, self.schema)

    def sources(self, member: str, *, offline: bool) -> list[Path]:
        """Return the arrays of the version, which are here once their owner added them.

        Raises
        ------
        DataUnavailable
            They were not added; they are never fetched.
        """
        names = [version.name for version in self.versions]
        return find_recording(self.name, names if self.version == "newest" else [self.version])

    def load(self, variant: Literal["real", "sim"], member: str, sources: list[Path]) -> Dataset:
        """Load the recording.

        Returns
        -------
        Dataset
            float32, unscaled, in the units of the plant; training rows are normal. One row a
            second; a new segment begins after every second that is missing.
        """
        if variant == "sim":
            made = self.simulate()
            dataset = Dataset(made.train, made.test, made.labels, made.channels, made.period)
        else:
            dataset = read_recording(sources, self.schema.tags)
        kept = drop_warmup(dataset, self.warmup_rows(variant, sources))
        return downsample(kept, median=self.median, every=self.every)
