"""Files, folders and zip archives as a flat list of files.

Files compressed with gzip, bzip2 or xz are decompressed.
"""

from __future__ import annotations

import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from benchkit.data import InvalidDataset
from benchkit.data.packing import packing_of, unpacking

_WORKBOOK = "xl/workbook.xml"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ARCHIVES = (
    ("7z", 0, b"7z\xbc\xaf\x27\x1c"),
    ("rar", 0, b"Rar!\x1a\x07"),
    ("zstd", 0, b"\x28\xb5\x2f\xfd"),
    ("tar", 257, b"ustar"),
)
"""Archive formats that are not supported: name, offset and magic bytes."""


@dataclass(frozen=True)
class InputFile:
    """One file, on disk or in an archive.

    Attributes
    ----------
    name
        Used in messages: ``"SWaT.zip: Physical/attack.xlsx"``.
    open
        Opens the file: decompressed, binary and seekable.
    named
        Whether the file was given by name, not through a folder or an archive.
    """

    name: str
    open: Callable[[], BinaryIO]
    named: bool = True


@contextmanager
def open_inputs(paths: list[Path]) -> Iterator[list[InputFile]]:
    """Yield the files at some paths, including those in folders and archives.

    Hidden files and lock files of office programs are skipped. Nested archives are not opened.

    Raises
    ------
    InvalidDataset
        A path does not exist, or an archive is damaged or encrypted.
    """
    with ExitStack() as stack:
        found: list[InputFile] = []
        for path in paths:
            if path.is_dir():
                inside = sorted(file for file in path.rglob("*") if file.is_file())
                for file in inside:
                    if _wanted(file.relative_to(path).parts):
                        name = file.relative_to(path.parent).as_posix()
                        found += _file(file, name, stack, named=False)
            elif path.is_file():
                found += _file(path, path.name, stack, named=True)
            else:
                raise InvalidDataset(f"{path}: there is no such file or folder")
        yield found


@contextmanager
def reading_errors(name: str) -> Iterator[None]:
    """Convert the errors of damaged archives and unreadable files to `InvalidDataset`."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise InvalidDataset(f"{name} is damaged or cut off ({error}); get it again") from error
    except (RuntimeError, NotImplementedError) as error:
        # Raised by zipfile for encryption and for an unknown compression.
        raise InvalidDataset(f"{name} cannot be unpacked ({error}); unpack it first") from error
    except OSError as error:
        raise InvalidDataset(f"{name} cannot be read: {error.strerror or error}") from error


def is_workbook(file: BinaryIO) -> bool:
    """Return whether a file is an xlsx workbook, and rewind it."""
    try:
        if not zipfile.is_zipfile(file):
            return False
        with zipfile.ZipFile(file) as packed:
            return _WORKBOOK in packed.namelist()
    finally:
        file.seek(0)


def reject_unsupported(name: str, file: BinaryIO) -> None:
    """Raise `InvalidDataset` for a file in a format that is not supported."""
    head = file.read(512)
    file.seek(0)
    for kind, begin, mark in _ARCHIVES:
        if head[begin:].startswith(mark):
            raise InvalidDataset(f"{name} is a {kind} archive: unpack it first")
    if head.startswith(_OLD_OFFICE):
        raise InvalidDataset(
            f"{name} is an old (xls) or encrypted Excel file; save it as xlsx without a password"
        )
    if head.startswith(b"PK\x03\x04"):
        if zipfile.is_zipfile(file) and not _is_office(file):
            raise InvalidDataset(f"{name} is a zip archive in another one: unpack it first")
        raise InvalidDataset(
            f"{name} begins as a zip archive or an xlsx workbook and is neither: it is cut off, "
            "damaged or of another format; get it again, or save it as xlsx"
        )


def _is_office(file: BinaryIO) -> bool:
    with zipfile.ZipFile(file) as packed:
        names = packed.namelist()
    file.seek(0)
    return "[Content_Types].xml" in names or "mimetype" in names


def _file(path: Path, name: str, stack: ExitStack, *, named: bool) -> list[InputFile]:
    """Return a file, or the files in it if it is an archive."""
    with reading_errors(name), path.open("rb") as file:
        archive = zipfile.is_zipfile(file) and not is_workbook(file)
    if not archive:
        return [InputFile(name, lambda: _unpacked(path.open("rb")), named)]
    packed = stack.enter_context(zipfile.ZipFile(path))
    return [
        InputFile(f"{name}: {item.filename}", _opener(packed, item), named=False)
        for item in sorted(packed.infolist(), key=lambda item: item.filename)
        if not item.is_dir() and _wanted(tuple(item.filename.split("/")))
    ]


def _opener(packed: zipfile.ZipFile, item: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def unpack() -> BinaryIO:
        with packed.open(item) as member:
            return _unpacked(_on_disk(cast(BinaryIO, member)))

    return unpack


def _unpacked(file: BinaryIO) -> BinaryIO:
    """Return a file, decompressed if necessary."""
    if not packing_of(file):
        return file
    with file:
        return _on_disk(unpacking(file))


def _on_disk(stream: BinaryIO) -> BinaryIO:
    # Reading a workbook needs a seekable file.
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115
    shutil.copyfileobj(stream, file, 1 << 20)
    file.seek(0)
    return file


def _wanted(parts: tuple[str, ...]) -> bool:
    return not any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
