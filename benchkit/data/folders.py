"""Where data is looked for, and where what was made from it is kept.

A user may have no home folder: in a container, in a batch job. Then the folders are those that
variables name, and what needs another one says which to set.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import platformdirs

from benchkit.errors import BenchkitError
from benchkit.files import is_file, is_folder

DATA, CACHE = "BENCHKIT_DATA", "BENCHKIT_CACHE"


def data_folders() -> list[Path]:
    """Return the folders in which real files are looked for, first one first.

    ``BENCHKIT_DATA`` may name several, separated as in PATH. The platform's data folder always
    comes last, where there is one; it is where downloads go when ``BENCHKIT_DATA`` is not set or
    not writable.

    Raises
    ------
    BenchkitError
        A folder is named by ``~``, and there is no home folder.
    """
    folders = [_named(DATA, p) for p in os.environ.get(DATA, "").split(os.pathsep) if p]
    try:
        return [*folders, platformdirs.user_data_path("benchkit")]
    except RuntimeError:  # there is no home folder
        return folders


def download_folder() -> Path:
    """Return the first data folder that can be written to; made if it is not there.

    Raises
    ------
    BenchkitError
        There is none; the message says which variable to set.
    """
    folders = data_folders()
    for folder in folders:
        writable = folder if is_folder(folder) else folder.parent
        if os.access(writable, os.W_OK | os.X_OK):
            break
    else:
        if not folders:
            raise BenchkitError(
                f"there is no home folder for data: set {DATA}, or HOME, to a folder that can be "
                "written to"
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BenchkitError(
            f"the data folder {folder} cannot be made, {error.strerror}: let {DATA} begin with a "
            "folder that can be written to"
        ) from None
    return folder


def cache_folder() -> Path:
    """Return the folder for imported arrays: ``BENCHKIT_CACHE`` or the platform's cache folder.

    Raises
    ------
    BenchkitError
        There is neither; the message says which variable to set.
    """
    named = os.environ.get(CACHE)
    if named:
        return _named(CACHE, named)
    try:
        return platformdirs.user_cache_path("benchkit")
    except RuntimeError:
        raise BenchkitError(
            f"there is no home folder for the cache: set {CACHE}, or HOME, to a folder that can "
            "be written to"
        ) from None


def lend_matplotlib_a_folder() -> None:
    """Let matplotlib keep its list of fonts in our cache where it has no place of its own.

    It would make a folder in each process, and complain about that on the user's screen.
    """
    if "MPLCONFIGDIR" in os.environ:
        return
    try:
        home = Path.home()
        its_own = os.access(home, os.W_OK | os.X_OK) or is_folder(home / ".config" / "matplotlib")
    except RuntimeError:  # there is no home folder
        its_own = False
    if not its_own:
        with contextlib.suppress(BenchkitError):  # there is no cache folder either
            os.environ["MPLCONFIGDIR"] = str(cache_folder() / "matplotlib")


def find_file(*candidates: str) -> Path | None:
    """Return the first of some relative paths that is a file in any data folder, else None."""
    for folder in data_folders():
        for candidate in candidates:
            path = folder / candidate
            if is_file(path):
                return path
    return None


def _named(variable: str, text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise BenchkitError(
            f"{variable} is {text!r}, and there is no home folder: write the whole path, or set "
            "HOME"
        ) from None
