"""Write boards into a folder, or say in what the folder's boards are stale."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchkit.errors import BenchkitError
from benchkit.files import writing
from benchkit.report.boards import INDEX, MARK
from benchkit.report.commands import make_command
from benchkit.report.page import NAME as PAGE
from benchkit.report.tidy import read_parquet

Files = Mapping[str, str | bytes]
"""What boards are made of: text, or for a parquet file bytes, by file name."""

SHOWN = 6
"""So many changed lines of a file are shown where boards are compared."""

WIDTH = 98
"""No line that is shown is longer."""

_BESIDE = (".csv", ".parquet")
"""Endings of what stands beside a board's page and goes with it."""


def check_folder(folder: Path) -> None:
    """Raise a `BenchkitError` where an index or a page is there that benchkit has not made."""
    for name in (INDEX, PAGE):
        there = _read(folder / name)
        if there and not there.startswith(MARK):
            raise BenchkitError(
                f"{folder / name} was not made by benchkit: give another folder with --out"
            )


def write_boards(folder: Path, files: Files) -> list[Path]:
    """Write the boards that differ from what is there, remove those that no longer exist.

    Each file appears whole or not at all. A parquet file with the right table stays, whichever
    version of pyarrow wrote it. Returns the paths that changed. Raises `BenchkitError` where the
    folder cannot be written to, or as `check_folder` does.
    """
    check_folder(folder)
    changed = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            if not _is_right(path, content):
                with writing(path) as hidden:
                    hidden.write_bytes(content.encode() if isinstance(content, str) else content)
                changed.append(path)
        for path in _orphans(folder, files):
            path.unlink()
            changed.append(path)
    except OSError as error:
        raise BenchkitError(
            f"cannot write the boards to {folder}: {error.strerror}; the records are safe, so "
            f"mend that and run '{make_command('leaderboard', folder)}'"
        ) from error
    return changed


def compare_boards(folder: Path, files: Files) -> str:
    """Return a diff from the boards in the folder to what they should be; empty if they agree.

    It is for people: the first changed lines of each file, none longer than `WIDTH`, and how many
    more there are. Of the page and of a parquet file it says only that they differ.
    """
    wanted: dict[str, str | bytes | None] = {p.name: None for p in _orphans(folder, files)}
    wanted.update(files)
    pieces: list[str] = []
    for name, content in sorted(wanted.items()):
        path = folder / name
        if content is None or not _is_right(path, content):
            pieces.append(_describe_change(name, _read(path) or "", content or ""))
    return "".join(pieces)


def _describe_change(name: str, there: str, content: str | bytes) -> str:
    if isinstance(content, bytes) or name.endswith(".parquet"):
        return f"{name} differs\n"
    old, new = there.splitlines(), content.splitlines()
    heads = f"{name} (there)", f"{name} (from records)"
    lines = list(difflib.unified_diff(old, new, *heads, n=0, lineterm=""))
    changed = _shorten_changes(lines[2:])
    if not changed or name == PAGE:
        counts = (sum(line.startswith(sign) for line in changed) for sign in "-+")
        return "{} differs: {} lines go, {} come\n".format(name, *counts)
    shown = changed[:SHOWN]
    left = len(changed) - len(shown)
    return "\n".join([*lines[:2], *shown, *[f"... {left} lines more"] * bool(left), ""])


def _shorten_changes(lines: Sequence[str]) -> list[str]:
    """Return the changed lines of a diff, cut so that what differs in a pair of them is seen."""
    changed: list[str] = []
    for head, group in itertools.groupby(lines, lambda line: line.startswith("@@")):
        if head:
            continue
        hunk = list(group)
        gone, come = ([line[1:] for line in hunk if line[0] == sign] for sign in "-+")
        places = [_first_difference(*pair) for pair in zip(gone, come, strict=False)]
        for side in (gone, come):
            sign = "-" if side is gone else "+"
            around = itertools.chain(places, itertools.repeat(0))
            changed += [_shorten(sign, line, at) for line, at in zip(side, around, strict=False)]
    return changed


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _shorten(sign: str, line: str, at: int) -> str:
    """Return a line behind its sign, no longer than `WIDTH` and with what is at a place in it."""
    if len(line) < WIDTH:
        return sign + line
    if at > WIDTH // 2:
        line = f"...{line[at - WIDTH // 2 :]}"
    return sign + (line if len(line) < WIDTH else f"{line[: WIDTH - 4]}...")


def _is_right(path: Path, content: str | bytes) -> bool:
    if isinstance(content, str):
        return _read(path) == content
    if not path.is_file():
        return False
    there = path.read_bytes()
    return there == content or read_parquet(there) == read_parquet(content)


def _orphans(folder: Path, files: Files) -> list[Path]:
    """Return generated pages, and tables beside such pages, that no record asks for any more."""
    found = []
    for page in sorted(folder.glob("*.md")):
        if page.name != INDEX and (_read(page) or "").startswith(MARK):
            beside = [page.with_suffix(ending) for ending in _BESIDE]
            found += [p for p in (page, *beside) if p.name not in files and p.is_file()]
    return found


def _read(path: Path) -> str | None:
    # A file of somebody else's may be in any encoding; it is compared and left alone.
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
