"""The original text files are read exactly, or refused with a line that says why."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kdd_text import line, lines, naive

from benchkit.data import InvalidDataset
from benchkit_datasets.kdd99.columns import BINARY, COLUMNS, MADGAN, NUMERIC, SYMBOLIC
from benchkit_datasets.kdd99.records import read_records


def write(folder, text, name="records"):
    """Write a file, gzipped where its name says so, and return its path."""
    path = folder / name
    data = text if isinstance(text, bytes) else text.encode("latin-1")
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def assert_same(records, expected):
    """Compare records with the (fields, attack) of the naive reader."""
    rows, attack = expected
    for position, name in enumerate(COLUMNS):
        values = [row[position] for row in rows]
        if name in SYMBOLIC:
            assert list(records.symbols[name]) == values
        else:
            assert np.array_equal(records.numbers[:, NUMERIC.index(name)], np.float32(values))
    assert records.attack.tolist() == attack


def test_the_columns_are_those_of_the_original():
    """41 in all, 34 without the symbolic and the binary ones, in the original order."""
    assert len(COLUMNS) == 41
    assert len(NUMERIC) == 38
    left_out = [name for name in COLUMNS if name not in MADGAN]
    assert left_out == [
        "protocol_type",
        "service",
        "flag",
        "land",
        "logged_in",
        "is_host_login",
        "is_guest_login",
    ]
    assert set(left_out) == {*SYMBOLIC, *BINARY}
    assert [COLUMNS.index(name) for name in MADGAN] == sorted(COLUMNS.index(n) for n in MADGAN)


@pytest.mark.parametrize("name", ["records", "records.gz"])
@pytest.mark.parametrize("end", ["\n", "", "\r\n"])
@pytest.mark.parametrize("block", [1 << 20, 1000, 7])
def test_every_value_of_every_row_is_kept(tmp_path, name, end, block):
    """Gzipped or plain, however lines end, and in blocks of any size."""
    newline = end or "\n"
    text = newline.join(lines(60)) + end
    records = read_records(write(tmp_path, text, name), block=block)
    assert records.numbers.dtype == np.float32
    assert records.numbers.shape == (60, 38)
    assert_same(records, naive(text))


def test_a_label_other_than_normal_is_an_attack(tmp_path):
    """Also one that only the corrected test file has."""
    text = "\n".join([line("normal."), line("neptune."), line("apache2."), line("normal.")])
    assert read_records(write(tmp_path, text)).attack.tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (line() + ",extra", "43 fields, not 42"),
        (line().partition(",")[2], "41 fields, not 42"),
        (line() + ",", "43 fields, not 42"),
        ("", "1 fields, not 42"),
        (line(src_bytes="many"), "src_bytes is 'many', not a finite number from 0 up"),
        (line(src_bytes=""), "src_bytes is '', not a finite number"),
        (line(src_bytes="nan"), "src_bytes is 'nan', not a finite number"),
        (line(src_bytes="1e999"), "src_bytes is '1e999', not a finite number"),
        (line(src_bytes="-1"), "src_bytes is '-1', not a finite number"),
        (line(src_bytes="1\0002"), "src_bytes is '1\\x002', not a finite number"),
        (line(service=""), "service is '', not a word"),
        (line(flag='"SF"'), "flag is '\"SF\"', not a word"),
        (line("normal"), "the label is 'normal', not a lower-case word with a dot"),
        (line("Normal."), "the label is 'Normal.', not a lower-case word"),
        (line("1"), "the label is '1', not a lower-case word"),
    ],
)
@pytest.mark.parametrize(("block", "at"), [(1 << 20, 0), (1 << 20, 16), (500, 16), (1 << 20, 30)])
def test_a_broken_line_is_named_with_its_reason(tmp_path, broken, reason, block, at):
    """One line of text: the file, the line's number, what is wrong."""
    good = lines(30)
    path = write(tmp_path, "\n".join([*good[:at], broken, *good[at:]]) + "\n")
    with pytest.raises(InvalidDataset) as caught:
        read_records(path, block=block)
    message = str(caught.value)
    assert message.startswith(f"{path}, line {at + 1}: ")
    assert reason in message
    assert "\n" not in message


def test_errors_that_cancel_out_are_found(tmp_path):
    """A field too many here and one too few there leave the count of commas right."""
    path = write(tmp_path, "\n".join([line(), line() + ",1", line().partition(",")[2]]))
    with pytest.raises(InvalidDataset, match=r"line 2: 43 fields"):
        read_records(path)


@pytest.mark.parametrize("cut", [0, 5, 100, -1])
def test_a_gzip_file_that_is_cut_off_is_refused(tmp_path, cut):
    """Wherever it is cut; what came before the cut is not used."""
    path = tmp_path / "records.gz"
    path.write_bytes(gzip.compress("\n".join(lines(50)).encode())[:cut])
    with pytest.raises(InvalidDataset, match=r"not a whole gzip file|is empty"):
        read_records(path)


def test_a_file_with_another_number_of_rows_is_refused(tmp_path):
    """A plain file that is cut off after a line is told by its length alone."""
    path = write(tmp_path, "\n".join(lines(50)) + "\n")
    assert len(read_records(path, rows=50)) == 50
    with pytest.raises(
        InvalidDataset, match=r"50 rows, not 51: it is truncated or another edition"
    ):
        read_records(path, rows=51)


def test_an_empty_file_is_refused(tmp_path):
    """It has no lines that could be wrong."""
    with pytest.raises(InvalidDataset, match="is empty"):
        read_records(write(tmp_path, ""))


@pytest.mark.parametrize("block", [1 << 20, 2000])
def test_the_first_normal_rows_can_be_asked_for(tmp_path, block):
    """Only they are kept, in order; the rest of the file is still counted."""
    text = lines(80)
    wanted = [row for row in text if row.endswith(",normal.")][:20]
    path = write(tmp_path, "\n".join(text))
    records = read_records(path, rows=80, normal=20, block=block)
    assert_same(records, naive("\n".join(wanted)))
    with pytest.raises(InvalidDataset, match="80 rows, not 90"):
        read_records(path, rows=90, normal=20, block=block)
    with pytest.raises(InvalidDataset, match=r"normal rows, 81 are needed"):
        read_records(path, normal=81, block=block)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """Give one folder for all examples."""
    return tmp_path_factory.mktemp("mutated")


@settings(max_examples=150)
@given(data=st.data())
def test_a_changed_byte_is_read_as_it_stands_or_refused(scratch, data):
    """Whatever is inserted, replaced or removed, no value is silently something else."""
    text = bytearray("\n".join(lines(4, seed=1)).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        piece = data.draw(
            st.sampled_from([b",", b"\n", b"\r", b".", b"-", b"e", b" ", b'"', b"\0", b"#", b"9"])
            | st.binary(max_size=2)
        )
        text[at : at + data.draw(st.integers(0, 2))] = piece
    path = write(scratch, bytes(text))
    try:
        records = read_records(path)
    except InvalidDataset as error:
        assert str(error).startswith(str(path))  # noqa: PT017
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert_same(records, naive(text.decode("latin-1")))
