"""Strict reader of IDX files, the format of MNIST.

The format: two zero bytes, the type of the values (8 is unsigned byte), the number of dimensions,
each dimension as a big-endian 32-bit number, then the values.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np

from benchkit.data import InvalidDataset
from benchkit.data.packing import open_unpacked

UNSIGNED_BYTE = 8


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """Return the uint8 array in an IDX file, which may be packed.

    Parameters
    ----------
    path
        The file.
    dimensions
        How many dimensions it must have: 3 for images (count, height, width), 1 for labels.

    Raises
    ------
    InvalidDataset
        The file is not such an array, or has fewer or more bytes than its header says. The
        message names the file.
    """
    with open_unpacked(path) as file:
        content = file.read()
    magic = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    if content[:4] != magic:
        raise InvalidDataset(
            f"{path} is not an IDX file of bytes with {dimensions} dimensions: it begins with "
            f"{content[:4].hex() or 'nothing'}, not {magic.hex()}"
        )
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise InvalidDataset(f"{path} ends within its header, after {len(content)} bytes")
    shape = struct.unpack(f">{dimensions}I", content[4:header])
    if len(content) - header != math.prod(shape):
        raise InvalidDataset(
            f"{path} holds {len(content) - header:,} values; its header says "
            f"{' x '.join(map(str, shape))} = {math.prod(shape):,}"
        )
    # (count,) or (count, height, width)
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def read_labelled(images: Path, labels: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return images, uint8 (count, height, width), and their digits, uint8 (count,).

    Raises
    ------
    InvalidDataset
        As `read_idx`; or there are not as many labels as images; or a label is not a digit.
    """
    pictures, digits = read_idx(images, 3), read_idx(labels, 1)
    if len(pictures) != len(digits):
        raise InvalidDataset(
            f"{images} has {len(pictures):,} images and {labels} {len(digits):,} labels"
        )
    if digits.max(initial=0) > 9:
        row = int(np.argmax(digits > 9))
        raise InvalidDataset(f"{labels}: label {row} (from 0) is {digits[row]}, not a digit")
    return pictures, digits
