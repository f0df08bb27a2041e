"""What looks like a mistake of whoever loaded a dataset stands on the board and in the run."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchkit.data import Dataset, InvalidDataset
from benchkit.protocol.importing import import_dataset

ROWS = 300


def noise(rows=ROWS, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, 3)).astype(np.float32)


TRAIN, TEST, LABELS = noise(seed=1), noise(seed=2), np.arange(ROWS) % 20 == 0


def warn(folder, train=TRAIN, test=TEST, labels=LABELS, modality="series", **more):
    """Return what an import warns of, and check that the board has it too."""
    import_dataset(Dataset(train, test, labels, **more), modality, folder / "data")
    meta = json.loads((folder / "data" / "meta.json").read_text())
    assert set(meta["warnings"]) <= set(meta["notes"])
    return meta["warnings"]


def test_nothing_is_said_where_nothing_is_odd(tmp_path):
    """A warning that is always there is not read."""
    assert warn(tmp_path) == []


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (np.zeros(ROWS), "no test point is labelled anomalous"),
        (np.ones(ROWS), "every test point is labelled anomalous"),
    ],
)  # fmt: skip
def test_labels_of_one_kind_are_said(tmp_path, labels, words):
    """With what the metrics are worth then."""
    (warning,) = warn(tmp_path, labels=labels)
    assert warning.startswith(words)


def test_labels_that_are_mostly_1_are_noted(tmp_path):
    """They may be the wrong way round; KDD99's are not, so that a run says nothing of it."""
    assert warn(tmp_path, labels=~LABELS) == []
    (note,) = json.loads((tmp_path / "data" / "meta.json").read_text())["notes"]
    assert note.startswith("95.0% of the test points are labelled anomalous, so that an alarm at")
    assert "F1 0.974" in note


@pytest.mark.parametrize(
    ("train", "test", "words"),
    [
        (TRAIN, TRAIN, "train and test are the same rows"),
        (np.round(TRAIN), np.round(TRAIN), "train and test are the same rows"),
        (np.concatenate([TRAIN, TEST]), TEST, "all test rows stand in train too"),
        (np.round(np.concatenate([TRAIN, TEST])), np.round(TEST), "all test rows stand in"),
        (TRAIN[:200], np.concatenate([TRAIN[:200], TEST[:100]]), "all train rows stand in test"),
        (np.concatenate([TRAIN, TEST])[::-1], TEST, "all test rows stand in train too"),
        (
            np.random.default_rng(0).permutation(np.concatenate([TRAIN, TEST])),
            TEST,
            "all test rows stand in train too",
        ),
        (np.concatenate([TRAIN, TEST[60:]]), TEST, "about 80% of the test rows stand in train"),
    ],
)
def test_rows_that_are_in_both_parts(tmp_path, train, test, words):
    """In order or not, of real numbers or of a few states."""
    (warning,) = warn(tmp_path, train, test)
    assert warning.startswith(words)


def test_switches_repeat_their_states_without_a_word(tmp_path):
    """Every test row stands in train where there are eight possible rows: no mistake."""
    assert warn(tmp_path, TRAIN > 0, TEST > 0) == []


@pytest.mark.parametrize("column", [LABELS, 1 - 2 * LABELS, LABELS * (1 + np.arange(ROWS) % 3)])
def test_a_label_column_among_the_channels_is_named(tmp_path, column):
    """A detector that sees it needs no skill; of 0 and 1, of 1 and -1, or of kinds of attack."""
    more = np.concatenate([TEST, column[:, None]], axis=1)
    train = np.concatenate([TRAIN, np.zeros((ROWS, 1))], axis=1)
    (warning,) = warn(tmp_path, train, more, channels=("a", "b", "c", "attack"))
    assert warning.startswith("the labels again: attack, with one value at every normal row")


def test_a_sensor_that_moves_at_anomalies_alone_is_no_label_column(tmp_path):
    """As that of a leak: it measures."""
    more = np.concatenate([TEST, (LABELS * np.abs(TEST[:, 0]))[:, None]], axis=1)
    assert warn(tmp_path, np.concatenate([TRAIN, np.zeros((ROWS, 1))], axis=1), more) == []


def test_three_training_rows_are_refused(tmp_path):
    """Nothing can be fitted on two rows and held against one."""
    with pytest.raises(InvalidDataset, match="train has 3 rows; at least 4 are needed"):
        warn(tmp_path, TRAIN[:3])


def test_few_training_rows_are_said(tmp_path):
    """With what the split makes of them."""
    words = "there are few training rows: 24 to fit on and 6 for thresholds"
    assert warn(tmp_path, TRAIN[:30]) == [words]


def test_a_channel_that_stops_in_test_is_noted(tmp_path):
    """As one is that is constant in training."""
    test = TEST.copy()
    test[:, 1] = 2
    warn(tmp_path, test=test, channels=("a", "b", "c"))
    notes = json.loads((tmp_path / "data" / "meta.json").read_text())["notes"]
    assert "constant in test, not in train: b" in notes
