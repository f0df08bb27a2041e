"""Commands for people to copy."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from benchkit.results.record import DetectorFacts, Record

FOLDER = "leaderboards"
"""Folder of the boards, where no ``--out`` names another."""


def make_command(verb: str, folder: Path, *words: str) -> str:
    """Return the command that does something with a folder of boards."""
    place = [] if str(folder) == FOLDER else ["--out", str(folder)]
    return shlex.join(["benchkit", verb, *words, *place])


def make_reproduce_command(identity: str) -> str:
    """Return the command that runs a stored trial again and compares it metric by metric."""
    return f"benchkit reproduce {identity}"


def make_run_command(record: Record) -> str:
    """Return the ``benchkit run`` that plans this trial and no other, but for the sanity rows.

    Quoted for a POSIX shell. A detector that came from a file is looked for in the working
    directory: a record knows the file's name and not where it lay.
    """
    words = [
        "benchkit", "run",
        "--detectors", select_detector(record.detector),
        "--datasets", record.dataset.label,
        "--seeds", f"{record.seed},",
        "--variant", record.dataset.variant,
        "--device", record.device,
    ]  # fmt: skip
    return shlex.join(words)


def select_detector(detector: DetectorFacts) -> str:
    """Return the selector that stands for a detector; a label is one, save for that of a file."""
    file, _, name = detector.target.rpartition(":")
    if not file.endswith(".py"):
        return detector.label
    # Labels leave the ending out: mine:Class for mine.py:Class. A name may stand in quotes.
    path = f"./{file}:{name}"
    quoted = json.dumps(detector.name, ensure_ascii=False)
    if detector.label.startswith(quoted):
        return json.dumps(path, ensure_ascii=False) + detector.label.removeprefix(quoted)
    return path + detector.label.removeprefix(detector.name)
