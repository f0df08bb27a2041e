"""``benchkit time``: how fast detectors are, held against how fast they were."""

from __future__ import annotations

import signal
from typing import Any

import click
from click.core import ParameterSource

from benchkit.cli.display import Display, make_display
from benchkit.cli.main import keep_traceback
from benchkit.cli.paths import OutPath, check_writable
from benchkit.cli.trials import (
    choose_limits,
    device_option,
    memory_option,
    offline_option,
    refuse,
    timeout_option,
    variant_option,
)
from benchkit.cli.verb import Verb, list_option
from benchkit.errors import BenchkitError, Faults
from benchkit.execution.devices import check_device
from benchkit.execution.local import Limits
from benchkit.execution.plan import Plan, Request, make_plan
from benchkit.execution.processes import Processes
from benchkit.registry.choices import choose_datasets, choose_detectors
from benchkit.registry.discovery import load_catalog
from benchkit.timing.gate import Gate
from benchkit.timing.trials import NOT_APPLICABLE, Ended, Timer, describe_cut, name_trial
from benchkit.timing.workloads import NATURES

UPDATE = "--update"
_OF_GROWTH = {"detectors", "device", "growth", "out", "quiet"}


@click.command("time", cls=Verb, context_settings={"show_default": True})
@list_option(
    "--detectors",
    "-d",
    required=True,
    help="Names as for 'benchkit run', or file.py:Class.",
)
@list_option("--datasets", "-D", help="Names as for 'benchkit run'.")
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=2000,
    help="Learn from so many rows and score as many; of image sequences, frames.",
)
@click.option(
    "--like",
    type=click.Choice(["auto", *NATURES]),
    default="auto",
    help="What the machine is measured by; auto is lstm for detectors that say they need torch, "
    "else matmul.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=OutPath(folder=False),
    help="Fail where something takes 1.3 times as long as in this file, machine accounted for.",
)
@click.option(UPDATE, is_flag=True, help="Compare nothing, write what is measured to the file.")
@variant_option
@offline_option
@device_option
@timeout_option
@memory_option
@click.option(
    "--growth",
    is_flag=True,
    help="Measure instead how costs grow with length, channels and window of made-up data.",
)
@click.option(
    "--out",
    metavar="FILE",
    type=OutPath(folder=False),
    help="The page that --growth writes; without it that is printed.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print only what went wrong.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Time how detectors learn and score, and compare with a baseline of theirs.

    One after the other, on one core, in turns with a fixed piece of work: what is compared are
    the ratios of both, so that a slower machine is no slower detector. Exits 1 if a detector has
    become slower, or could not be timed.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _check(ctx, options)
    if options["growth"]:
        from benchkit.cli.growth import run_growth

        detectors = ",".join(options["detectors"])
        run_growth(detectors, options["device"], options["out"], options["quiet"])
        return
    gate = Gate.open(options["baseline"], update=options["update"], renew=UPDATE)
    catalog, faults = load_catalog(), Faults()
    request = Request(
        detectors=choose_detectors(catalog, *options["detectors"], faults=faults),
        datasets=choose_datasets(catalog, *options["datasets"], faults=faults),
        metrics=[],
        policies=[],
        seeds=[0],
        variant=options["variant"],
        offline=options["offline"],
        device=faults.attempt("cpu", check_device, options["device"]),
    )
    limits = choose_limits(options, faults)
    if faults:
        refuse(request, faults)
    ended = _time_all(request, gate, limits, options)
    try:
        gate.close()
    finally:
        if not options["quiet"]:
            click.echo("\n".join(["", *gate.lines]))
    if _complain(gate, ended):
        ctx.exit(1)


def _check(ctx: click.Context, options: dict[str, Any]) -> None:
    """Raise `BenchkitError` for options that make no sense together."""
    path = options["baseline"]
    if options["growth"]:
        given = [
            parameter.opts[0]
            for parameter in ctx.command.params
            if ctx.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
            and parameter.name not in _OF_GROWTH
        ]
        if given:
            raise BenchkitError(
                f"--growth has data and sizes of its own: leave out {', '.join(given)}"
            )
    elif not options["datasets"]:
        raise BenchkitError("there is nothing to time detectors on: add --datasets, or --growth")
    elif options["out"] is not None:
        raise BenchkitError(
            f"--out is the page of --growth: timings go to --baseline, by {UPDATE}"
        )
    elif options["update"] and path is None:
        raise BenchkitError(f"{UPDATE} does not know where to: add --baseline FILE")
    elif options["update"] and not path.parent.is_dir():
        raise BenchkitError(f"there is no folder {path.parent} to write {path.name} to")
    elif options["update"]:
        check_writable(path, "--baseline")


def _time_all(
    request: Request, gate: Gate, limits: Limits, options: dict[str, Any]
) -> list[Ended]:
    """Plan and time; the verdicts are in the gate."""
    ended: list[Ended] = []
    requires = [name for choice in request.detectors for name in choice.spec.requires]
    with Processes(preload=requires) as processes, make_display(options["quiet"]) as display:
        with display.waiting("planning"):
            plan = make_plan(processes, request, {}, display.loading)
        for notice in plan.notices:
            display.console.print(notice)
        like = None if options["like"] == "auto" else options["like"]
        timer = Timer(processes, limits, plan, gate, options["rows"], like)
        for trial in plan.trials:
            with display.waiting(name_trial(trial)):
                ended.append(timer.time(trial, display.loading))
            _show(display, ended[-1], len(ended), len(plan.trials), quiet=options["quiet"])
    gate.lines += _describe_cuts(plan, options["rows"])
    return ended


def _show(display: Display, ended: Ended, number: int, total: int, *, quiet: bool) -> None:
    if ended.failed or not quiet:
        reason = f", {ended.reason}" if ended.reason else ""
        display.console.print(f"[{number}/{total}] {ended.name}: {ended.status}{reason}")


def _describe_cuts(plan: Plan, rows: int) -> list[str]:
    cuts = [describe_cut(t, rows) for t in plan.trials if t.adaptation is not None]
    return [*dict.fromkeys(cuts), ""] if cuts else []


def _complain(gate: Gate, ended: list[Ended]) -> bool:
    """Say on standard error what is wrong; return whether anything is."""
    red = [verdict for verdict in gate.verdicts if verdict.red]
    failed = [one for one in ended if one.failed]
    for verdict in red:
        click.echo(f"benchkit: {verdict.sentence(str(gate.path))}", err=True)
    if failed:
        last = next((one for one in reversed(failed) if one.log), None)
        kept = f"; log of {last.name}: {keep_traceback(last.log)}" if last else ""
        total = sum(one.status != NOT_APPLICABLE for one in ended)
        click.echo(f"benchkit: {len(failed)} of {total} trials failed{kept}", err=True)
    return bool(red or failed)
