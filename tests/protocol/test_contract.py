"""What a dataset plugin gives is kept as it is meant, or refused with what it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from benchkit.data import Dataset, InvalidDataset
from benchkit.protocol.contract import check_dataset

VALUES = np.arange(12.0).reshape(6, 2)
GOOD = Dataset(VALUES, VALUES + 1, np.array([0, 0, 1, 0, 0, 0]))
FRAME = pd.DataFrame(VALUES, columns=["a", "b"])
MASKED = np.ma.masked_array(VALUES, VALUES == 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train": VALUES * 1j}, r"train must be real numbers, but they are complex \(ndarray\)"),
        ({"train": VALUES.astype(str)}, "train must be real numbers, but they are texts"),
        ({"train": VALUES.astype("M8[s]")}, "but they are dates: subtract the first and divide"),
        ({"train": VALUES.astype("m8[s]")}, "but they are spans of time: divide them by one"),
        ({"train": MASKED}, "but some of them are masked: fill or leave them out"),
        ({"train": sparse.csr_matrix(VALUES)}, r"it is sparse: return .toarray\(\) \(csr_matrix"),
        ({"train": FRAME.assign(b="1")}, "there is '1' of type str among them"),
        ({"train": np.where(VALUES == 3, None, VALUES)}, "there is None of type NoneType among"),
        ({"labels": GOOD.labels / 2}, "labels must be 0 or 1, but there is 0.5"),
        ({"labels": GOOD.labels.astype(str)}, "labels must be real numbers, but they are texts"),
        ({"labels": np.ma.masked_array(GOOD.labels, GOOD.labels)}, "labels .* are masked"),
        (
            {"period": pd.Timedelta("1s")},
            "period is the seconds from row to row, .*got Time",
        ),
        ({"period": 0}, "period is the seconds from row to row, above 0; got 0"),
        ({"channels": "ab"}, "channels is one text, 'ab': give a tuple of names"),
        ({"test_segments": (0, 2.5)}, "test_segments must be rising rows"),
        ({"train": FRAME, "test": FRAME[["b", "a"]]}, "train has the columns .*'a', 'b'.* test"),
        (
            {"test": FRAME.sample(frac=1, random_state=0), "labels": pd.Series(GOOD.labels)},
            r"the index of labels is not that of test: .* as labels.loc\[test.index\]",
        ),
    ],
)
def test_a_silent_cast_is_refused(change, message):
    """Numpy would have made numbers of it, and other ones than were meant."""
    with pytest.raises(InvalidDataset, match=message):
        check_dataset(replace(GOOD, **change), "series")


def test_columns_of_a_table_are_names():
    """`channels=df.columns` is what one writes first."""
    checked = check_dataset(replace(GOOD, train=FRAME, channels=FRAME.columns), "series")
    assert checked.channels == ("a", "b")


def test_labels_by_position_go_with_a_table_cut_from_another():
    """An index that counts from 0 names no rows."""
    cut = FRAME.set_axis(range(100, 106))
    assert check_dataset(replace(GOOD, test=cut, labels=pd.Series(GOOD.labels)), "series")


def test_a_table_with_large_integers_is_not_rounded():
    """Pandas joins integers and floats to float64, which holds no 2**60 + 1."""
    if np.finfo(np.longdouble).nmant < 63:
        pytest.skip("long doubles are float64 here")
    table = pd.DataFrame({"a": np.arange(6) + 2**60, "b": np.ones(6)})
    checked = check_dataset(replace(GOOD, train=table), "series")
    assert np.diff(checked.train[:, 0]).tolist() == [1] * 5


def test_two_channels_of_one_name_and_rows_out_of_order_are_noted():
    """Both are possible, and hardly meant."""
    frame = FRAME.iloc[::-1]
    checked = check_dataset(replace(GOOD, train=frame, channels=("a", "a")), "series")
    assert checked.notes == (
        "the index of train does not rise; rows are taken as they stand",
        "more than one channel has the name a",
    )


def test_one_note_is_a_note_and_a_period_of_numpy_a_number():
    """A text is not taken letter by letter, and JSON knows no float32."""
    checked = check_dataset(replace(GOOD, notes="Filled.", period=np.float32(2)), "series")
    assert checked.notes == ("Filled.",)
    assert type(checked.period) is float


def test_objects_become_the_type_that_holds_them():
    """Floats where these are exact, integers beyond 2**53, and fractions for decimals."""
    exact = VALUES.astype(object)
    for train, dtype in ((exact, float), (exact * 1 + 2.0**60, float)):
        assert check_dataset(replace(GOOD, train=train), "series").train.dtype == dtype
    whole = np.array([[2**60 + i, i] for i in range(6)], object)
    assert check_dataset(replace(GOOD, train=whole), "series").train.dtype == np.int64
