"""Where data is looked for, and where what was made from it is kept."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data_folders() -> list[Path]:
    """Return the folders in which real files are looked for, first one first.

    ``BENCHKIT_DATA`` may name several, separated as in PATH. The platform's data folder always
    comes last; it is where downloads go when ``BENCHKIT_DATA`` is not set or not writable.
    """
    named = [
        Path(p).expanduser() for p in os.environ.get("BENCHKIT_DATA", "").split(os.pathsep) if p
    ]
    return [*named, platformdirs.user_data_path("benchkit")]


def download_folder() -> Path:
    """Return the first data folder that can be written to; made if it is not there."""
    folders = data_folders()
    for folder in folders:
        writable = folder if folder.is_dir() else folder.parent
        if os.access(writable, os.W_OK):
            break
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cache_folder() -> Path:
    """Return the folder for imported arrays: ``BENCHKIT_CACHE`` or the platform's cache folder."""
    named = os.environ.get("BENCHKIT_CACHE")
    return Path(named).expanduser() if named else platformdirs.user_cache_path("benchkit")


def find_file(*candidates: str) -> Path | None:
    """Return the first of some relative paths that is a file in any data folder, else None."""
    for folder in data_folders():
        for candidate in candidates:
            path = folder / candidate
            if path.is_file():
                return path
    return None
