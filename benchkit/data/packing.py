"""Files that may be packed: what is in them, told by their first bytes and not by their names."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from benchkit.data.dataset import InvalidDataset

_PIECE = 1 << 20
_STREAMS: tuple[tuple[bytes, str, Callable[[BinaryIO], object]], ...] = (
    (b"\x1f\x8b", "gzip", lambda file: gzip.GzipFile(fileobj=file)),
    (b"BZh", "bzip2", bz2.BZ2File),
    (b"\xfd7zXZ\0", "xz", lzma.LZMAFile),
)
_ENCRYPTED = 0x1
DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, OSError)
"""What reading a packed file raises where it is cut off or damaged."""


def packing_of(file: BinaryIO) -> str:
    """Return ``"gzip"``, ``"bzip2"``, ``"xz"``, or nothing; the file is at its beginning then."""
    head = file.read(8)
    file.seek(0)
    return next((kind for mark, kind, _ in _STREAMS if head.startswith(mark)), "")


def unpacking(file: BinaryIO) -> BinaryIO:
    """Return a stream of what is in a file, which is the file itself where it is not packed.

    The stream raises one of `DAMAGE` where it ends too early.
    """
    kind = packing_of(file)
    for _, name, stream in _STREAMS:
        if name == kind:
            return cast(BinaryIO, stream(file))
    return file


@contextmanager
def open_unpacked(path: Path) -> Iterator[BinaryIO]:
    """Open what is in a file: gzip, bzip2, xz, a zip archive of one file, or not packed.

    Raises
    ------
    InvalidDataset
        It is packed and cut off or damaged, now or while it is read.
    """
    with path.open("rb") as file:
        kind = packing_of(file) or ("zip" if _begins_as_zip(file) else "")
        if not kind:
            yield file
            return
        try:
            if kind == "zip":
                with (
                    zipfile.ZipFile(file) as archive,
                    archive.open(_only_member(archive, path)) as member,
                ):
                    yield cast(BinaryIO, member)
            else:
                yield unpacking(file)
        except DAMAGE as error:
            raise InvalidDataset(f"{path} is not a whole {kind} file ({error})") from error


def unpacked_sha256(path: Path, *, text: bool = False) -> str:
    r"""Return the sha256 of what is in a file, in lower-case hexadecimal.

    Parameters
    ----------
    path
        As for `open_unpacked`.
    text
        True to take ``\r\n`` for ``\n``, as of a copy that was made on Windows.
    """
    digest = hashlib.sha256()
    with open_unpacked(path) as file:
        for piece in _pieces(file, text=text):
            digest.update(piece)
    return digest.hexdigest()


def _pieces(file: BinaryIO, *, text: bool) -> Iterator[bytes]:
    held = b""
    for piece in iter(lambda: file.read(_PIECE), b""):
        if not text:
            yield piece
            continue
        # A pair of characters may be cut in two.
        whole = held + piece
        held = whole[-1:] if whole.endswith(b"\r") else b""
        yield whole[: len(whole) - len(held)].replace(b"\r\n", b"\n")
    yield held


def _only_member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    files = [info for info in archive.infolist() if not info.is_dir()]
    if not files:
        raise InvalidDataset(f"{path} is a zip archive without a file: get it again")
    if len(files) > 1:
        raise InvalidDataset(f"{path} is a zip archive of many files: unpack it")
    if files[0].flag_bits & _ENCRYPTED:
        raise InvalidDataset(f"{path} is a zip archive with a password: unpack it")
    return files[0]


def _begins_as_zip(file: io.BufferedReader | BinaryIO) -> bool:
    head = file.read(4)
    file.seek(0)
    return head == b"PK\x03\x04"
