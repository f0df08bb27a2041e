"""A plugin package with small datasets, good and bad, which tests install for real."""

import numpy as np

from benchkit import hookimpl
from benchkit.data import (
    Addition,
    Dataset,
    DataUnavailable,
    InvalidDataset,
    find_added,
)
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
        if member == "offset":
            train, test = train + 1e9, test + 1e9
        if member == "quiet":
            labels[:] = 0
        if member == "raises":
            raise KeyError("no such thing")
        names = tuple(f"c{i}" for i in range(self.channels))
        return Dataset(train, test, labels, channels=names)


class Gapped(Tiny):
    """The same with gaps in both parts; its scores would be wrong across one."""

    def load(self, variant, member, sources):
        whole = super().load(variant, member, sources)
        return Dataset(
            whole.train,
            whole.test,
            whole.labels,
            train_segments=(0, 500, 1700),
            test_segments=(0, 900),
        )


class Owned:
    """One column of numbers that only its owner has."""

    def add(self, paths, folder):
        (path,) = paths
        lines = path.read_text().split()
        if lines[0] != "owned":
            raise InvalidDataset(f"{path.name} begins with {lines[0]!r}, not 'owned'")
        np.save(folder / "values.npy", np.array(lines[2:], dtype=np.float32))
        return Addition(lines[1], {"rows": str(len(lines) - 2)}, ("one blank was taken out.",))

    def sources(self, member, *, offline):
        added = find_added("owned")
        if not added:
            raise DataUnavailable("it was not added")
        return [next(iter(added.values())) / "values.npy"]

    def load(self, variant, member, sources):
        values = np.load(sources[0])[:, None]
        return Dataset(values, values, values[:, 0] > 2)


@hookimpl
def benchkit_register_datasets(register):
    members = ("plain", "nan", "constant", "offset", "quiet", "raises")
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
    register(DatasetSpec("gapped", "noise", "tiny_plugin:Gapped", "series", CARD))
    owner = Card("made by a test", "For friends only.", "ask its owner.")
    register(DatasetSpec("owned", "a", "tiny_plugin:Owned", "series", owner, added=True))
