"""The files that KDD99 is read from: where they are looked for and where they can be had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchkit.data import DataUnavailable, find_file
from benchkit.data.download import RemoteFile, fetch

_UCI = "http://kdd.ics.uci.edu/databases/kddcup99/"
_ARCHIVE = "https://archive.ics.uci.edu/ml/machine-learning-databases/kddcup99-mld/"
_FIGSHARE = "https://ndownloader.figshare.com/files/"


@dataclass(frozen=True)
class Original:
    """One of the original files: the gzipped form that can be fetched, and its rows."""

    remote: RemoteFile
    rows: int

    @property
    def names(self) -> tuple[str, ...]:
        """Relative paths of the plain form, which has no published checksum."""
        plain = self.remote.name.removesuffix(".gz")
        return plain, plain.rpartition("/")[2]


def _original(name: str, rows: int, sha256: str, figshare: str = "") -> Original:
    mirrors = (f"{_FIGSHARE}{figshare}",) if figshare else ()
    addresses = (*mirrors, f"{_UCI}{name}", f"{_ARCHIVE}{name}")
    return Original(RemoteFile(f"kdd99/{name}", sha256, addresses), rows)


FULL = _original(
    "kddcup.data.gz",
    4_898_431,
    "3b6c942aa0356c0ca35b7b595a26c89d343652c9db428893e7494f837b274292",
    "5976045",
)
TEN_PERCENT = _original(
    "kddcup.data_10_percent.gz",
    494_021,
    "8045aca0d84e70e622d1148d7df782496f6333bf6eb979a1b0837c42a9fd9561",
    "5976042",
)
CORRECTED = _original(
    "corrected.gz",
    311_029,
    "abd8165508378859b07e38537271f0ebf8a4d7319f643188cd7361e939a05c43",
)
ORIGINALS = (FULL, TEN_PERCENT, CORRECTED)


def original(file: Original, *, offline: bool) -> Path:
    """Return an original file, gzipped and checked, or plain as its owner put it there.

    A plain file is checked when it is read, by its form and its number of rows.

    Raises
    ------
    DataUnavailable
        Neither form is here, and the gzipped one cannot be downloaded.
    """
    plain = find_file(*file.names)
    try:
        return fetch(file.remote, offline=offline or plain is not None)
    except DataUnavailable:
        if plain is None:
            raise
        return plain


def rows_of(path: Path) -> int | None:
    """Return how many rows the original file of this name has, None for a name of another."""
    for file in ORIGINALS:
        if path.name.removesuffix(".gz") == file.names[-1]:
            return file.rows
    return None


def madgan_arrays() -> list[Path]:
    """Return the MAD-GAN authors' arrays where they are here: one npz, or two npy, or nothing."""
    packed = find_file("kdd99/kdd99_madgan.npz", "kdd99_madgan.npz")
    if packed is not None:
        return [packed]
    train = find_file("kdd99/kdd99_train.npy", "kdd99_train.npy")
    test = find_file("kdd99/kdd99_test.npy", "kdd99_test.npy")
    return [train, test] if train is not None and test is not None else []
