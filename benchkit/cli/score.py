"""``benchkit score``: metrics over stored scores, without running any detector."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from benchkit.cli.boards import plots_option, publish_entries
from benchkit.cli.display import make_display
from benchkit.cli.measures import (
    RECORDS,
    choose_metrics,
    legacy_option,
    out_option,
    thresholds_option,
)
from benchkit.errors import BenchkitError
from benchkit.execution.processes import Processes
from benchkit.execution.rescoring import Rescorer
from benchkit.protocol.thresholds import parse_policies
from benchkit.registry.discovery import load_catalog
from benchkit.results.store import Store


@click.command("score", context_settings={"show_default": True})
@out_option
@thresholds_option
@legacy_option
@plots_option
@click.pass_context
def command(
    ctx: click.Context, out: Path, thresholds: str, legacy_metrics: bool, no_plots: bool
) -> None:
    """Compute all metrics again over the stored scores, and write the boards.

    For a metric or a threshold policy that was not there when the detectors ran. Exits 1 if the
    scores or the labels of a record could not be had; it keeps the metrics it has.
    """
    store = Store(out / RECORDS)
    if not store.folder.is_dir():
        raise BenchkitError(f"there are no records in {out}: no 'benchkit run' has written there")
    catalog = load_catalog()
    metrics = choose_metrics(catalog, legacy=legacy_metrics)
    display, kept, done = make_display(quiet=False), Counter[str](), 0
    store.open_for_writing()
    with Processes() as processes, display, display.waiting("measuring"):
        rescore = Rescorer(
            catalog, processes, metrics, parse_policies(thresholds), display.loading
        )
        for rescored in rescore(store):
            if rescored.reason:
                kept[rescored.reason] += 1
            else:
                done += 1
    publish_entries(out, store.entries(), plots=not no_plots)
    click.echo(f"{done} records measured again; boards in {out}")
    for reason, count in sorted(kept.items()):
        click.echo(f"benchkit: {count} left as they were: {reason}", err=True)
    if kept:
        ctx.exit(1)
