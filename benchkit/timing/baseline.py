"""The baseline: what benchmarks took when somebody last said that this is how it should be."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchkit.errors import BenchkitError
from benchkit.files import writing
from benchkit.timing.workloads import VERSION

_FORMAT = "benchkit-timing"


@dataclass(frozen=True)
class Entry:
    """A benchmark as it was measured.

    Parameters
    ----------
    like
        The nature of its calibration workload.
    size
        What it works on, in words; other sizes are not compared.
    milliseconds
        Median of a call on that machine: for people, and never compared.
    ratios
        Of each round to the calibration beside it.
    machine, versions
        Where, and with what, in words.
    """

    like: str
    size: str
    milliseconds: float
    ratios: tuple[float, ...]
    machine: str
    versions: str

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Entry:
        """Return an entry as JSON keeps it; raises ValueError or TypeError where it is none."""
        entry = cls(**{**fields, "ratios": tuple(fields["ratios"])})
        if not entry.ratios or not all(0 < ratio < math.inf for ratio in entry.ratios):
            raise ValueError("a benchmark without rounds")
        return entry


def read_baseline(path: Path, renew: str) -> dict[str, Entry]:
    """Return the entries of a baseline by the names of their benchmarks.

    ``renew`` is the option by which the user has one written.

    Raises `BenchkitError` where there is none, or it cannot be read, or its ratios are to other
    workloads than ours.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BenchkitError(f"there is no baseline {path}: {renew} makes one") from None
    except (OSError, ValueError) as error:
        raise _broken(path, renew, error) from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise BenchkitError(f"{path} is no baseline of timings: give another file")
    if content.get("workloads") != VERSION:
        raise BenchkitError(
            f"{path} has ratios to workloads of version {content.get('workloads')}, where these "
            f"are of version {VERSION}: remove it and renew it with {renew}"
        )
    try:
        return {name: Entry.from_fields(fields) for name, fields in content["benchmarks"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _broken(path, renew, error) from error


def write_baseline(path: Path, entries: Mapping[str, Entry]) -> None:
    """Write a baseline whole or not at all, a benchmark a line, sorted.

    Raises `BenchkitError` where it cannot be written.
    """
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(asdict(entry), ensure_ascii=False)}"
        for name, entry in sorted(entries.items())
    )
    text = f'{{"format": "{_FORMAT}", "workloads": {VERSION}, "benchmarks": {{\n{lines}\n}}}}\n'
    try:
        with writing(path) as hidden:
            hidden.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BenchkitError(f"{path} cannot be written: {error.strerror}") from error


def round_ratios(ratios: list[float]) -> tuple[float, ...]:
    """Return ratios with the four digits that a baseline keeps."""
    return tuple(float(f"{ratio:.4g}") for ratio in ratios)


def _broken(path: Path, renew: str, error: Exception) -> BenchkitError:
    words = " ".join(str(error).split())
    return BenchkitError(
        f"{path} cannot be read as a baseline ({words}): take it from its history again, or "
        f"remove it and renew it with {renew}"
    )
