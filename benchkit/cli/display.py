"""What a run looks like while it runs: bars on a terminal, lines elsewhere, nothing with -q.

All of it goes to standard error, so that standard output holds the boards alone.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import TaskID

from benchkit.cli.live_lines import ENDLESS, LiveLines
from benchkit.execution.concurrency import Concurrency
from benchkit.execution.plan import Plan, Trial
from benchkit.results.folder import LOG
from benchkit.results.record import Record


def make_display(quiet: bool) -> Display:
    """Return the display that fits where standard error goes.

    Bars move the cursor, which only a terminal understands, and not one that is dumb; variables
    that ask for colours in a file ask for nothing else.
    """
    environment = dict(os.environ)
    is_terminal = sys.stderr.isatty()
    if is_terminal and os.get_terminal_size(sys.stderr.fileno()).columns:
        # What the terminal says is true after it was made smaller, too; these are of its start.
        environment.pop("COLUMNS", None)
        environment.pop("LINES", None)
    console = Console(
        stderr=True, highlight=False, markup=False, soft_wrap=True, _environ=environment
    )
    if quiet:
        return Display(console)
    return Bars(console) if is_terminal and not console.is_dumb_terminal else Lines(console)


class Display:
    """Says only what went wrong; the base of the others."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def __enter__(self) -> Display:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    @contextlib.contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Show that something is being done while the body of the ``with`` statement runs."""
        yield

    def loading(self, message: list[Any]) -> None:
        """Show a step of a dataset being loaded."""

    def planned(self, plan: Plan, concurrency: Concurrency) -> None:
        """Say which datasets are stand-ins, which nobody may overlook."""
        for notice in plan.notices:
            self.console.print(notice)

    def started(self, trial: Trial) -> None:
        """Show that a trial runs."""

    def said(self, trial: Trial, message: list[Any]) -> None:
        """Show a phase or a step of a running trial."""

    def finished(self, record: Record, folder: Path) -> None:
        """Show how a trial ended, where it did not end well."""
        if record.status not in {"ok", "not_applicable"}:
            self.console.print(f"{_verdict(record)}; log: {folder / LOG}")


class Lines(Display):
    """A line for the plan and one for every trial that ended."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.total = self.done = 0

    def planned(self, plan: Plan, concurrency: Concurrency) -> None:
        """Show the plan and how many trials are recorded already."""
        super().planned(plan, concurrency)
        self.total = len(plan.trials)
        for dataset in plan.datasets:
            shape = " x ".join(map(str, dataset.test_shape))
            self.console.print(
                f"{dataset.label} ({dataset.variant}): test {shape}, "
                f"{dataset.anomalies / dataset.points:.1%} of {dataset.points:,} points anomalous"
            )
        trials = "1 trial" if self.total == 1 else f"{self.total} trials"
        how = f" on {', '.join(plan.devices)}: {concurrency}" if self.total else ""
        there = f"{len(plan.recorded)} recorded already" if plan.recorded else ""
        between = ("; " if how else ", ") if there else ""
        self.console.print(f"{trials} to run{how}{between}{there}")

    def finished(self, record: Record, folder: Path) -> None:
        """Show how a trial ended, and where its log is if not well."""
        self.done += 1
        log = "" if record.status in {"ok", "not_applicable"} else f"; log: {folder / LOG}"
        self.console.print(f"[{self.done}/{self.total}] {_verdict(record)}{log}")


class Bars(Lines):
    """The lines, and below them a bar for every running trial and one for the queue."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.progress = LiveLines(console=console, transient=True)
        self.queue: TaskID | None = None
        self.bars: dict[str, TaskID] = {}
        self.phases: dict[str, str] = {}
        self.current: TaskID | None = None

    def __enter__(self) -> Bars:
        self.progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.progress.stop()

    @contextlib.contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Show a moving bar without an end."""
        self.current = self.progress.add_task("", total=ENDLESS, label=what)
        yield
        self.progress.remove_task(self.current)
        self.current = None

    def loading(self, message: list[Any]) -> None:
        """Move the bar of what is being waited for."""
        if self.current is not None and message[0] == "progress":
            _, what, done, total = message
            total = ENDLESS if total is None else total
            self.progress.update(self.current, label=what, completed=done, total=total)

    def planned(self, plan: Plan, concurrency: Concurrency) -> None:
        """Show the plan and the bar of the queue."""
        super().planned(plan, concurrency)
        self.queue = self.progress.add_task("", total=len(plan.trials), label="trials")

    def started(self, trial: Trial) -> None:
        """Add a bar."""
        self.bars[trial.identity] = self.progress.add_task("", total=ENDLESS, label=trial.label)

    def said(self, trial: Trial, message: list[Any]) -> None:
        """Move a trial's bar."""
        bar = self.bars[trial.identity]
        if message[0] == "phase":
            self.phases[trial.identity] = message[1]
            self.progress.update(bar, step=f": {message[1]}", completed=0, total=ENDLESS)
        else:
            _, what, done, total = message
            step = f": {self.phases.get(trial.identity, '')} {what}"
            total = ENDLESS if total is None else total
            self.progress.update(bar, step=step, completed=done, total=total)

    def finished(self, record: Record, folder: Path) -> None:
        """Remove a trial's bar and move the queue's."""
        self.progress.remove_task(self.bars.pop(record.identity))
        super().finished(record, folder)
        if self.queue is not None:
            self.progress.advance(self.queue)


def _verdict(record: Record) -> str:
    if record.status != "ok":
        return f"{record.label}: {record.status}, {record.reason}"
    fit, score = record.seconds["fit"], record.seconds["score"]
    warned = "".join(f"; {warning}" for warning in (*record.warnings, *record.doubts))
    return f"{record.label}: ok, fit {fit:.2f} s, score {score:.2f} s{warned}"
