"""What the verbs that write boards share: where the records are, and how all is published."""

from __future__ import annotations

from pathlib import Path

import click

from benchkit.cli.display import make_display
from benchkit.cli.measures import RECORDS
from benchkit.execution.environment import usable_cores
from benchkit.report.publication import Publication, publish
from benchkit.results.store import Store

plots_option = click.option("--no-plots", is_flag=True, help="Draw no plots.")


def publish_store(out: Path, *, plots: bool, quiet: bool = False) -> Publication:
    """Write boards, page and plots of the store in ``out``; name what could not be drawn."""
    display = make_display(quiet)
    with display, display.waiting("writing the boards" + " and drawing plots" * plots):
        entries = Store(out / RECORDS).entries()
        published = publish(out, entries, plots=plots, jobs=len(usable_cores()))
    for warning in published.warnings:
        click.echo(f"benchkit: {warning}", err=True)
    return published
