"""The page of how cost grows: a section for each kind of device, each from one command."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchkit.errors import BenchkitError
from benchkit.files import writing
from benchkit.timing.growth import LEAST, Growth, Point
from benchkit.timing.growth_data import FRAMES
from benchkit.timing.growth_tables import (
    tabulate_exponents,
    tabulate_guesses,
    tabulate_readings,
)
from benchkit.timing.growth_trials import QUICK, RUNS

MARK = "<!-- Made by `benchkit time --growth`. Do not edit. -->"
SERIES, SEQUENCES = Point(1_000_000, 100), Point(10_000, None)
"""What guesses are given for."""

_FRAMES = " × ".join(map(str, FRAMES))
_INTRO = f"""\
{MARK}

# What detectors cost, and how that grows

Time and memory on synthetic data of growing size: series are sums of sines with noise, image
sequences ({_FRAMES}) are moving blobs. **Nothing here says how well a detector finds anything.**
Each line is a trial as in a benchmark, on one core, one after the other: of n training rows
`fit` gets the first 80 %, `score` is of n test rows, and rows a second are of what that call was
given. Memory is what the process grew by from the moment before it touched the data, which is
included. A trial of less than {QUICK:g} s is run {RUNS} times, and the least seconds and the most
memory count; longer ones are run once. Behind the first point of an axis that fails nothing is
run.

An exponent of 1 means that twice the size costs twice as much. It is the slope of a straight line
through the logarithms of all points that took at least {LEAST["fit"] * 1000:g} ms, or
{LEAST["memory"]:g} MiB; how many these are stands behind it. Costs that do not depend on the size
make it lower.
"""
_SECTION = "## On "
_GUESSES = """\
Speeds are measured, at the size in brackets. The others are **guesses**: from the two largest
sizes by a straight line or by a power, whichever gives more; then times what the channels add.
They may well be wrong by a factor of two or three. A dash: too short to say, or a size failed."""


def make_section(
    device: str, command: str, environment: Mapping[str, str], growths: Sequence[Growth]
) -> str:
    """Return the section of one device: guesses, exponents, and every point of every detector.

    ``environment`` is what `benchkit.execution.environment.describe_environment` says.
    """
    facts = ", ".join(
        value if name in ("processor", "accelerator", "system") else f"{name} {value}"
        for name, value in environment.items()
    )
    series = [growth for growth in growths if not growth.sequences]
    images = [growth for growth in growths if growth.sequences]
    pieces = [
        f"{_heading(device)}\n\nMeasured by `{command}` on {device}, one thread: {facts}.",
        "### In short",
        _GUESSES,
    ]
    if series:
        pieces += [
            f"{SERIES.length:,} rows × {SERIES.channels} channels:",
            tabulate_guesses(series, SERIES),
        ]
    if images:
        pieces += [
            f"{SEQUENCES.length:,} image sequences, for detectors that take nothing else:",
            tabulate_guesses(images, SEQUENCES),
        ]
    pieces += ["### Exponents", tabulate_exponents(growths), *map(tabulate_readings, growths)]
    return "\n\n".join(pieces) + "\n"


def write_page(path: Path, device: str, section: str) -> None:
    """Put a section into a page; sections of other kinds of devices stay as they are.

    The file appears whole or not at all. Raises `BenchkitError` as `read_sections` does, and where
    it cannot be written.
    """
    sections = {**read_sections(path), _heading(device): section}
    # The processor first, for comparison; then by name.
    order = sorted(sections, key=lambda name: (name != _heading("cpu"), name))
    text = "\n".join([_INTRO, *(sections[name] for name in order)])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path) as hidden:
            hidden.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BenchkitError(f"{path} cannot be written: {error.strerror}") from error


def read_sections(path: Path) -> dict[str, str]:
    """Return the sections of a page by their headings; empty where there is no page.

    Raises `BenchkitError` where it cannot be read, or was not made by benchkit.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BenchkitError(f"{path} cannot be read: give another file with --out") from error
    if not text.startswith(MARK):
        raise BenchkitError(f"{path} was not made by benchkit: give another file with --out")
    parts = re.split(rf"^(?={_SECTION})", text, flags=re.MULTILINE)[1:]
    return {part.splitlines()[0]: part.rstrip("\n") + "\n" for part in parts}


def _heading(device: str) -> str:
    """Return the heading of a kind of device: that of cuda:1 is that of cuda."""
    return _SECTION + device.partition(":")[0]
