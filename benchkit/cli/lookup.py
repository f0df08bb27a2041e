"""Find the stored trial that somebody means."""

from __future__ import annotations

import re
from pathlib import Path

from benchkit.cli.measures import RECORDS
from benchkit.errors import BenchkitError
from benchkit.registry.suggestions import suggest
from benchkit.results.folder import TrialFolder
from benchkit.results.record import Record
from benchkit.results.store import RECORD, Entry, Store

SHOWN = 12
_IDENTITY = re.compile(r"[0-9a-f]{1,16}")


def find_trial(out: Path, text: str) -> Entry:
    """Return the trial that ``text`` names.

    Parameters
    ----------
    out
        Folder of the boards that is looked into.
    text
        A trial's identity, its folder's name, the beginning of either, or a path to that folder
        or to the record in it, which may lie anywhere.

    Raises
    ------
    BenchkitError
        None or several are meant; the message has the nearest, or all.
    """
    path = Path(text)
    if path.name == RECORD:
        path = path.parent
    if _is_trial(path):
        return _open(path.absolute())
    entries = Store(out / RECORDS).entries()
    if not entries:
        raise BenchkitError(f"there are no trials in {out}: give another folder with --out")
    named = _match(entries, text)
    if not named:
        names = [name for e in entries for name in (e.record.identity, e.folder.name)]
        raise BenchkitError(f"no trial in {out} is called {text!r}: {suggest(text, names)}")
    if len(named) > 1:
        shown = [f"{e.record.identity} ({e.record.label})" for e in named[:SHOWN]]
        more = "; ..." if len(named) > SHOWN else ""
        raise BenchkitError(
            f"{text!r} may mean {len(named)} trials in {out}: {'; '.join(shown)}{more}"
        )
    return named[0]


def _match(entries: list[Entry], text: str) -> list[Entry]:
    """Return the trials that a text names best: by identity, by whole name, by beginning."""
    found = [e for e in entries if e.folder.name == text]
    if not found and _IDENTITY.fullmatch(text):
        found = [e for e in entries if e.record.identity.startswith(text)]
    return found or [e for e in entries if text and e.folder.name.startswith(text)]


def _is_trial(path: Path) -> bool:
    try:
        return (path / RECORD).is_file()
    except OSError:  # a text that is no path, too long for one say
        return False


def _open(path: Path) -> Entry:
    try:
        record = Record.from_json((path / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BenchkitError(f"{path / RECORD} cannot be read as a record: {error}") from error
    return Entry(TrialFolder(path), record)
