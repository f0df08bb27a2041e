"""WADI as benchkit loads it."""

from __future__ import annotations

from benchkit_datasets.tables.testbed_dataset import TestbedDataset
from benchkit_datasets.testbeds.recording import Recording
from benchkit_datasets.testbeds.wadi import SIZES
from benchkit_datasets.wadi.publication import SCHEMA, VERSIONS


class Wadi(TestbedDataset):
    """Water Distribution: reservoirs and six consumers, attacked for two days; 123 channels.

    Parameters
    ----------
    version
        ``"A1"`` of 2017, ``"A2"`` of 2019 (the same days, with a column of labels, and without
        264,000 seconds of the training part), or ``"newest"`` for the newest that was added.
    warmup, median, every, size, seed
        See `benchkit_datasets.tables.testbed_dataset.TestbedDataset`.
    """

    name = "wadi"
    versions = VERSIONS
    schema = SCHEMA
    sizes = SIZES

    def simulate(self) -> Recording:
        """Run the simulated plant."""
        from benchkit_datasets.testbeds.wadi.simulate import simulate

        return simulate(self.size, self.seed)
