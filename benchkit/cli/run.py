"""``benchkit run``: plan, run, record, and show the boards."""

from __future__ import annotations

import signal
import traceback
from pathlib import Path
from typing import Any

import click

from benchkit.cli.boards import plots_option, publish_entries
from benchkit.cli.display import Display, make_display
from benchkit.cli.main import fail, keep_traceback
from benchkit.cli.measures import (
    RECORDS,
    choose_metrics,
    legacy_option,
    out_option,
    thresholds_option,
)
from benchkit.cli.options import parse_seeds
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
from benchkit.errors import BenchkitError, Faults, describe_error
from benchkit.execution.concurrency import choose_concurrency
from benchkit.execution.devices import check_device
from benchkit.execution.environment import usable_cores, usable_memory
from benchkit.execution.local import Limits, run_trials
from benchkit.execution.measured import find_changed, find_missing
from benchkit.execution.plan import Plan, Request, Trial, make_plan
from benchkit.execution.processes import Processes
from benchkit.protocol.thresholds import parse_policies
from benchkit.registry.catalog import Catalog
from benchkit.registry.choices import choose_datasets, choose_detectors, choose_sanity
from benchkit.registry.discovery import load_catalog
from benchkit.report.commands import make_command
from benchkit.report.folder import check_folder
from benchkit.report.numbers import INVERTED, INVERTED_MEANS, NOT_BEATEN
from benchkit.report.page import NAME as PAGE
from benchkit.report.rows import make_rows
from benchkit.report.selection import select_sections
from benchkit.report.tables import ELSEWHERE, make_short_table
from benchkit.results.record import Record
from benchkit.results.store import Store, StoreError


