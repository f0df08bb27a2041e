"""Bring the trials of other stores into one, each whole or not at all, and overwrite nothing."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from benchkit.results.agreement import TOLERANCE, compare
from benchkit.results.folder import TrialFolder
from benchkit.results.record import SCHEMA, Record
from benchkit.results.store import RECORD, Entry, Store, StoreError, newest
from benchkit.results.validation import check_record

_PIECE = 2**20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
"""By these it is the store that cannot be written to; by others a source that cannot be read."""


@dataclass(frozen=True)
class Conflict:
    """Two records of one trial whose results do not agree.

    ``holder`` is the source that ``kept`` came from just now, empty where the store had it.
    """

    kept: Record
    other: Record
    holder: str


@dataclass
class Merged:
    """What became of the trials of one source.

    ``new`` were brought in; ``present`` are there to the last word; of ``repeated`` the store has
    a run of its own that agrees, as `benchkit.results.agreement` has it between machines.
    ``skipped`` has a reason for each folder that was left alone; ``left_out`` one for each thing
    within a trial's folder that was not taken along.
    """

    source: str
    new: list[Record] = field(default_factory=list)
    present: list[Record] = field(default_factory=list)
    repeated: list[Record] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    skipped: dict[Path, str] = field(default_factory=dict)
    left_out: dict[Path, str] = field(default_factory=dict)


class Merger:
    """Brings trials into a store; used like a function, once for each source.

    Parameters
    ----------
    store
        Where the trials go; opened for writing before, unless ``dry``.
    dry
        Write nothing, and say what would happen.

    Raises
    ------
    StoreError
        The store itself cannot be read.
    """

    def __init__(self, store: Store, *, dry: bool = False) -> None:
        self.store = store
        self.dry = dry
        self._known = {e.record.identity: (e, "") for e in store.entries()}

    @property
    def records(self) -> list[Record]:
        """The records that are in the store by now, or would be."""
        return [entry.record for entry, _ in self._known.values()]

    def __call__(self, folder: Path, source: str) -> Merged:
        """Bring in the trials of a folder that the store has not; the folder stays as it is.

        Parameters
        ----------
        folder
            Where the trials' folders lie.
        source
            What conflicts of later sources call it.

        Raises
        ------
        StoreError
            The store cannot be written to; what was brought in before stays.
        """
        merged = Merged(source)
        for entry in newest(_read_all(folder, merged.skipped)):
            record = entry.record
            if record.identity in self._known:
                kept, holder = self._known[record.identity]
                if kept.record == record:
                    merged.present.append(record)
                elif compare(kept, entry).agrees(TOLERANCE):
                    merged.repeated.append(record)
                else:
                    merged.conflicts.append(Conflict(kept.record, record, holder))
            elif self.dry or self._bring(entry, merged):
                self._known[record.identity] = entry, source
                merged.new.append(record)
        return merged

    def _bring(self, entry: Entry, merged: Merged) -> bool:
        """Copy a trial; return whether it could be read."""
        folder, record = entry.folder, entry.record
        scratch = self.store.scratch()
        left_out: dict[Path, str] = {}
        try:
            _copy_folder(folder.path, scratch, left_out)
        except OSError as error:
            self.store.discard(scratch)
            if error.errno in _FULL:
                raise StoreError(
                    f"cannot write {record.label} to {self.store.folder}: {error.strerror}"
                ) from error
            merged.skipped[folder.path] = f"{error.filename} cannot be copied: {error.strerror}"
            return False
        self.store.add(record, scratch)
        merged.left_out |= left_out
        return True


def _read_all(folder: Path, skipped: dict[Path, str]) -> Iterator[Entry]:
    """Yield the trials of a folder, and note why the others cannot be read."""
    for path in sorted(folder.iterdir()):
        # Hidden ones are trials in flight. What has no record is no trial.
        if path.name.startswith(".") or not os.path.lexists(path / RECORD):
            continue
        try:
            yield Entry(TrialFolder(path), _read(path))
        except FileNotFoundError:  # a run there has just put a newer one in its place
            continue
        except OSError as error:
            skipped[path] = f"its record cannot be read: {error.strerror}"
        except (ValueError, RecursionError) as error:
            skipped[path] = str(error)


def _read(folder: Path) -> Record:
    """Return the record in a folder of foreign origin; raise ValueError where there is none."""
    if folder.is_symlink() or (folder / RECORD).is_symlink():
        raise ValueError("it is a link, and those are not followed")
    with _open(folder / RECORD) as file:
        text = file.read().decode()
    try:
        record = Record.from_json(text)
    except ValueError:
        _refuse_newer(json.loads(text))
        raise
    check_record(record)
    return record


def _refuse_newer(document: Any) -> None:
    schema = document.get("schema") if isinstance(document, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise ValueError(
            f"a newer benchkit wrote it (schema {schema}, this one reads up to {SCHEMA})"
        )


def _copy_folder(folder: Path, copy: Path, left_out: dict[Path, str]) -> None:
    """Copy the plain files below ``folder``, all but a trial's record; follow no link."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path, target = Path(entry.path), copy / entry.name
        if entry.is_dir(follow_symlinks=False):
            target.mkdir()
            _copy_folder(path, target, left_out)
        elif not entry.is_file(follow_symlinks=False):
            left_out[path] = "a link" if entry.is_symlink() else "no plain file"
        elif entry.name != RECORD:
            with _open(path) as source, target.open("xb") as file:
                shutil.copyfileobj(source, file, _PIECE)


def _open(path: Path) -> BinaryIO:
    """Open a plain file for reading, also where it has become a link since it was looked at."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    return os.fdopen(descriptor, "rb")
