"""Base class of datasets recorded at a testbed: imported from restricted files, or simulated."""

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
    """Base class of SWaT and WADI; a subclass declares the published versions.

    Parameters
    ----------
    version
        Name of a published version, or ``"newest"`` for the newest one added.
    warmup
        Training rows that are dropped at the beginning.
    median
        Rows per block, replaced by their median; 10 in Deng and Hooi 2021 (GDN). A block is
        anomalous if any of its rows is, and never spans a gap.
    every
        Rows per block, of which the first is kept; labels as for ``median``.
    size
        Of the simulation: ``"laptop"``, or ``"full"`` for as many rows as the real recording.
    seed
        Of the simulation, 0 or more.

    Raises
    ------
    ValueError
        A parameter is invalid, or both ``median`` and ``every`` are above 1.
    """

    name: ClassVar[str]
    versions: ClassVar[tuple[Version, ...]]
    """Published versions, newest first."""
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
        """Return the number of training rows to drop for a variant."""
        return self.warmup

    def add(self, paths: list[Path], folder: Path) -> Addition:
        """Identify restricted files and write their arrays to ``folder``.

        Raises
        ------
        InvalidDataset
            The files are not the published ones, or incomplete.
        """
        return add_recording(paths, folder, self.versions, self.schema)

    def sources(self, member: str, *, offline: bool) -> list[Path]:
        """Return the arrays of the version, as written by `add`.

        Raises
        ------
        DataUnavailable
            They were not added; they cannot be downloaded.
        """
        names = [version.name for version in self.versions]
        return find_recording(self.name, names if self.version == "newest" else [self.version])

    def load(self, variant: Literal["real", "sim"], member: str, sources: list[Path]) -> Dataset:
        """Load the recording.

        Returns
        -------
        Dataset
            float32, unscaled, in the units of the plant; training rows are normal. One row per
            second; a new segment begins after every gap.
        """
        if variant == "sim":
            made = self.simulate()
            dataset = Dataset(made.train, made.test, made.labels, made.channels, made.period)
        else:
            dataset = read_recording(sources, self.schema.tags)
        kept = drop_warmup(dataset, self.warmup_rows(variant, sources))
        return downsample(kept, median=self.median, every=self.every)
