"""What the verbs that write boards share: how all is published, and the option without plots."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from benchkit.cli.display import make_display
from benchkit.data.folders import lend_matplotlib_a_folder
from benchkit.execution.environment import usable_cores
from benchkit.report.publication import Publication, publish
from benchkit.results.store import Entry

plots_option = click.option("--no-plots", is_flag=True, help="Draw no plots.")


def publish_entries(
    out: Path, entries: Iterable[Entry], *, plots: bool, quiet: bool = False
) -> Publication:
    """Write boards, page and plots of what a store has; name what could not be drawn."""
    lend_matplotlib_a_folder()
    display = make_display(quiet)
    with display, display.waiting("writing the boards" + " and drawing plots" * plots):
        published = publish(out, entries, plots=plots, jobs=len(usable_cores()))
    for warning in published.warnings:
        click.echo(f"benchkit: {warning}", err=True)
    return published
