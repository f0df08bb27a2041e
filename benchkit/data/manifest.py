"""What an owner added: the folder of one version, and the file that says what is in it.

``<data folder>/<dataset>/<version>/`` holds what the dataset's plugin wrote, and a
``manifest.json`` with the sha256 of each file. The folder appears whole or not at all.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchkit.data.dataset import Addition, InvalidDataset
from benchkit.data.folders import data_folders

MANIFEST = "manifest.json"

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Manifest:
    """What a folder of added data holds, and where it came from.

    Parameters
    ----------
    dataset, version
        Which.
    facts, notes
        As in `Addition`.
    files
        Name to sha256, of all files but the manifest.
    given
        Names of the owner's files, without their folders.
    licence_kept
        When the owner said that he keeps the licence, ISO 8601, UTC.
    """

    dataset: str
    version: str
    facts: Mapping[str, str]
    notes: tuple[str, ...]
    files: Mapping[str, str]
    given: tuple[str, ...]
    licence_kept: str

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a folder's manifest.

        Raises
        ------
        InvalidDataset
            It cannot be read, or is none; the message says what to do.
        """
        try:
            fields: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            restored: Any = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
            return cls(**restored)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise InvalidDataset(
                f"{folder / MANIFEST} cannot be read ({error}): add the data again"
            ) from error


def find_added(dataset: str) -> dict[str, Path]:
    """Return the folder of each version of a dataset that was added, by version, sorted.

    Where two data folders have the same version, the first one counts.
    """
    found: dict[str, Path] = {}
    for folder in data_folders():
        for manifest in folder.glob(f"{dataset}/*/{MANIFEST}"):
            if not manifest.parent.name.startswith("."):
                found.setdefault(manifest.parent.name, manifest.parent)
    return dict(sorted(found.items()))


def keep(dataset: str, addition: Addition, staged: Path, given: tuple[str, ...]) -> Path:
    """Give a staged folder its manifest and its place beside it; return where it is now.

    A version that is there already is replaced.

    Raises
    ------
    InvalidDataset
        The plugin gave a version that is no folder name.
    """
    if not _VERSION.fullmatch(addition.version):
        raise InvalidDataset(f"version {addition.version!r} is no folder name")
    manifest = Manifest(
        dataset=dataset,
        version=addition.version,
        facts=addition.facts,
        notes=addition.notes,
        files=hash_files(staged),
        given=given,
        licence_kept=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    text = json.dumps(dataclasses.asdict(manifest), indent=1) + "\n"
    (staged / MANIFEST).write_text(text, encoding="utf-8")
    place, aside = staged.with_name(addition.version), staged.with_name(f"{staged.name}.old")
    if place.exists():
        place.rename(aside)
    staged.rename(place)
    shutil.rmtree(aside, ignore_errors=True)
    return place


def find_damage(folder: Path) -> list[str]:
    """Return what is wrong with a folder of added data, each a sentence; empty if nothing is."""
    manifest = Manifest.read(folder)
    found = hash_files(folder)
    wrong = []
    for name, sha256 in manifest.files.items():
        if name not in found:
            wrong.append(f"{name} is missing")
        elif found[name] != sha256:
            wrong.append(f"{name} has changed since it was added")
    return wrong


def hash_files(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file directly in a folder, the manifest left out, by name."""
    hashes = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name != MANIFEST:
            with path.open("rb") as file:
                hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes
