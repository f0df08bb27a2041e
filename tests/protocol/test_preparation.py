"""A dataset plugin's arrays on their way to a trial."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchkit.data import Dataset, InvalidDataset
from benchkit.protocol import importing, preparation
from benchkit.protocol.preparation import prepare_dataset
from benchkit.protocol.prepared import Prepared
from benchkit.registry import Card, DatasetSpec
from benchkit.registry.choices import DatasetChoice

GOOD = Dataset(np.ones((4, 2)), np.ones((3, 2)), np.array([0, 1, 0]), channels=("a", "b"))
IMAGES = Dataset(np.ones((4, 2, 3, 3)), np.ones((3, 2, 3, 3)), np.zeros((3, 2)))

given: dict = {}


class Given:
    """Loads what the test put into `given`, and counts how often."""

    def __init__(self, offset=0):
        self.offset = offset

    def sources(self, member, *, offline):
        return given.get("sources", [])

    def load(self, variant, member, sources):
        given["loads"] = given.get("loads", 0) + 1
        return given["dataset"]


def choose(modality="series", **params):
    card = Card("a test", "none", "it cannot be had")
    spec = DatasetSpec("given", "", f"{__name__}:Given", modality, card)
    return DatasetChoice(spec, "given", "", params)


def prepare(dataset, modality="series", **params):
    given.clear()
    given["dataset"] = dataset
    return Prepared.from_fields(prepare_dataset(choose(modality, **params), "auto", True))


def test_arrays_become_float32_and_labels_booleans():
    """Whatever the plugin's types are, every detector sees the same ones."""
    prepared = prepare(GOOD)
    train = np.load(prepared.train, mmap_mode="r")
    assert train.dtype == np.float32
    assert train.flags.c_contiguous
    assert np.array_equal(prepared.truth(100).labels, [False, True, False])


def test_labels_of_images_are_flat_frame_by_frame():
    """One label a frame, sequence after sequence, as the scores are."""
    labels = np.array([[0, 1], [1, 0], [0, 0]])
    prepared = prepare(replace(IMAGES, labels=labels), "image-sequence")
    assert np.array_equal(prepared.truth(100).labels, [0, 1, 1, 0, 0, 0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"train": np.array([[1, 2], [np.nan, 4]])},
            r"train has the value nan at row 1, position \[0\]",
        ),
        ({"test": np.full((3, 2), np.inf)}, "test has the value inf at row 0"),
        ({"labels": np.array([0, 1])}, r"labels have shape \(2,\) where \(3,\) is needed"),
        ({"labels": np.array([0, 1, 2])}, "labels must be 0 or 1, but there is 2"),
        ({"labels": np.array([0, 1, -1])}, "labels must be 0 or 1, but there is -1"),
        ({"train": np.ones((4, 3))}, r"train has shape \(4, 3\) but test \(3, 2\)"),
        ({"train": np.ones(4)}, r"train has shape \(4,\); a series has 2 axes"),
        ({"train": np.ones((1, 2))}, "train has 1 rows; at least 4 are needed"),
        ({"test": np.ones((0, 2)), "labels": np.ones(0)}, "test is empty, it has shape"),
        ({"channels": ("a", "b", "c")}, "3 channel names for 2 channels"),
        ({"train_segments": (1, 2)}, "train_segments must be rising rows of train, the first"),
        ({"test_segments": (0, 3)}, "test_segments must be rising rows of test, the first of"),
        ({"test_segments": (0, 2, 2)}, "test_segments must be rising rows"),
        ({"ambiguous": np.zeros(2)}, r"ambiguous have shape \(2,\) where \(3,\) is needed"),
    ],
)
def test_arrays_that_break_the_contract_are_refused(change, message):
    """With what is wrong, and where."""
    with pytest.raises(InvalidDataset, match=message):
        prepare(replace(GOOD, **change))


def test_an_import_is_used_again_and_a_changed_one_is_not(tmp_path):
    """Loading happens once for the same parameters and files, and again when either changes."""
    source = tmp_path / "values.csv"
    source.write_text("1")
    given.clear()
    given.update(dataset=GOOD, sources=[source])
    for _ in range(2):
        prepare_dataset(choose(), "auto", True)
    assert given["loads"] == 1
    prepare_dataset(choose(offset=1), "auto", True)
    assert given["loads"] == 2
    source.write_text("12")
    prepare_dataset(choose(), "auto", True)
    assert given["loads"] == 3


def test_the_fingerprint_is_of_the_values():
    """The same values have the same one, however they were made; one other value has another."""
    first = prepare(GOOD).fingerprint
    assert prepare(GOOD, offset=3).fingerprint == first
    assert prepare(replace(GOOD, labels=np.array([0, 1, 1])), offset=4).fingerprint != first


def test_segments_and_doubtful_labels_come_through():
    """What the plugin says about gaps and labels reaches the trial and the metrics."""
    prepared = prepare(
        replace(GOOD, train_segments=(0, 2), ambiguous=np.array([0, 1, 1])), offset=5
    )
    assert (prepared.train_segments, prepared.test_segments) == ((0, 2), (0,))
    assert np.array_equal(prepared.truth(100).ambiguous, [False, True, True])


def test_a_gap_is_part_of_the_fingerprint():
    """The same values in two stretches are other data to a detector that looks at windows."""
    whole = prepare(GOOD, offset=6).fingerprint
    assert prepare(replace(GOOD, test_segments=(0, 1)), offset=7).fingerprint != whole
    assert prepare(replace(GOOD, train_segments=(0, 1)), offset=8).fingerprint != whole


def test_an_import_appears_whole_or_not_at_all(monkeypatch):
    """A disk that fills up in the middle leaves no folder that a later run would trust."""

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(importing.json, "dumps", fail)
    monkeypatch.setattr(preparation, "_key", lambda *_: "key")
    with pytest.raises(OSError, match="No space"):
        prepare(GOOD)
    assert list((preparation.cache_folder() / "datasets").iterdir()) == []


def test_an_unknown_parameter_is_refused_with_the_nearest():
    """As a detector's is."""
    with pytest.raises(ValueError, match="no parameter 'ofset': did you mean 'offset'"):
        prepare(GOOD, ofset=1)
