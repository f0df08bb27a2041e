"""SWaT as benchkit loads it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from benchkit_datasets.swat.publication import SCHEMA, STARTED, VERSIONS
from benchkit_datasets.tables.store import version_of
from benchkit_datasets.tables.testbed_dataset import TestbedDataset
from benchkit_datasets.testbeds.recording import Recording
from benchkit_datasets.testbeds.swat import SIZES, STARTUP

_SETTLED = 21_600


class Swat(TestbedDataset):
    """Secure Water Treatment: six stages of purification, attacked 36 times; 51 channels.

    Parameters
    ----------
    version
        ``"v0"``, ``"v1"`` (the same without its first 30 minutes), or ``"newest"`` for the newest
        one added.
    warmup
        Seconds after the start of the plant that are dropped from training, by default 21,600 as
        in Li et al. 2019 (MAD-GAN). Version ``v1`` already lacks the first 1,800, so training
        starts at the same second. Of the simulation, whose start-up is shorter in the smaller
        size, the same share of the start-up is dropped.
    median, every, size, seed
        See `benchkit_datasets.tables.testbed_dataset.TestbedDataset`.
    """

    name = "swat"
    versions = VERSIONS
    schema = SCHEMA
    sizes = SIZES

    def __init__(
        self,
        version: str = "newest",
        warmup: int = _SETTLED,
        median: int = 1,
        every: int = 1,
        size: str = "laptop",
        seed: int = 0,
    ) -> None:
        super().__init__(version, warmup, median, every, size, seed)

    def simulate(self) -> Recording:
        """Run the simulated plant."""
        from benchkit_datasets.testbeds.swat.simulate import simulate

        return simulate(self.size, self.seed)

    def warmup_rows(self, variant: Literal["real", "sim"], sources: list[Path]) -> int:
        """Return the number of training rows within the warm-up."""
        if variant == "sim":
            return self.warmup * STARTUP[self.size] // _SETTLED
        parts = {version.name: version.train for version in VERSIONS}
        begun = parts[version_of(sources)].start - STARTED
        return max(0, self.warmup - begun)
