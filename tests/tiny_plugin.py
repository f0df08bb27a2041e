"""A plugin package with small datasets, good and bad, which tests install for real."""

import numpy as np

from benchkit import hookimpl
from benchkit.data import Dataset
from benchkit.registry import Card, DatasetSpec

CARD = Card("made by a test", "none", "it cannot be had")


class Tiny:
    """Noise with anomalies that are far away."""

    def __init__(self, rows=2000, channels=5, seed=0, loud=8.0):
        self.rows, self.channels, self.seed, self.loud = rows, channels, seed, loud

    def sources(self, member, *, offline):
        return []

    def load(self, variant, member, sources):
        generator = np.random.default_rng(self.seed)
        train = generator.normal(size=(self.rows, self.channels))
        test = generator.normal(size=(self.rows, self.channels))
        labels = np.zeros(self.rows, dtype=int)
        labels[self.rows // 2 : self.rows // 2 + self.rows // 10] = 1
        test[labels == 1] += self.loud
        if member == "nan":
            train[7, 2] = np.nan
        if member == "constant":
            train[:, 1] = 3.0
        if member == "quiet":
            labels[:] = 0
        if member == "raises":
            raise KeyError("no such thing")
        names = tuple(f"c{i}" for i in range(self.channels))
        return Dataset(train, test, labels, channels=names)


@hookimpl
def benchkit_register_datasets(register):
    members = ("plain", "nan", "constant", "quiet", "raises")
    spec = DatasetSpec(
        "tiny",
        "noise",
        "tiny_plugin:Tiny",
        "series",
        CARD,
        members=members,
        default_members=("plain",),
    )
    register(spec)
