"""How fast recordings are read, cached and found again: files of SWaT's width, with fewer rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchkit.data import Dataset
from benchkit.protocol.importing import import_dataset
from benchkit_datasets.swat.dataset import Swat
from benchkit_datasets.tables.addition import add_recording
from tests.datasets.owner_files import swat, swat_file, write_csv, write_xlsx

ROWS = 2_000
TRAIN = replace(swat.VERSIONS[1].train, rows=ROWS)
TEST = replace(swat.VERSIONS[1].test, rows=ROWS, anomalies=140, events=3, missing=3)
VERSION = replace(swat.VERSIONS[1], train=TRAIN, test=TEST)
WRITERS = {"xlsx": write_xlsx, "csv": write_csv}


@pytest.mark.parametrize("form", WRITERS)
def test_adding_a_recording(form, tmp_path, fresh, timed):
    """Recognised, checked, converted, written."""
    files = swat_file(TRAIN, 1), swat_file(TEST, 2, (20, 21, 1_000))
    paths = [WRITERS[form](tmp_path / f"{i}.{form}", file) for i, file in enumerate(files)]

    def add(folder) -> str:
        return add_recording(paths, folder, [VERSION], swat.SCHEMA).version

    size = f"2 files, {ROWS:,} × 53 each"
    assert timed(add, like="python", size=size, setup=fresh) == VERSION.name


def test_loading_an_added_recording(tmp_path, monkeypatch, timed):
    """Mapped; the warm-up is left out."""
    monkeypatch.setenv("BENCHKIT_DATA", str(tmp_path))
    files = swat_file(TRAIN, 1), swat_file(TEST, 2, (20, 21, 1_000))
    paths = [write_csv(tmp_path / f"{i}.csv", file) for i, file in enumerate(files)]
    folder = tmp_path / "swat" / VERSION.name
    folder.mkdir(parents=True)
    add_recording(paths, folder, [VERSION], swat.SCHEMA)
    (folder / "manifest.json").write_text("{}")

    def load() -> Dataset:
        plugin = Swat(warmup=0)
        return plugin.load("real", "", plugin.sources("", offline=True))

    loaded = timed(load, like="python", size=f"2 × {ROWS:,} × 51")
    assert loaded.train.shape == (ROWS, 51)


def test_writing_the_cache(fresh, timed):
    """Checked, hashed, written as float32."""
    values = np.random.default_rng(0).normal(size=(20_000, 51)).astype(np.float32)
    dataset = Dataset(values, values, np.arange(len(values)) % 100 < 3)

    def write(folder) -> None:
        import_dataset(dataset, "series", folder / "cached")

    timed(write, like="sort", size="2 × 20,000 × 51", setup=fresh)
