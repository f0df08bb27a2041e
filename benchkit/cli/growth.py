"""``benchkit time --growth``: how detectors' costs grow with their data, as a page."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from benchkit.cli.display import Display, make_display
from benchkit.cli.paths import check_writable
from benchkit.cli.trials import make_limits
from benchkit.execution.devices import check_device
from benchkit.execution.environment import describe_environment
from benchkit.execution.processes import Processes
from benchkit.registry.choices import DetectorChoice, choose_detectors
from benchkit.registry.discovery import load_catalog
from benchkit.timing.growth import Axes, Point, Reading
from benchkit.timing.growth_page import make_section, read_sections, write_page
from benchkit.timing.growth_trials import measure_growth, prepare_subjects

LIMIT = "5m"
"""For one trial; no option, so that pages of several machines have the same."""


def run_growth(
    detectors: str, device: str, out: Path | None, quiet: bool, axes: Axes | None = None
) -> None:
    """Measure how detectors' costs grow and write the page, or print its section.

    Parameters
    ----------
    detectors, device
        As of ``benchkit run``; of several accelerators the first one is used.
    out
        The page, in which only the section of this device is replaced; None prints that.
    quiet
        Show only what went wrong.
    axes
        The sizes; None takes the usual ones.

    Raises
    ------
    BenchkitError
        A detector or the device cannot be used, or the page cannot be written.
    """
    choices = choose_detectors(load_catalog(), detectors)
    check_device(device)
    if out is not None:
        read_sections(out)  # before anything is measured for nothing
        check_writable(out, "--out")
    limits = make_limits(LIMIT, None)
    requires = [name for choice in choices for name in choice.spec.requires]
    display = make_display(quiet)
    with (
        tempfile.TemporaryDirectory(prefix="benchkit-") as folder,
        Processes(preload=requires) as processes,
        display,
    ):
        with display.waiting("looking at the detectors"):
            subjects, used, accelerator = prepare_subjects(processes, choices, device)
        if not quiet and len(subjects) < len(choices):
            taken = {subject.choice.label for subject in subjects}
            left = ", ".join(choice.label for choice in choices if choice.label not in taken)
            display.console.print(f"left out, because they take no device: {left}")
        watcher = _Announcer(display, quiet)
        growths = [
            measure_growth(processes, subject, Path(folder), axes or Axes(), limits, watcher)
            for subject in subjects
        ]
    command = _command([subject.choice for subject in subjects], used, out)
    section = make_section(used, command, describe_environment(accelerator), growths)
    if out is None:
        click.echo(section, nl=False)
    else:
        write_page(out, used, section)
        if not quiet:
            display.console.print(f"wrote {out}")


class _Announcer:
    """Passes what happens on to the display."""

    def __init__(self, display: Display, quiet: bool) -> None:
        self.display = display
        self.quiet = quiet

    @contextmanager
    def measuring(self, label: str, point: Point) -> Iterator[None]:
        with self.display.waiting(f"{label}: {_describe(point)}"):
            yield

    def measured(self, label: str, reading: Reading) -> None:
        head = f"{label}, {_describe(reading.point)}"
        if not reading.ok:
            self.display.console.print(f"{head}: {reading.status}, {reading.reason}")
        elif not self.quiet:
            costs = reading.costs
            self.display.console.print(
                f"{head}: fit {costs['fit']:.3g} s, score {costs['score']:.3g} s, "
                f"{costs['memory']:.0f} MiB"
            )


def _describe(point: Point) -> str:
    if point.channels is None:
        return f"{point.length:,} sequences"
    window = "" if point.window is None else f", window {point.window}"
    return f"{point.length:,} × {point.channels}{window}"


def _command(choices: Sequence[DetectorChoice], device: str, out: Path | None) -> str:
    """Return the command that makes a page; where things lie on this machine is left out."""
    detectors = ",".join(_select(choice) for choice in choices)
    words = ["benchkit", "time", "--detectors", detectors, "--growth", "--device", device]
    file = [] if out is None else ["--out", out.name if out.is_absolute() else out.as_posix()]
    return shlex.join([*words, *file])


def _select(choice: DetectorChoice) -> str:
    """Return the selector that stands for a choice; a label is one, save for that of a file."""
    file, _, name = choice.spec.target.rpartition(":")
    if not file.endswith(".py"):
        return choice.label
    return f"./{Path(file).name}:{name}" + choice.label.removeprefix(choice.spec.name)
