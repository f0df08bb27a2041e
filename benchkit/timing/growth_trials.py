"""Measure how a detector's cost grows: each point a trial as benchmarks run it, one at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchkit.errors import BenchkitError
from benchkit.execution.conclusion import judge_end
from benchkit.execution.environment import usable_cores
from benchkit.execution.local import Limits
from benchkit.execution.plan import choose_devices, describe_detectors
from benchkit.execution.processes import Processes
from benchkit.execution.supervisor import Job, Outcome
from benchkit.protocol.description import Description
from benchkit.protocol.trial import Task, run_trial
from benchkit.registry.choices import DetectorChoice
from benchkit.timing.growth import OK, Axes, Growth, Point, Reading, measure_axes
from benchkit.timing.growth_data import write_parts

WINDOWS = ("window", "window_size", "window_length", "win_size", "seq_len", "slidingWindow")
"""Names under which detectors take the length of their windows, in rows."""

RUNS, QUICK = 3, 10.0
"""How often a point is run whose first trial took less than so many seconds; others once."""


@dataclass(frozen=True)
class Subject:
    """A detector with what is known of its class, and the device it gets."""

    choice: DetectorChoice
    description: Description
    device: str

    @property
    def sequences(self) -> bool:
        """Whether it takes image sequences and nothing else."""
        return "series" not in self.description.modalities

    @property
    def window(self) -> str | None:
        """The parameter that is the length of its windows; None where that cannot be varied."""
        names = () if self.sequences else WINDOWS
        return next((name for name in names if name in self.description.parameters), None)

    @property
    def usual(self) -> str:
        """The value of that parameter where it is not varied, as source text."""
        if self.window is None:
            return "-"
        if self.window in self.choice.params:
            return repr(self.choice.params[self.window])
        return str(self.description.parameters[self.window])

    def own(self, point: Point) -> Point:
        """Return a point without its window where that is the detector's own: the same trial."""
        same = str(point.window) == self.usual
        return Point(point.length, point.channels) if same else point

    def task(self, point: Point, parts: tuple[Path, Path], scratch: str) -> Task:
        """Return what the process of its trial is told."""
        train, test = parts
        params = self.description.fill(self.choice.params, 0, self.device)
        if point.window is not None and self.window is not None:
            params[self.window] = point.window
        return Task(
            target=self.choice.spec.target,
            params=params,
            train=str(train),
            test=str(test),
            adaptation="none",
            seed=0,
            device=self.device,
            scratch=scratch,
            figures=False,
        )


class Watcher(Protocol):
    """Somebody who watches."""

    def measuring(self, label: str, point: Point) -> AbstractContextManager[None]:
        """Show that a detector runs at a point while the body of the ``with`` statement does."""

    def measured(self, label: str, reading: Reading) -> None:
        """Show what came of it."""


def prepare_subjects(
    processes: Processes, choices: Sequence[DetectorChoice], device: str
) -> tuple[list[Subject], str, str]:
    """Check detectors against their classes; return them, the device, and its maker's name for it.

    On an accelerator those detectors that cannot use it are left out.

    Raises
    ------
    BenchkitError
        A detector cannot be used, or the device is not there, or none of them can use it.
    """
    known = describe_detectors(processes, choices)
    described = [(choice, known[choice.spec.target]) for choice in choices]
    devices, names = choose_devices(processes, device, known.values())
    used = devices[0]
    if used != "cpu":
        described = [pair for pair in described if "device" in pair[1].parameters]
        if not described:
            raise BenchkitError(f"none of these detectors takes a device: nothing runs on {used}")
    return [Subject(*pair, used) for pair in described], used, names.get(used, "")


def measure_growth(
    processes: Processes, subject: Subject, folder: Path, axes: Axes, limits: Limits,
    watcher: Watcher,
) -> Growth:  # fmt: skip
    """Measure a detector at all sizes that it gets to.

    ``folder`` is where the data is written; it may be shared by detectors, and what is in it
    need not be kept. ``limits`` are those of one trial. Raises `BenchkitError` where the data
    cannot be written.
    """
    label, known = subject.choice.label, dict[Point, Reading]()

    def run(point: Point) -> Reading:
        short = subject.own(point)
        if short not in known:
            parts = _write(folder, point)
            with watcher.measuring(label, point):
                known[short] = _measure(processes, subject, short, parts, limits)
            watcher.measured(label, known[short])
        found = known[short]
        return Reading(point, found.status, found.reason, found.costs, found.seconds)

    windowed = subject.window is not None
    found = measure_axes(axes, run, sequences=subject.sequences, windowed=windowed)
    return Growth(label, subject.sequences, subject.window, subject.usual, found)


def _write(folder: Path, point: Point) -> tuple[Path, Path]:
    try:
        return write_parts(folder, point.length, point.channels)
    except OSError as error:
        raise BenchkitError(
            f"cannot write series to measure with: {error.strerror or error}; set TMPDIR to a "
            "folder with some hundred MB free"
        ) from error


def _measure(
    processes: Processes, subject: Subject, point: Point, parts: tuple[Path, Path], limits: Limits
) -> Reading:
    """Run a point as often as it takes: the least seconds count, and the most memory."""
    readings: list[Reading] = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="benchkit-") as scratch:
            task = subject.task(point, parts, scratch)
            log = str(Path(scratch, "log.txt"))
            core = usable_cores()[-1:]
            job = Job(run_trial, (task,), log, core, limits.seconds, limits.bytes)
            readings.append(_read(point, processes.run(job)))
        if not readings[-1].ok:
            return readings[-1]
        if readings[0].seconds >= QUICK:
            break
    costs = {
        name: (min if name in ("fit", "score") else max)(r.costs[name] for r in readings)
        for name in readings[0].costs
    }
    return Reading(point, OK, costs=costs, seconds=min(r.seconds for r in readings))


def _read(point: Point, outcome: Outcome) -> Reading:
    status, reason = judge_end(outcome)
    if status != OK:
        return Reading(point, status, reason)
    seconds, memory = outcome.result["seconds"], outcome.result["memory"]
    costs = {"fit": seconds["fit"], "score": seconds["score"], "memory": memory["growth_mib"]}
    if memory["device_mib"] is not None:
        costs["device"] = memory["device_mib"]
    return Reading(point, OK, costs=costs, seconds=sum(seconds.values()))
