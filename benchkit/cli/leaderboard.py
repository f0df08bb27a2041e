"""``benchkit leaderboard``: the boards again, from records alone."""

from __future__ import annotations

from pathlib import Path

import click

from benchkit.cli.boards import plots_option, publish_entries
from benchkit.cli.measures import RECORDS, out_option
from benchkit.cli.verb import Verb
from benchkit.errors import BenchkitError
from benchkit.report.commands import make_command
from benchkit.report.publication import check_published
from benchkit.results.store import Store


@click.command("leaderboard", cls=Verb, context_settings={"show_default": True})
@out_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name what is stale.")
@plots_option
@click.pass_context
def command(ctx: click.Context, out: Path, check: bool, no_plots: bool) -> None:
    """Make boards, page and plots again from the records.

    Boards and page are the same byte for byte whatever the records' order. Plots are drawn where
    they are missing or out of date; without them the page shows those that are there. A check
    compares with what the same options would write, and counts the plots that are not there.
    """
    if not out.is_dir():
        raise BenchkitError(f"there is no folder {out}: 'benchkit run' makes it, or give --out")
    if not (out / RECORDS).is_dir():
        raise BenchkitError(f"there are no records in {out}: no 'benchkit run' has written there")
    entries = Store(out / RECORDS).entries()
    if check:
        diff = check_published(out, entries, plots=not no_plots)
        if diff:
            click.echo(diff, nl=False)
            command = make_command("leaderboard", out, *["--no-plots"] * no_plots)
            advice = f"the boards in {out} are stale: run '{command}'"
            if not no_plots and not check_published(out, entries, plots=False):
                advice += ", or check with --no-plots: only the page's plots are missing"
            click.echo(f"benchkit: {advice}", err=True)
            ctx.exit(1)
        click.echo(f"the boards in {out} are up to date")
        return
    done = publish_entries(out, entries, plots=not no_plots)
    click.echo(f"{done.files} files in {out}, {done.changed} changed, {done.drawn} plots drawn")
