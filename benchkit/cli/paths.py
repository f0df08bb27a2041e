"""Paths that options name: why one cannot be used is said before anything is done."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import click

from benchkit.errors import BenchkitError


class OutPath(click.ParamType):
    """A path at which a folder or a file is, or will be.

    Parameters
    ----------
    folder
        True for a folder, False for a file.
    """

    name = "path"

    def __init__(self, *, folder: bool) -> None:
        self.folder = folder

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path, or fail in a sentence that says what is in its way."""
        path = Path(value)
        if obstacle := find_obstacle(path, folder=self.folder):
            self.fail(f"{path} cannot be used: {obstacle}", param, ctx)
        return path


class GivenPath(click.Path):
    """A path of something that has to be there."""

    def __init__(self) -> None:
        super().__init__(exists=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or fail: nothing is there, or nobody may look."""
        if obstacle := find_obstacle(Path(value).parent, folder=True):
            self.fail(f"{value} cannot be used: {obstacle}", param, ctx)
        return super().convert(value, param, ctx)


def check_writable(path: Path, option: str) -> None:
    """Raise a `BenchkitError` where a file cannot be written, before anything is done for it."""
    # It is written beside its place first.
    there = next(p for p in path.absolute().parents if p.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise BenchkitError(
            f"{path} cannot be written: nothing may be made in {there}; give another file with "
            f"{option}"
        )


def find_obstacle(path: Path, *, folder: bool) -> str:
    """Return why there can be no such folder or file, nothing where there can.

    Whether it can be written to is not asked: not every verb writes.
    """
    for step in (*reversed(path.parents), path):
        try:
            is_folder = stat.S_ISDIR(step.stat().st_mode)
        except FileNotFoundError:
            return f"{step} is a link to nothing" if step.is_symlink() else ""
        except (OSError, ValueError) as error:
            return f"{step}: {getattr(error, 'strerror', None) or error}"
        if step == path and not folder:
            return f"{step} is a folder" if is_folder else ""
        if not is_folder:
            return f"{step} is no folder"
        if not os.access(step, os.X_OK):
            return f"{step} cannot be searched by this user"
    return ""
