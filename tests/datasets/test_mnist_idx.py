"""IDX files are read exactly, or refused with a line that says why."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchkit.data import InvalidDataset
from benchkit_datasets.mnist_seq.idx import read_idx, read_labelled


def idx(array):
    """Return the bytes of an IDX file, written from its description."""
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(np.uint8).tobytes()


def write(folder, name, content):
    """Write a file, gzipped where its name says so, and return its path."""
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


IMAGES = np.arange(5 * 4 * 3).reshape(5, 4, 3)
LABELS = np.array([3, 1, 4, 1, 5])


@pytest.mark.parametrize("name", ["images", "images.gz"])
def test_every_value_is_kept(tmp_path, name):
    """Gzipped or plain."""
    read = read_idx(write(tmp_path, name, idx(IMAGES)), 3)
    assert read.dtype == np.uint8
    assert np.array_equal(read, IMAGES)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "begins with nothing, not 00000803"),
        (idx(LABELS), "begins with 00000801, not 00000803"),
        (idx(IMAGES)[:10], "ends within its header, after 10 bytes"),
        (idx(IMAGES)[:-1], "holds 59 values; its header says 5 x 4 x 3 = 60"),
        (idx(IMAGES) + b"\0", "holds 61 values; its header says 5 x 4 x 3 = 60"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "holds 0 values; its header says 4294967295 x"),
        (b"\x89PNG\r\n", "is not an IDX file of bytes with 3 dimensions"),
    ],
)
def test_other_content_is_refused_with_the_files_name(tmp_path, content, reason):
    """Wrong kind, wrong dimensions, too few or too many bytes: one line that says which."""
    path = write(tmp_path, "images", content)
    with pytest.raises(InvalidDataset) as caught:
        read_idx(path, 3)
    assert str(caught.value).startswith(str(path))
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [gzip.compress(idx(IMAGES))[:-5], b"not gzip", b""],
    # A gzip file has the time in it, and a test's name must be the same in every process.
    ids=["cut off", "not gzip", "empty"],
)
def test_a_broken_gzip_file_is_refused(tmp_path, content):
    """Cut off, or not gzip at all."""
    path = tmp_path / "images.gz"
    path.write_bytes(content)
    with pytest.raises(InvalidDataset, match=r"images.gz is not"):
        read_idx(path, 3)


@pytest.mark.parametrize(
    ("labels", "reason"),
    [(LABELS[:4], "5 images and .* 4 labels"), (LABELS + 5, r"label 4 \(from 0\) is 10")],
)
def test_labels_must_be_a_digit_for_each_image(tmp_path, labels, reason):
    """As many as images, each from 0 to 9."""
    images = write(tmp_path, "images", idx(IMAGES))
    with pytest.raises(InvalidDataset, match=reason):
        read_labelled(images, write(tmp_path, "labels", idx(labels)))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """Give one folder for all examples."""
    return tmp_path_factory.mktemp("mutated")


@settings(max_examples=150)
@given(at=st.integers(0, 75), gone=st.integers(0, 3), piece=st.binary(max_size=3))
def test_a_changed_byte_is_read_as_it_stands_or_refused(scratch, at, gone, piece):
    """No value is silently something else than what the file says."""
    content = bytearray(idx(IMAGES))
    content[at : at + gone] = piece
    path = write(scratch, "images", bytes(content))
    try:
        read = read_idx(path, 3)
    except InvalidDataset as error:
        assert str(error).startswith(str(path))  # noqa: PT017
    else:
        assert idx(read) == bytes(content)
