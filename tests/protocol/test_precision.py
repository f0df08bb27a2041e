"""What varies in a dataset's values comes through the cast to float32, whatever it stands on."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.data import Dataset, InvalidDataset
from benchkit.metrics.evaluation import evaluate
from benchkit.protocol.importing import import_dataset
from benchkit.protocol.shifts import subtract
from benchkit_detectors.baselines.sanity import DistanceDetector

ROWS = 400
LABELS = np.arange(ROWS) % 10 == 0


def make(dtype=float, spread=1.0):
    """Return noise whose anomalies are five spreads away, train and test, (rows, 2)."""
    generator = np.random.default_rng(0)
    train, test = generator.normal(size=(2, ROWS, 2))
    test[LABELS] += 5
    return [(part * spread).astype(dtype) for part in (train, test)]


def load(folder, train, test, labels=LABELS, modality="series", **more):
    """Import a dataset; return train, test and the rest."""
    folder = folder / str(len(list(folder.iterdir())))
    import_dataset(Dataset(train, test, labels, **more), modality, folder)
    meta = json.loads((folder / "meta.json").read_text())
    return np.load(folder / "train.npy"), np.load(folder / "test.npy"), meta


def find(train, test):
    """Return the AUC-ROC of the distance from the training mean."""
    scores = DistanceDetector().fit(train).decision_function(test)
    return evaluate(LABELS, scores, ["auc_roc"])["auc_roc"]


@pytest.mark.parametrize("offset", [1e5, -1e6, 1e8, 1e9, 1e12, 1e15])
def test_noise_on_an_offset_is_found_as_well_as_without(tmp_path, offset):
    """Neighbouring float32 numbers are 8 apart at 1e8; AUC-ROC was .70 there and .50 at 1e9."""
    train, test = make()
    plain = find(*load(tmp_path, train, test)[:2])
    assert plain > 0.999
    shifted = find(*load(tmp_path, train + offset, test + offset)[:2])
    assert shifted == pytest.approx(plain, abs=1e-3)


@pytest.mark.parametrize(
    ("dtype", "offset"), [(np.int32, 2**30), (np.int64, 2**60 + 1), (np.uint64, 2**64 - 4096)]
)
def test_integers_are_subtracted_as_integers(tmp_path, dtype, offset):
    """A counter beyond 2**53 loses no count."""
    train, test = make(np.int64, spread=20)
    plain = (
        train.astype(dtype) + np.array(offset, dtype),
        test.astype(dtype) + np.array(offset, dtype),
    )
    stored = np.concatenate(load(tmp_path, *plain)[:2])
    assert np.array_equal(stored - stored[0], np.concatenate([train, test]) - train[0])


def test_parts_of_different_types_meet_in_one_that_holds_both(tmp_path):
    """As numpy joins int64 with uint64 or float64, to float64, it rounds."""
    train, test = make(np.int64, spread=20)
    stored = load(tmp_path, (train + 2**62).astype(np.uint64), test + 2**62)
    assert np.array_equal(np.diff(stored[1], axis=0), np.diff(test, axis=0))
    assert np.array_equal(stored[1][0] - stored[0][0], test[0] - train[0])
    stored = load(tmp_path, train + 2**52, test + 2.0**52)
    assert np.array_equal(stored[1][0] - stored[0][0], test[0] - train[0])


def test_nanoseconds_since_1970_keep_their_second(tmp_path):
    """As a cast they were 137 s apart at best."""
    clock = (1_700_000_000 + np.arange(2 * ROWS)[:, None]) * 10**9
    train, test, _ = load(tmp_path, clock[:ROWS], clock[ROWS:])
    assert np.diff(np.concatenate([train, test]), axis=0) == pytest.approx(1e9, rel=1e-4)


def test_decimals_and_long_doubles_are_not_rounded_first(tmp_path):
    """Steps that float64 does not hold at this size."""
    train, test = make()
    large = np.vectorize(lambda v: Decimal(10**20) + Decimal(float(v)), otypes=[object])
    stored = load(tmp_path, large(train), large(test))[0]
    assert np.ptp(stored, axis=0) == pytest.approx(np.ptp(train, axis=0), rel=1e-6)
    stored = load(tmp_path, large(train), np.round(test) + 10.0**15)
    assert np.diff(stored[1], axis=0) == pytest.approx(0)  # far from the training part
    if np.finfo(np.longdouble).nmant > 60:
        stored = load(tmp_path, *(np.longdouble(2**60) + p.astype("longdouble") for p in make()))
        assert np.ptp(stored[0], axis=0) == pytest.approx(np.ptp(train, axis=0), abs=0.25)


@pytest.mark.parametrize("spread", [1e300, 1e308 / 6, 1e-60, 1e-310])
def test_values_beyond_the_reach_of_float32_are_scaled(tmp_path, spread):
    """A finite value of 1e300 was called infinite, and 1e-60 became 0."""
    train, test = make()
    stored = load(tmp_path, *make(spread=spread))
    assert find(*stored[:2]) == pytest.approx(find(train, test), abs=1e-3)
    assert "divided by 2^" in stored[2]["notes"][0]


def test_one_value_that_float32_does_not_reach_is_refused_as_what_it_is(tmp_path):
    """It is finite; beside a spread of 1 nothing could keep both."""
    train, test = make()
    test[3, 1] = 1e39
    message = r"test has the value 1e\+39 at row 3, position \[1\], which float32 does not reach"
    with pytest.raises(InvalidDataset, match=message):
        load(tmp_path, train, test)


def test_a_short_event_on_a_constant_is_kept(tmp_path):
    """Training is 1e9 throughout; one test row is 1 more, which float32 does not tell apart."""
    train, test = np.full((ROWS, 1), 1e9), np.full((ROWS, 1), 1e9)
    test[7] += 1
    _, stored, _ = load(tmp_path, train, test)
    assert np.flatnonzero(stored).tolist() == [7]
    assert stored[7] == 1


def test_image_sequences_have_one_offset(tmp_path):
    """Pixels stay comparable with one another."""
    frames = np.random.default_rng(0).normal(size=(20, 4, 5, 5))
    labels = np.zeros((20, 4), bool)
    train, _, meta = load(tmp_path, frames + 1e9, frames[::-1] + 1e9, labels, "image-sequence")
    assert train - train.flat[0] == pytest.approx(frames - frames.flat[0], abs=1e-5)
    assert any("the frames less" in note for note in meta["notes"])


def test_the_board_says_which_channels_were_shifted_by_what(tmp_path):
    """The offset is a value of the training part, written in full."""
    train, test = make()
    train[:, 1] += 1e9
    test[:, 1] += 1e9
    stored, _, meta = load(tmp_path, train, test, channels=("a", "b"))
    offset = np.sort(train[:, 1])[ROWS // 2]
    assert meta["notes"] == [f"shifted so that float32 keeps what varies: b less {offset}"]
    assert meta["warnings"] == meta["notes"]
    assert np.array_equal(stored[:, 0], train[:, 0].astype(np.float32))


def test_an_offset_is_part_of_the_fingerprint(tmp_path):
    """Two datasets whose stored values are the same differ."""
    train, test = make(np.int64, spread=20)
    marks = {load(tmp_path, train + o, test + o)[2]["fingerprint"] for o in (2**40, 2**50)}
    assert len(marks) == 2


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int16, bool])
def test_what_float32_holds_is_stored_as_it_is(tmp_path, dtype):
    """To the bit, so that ordinary data keep their fingerprint."""
    train, test = make(dtype)
    stored, _, meta = load(tmp_path, train, test)
    assert np.array_equal(stored, train.astype(np.float32))
    assert meta["warnings"] == []


def test_a_fingerprint_of_ordinary_data_is_that_of_earlier_versions(tmp_path):
    """Otherwise every record would be run again."""
    train = np.arange(400.0).reshape(200, 2) / 7
    meta = load(tmp_path, train, train[::-1] + 1, np.arange(200) % 9 == 0)[2]
    assert (
        meta["fingerprint"] == "152cc46778a686181d1f60487236bdaada63f768e77e9119428cf6e9d174e84f"
    )


def test_a_cast_that_came_too_early_is_said(tmp_path):
    """float32 values on 1e8 that move by their last digit were float64 once."""
    train, test = make(spread=10)
    early = [(part + 1e8).astype(np.float32) for part in (train, test)]
    (note,) = load(tmp_path, *early)[2]["warnings"]
    assert note.startswith(
        "float32 keeps only a part of what varies: 0 (steps of 16, values to 1e"
    )
    assert "give it as float64" in note


def test_what_no_offset_helps_is_said(tmp_path):
    """A counter that runs further than float32 counts."""
    counter = np.arange(0, 2 * ROWS, dtype=np.int64)[:, None] * 10**7
    counter += np.random.default_rng(0).permutation(2 * ROWS)[:, None] % 2
    fine = np.repeat(counter, 2, axis=0) + np.tile([[0], [1]], (2 * ROWS, 1))
    half = len(fine) // 2
    notes = load(tmp_path, fine[:half], fine[half:], np.arange(half) % 9 == 0)[2]["warnings"]
    assert any(note.startswith("float32 keeps only a part of what varies: 0") for note in notes)


@pytest.mark.parametrize("dtype", [float, np.int64])
def test_a_pixel_that_float32_flattens_is_said(tmp_path, dtype):
    """All pixels have one offset, which is no help to one that lies far from the others."""
    frames = np.random.default_rng(0).normal(size=(2, 20, 10, 4, 4)) * 20
    labels = np.arange(200).reshape(20, 10) % 9 == 0
    plain = load(tmp_path, *frames.astype(dtype), labels, "image-sequence")[2]
    assert not any("float32" in note for note in plain["notes"])
    frames[..., 1, 2] += 1e10
    (note,) = load(tmp_path, *frames.astype(dtype), labels, "image-sequence")[2]["warnings"]
    assert note.startswith("float32 keeps only a part of what varies: the frames (1 of 16 pixels")
    assert "the first at (1, 2)" in note


def test_a_dark_border_of_rounding_noise_is_no_loss(tmp_path):
    """As a blur leaves it around an image."""
    frames = np.random.default_rng(0).normal(size=(2, 20, 10, 4, 4))
    frames[..., 0] *= 1e-60
    frames[..., 3] = 1 + frames[..., 3].round() * 2**-52
    labels = np.arange(200).reshape(20, 10) % 9 == 0
    assert load(tmp_path, *frames, labels, "image-sequence")[2]["warnings"] == []


@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20),
    st.integers(-(2**63), 2**63 - 1),
)
def test_a_difference_of_any_two_integers_is_right(values, offset):
    """It is that of Python's integers, rounded once."""
    found = subtract(np.array(values)[:, None], np.array([offset]), np.array([0]))
    assert found[:, 0].tolist() == [float(Fraction(v - offset)) for v in values]
