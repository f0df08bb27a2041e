"""Write boards into a folder, or say in what the folder's boards are stale."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from benchkit.errors import BenchkitError
from benchkit.report.boards import INDEX, MARK


def check_folder(folder: Path) -> None:
    """Raise a `BenchkitError` where boards would overwrite an index that benchkit has not made."""
    index = _read(folder / INDEX)
    if index and not index.startswith(MARK):
        raise BenchkitError(
            f"{folder / INDEX} was not made by benchkit: give another folder with --out"
        )


def write_boards(folder: Path, files: dict[str, str]) -> list[Path]:
    """Write the boards that differ from what is there, remove those that no longer exist.

    Each file appears whole or not at all. Returns the paths that changed. Raises `BenchkitError`
    where the folder cannot be written to, or as `check_folder` does.
    """
    check_folder(folder)
    changed = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = folder / name
            if _read(path) != text:
                temporary = path.with_name(f".{name}.{os.getpid()}")
                temporary.write_text(text, encoding="utf-8")
                temporary.replace(path)
                changed.append(path)
        for path in _orphans(folder, files):
            path.unlink()
            changed.append(path)
    except OSError as error:
        raise BenchkitError(
            f"cannot write the boards to {folder}: {error.strerror}; the records are safe, so "
            "mend that and run 'benchkit leaderboard'"
        ) from error
    return changed


def compare_boards(folder: Path, files: dict[str, str]) -> str:
    """Return a diff from the boards in the folder to what they should be; empty if they agree."""
    wanted = {**{path.name: None for path in _orphans(folder, files)}, **files}
    pieces: list[str] = []
    for name, text in sorted(wanted.items()):
        old = (_read(folder / name) or "").splitlines(keepends=True)
        new = (text or "").splitlines(keepends=True)
        pieces += difflib.unified_diff(old, new, f"{name} (there)", f"{name} (from records)")
    return "".join(pieces)


def _orphans(folder: Path, files: dict[str, str]) -> list[Path]:
    """Return generated boards, and the CSV beside each, that no record asks for any more."""
    found = []
    for page in sorted(folder.glob("*.md")):
        if page.name not in files and page.name != INDEX and (_read(page) or "").startswith(MARK):
            found += [p for p in (page, page.with_suffix(".csv")) if p.is_file()]
    return found


def _read(path: Path) -> str | None:
    # A file of somebody else's may be in any encoding; it is compared and left alone.
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