@click.command("run", cls=Verb, context_settings={"show_default": True})
@list_option(
    "--detectors",
    "-d",
    required=True,
    help="Names as in 'pca,iforest@paper,knn[neighbours=[1,5]]', or file.py:Class; a path with "
    "such signs in it stands in quotes.",
)
@list_option(
    "--datasets",
    "-D",
    required=True,
    help="Names as in 'kdd99[split=corrected],mnist-seq/1v7'.",
)
@list_option("--seeds", default=["1"], metavar="N|LIST", help="How many, or which: 3 is 0,1,2.")
@variant_option
@click.option("--require-real", is_flag=True, help="The same as --variant real.")
@offline_option
@device_option
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1),
    show_default="one a core, if there is memory for them",
    help="Trials at once.",
)
@click.option("--threads", type=click.IntRange(1), default=1, help="Threads of each trial.")
@timeout_option
@memory_option
@click.option(
    "--rerun",
    type=click.Choice(["failed", "all"]),
    help="Run again what is recorded; by default nothing is.",
)
@thresholds_option
@legacy_option
@out_option
@plots_option
@click.option("--dry-run", is_flag=True, help="Check and print the plan, run nothing.")
@click.option("--quiet", "-q", is_flag=True, help="Print only what went wrong.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Run every detector on every dataset with every seed; what is recorded is not run again.

    Sanity rows (random scores and the like) always run along. Exits 1 if a trial of the plan
    failed, now or earlier.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options["require_real"] and options["variant"] == "sim":
        raise BenchkitError("--require-real and --variant sim contradict each other")
    catalog, faults = load_catalog(), Faults()
    detectors = choose_detectors(catalog, *options["detectors"], faults=faults)
    named = {choice.label for choice in detectors}
    detectors += [choice for choice in choose_sanity(catalog) if choice.label not in named]
    request = Request(
        detectors=detectors,
        datasets=choose_datasets(catalog, *options["datasets"], faults=faults),
        metrics=choose_metrics(catalog, legacy=options["legacy_metrics"]),
        policies=faults.attempt((), parse_policies, *options["thresholds"]),
        seeds=faults.attempt([], parse_seeds, *options["seeds"]),
        variant="real" if options["require_real"] else options["variant"],
        offline=options["offline"],
        device=faults.attempt("cpu", check_device, options["device"]),
        rerun=options["rerun"],
    )
    out = options["out"]
    limits = choose_limits(options, faults)
    if faults:
        refuse(request, faults)
    store = Store(out / RECORDS)
    display = make_display(options["quiet"])
    try:
        plan = _run(request, store, display, catalog, limits, options)
        if options["dry_run"]:
            return
        entries = store.entries()
    except KeyboardInterrupt:
        fail(
            "stopped: what was finished is recorded, and the same command goes on from there", 130
        )
    finally:
        store.sweep()
    publish_entries(out, entries, plots=not options["no_plots"], quiet=options["quiet"])
    if _summarise(plan, [entry.record for entry in entries], out, quiet=options["quiet"]):
        ctx.exit(1)


def _run(
    request: Request,
    store: Store,
    display: Display,
    catalog: Catalog,
    limits: Limits,
    options: dict[str, Any],
) -> Plan:
    dry = options["dry_run"]
    requires = [name for choice in request.detectors for name in choice.spec.requires]
    with Processes(preload=requires) as processes, display:
        if not dry:
            check_folder(store.folder.parent)
            store.open_for_writing()
        known = {record.identity: record for record in store.records()}
        with display.waiting("planning"):
            plan = make_plan(processes, request, known, display.loading)
        concurrency = choose_concurrency(
            options["jobs"],
            options["threads"],
            trials=len(plan.trials),
            cores=len(usable_cores()),
            devices=plan.devices,
            memory=usable_memory(),
        )
        plan.notices.extend(_describe_missing(plan, options["out"]))
        display.planned(plan, concurrency)
        if dry:
            for trial in plan.trials:
                click.echo(trial.label)
            for record in plan.recorded:
                click.echo(f"{record.label}: recorded, {record.status}")
        else:
            observer = _Announcer(display, catalog)
            trials = run_trials(
                plan,
                store,
                processes,
                concurrency=concurrency,
                limits=limits,
                observer=observer,
                figures=not options["no_plots"],
            )
            try:
                for _ in trials:
                    continue
            except StoreError as error:
                fail(f"{error}; what was finished before is safe", 1)
    return plan


def _describe_missing(plan: Plan, out: Path) -> list[str]:
    """Say what was asked for and is not in trials that are recorded and do not run again."""
    notices = []
    metrics, policies = find_missing(plan.recorded, plan.metrics, plan.policies)
    if names := [spec.name for spec in metrics] + policies:
        words = ["--thresholds", ",".join(policies)] if policies else []
        words += ["--legacy-metrics"] * any(spec.legacy for spec in metrics)
        notices.append(
            f"trials that are recorded have no {', '.join(names)}: "
            f"'{make_command('score', out, *words)}' adds what is missing"
        )
    if changed := find_changed(plan.recorded, plan.metrics):
        notices.append(
            f"trials that are recorded were measured by other code of {', '.join(changed)}: "
            f"'{make_command('score', out)}' measures them again"
        )
    return notices


class _Announcer:
    """Passes what happens on to the display and to the plugins that observe."""

    def __init__(self, display: Display, catalog: Catalog) -> None:
        self.display = display
        self.catalog = catalog
        self.said = display.said

    def started(self, trial: Trial) -> None:
        self.display.started(trial)
        self._call("benchkit_trial_started", trial=trial.label)

    def finished(self, record: Record, folder: Path) -> None:
        self.display.finished(record, folder)
        self._call("benchkit_trial_finished", record=record)

    def _call(self, hook: str, **arguments: Any) -> None:
        for name, error in self.catalog.call_each(hook, **arguments):
            kept = keep_traceback("".join(traceback.format_exception(error)))
            self.display.console.print(
                f"plugin {name!r} failed in {hook}: {describe_error(error)} (traceback: {kept})"
            )


def _summarise(plan: Plan, records: list[Record], out: Path, *, quiet: bool) -> int:
    """Print the plan's own trials as tables; return how many of them failed."""
    planned = {t.identity for t in plan.trials} | {r.identity for r in plan.recorded}
    if not quiet:
        tables = []
        for section in select_sections(r for r in records if r.identity in planned):
            tables.append(make_short_table(make_rows(section)))
            click.echo(f"\n{section.dataset.label} ({section.dataset.variant})\n{tables[-1]}")
        click.echo()
        if any(NOT_BEATEN in table for table in tables):
            click.echo(f"{NOT_BEATEN} not above the best sanity row")
        if any(INVERTED in table for table in tables):
            click.echo(INVERTED_MEANS)
        if any(ELSEWHERE in table for table in tables):
            click.echo(f"{ELSEWHERE} measured on another machine: do not compare")
        click.echo(f"all of it: {out / PAGE}")
    failed = [
        r for r in records if r.identity in planned and r.status not in ("ok", "not_applicable")
    ]
    earlier = {r.identity for r in plan.recorded} & {r.identity for r in failed}
    if failed:
        hint = f" ({len(earlier)} of them earlier: --rerun failed tries again)" if earlier else ""
        click.echo(f"benchkit: {len(failed)} of {len(planned)} trials failed{hint}", err=True)
    return len(failed)
