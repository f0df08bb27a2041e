"""``benchkit reproduce``: run a stored trial again, and say whether it comes to the same."""

from __future__ import annotations

import math
import signal
import tempfile
from pathlib import Path
from typing import Any

import click

from benchkit.cli.display import Display, make_display
from benchkit.cli.lookup import find_trial
from benchkit.cli.main import fail
from benchkit.cli.measures import out_option
from benchkit.cli.repetition import announce, count, show_costs, show_results
from benchkit.cli.trials import make_limits, memory_option, timeout_option
from benchkit.cli.verb import Verb
from benchkit.errors import BenchkitError
from benchkit.execution.devices import check_device
from benchkit.execution.local import Limits
from benchkit.execution.plan import Trial
from benchkit.execution.processes import Processes
from benchkit.execution.reproduction import (
    Repetition,
    find_detector,
    prepare_repetition,
)
from benchkit.registry.catalog import Catalog
from benchkit.registry.choices import DetectorChoice
from benchkit.registry.discovery import load_catalog
from benchkit.results.agreement import TOLERANCE, Agreement, compare
from benchkit.results.record import Record
from benchkit.results.store import Entry, Store


@click.command("reproduce", cls=Verb, context_settings={"show_default": True})
@click.argument("trial")
@out_option
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    metavar="X",
    show_default=f"0 where nothing differs beforehand, else {TOLERANCE}",
    help="How far a metric may move, as a share of it where it is above 1. 0: not by a bit.",
)
@click.option(
    "--device",
    metavar="NAME",
    show_default="the record's, else auto",
    help="auto, cpu, cuda, cuda:1 or mps.",
)
@timeout_option
@memory_option
@click.pass_context
def command(
    ctx: click.Context,
    trial: str,
    out: Path,
    tolerance: float | None,
    device: str | None,
    timeout: str,
    memory_limit: str | None,
) -> None:
    """Run a stored TRIAL again from its record, and say metric by metric whether it agrees.

    TRIAL is an identity or the beginning of one, a trial's folder, or its record.json. The stored
    record stays as it is. Exits 1 if the new run does not agree.
    """
    if tolerance is not None and not math.isfinite(tolerance):
        raise BenchkitError(f"--tolerance {tolerance} allows for anything: write a number")
    stored = find_trial(out, trial)
    limits = make_limits(timeout, memory_limit)
    if device is not None:
        check_device(device)
    catalog = load_catalog()
    choice = find_detector(catalog, stored.record.detector)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Processes(preload=choice.spec.requires) as processes:
            again = _plan(processes, catalog, stored.record, choice, device)
            if tolerance is None:
                tolerance = TOLERANCE if again.differences else 0.0
            announce(stored.record, again, tolerance)
            agreement, log = _run(processes, again, stored, limits)
    except KeyboardInterrupt:
        fail("stopped: the stored trial is as it was", 130)
    show_results(agreement, tolerance)
    show_costs(agreement, again.same_machine)
    _conclude(ctx, agreement, again, tolerance, log)


def _plan(
    processes: Processes,
    catalog: Catalog,
    record: Record,
    choice: DetectorChoice,
    device: str | None,
) -> Repetition:
    display = make_display(quiet=False)
    with display, display.waiting("planning"):
        return prepare_repetition(processes, catalog, record, choice, device, display.loading)


def _run(
    processes: Processes, again: Repetition, stored: Entry, limits: Limits
) -> tuple[Agreement, str]:
    """Run the trial in a store that is gone afterwards; return also the last lines it printed."""
    display = make_display(quiet=False)
    with (
        tempfile.TemporaryDirectory(prefix="benchkit-") as folder,
        display,
        display.waiting(f"running {again.trial.label}"),
    ):
        new = again.run(processes, Store(Path(folder)), limits, _Watcher(display))
        return compare(stored, new, again.gone), new.folder.log_tail()


class _Watcher:
    """Shows how far the trial has come; what became of it is said later."""

    def __init__(self, display: Display) -> None:
        self.display = display

    def started(self, trial: Trial) -> None:
        return None

    def said(self, trial: Trial, message: list[Any]) -> None:
        self.display.loading(message)

    def finished(self, record: Record, folder: Path) -> None:
        return None


def _conclude(
    ctx: click.Context, agreement: Agreement, again: Repetition, tolerance: float, log: str
) -> None:
    """Print the verdict, and exit 1 where the new run does not agree."""
    stored, new = agreement.stored, agreement.new
    if new.status not in ("ok", stored.status) and log:
        click.echo(f"\nthe last lines that it printed:\n{log}")
    reasons = "".join(
        f"; {when}: {record.reason}"
        for when, record in (("then", stored), ("now", new))
        if record.reason
    )
    if stored.status != new.status:
        verdict = f"it was {stored.status} then and is {new.status} now{reasons}"
    elif stored.status != "ok":
        verdict = f"{stored.status} again{reasons}"
    else:
        verdict = count(agreement, tolerance)
    if agreement.agrees(tolerance):
        click.echo(f"\nagrees: {verdict}")
        return
    if agreement.metrics and not again.differences:
        verdict += (
            "; nothing that the record knows differed, so either the detector does not repeat "
            "itself, drawing random numbers without regard to random_state say, or the machine is "
            "another one under the same name (--tolerance allows for both)"
        )
    click.echo(f"benchkit: does not agree: {verdict}", err=True)
    ctx.exit(1)
