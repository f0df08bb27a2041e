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
        that was added.
    warmup
        Seconds after the plant was switched on that are left out of training, by default the
        21,600 of Li et al. 2019 (MAD-GAN). Version ``v1`` lacks the first 1,800 of them already,
        so the training part begins at the same second. Of the simulated plant, whose start-up
        takes less in a smaller size, as large a share of the start-up is left out.
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
        """Return how many training rows lie within the warm-up."""
        if variant == "sim":
            return self.warmup * STARTUP[self.size] // _SETTLED
        parts = {version.name: version.train for version in VERSIONS}
        begun = parts[version_of(sources)].start - STARTED
        return max(0, self.warmup - begun)
