"""The files of KDD99: local names, download addresses and checks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchkit.data import InvalidDataset, data_folders, find_file
from benchkit.data.download import RemoteFile, fetch, sha256_of
from benchkit.data.packing import open_unpacked
from benchkit.files import is_file

_UCI = "http://kdd.ics.uci.edu/databases/kddcup99/"
_ARCHIVE = "https://archive.ics.uci.edu/ml/machine-learning-databases/kddcup99-mld/"
_FIGSHARE = "https://ndownloader.figshare.com/files/"


_ENDINGS = (".gz", "", ".bz2", ".xz", ".zip")


@dataclass(frozen=True)
class OriginalFile:
    """One of the original files: what can be fetched, and its rows."""

    remote: RemoteFile
    rows: int


def _original(
    name: str, rows: int, sha256: str, unpacked: str = "", inner: str = "", figshare: str = ""
) -> OriginalFile:
    """Return an original; ``inner`` is the name under which the archive was once packed."""
    mirrors = (f"{_FIGSHARE}{figshare}",) if figshare else ()
    addresses = (*mirrors, f"{_UCI}{name}.gz", f"{_ARCHIVE}{name}.gz")
    stems = (name, inner) if inner else (name,)
    also = tuple(f"kdd99/{stem}{ending}" for ending in _ENDINGS for stem in stems)
    remote = RemoteFile(f"kdd99/{name}.gz", sha256, addresses, unpacked, also, text=True)
    return OriginalFile(remote, rows)


FULL = _original(
    "kddcup.data",
    4_898_431,
    "3b6c942aa0356c0ca35b7b595a26c89d343652c9db428893e7494f837b274292",
    inner="kddcup.data.corrected",
    figshare="5976045",
)
"""The sha256 of its unpacked text is not known: see `find_original`."""

TEN_PERCENT = _original(
    "kddcup.data_10_percent",
    494_021,
    "8045aca0d84e70e622d1148d7df782496f6333bf6eb979a1b0837c42a9fd9561",
    "f8c8267ebcd9c0ed1fd7d6277fe5bfff8732e9b7db8e61b873542b2a534b6f9a",
    inner="kddcup.data_10_percent_corrected",
    figshare="5976042",
)
CORRECTED = _original(
    "corrected",
    311_029,
    "abd8165508378859b07e38537271f0ebf8a4d7319f643188cd7361e939a05c43",
    "547dfb9c0f0dc1d9944219ec79e851191faebaeb8acbfa1cd171c418397052a4",
)
ORIGINALS = (FULL, TEN_PERCENT, CORRECTED)


def find_original(file: OriginalFile, *, offline: bool) -> Path:
    """Return the path of an original file with the right content, compressed or not.

    No checksum of the text of the full file is known: if it is not compressed as published, it is
    accepted if its number of lines is right, and its format is checked on reading.

    Raises
    ------
    DataUnavailable
        It is missing and cannot be downloaded.
    """
    if not file.remote.unpacked:
        for path in (folder / name for folder in data_folders() for name in file.remote.names()):
            if is_file(path) and _is_full(path, file):
                return path
    return fetch(file.remote, offline=offline)


def rows_of(path: Path) -> int | None:
    """Return the number of rows of the original file with this name, None if unknown."""
    for file in ORIGINALS:
        if path.name in file.remote.names():
            return file.rows
    return None


def notes_on(path: Path) -> list[str]:
    """Return notes on what is unusual about a file from `find_original`."""
    remarks = []
    if path.name in FULL.remote.names() and sha256_of(path) != FULL.remote.sha256:
        remarks.append(
            f"{path.name} is not compressed as published, and no checksum of its text is known; "
            f"only its format and its {FULL.rows:,} lines were checked."
        )
    with open_unpacked(path) as file:
        if file.readline().endswith(b"\r\n"):
            remarks.append(f"{path.name} has Windows line ends, which were converted.")
    return remarks


def _is_full(path: Path, file: OriginalFile) -> bool:
    """Return whether a file has the published checksum or the right number of lines."""
    counted, end = 0, b"\n"
    try:
        if sha256_of(path) == file.remote.sha256:
            return True
        with open_unpacked(path) as text:
            while piece := text.read(1 << 20):
                counted += piece.count(b"\n")
                end = piece[-1:]
    except (InvalidDataset, OSError):
        return False
    # A last line may lack its end.
    return counted + (end != b"\n") == file.rows


def madgan_arrays() -> list[Path]:
    """Return the files of the MAD-GAN authors' arrays, if present: one npz or two npy."""
    packed = find_file("kdd99/kdd99_madgan.npz", "kdd99_madgan.npz")
    if packed is not None:
        return [packed]
    train = find_file("kdd99/kdd99_train.npy", "kdd99_train.npy")
    test = find_file("kdd99/kdd99_test.npy", "kdd99_test.npy")
    return [train, test] if train is not None and test is not None else []
