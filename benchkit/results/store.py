"""The store: one folder per trial, written whole or not at all.

A trial's folder is made under a hidden name, filled, and renamed into place, which is atomic; so a
reader sees all of it or nothing, however many processes and machines write, and whenever one is
killed. A trial that is run again gets a folder of its own, and the older one is removed only after
the newer one is in place, by a rename to a hidden name first.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchkit.errors import BenchkitError
from benchkit.results.folder import TrialFolder
from benchkit.results.record import SCHEMA, Record

RECORD = "record.json"
_HIDDEN = ".tmp-"


class StoreError(BenchkitError):
    """The store cannot be read or written; the message says what, where, and what to do."""


@dataclass(frozen=True)
class Entry:
    """A trial in a store: its record, and the folder with all else."""

    folder: TrialFolder
    record: Record


class Store:
    """The trial folders under ``folder``, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open_for_writing(self) -> None:
        """Make the folder, check that it can be written to, and remove what dead runs left.

        Raises `StoreError` where it cannot be written to.
        """
        self.discard(self.scratch())
        self.sweep()

    def sweep(self) -> None:
        """Remove the hidden folders of this process and of processes of this host that are dead.

        To be called when no trial of this process is in flight.
        """
        for left in self.folder.glob(f"{_HIDDEN}*"):
            host, _, rest = left.name.removeprefix(_HIDDEN).rpartition("--")
            pid = rest.partition("-")[0]
            if host == _host() and pid.isdigit() and _is_over(int(pid)):
                self.discard(left)

    def scratch(self) -> Path:
        """Make and return a hidden folder for a trial in flight.

        Raises `StoreError` where none can be made.
        """
        path = self._hidden_path()
        try:
            path.mkdir(parents=True)
        except OSError as error:
            raise StoreError(
                f"cannot write to {self.folder}: {error.strerror}; give another folder with --out"
            ) from error
        return path

    def discard(self, scratch: Path) -> None:
        """Remove a hidden folder that shall not become a trial's."""
        shutil.rmtree(scratch, ignore_errors=True)

    def put(self, record: Record, scratch: Path) -> Path:
        """Make ``scratch`` the folder of a trial, as by `add`, and remove older ones of it."""
        older = list(self.folder.glob(f"*--{record.identity}-*"))
        final = self.add(record, scratch)
        for folder in older:
            with contextlib.suppress(OSError):  # another process has just removed the same
                self.discard(folder.rename(self._hidden_path()))
        return final

    def add(self, record: Record, scratch: Path) -> Path:
        """Write the record into ``scratch`` and make that a folder of the trial; return its path.

        Raises `StoreError` where the record cannot be written, and then the store is as it was.
        """
        try:
            path = scratch / RECORD
            with path.open("w", encoding="utf-8") as file:
                file.write(record.to_json())
                file.flush()
                os.fsync(file.fileno())
            final = self.folder / f"{_slug(record)}--{record.identity}-{uuid.uuid4().hex[:6]}"
            scratch.rename(final)
        except OSError as error:
            self.discard(scratch)
            raise StoreError(
                f"cannot write the record of {record.label} to {self.folder}: {error.strerror}"
            ) from error
        return final

    def folders(self) -> list[Path]:
        """Return the folders of all trials, by name."""
        return sorted(folder for folder in self._visible() if (folder / RECORD).exists())

    def records(self) -> Iterator[Record]:
        """Yield the newest record of every trial, in the order of their folders' names.

        Raises as `entries` does.
        """
        for entry in self.entries():
            yield entry.record

    def entries(self) -> list[Entry]:
        """Return every trial, with its newest record, in the order of their folders' names.

        Raises
        ------
        StoreError
            A record was written by a newer benchkit, or is no record.
        """
        known: dict[Path, Record | None] = {}
        # Looking again until nothing is new: while this process reads, another one may put a
        # newer folder in the place of one that is listed and not yet read.
        while new := [folder for folder in self._visible() if folder not in known]:
            known.update((folder, _read(folder / RECORD)) for folder in new)
        return newest(
            Entry(TrialFolder(folder), record)
            for folder, record in sorted(known.items())
            if record is not None
        )

    def replace(self, folder: Path, record: Record) -> Path:
        """Put ``record`` in the place of the one in ``folder``; all else of the trial stays.

        The trial gets a new folder, and the old one is removed, as by `put`.
        """
        scratch = self.scratch()
        try:
            for path in folder.iterdir():
                if path.name != RECORD:
                    _share(path, scratch / path.name)
        except OSError as error:
            self.discard(scratch)
            raise StoreError(
                f"cannot copy {folder} within {self.folder}: {error.strerror}"
            ) from error
        return self.put(record, scratch)

    def _visible(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        with os.scandir(self.folder) as entries:
            return [
                self.folder / entry.name
                for entry in entries
                if not entry.name.startswith(_HIDDEN) and entry.is_dir()
            ]

    def _hidden_path(self) -> Path:
        return self.folder / f"{_HIDDEN}{_host()}--{os.getpid()}-{uuid.uuid4().hex[:8]}"


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """Return, of the entries of one trial, the one that finished last, in first-seen order."""
    best: dict[str, Entry] = {}
    for entry in entries:
        identity = entry.record.identity
        known = best.get(identity)
        if known is None or _age(entry.record) > _age(known.record):
            best[identity] = entry
    return list(best.values())


def _share(path: Path, copy: Path) -> None:
    """Make ``copy`` another name of a file, or a copy where the file system has no such names."""
    if path.is_dir():
        shutil.copytree(path, copy)
        return
    try:
        copy.hardlink_to(path)
    except OSError:
        shutil.copy2(path, copy)


def _age(record: Record) -> tuple[str, str, str]:
    return record.finished, record.measured, record.to_json()


def _read(path: Path) -> Record | None:
    """Return the record at ``path``; None where there is none, or none any more."""
    try:
        text = path.read_text(encoding="utf-8")
        try:
            return Record.from_json(text)
        except ValueError:
            _refuse_newer(json.loads(text), path)
            raise
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path} cannot be read as a record ({error}): remove its folder and run again"
        ) from error


def _refuse_newer(document: object, path: Path) -> None:
    schema = document.get("schema") if isinstance(document, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise StoreError(
            f"{path} was written by a newer benchkit (schema {schema}, this one reads up to "
            f"{SCHEMA}): upgrade benchkit, or use another folder with --out"
        )


def _is_over(pid: int) -> bool:
    return pid == os.getpid() or not psutil.pid_exists(pid)


def _host() -> str:
    return re.sub(r"[^\w.]", "_", socket.gethostname())


def _slug(record: Record) -> str:
    text = f"{record.detector.label}--{record.dataset.label}-{record.dataset.variant}"
    plain = re.sub(r"[^\w.@+-]+", "_", text, flags=re.ASCII)[:100].strip("_.")
    return f"{plain}--s{record.seed}"
