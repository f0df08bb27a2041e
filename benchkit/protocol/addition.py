"""An owner's files, read by the plugin of their dataset; runs in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchkit.data.dataset import Addition, InvalidDataset
from benchkit.registry.specs import DatasetSpec
from benchkit.registry.targets import import_target


def add_files(spec: DatasetSpec, paths: list[str], folder: str) -> dict[str, Any]:
    """Let a dataset's plugin make its arrays in ``folder``; return the fields of its `Addition`.

    Raises
    ------
    InvalidDataset
        The files are not the dataset's, or not whole; the message says which and why.
    """
    addition = import_target(spec.target)().add([Path(p) for p in paths], Path(folder))
    if not isinstance(addition, Addition):
        kind = type(addition).__name__
        raise InvalidDataset(f"add returned a {kind}: it must return a benchkit.data.Addition")
    return {
        "version": addition.version,
        "facts": dict(addition.facts),
        "notes": list(addition.notes),
    }


def find_sources(spec: DatasetSpec, members: list[str], offline: bool) -> list[str]:
    """Return the real files of some members, fetching what is missing unless ``offline``.

    Raises
    ------
    DataUnavailable
        A file is not here and cannot be had.
    """
    plugin = import_target(spec.target)()
    found = [path for member in members for path in plugin.sources(member, offline=offline)]
    return [str(path) for path in dict.fromkeys(found)]
